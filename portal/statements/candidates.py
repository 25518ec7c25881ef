"""What the desk proposes for a line that waits: pledges, papers, lines of other own accounts, donors that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

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
from portal.pledges.suggesting import Candidate, Line, Reason, Suggestion, suggest_lines, suggest_pledges
from portal.statements import papers, transit
from portal.statements.classes import IN, OUT
from portal.statements.open_lines import OpenLine
from portal.statements.senders import Sender, sender_of
from portal.statements.suggesting import SHOWN, Match, Paper, suggest_papers
from portal.statements.transit import Key
from portal.units.queries import subtree

MOST_PLEDGES = 5_000
WITHIN = 60  # days in which papers are looked for


@dataclass(frozen=True)
class Shown:
    """One row of a proposal: what, of whom, its page, and how much of it (đồng)."""

    title: str
    detail: str
    link: tuple[str, dict[str, Any]] | None
    amount: int


@dataclass(frozen=True)
class Proposal:
    """One thing a line may be. `what`: pledge, paper, or lines (several keep one pledge together).

    `chosen`: what is sent back when it is taken: "pledge:id:đồng", "paper:posting-ordinal:đồng", of lines their codes.
    """

    what: str
    confidence: int
    reasons: tuple[Reason, ...]
    shown: tuple[Shown, ...]
    chosen: tuple[str, ...]
    pledge_ids: tuple[int, ...] = ()

    @property
    def amount(self) -> int:
        """What it takes of the line, đồng."""
        return sum(one.amount for one in self.shown)

    @property
    def targets(self) -> set[str]:
        """What it would use up: "pledge:id", "paper:posting-ordinal"."""
        return {one.rpartition(":")[0] for one in self.chosen}


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
    ids = [cast(int, key) for _, key, _ in found.shares]
    amounts = [amount for *_, amount in found.shares]
    return Proposal(
        "pledge",
        found.confidence,
        found.reasons,
        tuple(_shown(book.terms[key], amount) for key, amount in zip(ids, amounts, strict=True)),
        tuple(f"pledge:{key}:{amount}" for key, amount in zip(ids, amounts, strict=True)),
        tuple(ids),
    )


def _shown(terms: PledgeTerms, amount: int) -> Shown:
    title = f"Đăng ký {terms.pledge.paper_number}: {terms.donor_name}"
    return Shown(title, _about(terms), ("pledges.show", {"pledge_id": terms.pledge_id}), amount)


def _about(terms: PledgeTerms) -> str:
    parts = [terms.address, f"đăng ký {terms.pledged_on:%d/%m/%Y}"]
    parts += [f"hẹn {due.due_on:%d/%m/%Y}" for due in dues(terms)[:1]]
    parts.append(terms.campaign.name if terms.campaign else None)
    return ", ".join(filter(None, parts))


def together_for(line: OpenLine, book: PledgeBook, others: Sequence[OpenLine]) -> list[Proposal]:
    """Several waiting credits of an account, this one among them, that may keep one pledge together."""
    if line.direction != IN:
        return []
    plain, _ = plain_line(line)
    wider = [one for one in book.near(plain) if one.left > line.left]
    lines = [plain] + [plain_line(one)[0] for one in others if one.key != line.key and one.direction == IN]
    found = [made for pledge in wider for made in suggest_lines(pledge, lines)]
    return [_of_lines(one, book, lines) for one in found if line.key in [key for key, _, _ in one.shares]]


def _of_lines(found: Suggestion, book: PledgeBook, lines: Sequence[Line]) -> Proposal:
    days = {one.key: one.day for one in lines}
    pledge_id = cast(int, found.shares[0][1])
    rows = [_shown(book.terms[pledge_id], found.shares[0][2])]
    rows += [
        Shown(f"cùng với dòng ngày {days[key]:%d/%m/%Y}", "", None, amount)
        for key, _, amount in found.shares[1:]
    ]
    codes = tuple("-".join(map(str, cast(Key, key))) for key, _, _ in found.shares)
    return Proposal("lines", found.confidence, found.reasons, tuple(rows), codes, (pledge_id,))


def papers_for(line: OpenLine) -> list[Proposal]:
    """Documents and lines of other own accounts that may be the other side of a line, the likeliest first."""
    other = transit.OTHER[line.side]
    waiting = _near(transit.papers_in_transit(other).where(Account.bank_account_id == line.account.id), line)
    own = transit.lines_in_transit(other).where(
        Account.unit_id == line.account.unit_id,
        Account.fund_id == line.account.fund_id,
        Account.bank_account_id != line.account.id,
    )
    told: dict[Key, Told] = {}
    options = [*_documents(waiting, told), *_own_lines(_near(own, line), told)]
    found = suggest_papers(line.day, line.left, line.line.text, options)
    return [_of_papers(one, told) for one in found]


def _near(rows: Any, line: OpenLine) -> list[Any]:
    """Of many that wait, those of near days (SQL would need each engine's own words for days apart)."""
    found = db.session.execute(rows.order_by(Posting.number.desc()).limit(1_000)).all()
    return [row for row in found if abs((row.day - line.day).days) <= WITHIN]


Told = tuple[str, str, tuple[str, dict[str, Any]] | None]


def _documents(rows: Sequence[Any], told: dict[Key, Told]) -> list[Paper]:
    """Each document once, with all its transfers that wait; what to call it goes into `told`."""
    facts = papers.known([row.posting_number for row in rows])
    by_number: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_number[row.posting_number].append(row)
    made = []
    for number, some in by_number.items():
        known, parts = facts[number], sorted(((number, row.ordinal), int(row.left)) for row in some)
        link = (known.endpoint, known.values) if known.endpoint else None
        told |= dict.fromkeys([key for key, _ in parts], (known.title, known.detail, link))
        made.append(Paper(tuple(parts), some[0].day, known.names, (known.number,)))
    return made


def _own_lines(rows: Sequence[Any], told: dict[Key, Told]) -> list[Paper]:
    """Lines of other own accounts; what to call them goes into `told`."""
    made = []
    for row in rows:
        key, account = (row.posting_number, row.ordinal), transit.account_of(row.bank_account_id)
        own = row.StatementLine
        link = ("statements.line", {"statement_id": own.statement_id, "ordinal": own.ordinal})
        told[key] = (f"Tài khoản {account.code} của Quỹ, ngày {row.day:%d/%m/%Y}", own.text, link)
        made.append(Paper(((key, int(row.left)),), row.day, (), (account.number,)))
    return made


def _of_papers(found: Match, told: dict[Key, Told]) -> Proposal:
    rows = [Shown(*_title(paper, told), amount) for paper, amount in found.papers]
    taken = [part for paper, amount in found.papers for part in paper.taken(amount)]
    chosen = tuple(f"paper:{key[0]}-{key[1]}:{amount}" for key, amount in taken)
    return Proposal("paper", found.confidence, found.reasons, tuple(rows), chosen)


def _title(paper: Paper, told: dict[Key, Told]) -> Told:
    title, detail, link = told[paper.parts[0][0]]
    many = f" ({len(paper.parts)} dòng chi)" if len(paper.parts) > 1 else ""
    return title + many, detail, link


def waiting_amounts(account: BankAccount) -> set[int]:
    """Đồng of the documents, and of their parts, that wait for a line of an account: what cannot fit is not looked up."""
    amounts: set[int] = set()
    for side in (IN, OUT):
        rows = transit.papers_in_transit(side).where(Account.bank_account_id == account.id)
        whole: dict[int, int] = defaultdict(int)
        for row in db.session.execute(rows):
            amounts.add(int(row.left))
            whole[row.posting_number] += int(row.left)
        amounts |= set(whole.values())
    return amounts


def proposals(line: OpenLine, book: PledgeBook, others: Sequence[OpenLine] = ()) -> list[Proposal]:
    """Everything that a line may be, the likeliest first; `others` wait on the same account."""
    found = [*pledges_for(line, book), *together_for(line, book, others), *papers_for(line)]
    return sorted(found, key=lambda one: -one.confidence)[:SHOWN]
