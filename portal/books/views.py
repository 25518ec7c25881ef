"""Books on screen: cash, bank accounts, campaigns and purposes; each also as Excel, CSV and paper."""

from __future__ import annotations

import tempfile

from flask import Blueprint, Response, abort, request, send_file, url_for
from flask_login import current_user

from portal.books import asked, documents
from portal.books.rules import BANK, CASH, DETAIL, TITLES
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.listing import IN_MEMORY, MIMETYPES
from portal.kit.web import page

bp = Blueprint("books", __name__, url_prefix="/quan-ly/so")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
LEADS = {
    CASH: "Mọi lần tiền mặt vào, ra theo thứ tự ghi sổ. Chuyển giữa két và người giữ không tính khi xem tất cả.",
    BANK: "Từng dòng sao kê đã ghi sổ; số dư trên sổ là số dư ngân hàng.",
    DETAIL: "Thu và chi của một đợt vận động, hoặc của nguồn chung, theo mục đích.",
}
FILES = {**MIMETYPES, "pdf": "application/pdf"}


@bp.get("/tien-mat")
@allow(*READERS)
def cash() -> Response:
    """Sổ quỹ tiền mặt."""
    return _answer(CASH)


@bp.get("/tien-gui")
@allow(*READERS)
def bank() -> Response:
    """Sổ tiền gửi of one account."""
    return _answer(BANK)


@bp.get("/chi-tiet")
@allow(*READERS)
def detail() -> Response:
    """Sổ chi tiết of one campaign, or of money outside campaigns."""
    return _answer(DETAIL)


def _answer(kind: str) -> Response:
    wanted = asked.read(kind, current_user, request.args)
    ending = request.args.get("xuat", "")
    if ending in FILES:
        return _file(wanted, ending)
    return page(
        "books/book.html",
        "book",
        status=wanted.status,
        asked=wanted,
        opened=documents.open_book(wanted, request.path, url_for),
        title=TITLES[kind],
        lead=LEADS[kind],
        pdf_url=url_for(request.endpoint, **wanted.args, xuat="pdf"),  # type: ignore[arg-type]
    )


def _file(wanted: asked.Asked, ending: str) -> Response:
    if wanted.book is None:
        abort(404)
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed with the response)
    if ending == "pdf":
        documents.write_paper(wanted, out, sample=shows_sample())  # type: ignore[arg-type]
    else:
        documents.write_table(wanted, ending, out)  # type: ignore[arg-type]
    out.seek(0)
    name = f"{request.path.rsplit('/', 1)[-1]}-{wanted.start:%Y%m%d}-{wanted.end:%Y%m%d}.{ending}"
    return send_file(out, mimetype=FILES[ending], as_attachment=ending != "pdf", download_name=f"so-{name}")
