"""Tables on screen: choose a kind, bring a file, look at what would happen, write it.

The POSTs here are marked `writes=False`: the file is read and checked before the books are locked, and the
write opens its own transaction. Their forms carry no double-submit key; a table brought twice adds nothing.
"""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, send_file, url_for
from flask_login import current_user

from portal.donations.search import catch_up
from portal.imports import uploads
from portal.imports.engine import Order, carry_out, rehearse
from portal.imports.files import write_template, write_wrong_rows
from portal.imports.forms import TableForm, WriteForm
from portal.imports.kind import Kind
from portal.imports.loading import load
from portal.imports.outcome import Outcome
from portal.imports.queries import kind_of_slug, kinds_for
from portal.imports.uploads import Upload
from portal.imports.wording import facts_of
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, RECORDER, allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page

bp = Blueprint("imports", __name__, url_prefix="/quan-ly/nhap-bang")
ROLES = (ADMINISTRATOR, ACCOUNTANT, RECORDER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GONE = "Tệp đã kiểm tra không còn được giữ. Nạp lại tệp để kiểm tra lần nữa."


@bp.get("/")
@allow(*ROLES)
def index() -> Response:
    """The kinds this person may bring."""
    return page("imports/index.html", kinds=kinds_for(current_user))


@bp.get("/<slug>")
@allow(*ROLES)
def new(slug: str) -> Response:
    """Where a file of one kind is brought."""
    return page("imports/new.html", kind=_kind_or_404(slug), form=TableForm())


@bp.post("/<slug>")
@allow(*ROLES, writes=False)
def check(slug: str) -> Response:
    """Read and check a file; nothing is written to the books."""
    kind, form = _kind_or_404(slug), TableForm()
    if form.validate_on_submit():
        content, filename = form.file.data.read(), nfc(form.file.data.filename)
        try:
            upload, outcome = _examine(kind, content, filename)
        except Refused as refused:
            form.add_refusal(Refused(refused.text, "file"))
        else:
            if outcome.accepted:
                return go(url_for("imports.show", slug=slug, name=upload.name))
            return _page(kind, upload, 422)
    return page("imports/new.html", kind=kind, form=form, status=form.status)


@bp.get("/<slug>/mau.xlsx")
@allow(*ROLES)
def template(slug: str) -> Response:
    """An empty table of this kind."""
    kind, out = _kind_or_404(slug), io.BytesIO()
    write_template(kind, out)
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"mau-{kind.slug}.xlsx")


@bp.get("/<slug>/<name>")
@allow(*ROLES)
def show(slug: str, name: str) -> Response:
    """What a checked table would do, or has done."""
    kind = _kind_or_404(slug)
    return _page(kind, _upload_or_404(kind, name), 200)


@bp.post("/<slug>/<name>")
@allow(*ROLES, writes=False)
def write(slug: str, name: str) -> Response:
    """Write a checked table into the books."""
    kind = _kind_or_404(slug)
    upload, form = _upload_or_404(kind, name), WriteForm()
    address = url_for("imports.show", slug=slug, name=name)
    if upload.facts["done"]:
        return go(address)
    content = upload.content()
    if content is None:
        flash(GONE, "error")
        return go(url_for("imports.new", slug=slug))
    if not form.validate_on_submit():
        return _page(kind, upload, 422)
    loaded = load(content, kind.columns, filename=upload.facts["filename"])
    with writing():
        outcome = carry_out(loaded, _order(kind))
        if outcome.accepted:
            db.session.commit()
    if not outcome.accepted:  # the books have changed since the check
        _note_wrong_rows(upload, loaded, outcome, kind)
        return _page(kind, upload, 422)
    upload.finish(outcome=outcome.as_json())
    _index_gifts(kind)
    return go(address)


@bp.get("/<slug>/<name>/dong-sai.xlsx")
@allow(*ROLES)
def wrong_rows(slug: str, name: str) -> Response:
    """The wrong rows with what to mend in each."""
    kind = _kind_or_404(slug)
    upload = _upload_or_404(kind, name)
    if not upload.wrong_rows.is_file():
        abort(404)
    download_name = f"dong-sai-{kind.slug}.xlsx"
    return send_file(upload.wrong_rows, mimetype=XLSX, as_attachment=True, download_name=download_name)


def _kind_or_404(slug: str) -> Kind:
    return kind_of_slug(slug, for_user=current_user) or abort(404)


def _upload_or_404(kind: Kind, name: str) -> Upload:
    return uploads.find(_folder(), name, kind=kind.name, by=current_user.id) or abort(404)


def _folder() -> Any:
    return current_app.config["PORTAL"].instance / "uploads" / "tables"


def _order(kind: Kind) -> Order:
    return Order(kind, current_user._get_current_object())  # noqa: SLF001


def _examine(kind: Kind, content: bytes, filename: str) -> tuple[Upload, Outcome]:
    """Check a file and keep it for the second step. Raises Refused for a file that is no such table."""
    loaded = load(content, kind.columns, filename=filename)
    outcome = rehearse(loaded, _order(kind))
    upload = uploads.keep(_folder(), content, kind=kind.name, filename=filename, by=current_user.id)
    upload.note(outcome=outcome.as_json())
    if not outcome.accepted:
        _note_wrong_rows(upload, loaded, outcome, kind)
    return upload, outcome


def _note_wrong_rows(upload: Upload, loaded: Any, outcome: Outcome, kind: Kind) -> None:
    upload.note(outcome=outcome.as_json())
    write_wrong_rows(loaded, outcome, kind, upload.wrong_rows)


def _index_gifts(kind: Kind) -> None:
    """The newest gifts are found at once; the worker follows with the rest of a long table."""
    if kind.name == "donations":
        with writing():
            catch_up(limit=1_000)
            db.session.commit()


def _page(kind: Kind, upload: Upload, status: int) -> Response:
    outcome = upload.facts["outcome"]
    facts = facts_of(outcome, done=upload.facts["done"])
    return page(
        "imports/show.html",
        kind=kind,
        upload=upload,
        outcome=outcome,
        facts=facts,
        form=WriteForm(),
        status=status,
    )
