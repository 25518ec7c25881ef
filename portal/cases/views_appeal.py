"""A case as a public appeal: asked, published by another, changed, closed, taken down; its surplus. Part of the views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, request
from flask_login import current_user

from portal.campaigns.queries import campaigns_of
from portal.cases import actions_appeal as actions
from portal.cases import actions_surplus, queries, rules_appeal
from portal.cases import queries_appeal as found
from portal.cases.forms import AnswerForm
from portal.cases.forms_appeal import AppealForm, TextForm
from portal.cases.models import SupportCase
from portal.cases.models_appeal import CaseAppeal
from portal.cases.views import READERS, WRITERS, bp, case_to_change, done
from portal.cases.views_ending import reason_page
from portal.distributions.queries_norms import line_above
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.web import page
from portal.ledger.paying import published_account
from portal.ledger.queries import default_fund
from portal.people.queries import open_units, units_for


@bp.get("/<int:case_id>/keu-goi")
@allow(*READERS)
def appeal(case_id: int) -> Response:
    """The appeal of a case: texts, consents, sums by the books, what may be done."""
    case = queries.case_or_404(case_id, for_user=current_user)
    return _page(case, AnswerForm(None))


def _page(case: SupportCase, form: AnswerForm) -> Response:
    one = found.appeal_of(case)
    surpluses = found.surpluses_of(one) if one else []
    return page(
        "cases/appeal.html",
        status=form.status,
        case=case,
        appeal=one,
        form=form,
        states=rules_appeal.STATES,
        ages=rules_appeal.AGES,
        text=found.text_of(one) if one else None,
        waiting=found.waiting_text(one) if one else None,
        sums=found.sums_for(one) if one else None,
        surpluses=surpluses,
        surplus=next((asked for asked in surpluses if asked.approved is None), None),
        may_write=queries.may_write(current_user, case),
        may_approve=one is not None and queries.may_approve(current_user, one.unit_id),
    )


def _appeal(case: SupportCase) -> CaseAppeal:
    one = found.appeal_of(case)
    if one is None:
        abort(404)
    return one


@bp.route("/<int:case_id>/keu-goi/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def ask_appeal(case_id: int) -> Response:
    """Ask to publish: texts without name or address, consents, target, where a surplus goes."""
    case = case_to_change(case_id)
    form = _appeal_form(case)
    if form.validate_on_submit():
        try:
            actions.ask_appeal(case, form.values(), by=current_user)
            return done(case_id, "Đã gửi, chờ người khác công bố.", request.path.removesuffix("/moi"))
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            _offered(form, case).add_refusal(refused)
    return page("cases/ask_appeal.html", status=form.status, case=case, form=form, whole=True)


def _offered(form: AppealForm, case: SupportCase) -> AppealForm:
    mine = open_units(current_user, *WRITERS)
    units = [mine[key] for key in line_above(case.unit_id) if key in mine]
    form.unit_id.offer([(one.id, one.name) for one in units])
    if request.method == "GET" and form.unit_id.data is None:
        form.unit_id.data = next(
            (one.id for one in units if published_account(default_fund().id, [one.id])), None
        )
    campaigns = campaigns_of(units_for(current_user, *WRITERS))
    form.surplus_campaign_id.offer([(one.id, one.name) for one in campaigns])
    return form


def _appeal_form(case: SupportCase) -> AppealForm:
    one = found.appeal_of(case)
    form = _offered(AppealForm(obj=one), case)
    if one is not None and one.texts and request.method == "GET":
        last = one.texts[-1]
        form.title.data, form.body.data, form.illness.data = last.title, last.body, last.illness
    return form


@bp.route("/<int:case_id>/keu-goi/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def change_text(case_id: int) -> Response:
    """Another text for a published appeal; the public one stays until somebody else has answered."""
    case = case_to_change(case_id)
    one = _appeal(case)
    form = TextForm(obj=found.text_of(one))
    if form.validate_on_submit():
        try:
            actions.ask_new_text(one, form.values(), by=current_user)
            return done(
                case_id, "Đã gửi nội dung mới, chờ người khác công bố.", request.path.removesuffix("/sua")
            )
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    return page("cases/ask_appeal.html", status=form.status, case=case, form=form, whole=False)


def _answer(case_id: int, act: Callable[[CaseAppeal, bool, str], tuple[str, str]]) -> Response:
    """A second person says yes or no; a refusal stands on the page of the appeal."""
    case, form = queries.case_or_404(case_id, for_user=current_user), AnswerForm()
    if not queries.may_approve(current_user, _appeal(case).unit_id):
        abort(403)
    approve = request.form.get("decision") == "approve"
    if form.validate_on_submit():
        try:
            yes, no = act(_appeal(case), approve, form.answer.data or "")
            return done(case_id, yes if approve else no, request.path.rsplit("/", 1)[0])
        except Refused as refused:
            db.session.rollback()
            case = queries.case_or_404(case_id, for_user=current_user)
            form.add_refusal(refused)
    return _page(case, form)


@bp.post("/<int:case_id>/keu-goi/cong-bo")
@allow(APPROVER)
def publish(case_id: int) -> Response:
    """Publish the text that waits, or say why not."""

    def act(one: CaseAppeal, approve: bool, answer: str) -> tuple[str, str]:
        text = found.waiting_text(one)
        if text is None:
            raise Refused("Không còn nội dung nào chờ công bố. Tải lại trang.")
        actions.answer_text(text, approve=approve, answer=answer, by=current_user)
        return "Đã công bố.", "Đã trả lời: không công bố."

    return _answer(case_id, act)


@bp.post("/<int:case_id>/keu-goi/duyet-phan-du")
@allow(APPROVER)
def answer_surplus(case_id: int) -> Response:
    """Move what is left where the appeal said, or say why not."""

    def act(one: CaseAppeal, approve: bool, answer: str) -> tuple[str, str]:
        asked = next((item for item in found.surpluses_of(one) if item.approved is None), None)
        if asked is None:
            raise Refused("Không còn đề nghị nào chờ duyệt. Tải lại trang.")
        actions_surplus.answer_surplus(asked, approve=approve, answer=answer, by=current_user)
        return "Đã chuyển phần dư.", "Đã trả lời: không chuyển."

    return _answer(case_id, act)


STEPS: dict[str, tuple[str, Callable[..., Any]]] = {
    "ket-thuc": ("Đã kết thúc kêu gọi.", actions.close_appeal),
    "mo-lai": ("Đã mở lại lời kêu gọi.", actions.reopen_appeal),
    "phan-du": ("Đã đề nghị chuyển phần dư, chờ người khác duyệt.", actions_surplus.ask_surplus),
}


@bp.post('/<int:case_id>/keu-goi/<any("ket-thuc", "mo-lai", "phan-du"):step>')
@allow(*WRITERS)
def appeal_step(case_id: int, step: str) -> Response:
    """Close, open again, ask for the surplus."""
    case, form = case_to_change(case_id), AnswerForm(None)
    said, act = STEPS[step]
    try:
        act(_appeal(case), by=current_user)
        return done(case_id, said, request.path.rsplit("/", 1)[0])
    except Refused as refused:
        db.session.rollback()
        form.form_errors.append(refused.text)
        return _page(case_to_change(case_id), form)


@bp.route("/<int:case_id>/keu-goi/go", methods=["GET", "POST"])
@allow(*WRITERS)
def take_down(case_id: int) -> Response:
    """The consent was taken back: the text is gone at once."""
    case, form = case_to_change(case_id), ReasonForm()
    if form.validate_on_submit():
        try:
            actions.take_down(_appeal(case), reason=form.reason.data, by=current_user)
            return done(case_id, "Đã gỡ nội dung lời kêu gọi.", request.path.removesuffix("/go"))
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    hint = "Nội dung mất khỏi trang công khai ngay; số tiền đã nhận và đã trao vẫn công khai."
    return reason_page(case, form, "Gỡ nội dung", hint)
