"""A rule is tried on the lines of the past before it is saved: what it would have fitted, and what would differ.

Matching is the Classifier's own, so that the trial says what the next statement will do. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.ledger.models import BankAccount
from portal.statements.classes import IN, OUT, Rule
from portal.statements.classifying import LineJudge, rules_of
from portal.statements.models import Statement, StatementLine
from portal.statements.queries import Target

PAST = timedelta(days=365)
PIECE = 5_000
MOST_READ = 200_000  # the newest lines; more are not read
SHOWN = 50


class PastLine(NamedTuple):
    """A posted line; amounts in đồng. `kind`: what it was posted as, None for lines of the time before rules."""

    statement_id: int
    ordinal: int
    day: date
    credit: int | None
    debit: int | None
    text: str
    kind: str | None

    @property
    def amount_signed(self) -> int | None:
        """Money in positive, money out negative, None = unknown."""
        return self.credit if self.debit is None else -self.debit


@dataclass(frozen=True)
class Fitting:
    """A line that the rule fits: what it would be now. `first`: the earlier rule that takes it before, if any."""

    line: PastLine
    account: str
    kind: str
    first: str | None

    @property
    def changes(self) -> bool:
        """Whether this rule would make something else of it."""
        return self.first is None and self.kind != self.line.kind


@dataclass
class Trial:
    """What came of it; sums in đồng. `by_kind`: kind so far → [lines, đồng, how many would change]."""

    read: int = 0
    capped: bool = False  # older lines were not read any more
    since: date | None = None
    fits: int = 0
    amount: int = 0
    taken: int = 0  # lines that an earlier rule takes first
    changed: int = 0
    by_kind: dict[str | None, list[int]] = field(default_factory=dict)
    shown: list[Fitting] = field(default_factory=list)

    def add(self, found: Fitting) -> None:
        """Count a line that fits."""
        amount = abs(found.line.amount_signed or 0)
        self.fits += 1
        self.amount += amount
        self.taken += found.first is not None
        self.changed += found.changes
        sums = self.by_kind.setdefault(found.line.kind, [0, 0, 0])
        for place, value in enumerate((1, amount, int(found.changes))):
            sums[place] += value
        if len(self.shown) < SHOWN:
            self.shown.append(found)

    @property
    def warning(self) -> str | None:
        """A sentence about a rule that fits nothing, or too much."""
        if not self.read:
            return "Chưa có dòng sao kê nào trong 12 tháng qua để thử."
        if not self.fits:
            return "Không có dòng nào hợp với quy tắc này. Xem lại từ ngữ, số tiền và chiều tiền."
        if self.fits * 2 > self.read:
            return "Quy tắc này hợp với hơn một nửa số dòng. Ghi từ ngữ cụ thể hơn, hoặc thu hẹp số tiền."
        return None


def try_rule(
    rule: Rule, *, unit_id: int, bank_account_id: int | None, before: set[int], today: date | None = None
) -> Trial:
    """Ask the posted lines of the last twelve months; `before`: ids of the rules that are asked before this one."""
    trial = Trial(since=(today or today_in_vietnam()) - PAST)
    judges: dict[tuple[int, int | None], tuple[LineJudge, list[Rule]]] = {}
    for target, statement_id in _statements(unit_id, bank_account_id, trial.since):
        for piece in _pieces(statement_id, trial.since, MOST_READ - trial.read):
            trial.read += len(piece)
            fitting = _fitting(rule, piece)
            if fitting:
                key = target.account_id, target.campaign_id
                if key not in judges:
                    earlier = [one for one in rules_of(unit_id, target.account_id) if one.id in before]
                    judges[key] = LineJudge(target, [rule]), earlier
                _judge(trial, target, *judges[key], fitting)
        if trial.read >= MOST_READ:
            trial.capped = True
            break
    return trial


def _statements(unit_id: int, bank_account_id: int | None, since: date | None) -> list[tuple[Target, int]]:
    """The unit's posted statements with lines since a day, the newest first."""
    rows = (
        select(Statement.id, BankAccount, Campaign)
        .join(Statement.bank_account)
        .outerjoin(Statement.campaign)
        .where(BankAccount.unit_id == unit_id, Statement.state == "posted", Statement.last_day >= since)
    )
    if bank_account_id is not None:
        rows = rows.where(BankAccount.id == bank_account_id)
    found = db.session.execute(rows.order_by(Statement.last_day.desc(), Statement.id.desc()))
    return [(_target(account, campaign), statement_id) for statement_id, account, campaign in found]


def _target(account: BankAccount, campaign: Campaign | None) -> Target:
    target = Target(account.id, account.code, account.number, account.unit_id, account.fund_id)
    return target.with_campaign(campaign) if campaign is not None else target


def _pieces(statement_id: int, since: date | None, most: int) -> Iterator[Sequence[PastLine]]:
    """The lines of a statement since a day, in pieces behind one another, `most` in all."""
    line, last = StatementLine, -1
    columns = (line.statement_id, line.ordinal, line.day, line.credit, line.debit, line.text, line.kind)
    while most > 0:
        rows = select(*columns).where(
            line.statement_id == statement_id, line.ordinal > last, line.day >= since
        )
        found: Sequence[Any] = db.session.execute(rows.order_by(line.ordinal).limit(min(PIECE, most))).all()
        if not found:
            return
        yield [PastLine(*row) for row in found]
        last, most = found[-1].ordinal, most - len(found)
        if len(found) < PIECE:
            return


def _fitting(rule: Rule, piece: Sequence[PastLine]) -> list[tuple[PastLine, str]]:
    """The lines that the rule fits, each with its folded text."""
    found = []
    for line in piece:
        signed = line.amount_signed
        if not signed:
            continue
        folded = fold(line.text)
        if rule.fits(IN if signed > 0 else OUT, abs(signed), f" {folded} "):
            found.append((line, folded))
    return found


def _judge(
    trial: Trial,
    target: Target,
    judge: LineJudge,
    earlier: Sequence[Rule],
    fitting: Sequence[tuple[PastLine, str]],
) -> None:
    verdicts = judge.verdicts([line for line, _ in fitting], [folded for _, folded in fitting])
    for (line, folded), verdict in zip(fitting, verdicts, strict=True):
        assert verdict is not None  # lines without an amount fit no rule
        signed = line.amount_signed or 0
        direction = IN if signed > 0 else OUT
        first = next((one.name for one in earlier if one.fits(direction, abs(signed), f" {folded} ")), None)
        trial.add(Fitting(line, target.account_code, verdict.kind, first))
