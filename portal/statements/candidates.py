"""What the desk proposes for a line that waits: pledges, papers, lines of other own accounts, donors that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.donors.rules import name_words
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.ledger.models import Account, BankAccount, Posting
from portal.pledges.columns import has_come, is_open
from portal.pledges.lists import dues
from portal.pledges.models import Pledge, PledgeTerms
from portal.pledges.queries import LOADED
from portal.pledges.rules import MONEY, unpaid_parts
from portal.pledges.suggesting import Candidate, Line, Suggestion, suggest_lines, suggest_pledges
from portal.statements import papers, transit
from portal.statements.classes import IN
from portal.statements.open_lines import OpenLine, Queued
from portal.statements.senders import Sender, sender_of
from portal.statements.suggesting import SHOWN, Paper, suggest_papers
from portal.units.queries import subtree

MOST_PLEDGES = 5_000
WITHIN = 60  # days in which papers are looked for


@dataclass(frozen=True)
class Proposal:
    """One thing a line may be. `what`: pledge, paper, or lines (several keep one pledge together).

    `shares` of the suggestion: (line key or None, key, đồng); `titles`, `details`, `links` go with them.
    """

    what: str
    suggestion: Suggestion
    titles: tuple[str, ...]
    details: tuple[str, ...]
    links: tuple[tuple[str, dict[str, Any]] | None, ...]

    @property
    def amount(self) -> int:
        """What it takes of the line, đồng."""
        return sum(amount for _, _, amount in self.suggestion.shares)


class PledgeBook:
    """The open pledges of money that transfers to an account may keep, found by amount, number and name."""

    def __init__(self, account: BankAccount):
        self.terms: dict[int, PledgeTerms] = {}
        self.candidates: dict[int, Candidate] = {}
        self._by_amount: dict[int, set[int]] = defaultdict(set)
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for terms, come in db.session.execute(_open_pledges(account)):
            self._add(terms, int(come))

    def _add(self, terms: PledgeTerms, come: int) -> None:
        pledge, left = terms.pledge, (terms.amount or 0) - come
        if left <= 0:
            return
        one = Candidate(
            pledge.id,
            pledge.number,
            pledge.year,
            terms.donor_id,
            terms.donor_name,
            terms.pledged_on,
            left,
            unpaid_parts(dues(terms), come),
            terms.campaign_id,
        )
        self.terms[pledge.id], self.candidates[pledge.id] = terms, one
        total = 0
        for part in one.parts:
            total += part.amount
            self._by_amount[part.amount].add(pledge.id)
            self._by_amount[total].add(pledge.id)
        self._by_amount[left].add(pledge.id)
        for word in name_words(terms.donor_name):
            self._by_word[word].add(pledge.id)

    def near(self, line: Line) -> list[Candidate]:
        """Those whose amount fits, or two words of whose name stand in the text; so few that all can be weighed."""
        counts: dict[int, int] = defaultdict(int)
        for word in set(fold(line.text).split()) | set(name_words(line.sender)):
            for key in self._by_word.get(word, ()):
                counts[key] += 1
        ids = {key for key, count in counts.items() if count > 1} | self._by_amount.get(line.amount, set())
        ids |= {
            key
            for key, one in self.candidates.items()
            if f" {one.number} {one.year} " in f" {fold(line.text)} "
        }
        return [self.candidates[key] for key in sorted(ids)]


def _open_pledges(account: BankAccount) -> Any:
    rows = select(PledgeTerms, has_come().label("come")).join(PledgeTerms.pledge).join(Pledge.unit)
    rows = rows.outerjoin(PledgeTerms.campaign).options(*LOADED)
    here = Pledge.unit_id.in_(subtree(account.unit_id))
    rows = rows.where(PledgeTerms.as_of(None), PledgeTerms.kind == MONEY, is_open(), here)
    return rows.where(Pledge.fund_id == account.fund_id).order_by(Pledge.id.desc()).limit(MOST_PLEDGES)


def plain_line(line: OpenLine) -> tuple[Line, Sender]:
    """The line as the rules of pledges see it, and who sent it."""
    told = sender_of(line.line.text, line.line.counterparty)
    return Line(line.key, line.day, line.left, line.line.text, told.name), told


def pledges_for(line: OpenLine, book: PledgeBook) -> list[Proposal]:
    """Pledges that a credit may keep, the likeliest first."""
    if line.direction != IN:
        return []
    plain, _ = plain_line(line)
    return [_of_pledges(found, book) for found in suggest_pledges(plain, book.near(plain))]


def _of_pledges(found: Suggestion, book: PledgeBook) -> Proposal:
    terms = [book.terms[key] for _, key, _ in found.shares]  # type: ignore[index]
    return Proposal(
        "pledge",
        found,
        tuple(f"Đăng ký {one.pledge.paper_number}: {one.donor_name}" for one in terms),
        tuple(_about(one) for one in terms),
        tuple(("pledges.show", {"pledge_id": one.pledge_id}) for one in terms),
    )


def _about(terms: PledgeTerms) -> str:
    parts = [terms.address, f"đăng ký {terms.pledged_on:%d/%m/%Y}"]
    parts += [f"hẹn {due.due_on:%d/%m/%Y}" for due in dues(terms)[:1]]
    parts.append(terms.campaign.name if terms.campaign else None)
    return ", ".join(filter(None, parts))


def together_for(line: OpenLine, book: PledgeBook, others: Sequence[Queued]) -> list[Proposal]:
    """Several waiting credits of an account, this one among them, that may keep one pledge together."""
    if line.direction != IN:
        return []
    plain, _ = plain_line(line)
    wider = [one for one in book.near(plain) if one.left > line.left]
    lines = [plain] + [
        Line(one.key, one.day, one.left, one.text, sender_of(one.text).name)
        for one in others
        if one.key != line.key and one.direction == IN
    ]
    found = [made for pledge in wider for made in suggest_lines(pledge, lines)]
    return [_of_lines(one, book, lines) for one in found if line.key in [key for key, _, _ in one.shares]]


def _of_lines(found: Suggestion, book: PledgeBook, lines: Sequence[Line]) -> Proposal:
    days = {one.key: one.day for one in lines}
    terms = book.terms[found.shares[0][1]]  # type: ignore[index]
    rest = tuple(f"cùng với dòng ngày {days[key]:%d/%m/%Y}" for key, _, _ in found.shares[1:])
    return Proposal(
        "lines",
        found,
        (f"Đăng ký {terms.pledge.paper_number}: {terms.donor_name}", *rest),
        (_about(terms), *[""] * len(rest)),
        (("pledges.show", {"pledge_id": terms.pledge_id}), *[None] * len(rest)),
    )


def papers_for(line: OpenLine) -> list[Proposal]:
    """Documents and lines of other own accounts that may be the other side of a line, the likeliest first."""
    other = transit.OTHER[line.side]
    rows = transit.papers_in_transit(other).where(Account.bank_account_id == line.account.id)
    waiting = [*_near(rows, line)]
    own = transit.lines_in_transit(other).where(
        Account.unit_id == line.account.unit_id,
        Account.fund_id == line.account.fund_id,
        Account.bank_account_id != line.account.id,
    )
    across = _near(own, line)
    facts = papers.known([row.posting_number for row in waiting])
    accounts = {row.bank_account_id: transit.account_of(row.bank_account_id) for row in across}
    options = [_as_paper(row, facts[row.posting_number]) for row in waiting]
    options += [_as_own(row, accounts[row.bank_account_id]) for row in across]
    found = suggest_papers(line.day, line.left, line.line.text, options)
    told = {(row.posting_number, row.ordinal): _told(facts[row.posting_number]) for row in waiting}
    told |= {
        (row.posting_number, row.ordinal): _told_own(row, accounts[row.bank_account_id]) for row in across
    }
    return [_of_papers(one, told) for one in found]


def _near(rows: Any, line: OpenLine) -> list[Any]:
    """Of many that wait, those of near days (SQL would need each engine's own words for days apart)."""
    found = db.session.execute(rows.order_by(Posting.number.desc()).limit(1_000)).all()
    return [row for row in found if abs((_day(row) - line.day).days) <= WITHIN]


def _day(row: Any) -> date:
    return row.day


def _as_paper(row: Any, facts: papers.Known) -> Paper:
    key = (row.posting_number, row.ordinal)
    return Paper(key, row.day, int(row.left), facts.names, (facts.number,), facts.pieces)


def _as_own(row: Any, account: BankAccount) -> Paper:
    key = (row.posting_number, row.ordinal)
    return Paper(key, row.day, int(row.left), (), (account.number,))


Told = tuple[str, str, tuple[str, dict[str, Any]] | None]


def _told(facts: papers.Known) -> Told:
    return facts.title, facts.detail, (facts.endpoint, facts.values) if facts.endpoint else None


def _told_own(row: Any, account: BankAccount) -> Told:
    link = ("statements.show", {"statement_id": row.StatementLine.statement_id})
    return f"Tài khoản {account.code} của Quỹ, ngày {row.day:%d/%m/%Y}", row.StatementLine.text, link


def _of_papers(found: Suggestion, told: dict[Any, Told]) -> Proposal:
    some = [told[key] for _, key, _ in found.shares]
    return Proposal(
        "paper",
        found,
        tuple(title for title, _, _ in some),
        tuple(detail for _, detail, _ in some),
        tuple(link for _, _, link in some),
    )


def proposals(line: OpenLine, book: PledgeBook, others: Sequence[Queued] = ()) -> list[Proposal]:
    """Everything that a line may be, the likeliest first; `others` wait on the same account."""
    found = [*pledges_for(line, book), *together_for(line, book, others), *papers_for(line)]
    return sorted(found, key=lambda one: -one.suggestion.confidence)[:SHOWN]
