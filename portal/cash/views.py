"""Cash on screen: who has how much, and hand-over slips. Deposits and counts have files of their own."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from portal.cash import actions, documents, lists, queries, rules
from portal.cash.forms import BOX, AnswerForm, HandoverForm, NotesForm
from portal.cash.models import CashHandover
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import parse_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.ledger.forms import offer_place
from portal.ledger.models import Fund
from portal.people.models import User
from portal.people.queries import holds, open_units
from portal.units.models import Unit

bp = Blueprint("cash", __name__, url_prefix="/quan-ly/tien-mat")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Every box and hand with what it holds by the books, now or at the end of an asked day."""
    day = _asked_day()
    rows, spec = queries.hands_for(current_user), lists.hands_list(day)
    rows = rows.add_columns(queries.balance(day).label("balance"), queries.on_the_way().label("promised"))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "cash/hands.html",
        "list",
        status=listing.status,
        listing=listing,
        waiting=queries.waiting(current_user),
        may_write=holds(current_user, *WRITERS),
        may_count=holds(current_user, *WRITERS),
    )


def _asked_day() -> date | None:
    """The day of the address; the filter itself says what cannot be read."""
    try:
        return (
            parse_day(request.args.get("ngay"), today=today_in_vietnam())
            if request.args.get("ngay")
            else None
        )
    except Refused:
        return None


@bp.get("/giao-nhan/")
@allow(*READERS)
def slips() -> Response:
    """Hand-over slips."""
    spec = lists.handovers_list(lambda slip: url_for("cash.slip", slip_id=slip.id))
    rows = queries.handovers_for(current_user).options(
        joinedload(CashHandover.unit),
        joinedload(CashHandover.giver),
        joinedload(CashHandover.receiver),
        joinedload(CashHandover.posting),
    )
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "cash/slips.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def _handover_form() -> tuple[HandoverForm, dict[int, Unit], dict[int, User]]:
    form, units = HandoverForm(), open_units(current_user, *WRITERS)
    offer_place(form, units)
    unit = units.get(form.unit_id.data)  # type: ignore[arg-type]
    people = {user.id: user for user in queries.receivers(unit, but=current_user)} if unit else {}
    form.receiver_id.offer([(user.id, user.name) for user in people.values()])
    return form, units, people


def _in_hand(form: NotesForm, unit: Unit | None) -> dict[str, int] | None:
    """What the person has in the chosen unit, for the side panel."""
    if unit is None:
        return None
    key = {"unit_id": unit.id, "fund_id": form["fund_id"].data}
    has = queries.in_hand(**key, holder_id=current_user.id)
    return {"has": has, "promised": queries.promised(**key, giver_id=current_user.id)}


@bp.route("/giao-nhan/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def give() -> Response:
    """Give the cash in one's hand to somebody else, who then confirms."""
    form, units, people = _handover_form()
    if request.method == "POST" and form.validate_on_submit():
        values = form.values()
        try:
            slip = actions.hand_over(
                unit=units[values["unit_id"]],
                fund=db.session.get_one(Fund, values["fund_id"]),
                receiver=people[values["receiver_id"]],
                into_box=values["into"] == BOX,
                amount=values["amount"],
                notes=values["notes"],
                remark=values["remark"],
                by=current_user,
            )
            response = go(url_for("cash.slip", slip_id=slip.id))
            flash(f"Đã lập phiếu giao {format_amount(slip.amount)} đ, chờ {slip.receiver.name} xác nhận.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form, units, people = _handover_form()
            form.validate()
            form.add_refusal(refused)
    unit = units.get(form.unit_id.data)  # type: ignore[arg-type]
    return page("cash/give.html", form=form, status=form.status, hand=_in_hand(form, unit), units=units)


@bp.get("/giao-nhan/<int:slip_id>")
@allow(*READERS)
def slip(slip_id: int) -> Response:
    """One hand-over slip, with the answer if the person is its receiver."""
    return _show_slip(queries.handover_or_404(slip_id, for_user=current_user), AnswerForm())


def _show_slip(slip: CashHandover, form: AnswerForm) -> Response:
    open_ = slip.accepted is None
    return page(
        "cash/slip.html",
        slip=slip,
        form=form,
        status=form.status,
        state=rules.STATES[rules.state_of(slip.accepted)],
        notes=documents.notes_of(slip.notes),
        may_answer=open_ and slip.receiver_id == current_user.id,
        may_take_back=open_ and slip.giver_id == current_user.id,
    )


@bp.post("/giao-nhan/<int:slip_id>")
@allow(*WRITERS)
def answer(slip_id: int) -> Response:
    """Confirm that the cash has come, or say why not; the giver may take the slip back."""
    slip, form = queries.handover_or_404(slip_id, for_user=current_user), AnswerForm()
    decision = request.form.get("decision")
    if form.validate_on_submit():
        try:
            if decision == "back":
                actions.take_back(slip, by=current_user)
                said = "Đã rút lại phiếu giao nhận."
            else:
                actions.answer_handover(
                    slip, accept=decision == "accept", answer=form.answer.data or "", by=current_user
                )
                said = "Đã xác nhận nhận tiền." if slip.accepted else "Đã trả lời: không nhận."
            response = go(url_for("cash.slip", slip_id=slip_id))
            flash(said)
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show_slip(queries.handover_or_404(slip_id, for_user=current_user), form)


@bp.get("/giao-nhan/<int:slip_id>.pdf")
@allow(*READERS)
def slip_pdf(slip_id: int) -> Response:
    """Giấy giao nhận tiền."""
    slip = queries.handover_or_404(slip_id, for_user=current_user)
    return pdf(documents.handover_paper(slip), f"giao-nhan-tien-{slip_id}")


def pdf(paper: documents.CashPaper, name: str) -> Response:
    """A paper of this room as PDF."""
    return pdf_answer(render_paper("documents/cash.html", paper=paper, sample=shows_sample()), name)


from portal.cash import views_bank, views_counts  # noqa: E402, F401  (their pages belong to this blueprint)
