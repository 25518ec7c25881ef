"""Decisions on rewards: drafted from nominations, issued by a second person, printed. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_login import current_user

from portal.emulation import actions_certificates as actions
from portal.emulation import queries_certificates as queries
from portal.emulation import queries_nominations as found
from portal.emulation import rules_nominations as rules
from portal.emulation.actions_rewards_prize import to_pay
from portal.emulation.documents_rewards import decision_paper
from portal.emulation.forms_rewards import TEXTS, AwardForm, DecisionHeadForm, IssueForm
from portal.emulation.lists_rewards import decisions_list, listed_decisions
from portal.emulation.models_certificates import RewardDecision, RewardDecisionRow
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardForm
from portal.emulation.texts_rewards import FILLED, KINDS, SUBJECTS
from portal.emulation.views import (
    READERS,
    WRITERS,
    bp,
    check_may,
    clicked,
    done,
    form_page,
    here,
    own_units,
    tried,
)
from portal.emulation.views_certificates import print_state
from portal.frame import shows_sample
from portal.kit.access import APPROVER, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.forms import PortalForm
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import holds, may
from portal.spending.actions import keep_texts
from portal.units.models import Unit

HINTS = {
    "number": "Như trên bản ký, ví dụ 45/QĐ-MTTQ-BTT; chung một dãy số với quyết định hỗ trợ. Chưa có thì để trống.",
    "grounds": "Mỗi căn cứ một dòng.",
    "recipients": "Mỗi nơi một dòng.",
}


@bp.get("/quyet-dinh/")
@allow(*READERS)
def reward_decisions() -> Response:
    """Decisions on rewards of the person's units."""
    spec = decisions_list(
        found.forms(ended=True), lambda row: here("reward_decision", decision_id=row.RewardDecision.id)
    )
    rows = listed_decisions(queries.decisions_for(current_user))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "rewards/decisions.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def load(decision_id: int, *, roles: Any = None) -> RewardDecision:
    """A decision of the person's units. 404, or 403 without one of the roles."""
    one = queries.decision_or_404(decision_id, for_user=current_user)
    if roles:
        check_may(one.unit_id, roles)
    return one


def offer_texts(form: DecisionHeadForm, unit: Unit, what: str, form_name: str) -> None:
    """The unit's texts and the usual subject in a blank form."""
    texts = queries.texts_of(unit, what, form.decided_on.data or today_in_vietnam())
    for name in TEXTS:
        form[name].data = getattr(texts, name)
    form.subject.data = SUBJECTS[what].format(form=form_name)


def head_fields(form: Any, what: str) -> list[Any]:
    """The fields of the head of an award or a withdrawal with their hints, in columns."""
    words = ", ".join(f"[{name}]" for name in FILLED[what])
    hints = {**HINTS, "articles": f"Mỗi điều một dòng. Chữ được điền: {words}."}
    short = ("number", "decided_on", "subject", "signer_title", "signer_name")
    long = ("grounds", "articles", "recipients", "keep")
    return [[(form[name], hints.get(name)) for name in names] for names in (short, long)]


def _ready(unit: Unit | None, form_id: int | None) -> list[Nomination]:
    if unit is None or form_id is None:
        return []
    kind = db.session.get(RewardForm, form_id)
    if kind is None:
        return []
    states = (rules.APPROVED,) if kind.needs_council else (rules.APPROVED, *rules.CHANGEABLE)
    return found.below(unit.id, states, form_id)


def _choice() -> tuple[dict[int, Unit], Unit | None, RewardForm | None]:
    """The units of the person, and unit and form of the address (a form alone: the unit that has most to decide)."""
    units = own_units()
    asked_unit, asked_form = request.values.get("don_vi", ""), request.values.get("hinh_thuc", "")
    unit = units.get(int(asked_unit)) if asked_unit.isdigit() else None
    kind = (
        db.session.get(RewardForm, int(asked_form)) if asked_form.isdigit() and len(asked_form) < 10 else None
    )
    return units, unit, kind


@bp.route("/quyet-dinh/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_reward_decision() -> Response:
    """First the unit and the form, then the nominations and the head."""
    units, unit, kind = _choice()
    ready = _ready(unit, kind.id if kind else None)
    if unit is None or kind is None or not ready:
        return _choose(units, unit, kind)
    form = AwardForm()
    form.unit_id.offer([(unit.id, unit.name)])
    if request.method == "GET":
        form.unit_id.data = unit.id
        offer_texts(form, unit, rules.AWARD, kind.name)
    ids = {int(text) for text in request.form.getlist("nomination") if text.isdigit() and len(text) < 12}

    def act() -> Response:
        one = actions.draft_award(unit, kind, sorted(ids), head=form.head(), by=current_user)
        if form.keep.data:
            keep_texts(unit.id, KINDS[rules.AWARD], form.texts())
        return done(
            here("reward_decision", decision_id=one.id), "Đã soạn quyết định, chờ người khác ban hành."
        )

    return tried(form, act) or page(
        "rewards/new_decision.html",
        status=form.status,
        form=form,
        kind=kind,
        unit=unit,
        ready=_ready(unit, kind.id),
        ticked=ids if request.method == "POST" else {one.id for one in ready},
        columns=head_fields(form, rules.AWARD),
    )


def _choose(units: dict[int, Unit], unit: Unit | None, kind: RewardForm | None) -> Response:
    """What may be decided now, by unit and form."""
    rows = []
    for one in units.values() if unit is None else [unit]:
        for form in found.forms() if kind is None else [kind]:
            allowed = [line for line in form.levels.splitlines() if line]
            ready = _ready(one, form.id) if not allowed or one.level.lower() in allowed else []
            if ready:
                rows.append((one, form, len(ready)))
    return page("rewards/choose_decision.html", rows=rows, kind=kind)


@bp.get("/quyet-dinh/<int:decision_id>")
@allow(*READERS)
def reward_decision(decision_id: int) -> Response:
    """One decision: its list, certificates, prizes, the next step."""
    return show(load(decision_id), IssueForm(None))


def show(one: RewardDecision, issue_form: PortalForm) -> Response:
    """The page of a decision; `issue_form` came back with errors."""
    given = queries.rewards_of(one)
    writer, approver = may(current_user, WRITERS, one.unit_id), may(current_user, APPROVER, one.unit_id)
    draft, own = one.state == rules.DRAFT, one.prepared_by_id == current_user.id
    return page(
        "rewards/decision.html",
        status=issue_form.status,
        one=one,
        issue_form=issue_form,
        whats=rules.WHATS,
        states=rules.DECISION_STATES,
        given={reward.nomination_id: reward for reward in given},
        withdrawn=queries.withdrawals(given),
        prizes=sum((row.nomination.prize or 0) for row in one.rows if row.nomination is not None),
        to_pay=to_pay(one),
        own=own,
        may_edit=draft and writer,
        may_issue=draft and approver and not own,
        may_pay=not draft and writer,
        may_print=not draft and one.what == rules.AWARD,
        **print_state(one),
    )


@bp.route("/quyet-dinh/<int:decision_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_reward_decision(decision_id: int) -> Response:
    """Write the head of a draft anew."""
    one = load(decision_id, roles=WRITERS)
    if one.state != rules.DRAFT:
        abort(404)
    if request.method == "POST":
        lock_row(one)
    form = DecisionHeadForm(obj=one)
    theirs = changed_meanwhile(form, request.form)

    def act() -> Response:
        actions.change_decision(one, form.head(), by=current_user)
        if form.keep.data:
            keep_texts(one.unit_id, KINDS[one.what], form.texts())
        return done(here("reward_decision", decision_id=decision_id), "Đã sửa bản nháp.")

    answer = None if theirs else tried(form, act)
    name = one.number or "bản nháp"
    return answer or form_page(
        form,
        "Sửa bản nháp",
        "Ghi bản nháp",
        crumbs=[
            ("Quyết định khen", here("reward_decisions")),
            (name, here("reward_decision", decision_id=decision_id)),
            ("Sửa", None),
        ],
        fields=head_fields(form, one.what),
        cancel=here("reward_decision", decision_id=decision_id),
        theirs=theirs,
        what="bản nháp này",
        status=409 if theirs else form.status,
    )


@bp.post("/quyet-dinh/<int:decision_id>/ban-hanh")
@allow(APPROVER)
def issue_reward_decision(decision_id: int) -> Response:
    """Put a draft into force; the number is written now where the draft has none."""
    one, form = load(decision_id, roles=APPROVER), IssueForm()

    def act() -> Response:
        actions.issue(one, by=current_user, number=form.number.data)
        said = (
            "Đã ban hành. In giấy khen ở trang này."
            if one.what == rules.AWARD
            else "Đã ban hành quyết định thu hồi."
        )
        return done(here("reward_decision", decision_id=decision_id), said)

    return tried(form, act) or show(load(decision_id), form)


@bp.post("/quyet-dinh/<int:decision_id>/xoa")
@allow(*WRITERS)
def delete_reward_decision(decision_id: int) -> Response:
    """Throw a draft away; its nominations wait as before."""
    one = load(decision_id, roles=WRITERS)

    def act() -> str:
        actions.delete_draft(one)
        return "Đã xóa bản nháp. Các đề nghị lại chờ quyết định."

    return clicked(act, here("reward_decision", decision_id=decision_id), here("reward_decisions"))


@bp.post("/quyet-dinh/<int:decision_id>/bot/<int:row_id>")
@allow(*WRITERS)
def take_out_of_decision(decision_id: int, row_id: int) -> Response:
    """One row leaves a draft."""
    one = load(decision_id, roles=WRITERS)
    row = db.session.get(RewardDecisionRow, row_id)
    if row is not None and row.decision_id != decision_id:
        abort(404)

    def act() -> str:
        actions.take_out(one, row_id)
        return "Đã bớt một dòng khỏi bản nháp."

    return clicked(act, here("reward_decision", decision_id=decision_id))


@bp.get("/quyet-dinh/<int:decision_id>.pdf")
@allow(*READERS)
def reward_decision_pdf(decision_id: int) -> Response:
    """The paper with its annexed list."""
    paper = decision_paper(load(decision_id))
    html = render_paper("documents/reward_decision.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"quyet-dinh-khen-thuong-{decision_id}")
