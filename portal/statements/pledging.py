"""Gifts whose transfer bore the code of a pledge keep it, soon after the posting, in short steps.

The statement remembers how far this has come; what a pledge no longer takes stays a plain gift.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.donations.models import Donation
from portal.donations.queries import is_reversed
from portal.donations.search import reindex
from portal.jobs.steps import step
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people.models import User
from portal.pledges.models import Pledge
from portal.pledges.queries import fulfilments_by
from portal.statements.models import Statement, StatementLine
from portal.statements.settling import keep_pledge, take_giver

AT_ONCE = 50  # gifts a step: each takes a dozen statements under the lock


def follow_pledges() -> int:
    """Let pledges follow the next gifts with their code, in a step of its own; 0 = nothing waits."""
    waiting = db.session.scalar(
        select(Statement.id).where(Statement.pledged_up_to.is_not(None), Statement.state == "posted").limit(1)
    )
    db.session.rollback()
    if waiting is None:
        return 0
    with step(posting=True):
        return _follow(db.session.get_one(Statement, waiting, with_for_update=True))


def _follow(statement: Statement) -> int:
    if statement.pledged_up_to is None:  # somebody was faster
        return 1
    line = StatementLine
    rows = select(line).where(
        line.statement_id == statement.id,
        line.ordinal > statement.pledged_up_to,
        line.pledge_id.is_not(None),
    )
    found = db.session.scalars(rows.order_by(line.ordinal).limit(AT_ONCE)).all()
    by = db.session.get(User, statement.imported_by_id) if statement.imported_by_id else None
    for one in found:
        _keep(statement, one, by)
    statement.pledged_up_to = found[-1].ordinal if len(found) == AT_ONCE else None
    db.session.flush()
    return max(len(found), 1)


def _keep(statement: Statement, line: StatementLine, by: User | None) -> None:
    mine = Donation.posting_number == statement.posting_number
    gift = db.session.scalar(select(Donation).where(mine, Donation.ordinal == line.ordinal, ~is_reversed()))
    if gift is None or line.pledge_id is None or fulfilments_by(gift.posting_number, gift.ordinal):
        return
    pledge = db.session.get_one(Pledge, line.pledge_id)
    try:
        keep_pledge(pledge, gift.posting_number, gift.ordinal, gift.amount, by=by)
    except Refused:  # the pledge has changed since the file was read: the gift stays, the desk shows it
        return
    take_giver(gift, pledge)
    reindex(gift)
