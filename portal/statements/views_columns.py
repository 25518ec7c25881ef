"""Columns that the portal does not understand, or wrongly: a person says what they are; saved for the account."""

from __future__ import annotations

from pathlib import Path

from flask import Response, flash, request, url_for
from flask_login import current_user

from portal.jobs.models import Job
from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import Col, ListSpec
from portal.kit.tables import column_letters
from portal.kit.web import go, page
from portal.ledger.models import BankAccount
from portal.people.queries import may
from portal.statements import actions, queries, rules
from portal.statements.forms import ColumnsForm, PostForm, columns_form
from portal.statements.models import StatementMapping
from portal.statements.preview import Preview, preview
from portal.statements.views import READERS, bp, check_or_404, me, queued

MAPPINGS = ListSpec(
    noun="cách đọc",
    key=StatementMapping.id,
    default_sort="-luc",
    title="Cách đọc cột đã lưu",
    file_name="cach-doc-cot",
    nothing_yet="Chưa có cách đọc cột nào được lưu. Khi một sao kê có cột lạ, trang kiểm tra sẽ hỏi từng cột.",
    row_url=lambda row: url_for("statements.mapping", mapping_id=row.id),
    columns=[
        Col("tk", "Tài khoản", "bank_account.code", sort=BankAccount.code),
        Col(
            "cot",
            "Dòng tiêu đề",
            lambda row: ", ".join(filter(None, row.headings)),
            kind="link",
            primary=True,
        ),
        Col("so", "Số cột được đọc", lambda row: len(row.places), kind="amount"),
        Col("luc", "Ngày lưu", "made_at", kind="day", sort=StatementMapping.made_at),
    ],
)


@bp.get("/kiem-tra/<int:job_id>/cot")
@allow(ACCOUNTANT)
def columns(job_id: int) -> Response:
    """The first rows of the file, and what each column may be."""
    job = check_or_404(job_id)
    try:
        shown = _preview(job, request.args.get("dong"))
    except Refused as refused:
        return page(
            "statements/columns.html", status=422, job=job, shown=None, refused=refused.text, form=PostForm()
        )
    return _columns_page(job, shown, _form_of(shown)(formdata=None))


def _preview(job: Job, typed: str | None) -> Preview:
    """Raises Refused for a file that is no table, or has no such row."""
    account = queries.bank_account_of(job.params["account"], for_user=current_user, role=ACCOUNTANT)
    mappings = queries.mappings_of(account.id)
    row = int(typed) if typed and typed.isascii() and typed.isdigit() else None
    db.session.rollback()
    return preview(Path(job.params["path"]), filename=job.params["filename"], mappings=mappings, header=row)


def _form_of(shown: Preview) -> type[ColumnsForm]:
    labelled = [
        (column.place, f"Cột {column_letters(column.place)} {column.heading}".strip(), column.guess)
        for column in shown.columns
    ]
    return columns_form(labelled)


def _columns_page(job: Job, shown: Preview, form: ColumnsForm, status: int = 200) -> Response:
    account = queries.account_label(job.params["account"])
    return page("statements/columns.html", status=status, job=job, shown=shown, form=form, account=account)


@bp.post("/kiem-tra/<int:job_id>/cot")
@allow(ACCOUNTANT)
def say_columns(job_id: int) -> Response:
    """Keep what was said of the columns and check the file anew."""
    try:
        shown = _preview(check_or_404(job_id), request.form.get("dong"))
    except Refused as refused:
        flash(refused.text, "warning")
        return go(url_for("statements.columns", job_id=job_id))
    form = _form_of(shown)()
    if form.validate():
        try:
            return queued(_save(check_or_404(job_id), shown, form), "statements.review")
        except Refused as refused:
            form.add_refusal(refused)
    db.session.rollback()
    return _columns_page(check_or_404(job_id), shown, form, 422)


def _save(job: Job, shown: Preview, form: ColumnsForm) -> Job:
    """Raises Refused for a column said twice, or one that is lacking."""
    places = rules.check_columns(form.said())
    account = queries.bank_account_of(job.params["account"], for_user=current_user, role=ACCOUNTANT)
    actions.save_mapping(account, shown.cells, places, by=me())
    return actions.check_again(job, by=me())


@bp.get("/cach-doc/")
@allow(*READERS)
def mappings() -> Response:
    """What people have said of columns, for every account."""
    rows = queries.mappings_for(current_user)
    listing = MAPPINGS.run(rows, request.args, request.path)
    return MAPPINGS.download(rows, request.args) or page(
        "statements/mappings.html", "list", status=listing.status, listing=listing
    )


@bp.get("/cach-doc/<int:mapping_id>")
@allow(*READERS)
def mapping(mapping_id: int) -> Response:
    """One way of reading columns."""
    found = queries.mapping_or_404(mapping_id, for_user=current_user)
    roles = {place: rules.ROLE_NAMES.get(role, role) for role, place in found.places.items()}
    return page(
        "statements/mapping.html",
        mapping=found,
        columns=[
            (column_letters(place), heading, roles.get(place)) for place, heading in enumerate(found.headings)
        ],
        made_by=queries.names_of([found.made_by_id]).get(found.made_by_id, "dòng lệnh"),
        may_delete=may(current_user, (ACCOUNTANT,), found.bank_account.unit_id),
    )


@bp.post("/cach-doc/<int:mapping_id>/xoa")
@allow(ACCOUNTANT)
def delete_mapping(mapping_id: int) -> Response:
    """Forget it: the next such file is read as if nobody had said anything."""
    found = queries.mapping_or_404(mapping_id, for_user=current_user)
    queries.bank_account_of(found.bank_account.code, for_user=current_user, role=ACCOUNTANT)
    actions.forget_mapping(found)
    flash("Đã xóa cách đọc cột. Tệp sau có dòng tiêu đề này sẽ được đọc theo mẫu của ngân hàng.")
    response = go(url_for("statements.mappings"))
    db.session.commit()
    return response
