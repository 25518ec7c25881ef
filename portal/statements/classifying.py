"""Rules, codes and waiting papers as the database has them, brought to the lines of a statement that is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import or_, select

from portal.campaigns.models import Campaign
from portal.kit.db import db
from portal.kit.transfer_codes import CAMPAIGN, FUND, PLEDGE, find_codes
from portal.ledger.models import BankAccount, Fund
from portal.pledges.models import Pledge, PledgeTerms
from portal.statements import transit
from portal.statements.classes import IN, Classifier, KnownCode, Rule, Verdict, words_of
from portal.statements.models_settling import LineRule
from portal.statements.queries import Target
from portal.units.models import Unit
from portal.units.queries import subtree


class Judged(Protocol):
    """What is looked at of a line: one just read from a file, or one of the past."""

    @property
    def day(self) -> date:
        """The bank's day."""

    @property
    def credit(self) -> int | None:
        """Money in, đồng."""

    @property
    def amount_signed(self) -> int | None:
        """Money in positive, money out negative, None = unknown."""

    @property
    def text(self) -> str:
        """The bank's words."""


class LineJudge:
    """Judges the lines of one statement, chunk by chunk; reads only. `rules` None = the living ones of its account."""

    def __init__(self, target: Target, rules: Sequence[Rule] | None = None):
        self.target = target
        papers: dict[int, list[date]] = defaultdict(list)
        for waiting in transit.waiting_papers(target.account_id, IN):
            papers[waiting.left].append(waiting.day)
        self.classifier = Classifier(
            rules_of(target.unit_id, target.account_id) if rules is None else rules,
            target.campaign_id is not None,
            target.campaign_id,
            papers,
        )
        self._related: set[int] | None = None

    def verdicts(self, chunk: Sequence[Judged], folded: Sequence[str]) -> list[Verdict | None]:
        """One verdict for each line; None where no amount is printed. One statement per chunk, if any has a code."""
        found = [
            [code.code for code in find_codes(row.text)] if row.credit else []  # the fund's own codes come in
            for row in chunk
        ]
        known = self._known({code for codes in found for code in codes})
        judge = self.classifier.judge
        return [
            judge(row.day, row.amount_signed, text, [known[code] for code in codes if code in known])
            for row, text, codes in zip(chunk, folded, found, strict=True)
        ]

    def _known(self, codes: set[str]) -> dict[str, KnownCode]:
        if not codes:
            return {}
        if self._related is None:
            self._related = _related_units(self.target.unit_id)
        return known_codes(self.target.fund_id, codes, self._related)


def rules_of(unit_id: int, bank_account_id: int) -> list[Rule]:
    """The living rules for lines of an account, in the order in which they are asked.

    A rule for all accounts whose campaign belongs to another fund than this account is not asked.
    """
    mine = or_(LineRule.bank_account_id.is_(None), LineRule.bank_account_id == bank_account_id)
    fund_id = select(BankAccount.fund_id).where(BankAccount.id == bank_account_id).scalar_subquery()
    fits = or_(LineRule.campaign_id.is_(None), LineRule.campaign.has(Campaign.fund_id == fund_id))
    rows = select(LineRule).where(LineRule.unit_id == unit_id, LineRule.withdrawn.is_(False), mine, fits)
    return [plain_rule(rule) for rule in db.session.scalars(rows.order_by(LineRule.position, LineRule.id))]


def plain_rule(rule: LineRule) -> Rule:
    """A rule as the pure room compares it."""
    return Rule(
        rule.id,
        rule.name,
        rule.direction,
        words_of(rule.words),
        rule.least,
        rule.most,
        rule.kind,
        rule.campaign_id,
    )


def known_codes(fund_id: int, codes: Iterable[str], related: set[int]) -> dict[str, KnownCode]:
    """Those of the codes that a fund has given out; `related`: ids of the units whose campaigns fit."""
    wanted = sorted(codes)
    known: dict[str, KnownCode] = {}
    pledges = (
        select(Pledge.transfer_code, Pledge.id, PledgeTerms.campaign_id, Pledge.unit_id, Campaign.unit_id)
        .join(PledgeTerms, (PledgeTerms.pledge_id == Pledge.id) & PledgeTerms.as_of(None))
        .outerjoin(Campaign, Campaign.id == PledgeTerms.campaign_id)
        .where(Pledge.fund_id == fund_id, Pledge.transfer_code.in_(wanted))
    )
    for code, pledge_id, campaign_id, unit_id, campaign_unit in db.session.execute(pledges):
        fits = (campaign_unit if campaign_id is not None else unit_id) in related
        known[code] = KnownCode(PLEDGE, campaign_id, pledge_id, fits)
    campaigns = select(Campaign.transfer_code, Campaign.id, Campaign.unit_id).where(
        Campaign.fund_id == fund_id, Campaign.transfer_code.in_(wanted)
    )
    for code, campaign_id, unit_id in db.session.execute(campaigns):
        known[code] = KnownCode(CAMPAIGN, campaign_id, fits=unit_id in related)
    funds = select(Fund.transfer_code).where(Fund.id == fund_id, Fund.transfer_code.in_(wanted))
    known |= {code: KnownCode(FUND) for code in db.session.scalars(funds)}
    return known


def _related_units(unit_id: int) -> set[int]:
    """The unit itself, all above it, all below it."""
    line = select(Unit.id, Unit.parent_id).where(Unit.id == unit_id).cte("line", recursive=True)
    line = line.union(select(Unit.id, Unit.parent_id).where(Unit.id == line.c.parent_id))
    above = set(db.session.scalars(select(line.c.id)))
    return above | set(db.session.scalars(subtree(unit_id)))
