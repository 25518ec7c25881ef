"""Bulletins on screen: list, new draft, preview, issue, print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask_login import current_user
from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager

from portal.bulletins import actions, documents, queries
from portal.bulletins.forms import DraftForm, IssueForm
from portal.bulletins.models import Bulletin
from portal.bulletins.workbook import render_xlsx
from portal.figures.scope import Scope
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec, SelectFilter, TextFilter
from portal.kit.web import go, page
from portal.people.queries import may, units_for
from portal.units.models import Unit

bp = Blueprint("bulletins", __name__, url_prefix="/quan-ly/ban-tin")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT, APPROVER)
FILES = {
    "pdf": (documents.render_pdf, "application/pdf"),
    "xlsx": (render_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
DRAFT, ISSUED = "du-thao", "phat-hanh"
STATES = {DRAFT: "Dự thảo", ISSUED: "Đã phát hành"}


def _state(bulletin: Bulletin) -> str:
    return DRAFT if bulletin.code is None else ISSUED


BULLETINS = ListSpec(
    noun="bản tin",
    key=Bulletin.id,
    default_sort="-lap",
    title="Bản tin",
    file_name="ban-tin",
    nothing_yet="Chưa có bản tin nào. Lập bản tin đầu tiên từ số liệu đã ghi.",
    row_url=lambda bulletin: url_for("bulletins.show", bulletin_id=bulletin.id),
    columns=[
        Col("so", "Số", lambda bulletin: bulletin.paper_number),
        Col("ten", "Bản tin", "title", kind="link", sort=Bulletin.title, primary=True),
        Col("don_vi", "Đơn vị", "unit.name", sort=Unit.name, muted=True),
        Col("tu", "Từ ngày", "starts_on", kind="day", sort=Bulletin.starts_on),
        Col("den", "Đến ngày", "ends_on", kind="day", sort=Bulletin.ends_on),
        Col("lap", "Lập ngày", "created_at", kind="day", sort=Bulletin.created_at),
        Col("phat_hanh", "Phát hành", "issued_on", kind="day", sort=Bulletin.issued_on),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda bulletin: STATES[_state(bulletin)],
            kind="badge",
            badge=lambda bulletin: "warn" if bulletin.code is None else None,
            muted=True,
        ),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: case((Bulletin.code.is_(None), DRAFT), else_=ISSUED) == state,
            choices=list(STATES.items()),
        ),
        TextFilter("q", "Tên, số bản tin", lambda text: has_words(_named(), text)),
    ],
)


def _named() -> Any:
    return Bulletin.title + " " + func.coalesce(Bulletin.paper_number, "")


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All bulletins that the person sees."""
    rows = queries.bulletins_for(current_user).join(Bulletin.unit).options(contains_eager(Bulletin.unit))
    listing = BULLETINS.run(rows, request.args, request.path)
    writer = any(grant.role in WRITERS for grant in current_user.grants)
    return BULLETINS.download(rows, request.args) or page(
        "bulletins/list.html", "list", status=listing.status, listing=listing, may_write=writer
    )


def _draft_form() -> DraftForm:
    form = DraftForm()
    units = db.session.scalars(
        select(Unit).where(Unit.id.in_(units_for(current_user, *WRITERS))).order_by(Unit.id)
    ).all()
    form.unit_id.offer([(unit.id, unit.name) for unit in units])
    if request.method == "GET":
        form.unit_id.data = units[0].id if units else None
        form.starts_on.data = form.ends_on.data.replace(month=1, day=1)
    return form


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form of a new bulletin."""
    return page("bulletins/new.html", form=_draft_form())


@bp.post("/moi")
@allow(*WRITERS)
def create() -> Response:
    """Make a draft; its page shows what it would say."""
    form = _draft_form()
    if form.validate_on_submit():
        values = form.values()
        try:
            unit = db.session.get_one(Unit, values.pop("unit_id"))
            bulletin = actions.draft_bulletin(unit=unit, by=current_user, **values)
            response = go(url_for("bulletins.show", bulletin_id=bulletin.id))
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("bulletins/new.html", form=form, status=form.status)


def _content(bulletin: Bulletin) -> dict[str, Any]:
    """The frozen content of an issued bulletin, or what a draft says now."""
    if bulletin.content is not None:
        return bulletin.content
    scope = Scope(bulletin.unit, bulletin.starts_on, bulletin.ends_on)
    return documents.compose(scope, is_sample=shows_sample())


def _page(bulletin: Bulletin, form: IssueForm) -> Response:
    return page(
        "bulletins/show.html",
        status=form.status,
        bulletin=bulletin,
        content=_content(bulletin),
        form=form,
        may_issue=bulletin.code is None and may(current_user, (APPROVER,), bulletin.unit_id),
        may_drop=bulletin.code is None and may(current_user, WRITERS, bulletin.unit_id),
    )


@bp.get("/<int:bulletin_id>")
@allow(*READERS)
def show(bulletin_id: int) -> Response:
    """What the bulletin says, its files, and the way to issue it."""
    return _page(queries.bulletin_or_404(bulletin_id, for_user=current_user), IssueForm())


@bp.post("/<int:bulletin_id>/phat-hanh")
@allow(APPROVER)
def issue(bulletin_id: int) -> Response:
    """Freeze the bulletin and publish it; approvers of its unit only."""
    bulletin = queries.bulletin_or_404(bulletin_id, for_user=current_user, roles=(APPROVER,))
    form = IssueForm()
    if form.validate_on_submit():
        try:
            actions.issue_bulletin(bulletin, by=current_user, day=form.day.data, is_sample=shows_sample())
            response = go(url_for("bulletins.show", bulletin_id=bulletin.id))
            flash(f"Đã phát hành bản tin số {bulletin.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _page(queries.bulletin_or_404(bulletin_id, for_user=current_user), form)


@bp.post("/<int:bulletin_id>/bo-du-thao")
@allow(*WRITERS)
def drop(bulletin_id: int) -> Response:
    """Throw a draft away."""
    bulletin = queries.bulletin_or_404(bulletin_id, for_user=current_user, roles=WRITERS)
    form = IssueForm()
    try:
        actions.drop_draft(bulletin)
        response = go(url_for("bulletins.index"))
        flash("Đã bỏ dự thảo bản tin.")
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
    return _page(queries.bulletin_or_404(bulletin_id, for_user=current_user), form)


@bp.get("/<int:bulletin_id>/ban-in")
@allow(*READERS)
def paper(bulletin_id: int) -> Response:
    """The paper on the screen, as it will be printed."""
    bulletin = queries.bulletin_or_404(bulletin_id, for_user=current_user)
    links = [
        ("Mở bản in (PDF)", url_for("bulletins.file", bulletin_id=bulletin.id, form="pdf")),
        ("Trở lại bản tin", url_for("bulletins.show", bulletin_id=bulletin.id)),
    ]
    return make_response(documents.render_html(_content(bulletin), links=links))


@bp.get("/<int:bulletin_id>/ban-tin.<any(pdf,xlsx):form>")
@allow(*READERS)
def file(bulletin_id: int, form: str) -> Response:
    """The bulletin as PDF or Excel."""
    bulletin = queries.bulletin_or_404(bulletin_id, for_user=current_user)
    content, name = _content(bulletin), bulletin.code or "du-thao-ban-tin"
    db.session.rollback()  # printing takes a while: hold no transaction
    render, kind = FILES[form]
    response = make_response(render(content))
    response.headers["Content-Type"] = kind
    shown = "inline" if form == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}.{form}"'
    return response
