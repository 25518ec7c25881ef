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
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.listing import Col, ListSpec
from portal.kit.money import in_words, parse_amount
from portal.kit.numbers import Entry
from portal.kit.web import go, page
from portal.ledger import actions, desk, queries
from portal.ledger.forms import DecisionForm
from portal.ledger.models import Posting, ReversalRequest
from portal.ledger.rules import DOCUMENTS
from portal.ledger.work import GROUPS, Work, campaign_work, failed_job_work, reversal_work, statement_work
from portal.people.models import User
from portal.people.queries import may, readable_units
from portal.statements.models import Statement
from portal.statements.queries import statements_for

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
        gifts=_gifts_of([posting.number for posting, _ in documents if posting.kind == "donation"]),
        kinds=DOCUMENTS,
        groups=GROUPS,
        weekday=WEEKDAYS[today.weekday()],
        under_way=[row for row in campaigns if row.Campaign.ends_on is None or row.Campaign.ends_on >= today],
        may_record=any(grant.role in (RECORDER, ACCOUNTANT) for grant in current_user.grants),
    )


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
    failed = jobs_for(current_user).where(Job.state == "failed", Job.created_at >= now() - LOOK_BACK)
    last = func.max(Bulletin.ends_on).label("last")
    issued = select(Bulletin.unit_id, last).where(Bulletin.issued_on.is_not(None)).group_by(Bulletin.unit_id)
    covered = {row.unit_id: row.last for row in db.session.execute(issued)}
    found = [
        *reversal_work(desk.waiting_requests(current_user, APPROVER)),
        *statement_work(db.session.scalars(staged).all()),
        *failed_job_work(db.session.scalars(failed.order_by(Job.id.desc()).limit(5)).all()),
        *campaign_work([row.Campaign for row in campaigns], covered, today_in_vietnam()),
    ]
    return sorted(found, key=lambda item: item.group)


def _request_state(row: Any) -> str:
    return {None: "Chờ trả lời", True: "Đã duyệt", False: "Không duyệt"}[row.ReversalRequest.approved]


requester, decider = aliased(User), aliased(User)
document_sum = desk.document_sum().scalar_subquery()

REVERSALS = ListSpec(
    noun="đề nghị",
    key=ReversalRequest.id,
    default_sort="-ngay",
    title="Đề nghị đảo",
    file_name="de-nghi-dao",
    nothing_yet="Chưa có đề nghị đảo nào.",
    row_url=lambda row: url_for("ledger.reversal", request_id=row.ReversalRequest.id),
    columns=[
        Col("ngay", "Ngày đề nghị", "ReversalRequest.requested_at", kind="day", sort=ReversalRequest.id),
        Col("so", "Chứng từ", lambda row: document_name(row.ReversalRequest.posting), kind="link"),
        Col("ly_do", "Lý do", "ReversalRequest.reason", primary=True),
        Col("nguoi", "Người đề nghị", "ReversalRequest.requested_by.name", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            _request_state,
            kind="badge",
            badge=lambda row: "warn" if row.ReversalRequest.approved is None else None,
            muted=True,
        ),
        Col("nguoi_duyet", "Người trả lời", "ReversalRequest.decided_by.name", muted=True),
        Col("tien", "Số tiền (đ)", "amount", kind="amount"),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: {
                "cho": ReversalRequest.approved.is_(None),
                "duyet": ReversalRequest.approved.is_(True),
                "khong": ReversalRequest.approved.is_(False),
            }[state],
            choices=[("cho", "Chờ trả lời"), ("duyet", "Đã duyệt"), ("khong", "Không duyệt")],
        )
    ],
)


def document_name(posting: Posting) -> str:
    """The number on the paper, else the kind of document and its number in the books."""
    return posting.paper_number or f"{DOCUMENTS[posting.kind]} số {posting.number}"


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


gift_id = select(func.min(Donation.id)).where(
    Donation.posting_number == Posting.number, Posting.kind == "donation"
)
gift_id = gift_id.correlate(Posting).scalar_subquery()
statement_id = select(Statement.id).where(Statement.posting_number == Posting.number).correlate(Posting)
statement_id = statement_id.scalar_subquery()


def _document_url(row: Any) -> str | None:
    if row.gift_id is not None:
        day, number = divmod(row.gift_id, 10**7)
        return url_for("donations.show", code=f"{day}-{number}")
    return url_for("statements.show", statement_id=row.statement_id) if row.statement_id else None


def _numbered(text: str) -> Any:
    """Condition: the number in the books, or the one on the paper ("PT-0413/2026", "413")."""
    digits = text.upper().removeprefix("PT-").split("/")[0].lstrip("0")
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else -1
    return (Posting.number == number) | (Posting.series_no == number)


JOURNAL = ListSpec(
    noun="chứng từ",
    key=Posting.number,
    default_sort="-so",
    title="Nhật ký",
    file_name="nhat-ky",
    nothing_yet="Chưa có chứng từ nào trong sổ.",
    row_url=_document_url,
    columns=[
        Col("so", "Số trong sổ", "Posting.number", sort=Posting.number),
        Col("ngay", "Ngày ghi sổ", "Posting.booked_on", kind="day", sort=Posting.booked_on),
        Col("ngay_ct", "Ngày chứng từ", "Posting.document_on", kind="day", sort=Posting.document_on),
        Col("loai", "Loại", lambda row: DOCUMENTS[row.Posting.kind], kind="link", primary=True),
        Col("phieu", "Số phiếu", "Posting.paper_number"),
        Col("don_vi", "Đơn vị", "Posting.unit.name", muted=True),
        Col("nguoi", "Người ghi", "Posting.entry.by_name", muted=True),
        Col("nguoi_hai", "Người duyệt", "Posting.second_name", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: "Đã đảo" if row.is_reversed else "Đã ghi sổ",
            kind="badge",
            badge=lambda row: "bad" if row.is_reversed else None,
            muted=True,
        ),
        Col("tien", "Số tiền (đ)", "amount", kind="amount"),
    ],
    filters=[
        DayFilter("tu", "Từ ngày", lambda day: Posting.booked_on >= day),
        DayFilter("den", "Đến ngày", lambda day: Posting.booked_on <= day),
        SelectFilter("loai", "Loại", lambda kind: Posting.kind == kind, choices=list(DOCUMENTS.items())),
        TextFilter("q", "Số phiếu, số trong sổ", _numbered),
    ],
)


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
