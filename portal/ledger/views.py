"""The books on screen: the start page, reversals waiting for an answer, the journal, amounts in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, request, url_for
from flask_login import current_user
from markupsafe import escape
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager

from portal.bulletins.models import Bulletin
from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_for, whole_target
from portal.donations.models import Donation
from portal.donations.queries import received_of_campaign
from portal.jobs.models import Job
from portal.jobs.queries import jobs_for
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import now_in_vietnam, today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import in_words, parse_amount
from portal.kit.numbers import Entry
from portal.kit.web import go, page
from portal.ledger import actions, desk, queries
from portal.ledger.forms import DecisionForm
from portal.ledger.models import Posting, ReversalRequest
from portal.ledger.rules import DOCUMENTS
from portal.ledger.views_lists import (
    JOURNAL,
    REVERSALS,
    document_name,
    document_sum,
    gift_id,
    statement_id,
    voucher_id,
)
from portal.ledger.waiting import waiting_work
from portal.ledger.work import (
    GROUPS,
    Work,
    campaign_work,
    checked_statement_work,
    failed_job_work,
    reversal_work,
    statement_work,
)
from portal.people.models import User
from portal.people.queries import may, readable_units
from portal.statements.actions import CHECK as STATEMENT_CHECK
from portal.statements.models import Statement
from portal.statements.queries import statements_for

requester, decider = aliased(User), aliased(User)
bp = Blueprint("ledger", __name__, url_prefix="/quan-ly")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
LOOK_BACK = timedelta(days=30)  # ended campaigns and failed jobs older than this are history


@bp.get("/")
@allow(*READERS)
def start() -> Response:
    """Việc của tôi: what is open, today's figures, balances, the newest documents. At most 15 statements."""
    mine, today = readable_units(current_user), today_in_vietnam()
    campaigns = _present_campaigns()
    documents = desk.newest_documents(mine)
    return page(
        "ledger/start.html",
        now=now_in_vietnam(),
        today=today,
        work=_work(campaigns),
        day=desk.day_turnover(mine, today),
        balances=desk.balances(mine),
        documents=documents,
        gifts=_gifts_of(
            [posting.number for posting, _ in documents if posting.kind in ("donation", "in_and_out")]
        ),
        kinds=DOCUMENTS,
        groups=GROUPS,
        weekday=WEEKDAYS[today.weekday()],
        under_way=[row for row in campaigns if row.Campaign.ends_on is None or row.Campaign.ends_on >= today],
        may_record=holds(RECORDER, ACCOUNTANT),
        may_import=holds(RECORDER, ACCOUNTANT, ADMINISTRATOR),
        may_upload=holds(ACCOUNTANT),
    )


def holds(*roles: str) -> bool:
    """Whether the person has one of the roles anywhere."""
    return any(grant.role in roles for grant in current_user.grants)


def _present_campaigns() -> Any:
    """(Campaign, target, received) of those under way and of those that ended lately."""
    today = today_in_vietnam()
    recent = (Campaign.ends_on.is_(None)) | (Campaign.ends_on >= today - LOOK_BACK)
    rows = campaigns_for(current_user).where(Campaign.starts_on <= today, recent)
    rows = rows.add_columns(whole_target().label("target"), received_of_campaign().label("received"))
    return db.session.execute(rows.order_by(Campaign.ends_on.desc()).limit(20)).all()


def _gifts_of(numbers: list[int]) -> dict[int, Donation]:
    if not numbers:
        return {}
    rows = select(Donation).where(Donation.posting_number.in_(numbers))
    return {gift.posting_number: gift for gift in db.session.scalars(rows)}


def _work(campaigns: Any) -> list[Work]:
    """Everything that waits for this person, most urgent first."""
    staged = statements_for(current_user).where(Statement.state.in_(("staged", "failed"))).limit(20)
    checked = (Job.kind == STATEMENT_CHECK) & (Job.state == "done")
    jobs = jobs_for(current_user).where(
        (Job.state == "failed") | checked, Job.created_at >= now() - LOOK_BACK
    )
    open_jobs = db.session.scalars(jobs.order_by(Job.id.desc()).limit(20)).all()
    last = func.max(Bulletin.ends_on).label("last")
    issued = select(Bulletin.unit_id, last).where(Bulletin.issued_on.is_not(None)).group_by(Bulletin.unit_id)
    covered = {row.unit_id: row.last for row in db.session.execute(issued)}
    found = [
        *reversal_work(desk.waiting_requests(current_user, APPROVER)),
        *statement_work(db.session.scalars(staged).all()),
        *(checked_statement_work(open_jobs) if holds(ACCOUNTANT) else []),
        *failed_job_work(open_jobs),
        *campaign_work([row.Campaign for row in campaigns], covered, today_in_vietnam()),
        *waiting_work(current_user),
    ]
    return sorted(found, key=lambda item: item.group)


@bp.get("/dao-but-toan/")
@allow(*READERS)
def reversals() -> Response:
    """Requests to reverse a document, waiting ones and answered ones."""
    rows = queries.reversal_requests_for(current_user).join(Entry, Entry.number == Posting.number)
    rows = rows.join(requester, ReversalRequest.requested_by).outerjoin(decider, ReversalRequest.decided_by)
    eager = contains_eager(ReversalRequest.posting).contains_eager(Posting.entry)
    people = (
        contains_eager(ReversalRequest.requested_by, alias=requester),
        contains_eager(ReversalRequest.decided_by, alias=decider),
    )
    rows = rows.add_columns(document_sum.label("amount")).options(eager, *people)
    listing = REVERSALS.run(rows, request.args, request.path)
    return REVERSALS.download(rows, request.args) or page(
        "ledger/reversals.html", "list", status=listing.status, listing=listing
    )


@bp.get("/dao-but-toan/<int:request_id>")
@allow(*READERS)
def reversal(request_id: int) -> Response:
    """One request with the document it is about."""
    asked = queries.reversal_request_or_404(request_id, for_user=current_user)
    return _show_request(asked, DecisionForm())


def _show_request(asked: ReversalRequest, form: DecisionForm) -> Response:
    posting = asked.posting
    gifts = _gifts_of([posting.number])
    return page(
        "ledger/reversal.html",
        asked=asked,
        posting=posting,
        name=document_name(posting),
        kind=DOCUMENTS[posting.kind],
        amount=sum(transfer.amount for transfer in posting.transfers),
        gift=gifts.get(posting.number),
        mirror=queries.reversal_of(posting.number),
        form=form,
        status=form.status,
        own=asked.requested_by_id == current_user.id,
        may_decide=asked.approved is None and may(current_user, APPROVER, posting.unit_id),
    )


@bp.post("/dao-but-toan/<int:request_id>")
@allow(APPROVER)
def decide(request_id: int) -> Response:
    """Approve or refuse. Of two answers at once the first one counts."""
    asked = queries.reversal_request_or_404(request_id, for_user=current_user)
    if not may(current_user, APPROVER, asked.posting.unit_id):
        abort(403)
    form = DecisionForm()
    if form.validate_on_submit():
        approve = request.form.get("decision") == "approve"
        try:
            actions.decide_reversal(asked, approve=approve, answer=form.answer.data or "", by=current_user)
            response = go(url_for("ledger.reversal", request_id=request_id))
            flash("Đã duyệt: bút toán đảo đã ghi sổ." if approve else "Đã trả lời: không duyệt đảo.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show_request(queries.reversal_request_or_404(request_id, for_user=current_user), form)


@bp.get("/nhat-ky/")
@allow(*READERS)
def journal() -> Response:
    """Every document of the person's units, newest first."""
    rows = queries.journal_for(current_user).join(Posting.unit).join(Posting.entry)
    rows = rows.options(contains_eager(Posting.unit), contains_eager(Posting.entry))
    rows = rows.add_columns(
        document_sum.label("amount"),
        gift_id.label("gift_id"),
        statement_id.label("statement_id"),
        voucher_id.label("voucher_id"),
        queries.is_reversed(Posting.number).label("is_reversed"),
    )
    listing = JOURNAL.run(rows, request.args, request.path)
    return JOURNAL.download(rows, request.args) or page(
        "ledger/journal.html", "list", status=listing.status, listing=listing
    )


@bp.get("/so-bang-chu")
@allow(*READERS)
def words() -> Response:
    """The words under an amount field; for what cannot be read, the sentence that says what to type."""
    typed = request.args.get("so", "")
    try:
        text = in_words(parse_amount(typed)) if typed.strip() else ""
    except Refused as refused:
        text = refused.text
    return make_response(str(escape(text)))


from portal.ledger import views_banks, views_closing  # noqa: E402, F401  (their pages belong to this blueprint)
