"""Accepting together: every line whose first proposal is as certain as the unit asks, shown before anything is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Response, flash, request, url_for
from flask_login import current_user

from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.ledger.models import BankAccount
from portal.statements import candidates, deciding, queries, suggesting
from portal.statements.candidates import Proposal
from portal.statements.classes import IN, OUT
from portal.statements.deciding import Done
from portal.statements.forms_desk import LevelForm
from portal.statements.open_lines import Asked, OpenLine, queue
from portal.statements.views import bp
from portal.statements.views_decide import accepted, line_or_404

LOOKED_AT = 200  # lines of the queue that are weighed at once


@dataclass(frozen=True)
class Ready:
    """A line with the proposal that is certain enough."""

    line: OpenLine
    proposal: Proposal


def chosen_account(code: str | None) -> BankAccount | None:
    """The account of a code for which the person is accountant (404), or the only one there is."""
    accounts = queries.bank_accounts_for(current_user, ACCOUNTANT)
    if code:
        return queries.bank_account_of(code, for_user=current_user, role=ACCOUNTANT)
    return accounts[0] if len(accounts) == 1 else None


def _ready(account: BankAccount) -> tuple[list[Ready], int]:
    """(lines with a proposal that is certain enough, how many lines were weighed)."""
    sure, found = deciding.Sure(account), []
    waiting = queue(current_user, Asked(account.id), limit=LOOKED_AT)
    for line in waiting:
        if (proposal := sure.of(line)) is not None:
            found.append(Ready(line, proposal))
    return _once(found), len(waiting)


def _once(found: list[Ready]) -> list[Ready]:
    """A pledge or a paper that several lines would take is left to a person."""
    taken = Counter(target for one in found for target in one.proposal.targets)
    return [one for one in found if all(taken[target] == 1 for target in one.proposal.targets)]


@bp.get("/doi-chieu/cung-luc")
@allow(ACCOUNTANT)
def accept_many() -> Response:
    """What would be accepted; each can be left out."""
    return _page(chosen_account(request.args.get("tk")))


def _page(account: BankAccount | None, *, status: int = 200, error: str | None = None) -> Response:
    least = deciding.level_for(account.unit_id, account.fund_id) if account else suggesting.VERY
    ready, weighed = _ready(account) if account else ([], 0)
    return page(
        "statements/desk_many.html",
        status=status,
        account=account,
        accounts=queries.bank_accounts_for(current_user, ACCOUNTANT),
        ready=ready,
        weighed=weighed,
        whole=weighed < LOOKED_AT,
        came=sum(one.line.left for one in ready if one.line.direction == IN),
        went=sum(one.line.left for one in ready if one.line.direction == OUT),
        form=LevelForm(formdata=None, data={"least": least}),
        level=suggesting.LEVELS[least],
        levels=suggesting.LEVELS,
        badges=suggesting.LEVEL_BADGES,
        level_of=suggesting.level_of,
        sender_of=lambda line: candidates.plain_line(line)[1].name,
        error=error,
    )


@bp.post("/doi-chieu/cung-luc")
@allow(ACCOUNTANT)
def take_many() -> Response:
    """Accept the lines that were ticked, if what was proposed is still so. All of them, or none."""
    account = queries.bank_account_of(request.form.get("tk", ""), for_user=current_user, role=ACCOUNTANT)
    codes = list(dict.fromkeys(request.form.getlist("dong")))[:LOOKED_AT]
    try:
        done = _take(account, codes)
    except Refused as refused:
        db.session.rollback()
        return _page(chosen_account(request.form.get("tk")), status=422, error=refused.text)
    numbers = ",".join(str(posting.number) for one in done for posting in one.postings)
    joints = ",".join(str(match.id) for one in done for match in one.matches)
    response = go(
        url_for("statements.match_desk", tk=account.code, chung_tu=numbers or None, khop=joints or None)
    )
    flash(f"Đã xử lý {len(done)} dòng theo gợi ý.")
    db.session.commit()
    return response


def _take(account: BankAccount, codes: list[str]) -> list[Done]:
    if not codes:
        raise Refused("Chưa chọn dòng nào. Đánh dấu ít nhất một dòng.")
    sure, done = deciding.Sure(account), []
    for code in codes:
        line = line_or_404(code)
        proposal = sure.of(line)
        if proposal is None:
            raise Refused(
                f"Gợi ý của dòng {format_amount(line.left)} đ ngày {line.day:%d/%m/%Y} đã đổi từ lúc mở trang. "
                "Chưa ghi dòng nào; xem lại danh sách rồi nhận."
            )
        done.append(accepted(line, [tuple(one.split(":")) for one in proposal.chosen]))
    return done


@bp.post("/doi-chieu/muc")
@allow(ACCOUNTANT)
def set_level() -> Response:
    """From which certainty the unit accepts together."""
    account = queries.bank_account_of(request.form.get("tk", ""), for_user=current_user, role=ACCOUNTANT)
    form = LevelForm()
    if not form.validate():
        return _page(account, status=422, error="Chọn một trong hai mức.")
    deciding.set_level(account.unit_id, account.fund_id, form.least.data)
    response = go(url_for("statements.accept_many", tk=account.code))
    flash("Đã lưu mức nhận cùng lúc của đơn vị.")
    db.session.commit()
    return response
