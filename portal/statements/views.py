"""Statements on screen: the list, bringing a file (checked, then posted), one with its lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_login import current_user

from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.jobs.queries import job_or_404, may_stop
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import Col, DayFilter, ListSpec, SelectFilter
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page
from portal.ledger.models import BankAccount
from portal.people.models import User
from portal.people.queries import may
from portal.statements import actions, judging, queries, rules, uploads
from portal.statements.classes import DIRECTIONS, KINDS
from portal.statements.forms import OverrideForm, PaperForm, PostForm, UploadForm
from portal.statements.line_list import lines_list
from portal.statements.models import Statement
from portal.statements.outcome import ImportOutcome
from portal.statements.queries_rules import names_of_rules
from portal.statements.queries_undo import newest_undo

bp = Blueprint("statements", __name__, url_prefix="/quan-ly/sao-ke")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)


def _span(statement: Statement) -> str | None:
    if statement.first_day is None:
        return None
    return f"{format_day(statement.first_day)} – {format_day(statement.last_day)}"


STATEMENTS = ListSpec(
    noun="sao kê",
    key=Statement.id,
    default_sort="-ngay",
    title="Sao kê ngân hàng",
    file_name="sao-ke",
    nothing_yet="Chưa có sao kê nào. Nạp sao kê đầu tiên để sổ có số dư ngân hàng.",
    row_url=lambda row: url_for("statements.show", statement_id=row.id),
    columns=[
        Col("ngay", "Ngày nạp", "imported_at", kind="day", sort=Statement.id),
        Col("tk", "Tài khoản", "bank_account.code", sort=BankAccount.code),
        Col("tep", "Tệp", "file_name", kind="link", primary=True),
        Col("ky", "Từ ngày – đến ngày", _span, sort=Statement.first_day, muted=True),
        Col(
            "du",
            "Đối chiếu",
            lambda row: rules.PROOFS.get(row.completeness),
            kind="badge",
            badge=lambda row: rules.PROOF_BADGES.get(row.completeness),
        ),
        Col(
            "tt",
            "Tình trạng",
            lambda row: rules.STATES[row.state],
            kind="badge",
            badge=lambda row: rules.STATE_BADGES.get(row.state),
            muted=True,
        ),
        Col("moi", "Dòng mới", "new_rows", kind="amount", sort=Statement.new_rows),
        Col("co", "Ghi có (đ)", "credit_sum", kind="amount", primary=True, sort=Statement.credit_sum),
        Col("no", "Ghi nợ (đ)", "debit_sum", kind="amount", sort=Statement.debit_sum),
    ],
    filters=[
        SelectFilter(
            "tt", "Tình trạng", lambda state: Statement.state == state, choices=tuple(rules.STATES.items())
        ),
        SelectFilter(
            "du",
            "Đối chiếu",
            lambda proof: Statement.completeness == proof,
            choices=tuple(rules.PROOFS.items()),
        ),
        DayFilter("tu", "Có ngày từ", lambda day: Statement.last_day >= day),
        DayFilter("den", "Có ngày đến", lambda day: Statement.first_day <= day),
    ],
)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All statements that the person sees."""
    rows = queries.statements_for(current_user)
    listing = STATEMENTS.run(rows, request.args, request.path)
    return STATEMENTS.download(rows, request.args) or page(
        "statements/list.html", "list", status=listing.status, listing=listing, may_write=_may_write()
    )


def _may_write() -> bool:
    return any(grant.role == ACCOUNTANT for grant in current_user.grants)


@bp.get("/nap")
@allow(ACCOUNTANT)
def upload() -> Response:
    """The form that takes a file."""
    return page("statements/upload.html", form=_upload_form())


def _upload_form() -> UploadForm:
    form = UploadForm()
    accounts = queries.bank_accounts_for(current_user, ACCOUNTANT)
    form.account.offer([(row.code, f"{row.code}, {row.bank}, {row.unit.name}") for row in accounts])
    campaigns = queries.campaigns_for(current_user, ACCOUNTANT)
    form.campaign.offer([(row.code, f"{row.name} ({row.code})") for row in campaigns])
    if request.method == "GET":
        form.account.data = accounts[0].code if len(accounts) == 1 else request.args.get("tk")
    return form


@bp.post("/nap")
@allow(ACCOUNTANT)
def send() -> Response:
    """Keep the file and queue its check; nothing is posted yet."""
    form = _upload_form()
    if form.validate():
        try:
            return queued(_keep_and_check(form), "statements.review")
        except Refused as refused:
            form.add_refusal(refused)
    db.session.rollback()
    return page("statements/upload.html", status=422, form=form)


def _keep_and_check(form: UploadForm) -> Job:
    """Raises Refused for an account and campaign that do not fit."""
    account = queries.bank_account_of(form.account.data, for_user=current_user, role=ACCOUNTANT)
    filename = nfc(Path(form.file.data.filename).name)[-200:]
    actions.target_of(account.code, form.campaign.data)
    path = uploads.keep(form.file.data.stream, filename, current_app.config["PORTAL"].instance)
    return actions.ask_check(path, filename, account=account, campaign_code=form.campaign.data, by=me())


def queued(job: Job, endpoint: str) -> Response:
    """The job is kept and taken up; the answer leads to its page."""
    response = go(url_for(endpoint, job_id=job.id))
    db.session.commit()
    worker.wake()
    return response


def me() -> User:
    """The person who asks, in this session."""
    return db.session.get_one(User, current_user.id)


def check_or_404(job_id: int) -> Job:
    """A check of an account for which the person is accountant; otherwise 404."""
    job = job_or_404(job_id, for_user=current_user)
    if job.kind != actions.CHECK or not may(current_user, (ACCOUNTANT,), job.unit_id):
        abort(404)
    return job


@bp.get("/kiem-tra/<int:job_id>")
@allow(ACCOUNTANT)
def review(job_id: int) -> Response:
    """What would be posted: progress of the check, then rows, sums, proof, errors, duplicates."""
    job = check_or_404(job_id)
    return review_page(job, _post_form(job, formdata=None), 422 if _is_turned_down(job) else 200)


def _is_turned_down(job: Job) -> bool:
    """Whether the check found the file wrong: the page then is the answer to bad input."""
    return job.state == "failed" or (job.result is not None and not ImportOutcome(**job.result).accepted)


def _post_form(job: Job, **options: Any) -> PostForm:
    """A file that does not tie is posted with a reason only."""
    broken = job.state == "done" and job.result is not None and not ImportOutcome(**job.result).accepted
    return OverrideForm(**options) if broken else PostForm(**options)


def review_page(job: Job, form: PostForm, status: int = 200, paper_form: PaperForm | None = None) -> Response:
    """The page of a check, with the form that posts and the one for sums from the paper."""
    outcome = ImportOutcome(**job.result) if job.state == "done" and job.result else None
    names = {"account": queries.account_label(job.params["account"]), "campaign": job.params["campaign"]}
    posting = actions.import_of(job)
    return page(
        "statements/review.html",
        status=status,
        job=job,
        progress=progress_of(
            job,
            url=url_for("statements.review", job_id=job.id),
            cancel_url=url_for("jobs.cancel", job_id=job.id) if may_stop(job, current_user) else None,
        ),
        outcome=outcome,
        form=form,
        paper_form=paper_form or PaperForm(formdata=None, data=job.params.get("paper") or {}),
        names=names,
        span=_iso_span(outcome),
        certificate=rules.shown_certificate(outcome.certificate) if outcome else None,
        posted_url=url_for("jobs.show", job_id=posting.id) if posting else None,
        proofs=rules.PROOFS,
        badges=rules.PROOF_BADGES,
        kinds=KINDS,
        directions=DIRECTIONS,
    )


def _iso_span(outcome: ImportOutcome | None) -> str | None:
    if outcome is None or not outcome.first_day or not outcome.last_day:
        return None
    first, last = date.fromisoformat(outcome.first_day), date.fromisoformat(outcome.last_day)
    return f"{format_day(first)} – {format_day(last)}"


@bp.post("/kiem-tra/<int:job_id>")
@allow(ACCOUNTANT)
def post(job_id: int) -> Response:
    """Queue the posting of the file that was checked."""
    check = check_or_404(job_id)
    form = _post_form(check)
    if form.validate():
        try:
            return queued(actions.ask_import(check, reason=form.values().get("reason"), by=me()), "jobs.show")
        except Refused as refused:
            form.add_refusal(refused)
    db.session.rollback()
    return review_page(check_or_404(job_id), form, 422)


@bp.get("/<int:statement_id>")
@allow(*READERS)
def show(statement_id: int) -> Response:
    """One statement: its proof, and the lines it has brought."""
    statement = queries.statement_or_404(statement_id, for_user=current_user)
    rows = queries.lines_of(statement)
    spec = _lines_list(statement)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "statements/show.html", "list", status=listing.status, listing=listing, **_facts(statement)
    )


def _lines_list(statement: Statement) -> ListSpec:
    return lines_list(
        names_of_rules(statement.bank_account.unit_id),
        line_url=lambda row: url_for("statements.line", statement_id=row.statement_id, ordinal=row.ordinal),
        rule_url=lambda rule_id: url_for("statements.rule", rule_id=rule_id),
    )


def _facts(statement: Statement) -> dict[str, Any]:
    people = queries.names_of([statement.imported_by_id, statement.override_by_id])
    return {
        "statement": statement,
        "certificate": rules.shown_certificate(statement.certificate),
        "span": _span(statement),
        "sentence": rules.proof_sentence(statement.completeness) if statement.completeness else None,
        "badge": rules.PROOF_BADGES.get(statement.completeness or "", "neutral"),
        "proof": rules.PROOFS.get(statement.completeness or ""),
        "state": rules.STATES[statement.state],
        "imported_by": people.get(statement.imported_by_id, "dòng lệnh"),
        "override_by": people.get(statement.override_by_id, "dòng lệnh"),
        "met": judging.met_by(statement),
        "equation": judging.equation_of(statement),
        "undo": newest_undo(statement),
        "may_undo": statement.state == "posted"
        and may(current_user, (ACCOUNTANT, APPROVER), statement.bank_account.unit_id),
    }


from portal.statements import (  # noqa: E402, F401  (their pages belong here)
    views_calendar,
    views_columns,
    views_correct,
    views_decide,
    views_desk,
    views_gifts,
    views_line,
    views_many,
    views_open,
    views_pairs,
    views_paper,
    views_rules,
    views_undo,
)
