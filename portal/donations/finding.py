"""Finding gifts for the public: newest first, counted up to a thousand, at any size of the books.

A row id is `yyyymmdd·10^7 + n`, so newest first is the order of the ids and a range of days one of ids. The
engines are told what to start from, for neither knows how rare a word is: a rare word, else a rare amount,
campaign or account (its few ids, each asked for the words by EXISTS), else the words, newest first. Both
dialects stand side by side here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from portal.donations.member_rows import member_of_code
from portal.donations.members import named_by_code
from portal.donations.models import Donation
from portal.donations.rules import PER_DAY, first_id, id_of_code
from portal.kit.db import db, is_sqlite
from portal.kit.vietnamese import query_tokens
from portal.ledger.models import Account, BankAccount, Posting, Transfer

COUNTED = 1_000
"""Beyond this many the answer says "hơn 1.000": exact counts of common words make searches slow."""
FEW = 2_000
"""So many ids of a rare amount, campaign or account are asked one by one for the words."""
FEW_WORDS = 500
PAGE_SIZE = 10
MAX_WORDS = 24

NOT_REVERSED = (
    "NOT EXISTS (SELECT 1 FROM ledger_posting r WHERE r.reverses = d.posting_number) "
    "AND NOT EXISTS (SELECT 1 FROM gift_taken_back b WHERE b.donation_id = d.id)"
)
FIRST_PART = "d.part_of IS NULL"
COLUMNS = "d.id, d.amount, COALESCE(d.part_of, d.id)"
OF_ACCOUNT = """EXISTS (SELECT 1 FROM ledger_transfer t JOIN ledger_account a ON a.id = t.debit_id
  WHERE t.posting_number = d.posting_number AND t.ordinal = d.ordinal AND a.bank_account_id = :account)"""
OWN_FILTERS = {
    "least": "d.amount >= :least",
    "most": "d.amount <= :most",
    "campaign": "d.campaign_id = :campaign",
    "account": OF_ACCOUNT,
}
RARE = {
    "amount": "SELECT donation_id FROM donation_words WHERE amount BETWEEN :least AND :most",
    "campaign": "SELECT id FROM donation d WHERE d.campaign_id = :campaign",
    "account": """SELECT d.id FROM ledger_account a JOIN ledger_transfer t ON t.debit_id = a.id
  JOIN donation d ON d.posting_number = t.posting_number AND d.ordinal = t.ordinal
  WHERE a.bank_account_id = :account""",
}


@dataclass(frozen=True)
class Wanted:
    """What a resident looks for: words, days and amounts (đồng) inclusive, campaign and account by id."""

    words: str = ""
    first_day: date | None = None
    last_day: date | None = None
    least: int | None = None
    most: int | None = None
    campaign_id: int | None = None
    account_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: every gift fits."""
        return self == Wanted()


@dataclass(frozen=True)
class Found:
    """A page of gifts, newest first. `total` (đồng) is None without an exact count; `next`: the cursor.

    A gift of several kinds has a row for each; `count` counts rows, `whole` the gifts they belong to.
    """

    gifts: list[Donation]
    count: int
    count_is_exact: bool
    total: int | None
    next: int | None
    left: int | None = None  # rows after this page, when the count is exact
    whole: int = 0


class _Hit(NamedTuple):
    id: int
    amount: int
    first: int  # the first part of its gift


@dataclass
class _Plan:
    """One question in SQL: parameters, and the ids to start from when they are few."""

    wanted: Wanted
    tokens: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=lambda: [NOT_REVERSED])
    few: list[int] | None = None


def search(wanted: Wanted, *, after: int | None = None, size: int = PAGE_SIZE) -> Found:
    """The gifts that fit, newest first, `size` of them below the cursor `after`; without reversed ones."""
    plan = _plan(wanted)
    if plan is None:
        return Found([], 0, True, 0, None, 0)
    hits = _run(plan, limit=COUNTED + 1)
    exact = len(hits) <= COUNTED
    if exact:
        rest = [hit for hit in hits if after is None or hit.id < after]
    else:
        rest = hits if after is None else _run(plan, after=after, limit=size + 1)
    page = rest[:size]
    return Found(
        gifts=load(page_ids := [hit.id for hit in page]),
        count=min(len(hits), COUNTED),
        count_is_exact=exact,
        total=sum(hit.amount for hit in hits) if exact else None,
        next=page_ids[-1] if len(rest) > size else None,
        left=len(rest) - len(page) if exact else None,
        whole=len({hit.first for hit in hits[:COUNTED]}),
    )


def every(wanted: Wanted, *, batch: int = COUNTED) -> Any:
    """All gifts that fit, newest first, in lists of `batch`, each read on its own, for long files."""
    plan, after = _plan(wanted), None
    while plan is not None:
        hits = _run(plan, after=after, limit=batch)
        if hits:
            yield load([hit.id for hit in hits])
        if len(hits) < batch:
            return
        after = hits[-1].id


def newest(wanted: Wanted, limit: int) -> list[Donation]:
    """The newest gifts that fit, each by its first part, without counting."""
    plan = _plan(wanted)
    if plan is None:
        return []
    plan.conditions.append(FIRST_PART)
    return load([hit.id for hit in _run(plan, limit=limit)])


def load(ids: list[int]) -> list[Donation]:
    """These gifts with campaign and document, in the order of the ids."""
    if not ids:
        return []
    rows = select(Donation).where(Donation.id.in_(ids))
    rows = rows.options(joinedload(Donation.campaign), joinedload(Donation.posting).lazyload(Posting.entry))
    known = {gift.id: gift for gift in db.session.scalars(rows)}
    return [known[number] for number in ids if number in known]


def unpublished(ids: list[int]) -> set[int]:
    """Those of the gifts that came to a bank account whose statement is not published."""
    hidden: set[int] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = (
            select(Donation.id)
            .join(
                Transfer,
                (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
            )
            .join(Account, Account.id == Transfer.debit_id)
            .join(BankAccount, BankAccount.id == Account.bank_account_id)
        )
        hidden.update(db.session.scalars(rows.where(Donation.id.in_(part), BankAccount.published.is_(False))))
    return hidden


def _plan(wanted: Wanted) -> _Plan | None:
    """The question in SQL; None when words were given that no text can hold ("!!!")."""
    plan = _Plan(wanted, [])
    typed = wanted.words.strip()
    code = id_of_code(typed)
    if code is not None:
        plan.few = [code]
    elif member_of_code(typed) is not None:
        member = named_by_code(typed)
        plan.few = [member.donation_id] if member else []
    elif wanted.words.strip():
        plan.tokens = query_tokens(wanted.words)[:MAX_WORDS]
        if not plan.tokens:
            return None
    plan.values["first"] = first_id(wanted.first_day) if wanted.first_day else 0
    plan.values["last"] = first_id(wanted.last_day) + PER_DAY - 1 if wanted.last_day else 10**17
    asked = {
        "least": wanted.least,
        "most": wanted.most,
        "campaign": wanted.campaign_id,
        "account": wanted.account_id,
    }
    for name, value in asked.items():
        if value is not None:
            plan.values[name] = value
            plan.conditions.append(OWN_FILTERS[name])
    if plan.tokens:
        plan.values["tokens"] = _match(plan.tokens) if is_sqlite() else plan.tokens
    if plan.few is None:
        plan.few = _rare_ids(plan)
    return plan


def _match(tokens: list[str]) -> str:
    return " AND ".join(f'"{token}"' for token in tokens)


def _rare_ids(plan: _Plan) -> list[int] | None:
    """The ids of the rarest filter when they are few; None to start from the words or the newest gift."""
    if plan.tokens and _words_are_rare(plan):
        return None
    best: list[int] | None = None
    bounds = {"least": plan.values.get("least", 0), "most": plan.values.get("most", 10**16)}
    for name, sql in RARE.items():
        asked = ("least" in plan.values or "most" in plan.values) if name == "amount" else name in plan.values
        if asked:
            values = {**plan.values, **bounds, "limit": FEW + 1}
            ids = list(db.session.scalars(text(f"{sql} LIMIT :limit"), values))  # noqa: S608
            if len(ids) <= FEW and (best is None or len(ids) < len(best)):
                best = ids
    return best


def _words_are_rare(plan: _Plan) -> bool:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM donation_index WHERE {_words()} LIMIT :limit) AS few"  # noqa: S608
    values = {"tokens": plan.values["tokens"], "limit": FEW_WORDS}
    return db.session.scalar(text(sql), values) < FEW_WORDS


def _words() -> str:
    if is_sqlite():
        return "donation_index MATCH :tokens"
    return "tokens @> CAST(:tokens AS text[])"


def _run(plan: _Plan, *, limit: int, after: int | None = None) -> list[_Hit]:
    """Ids and amounts, newest first."""
    values = {**plan.values, "limit": limit}
    if after is not None:
        values["last"] = min(values["last"], after - 1)
    if plan.few is not None:
        values["ids"] = json.dumps(plan.few) if is_sqlite() else plan.few
        sql = _from_ids(plan)
    elif plan.tokens:
        sql = _from_words(plan)
    else:
        sql = _from_newest(plan)
    return [_Hit(*row) for row in db.session.execute(text(sql), values)]


def _from_ids(plan: _Plan) -> str:
    """Start from a few ids and ask each for the words."""
    key = "rowid" if is_sqlite() else "donation_id"
    few = "json_each(:ids) AS few" if is_sqlite() else "unnest(CAST(:ids AS bigint[])) AS few (value)"
    words = (
        [f"EXISTS (SELECT 1 FROM donation_index WHERE {_words()} AND {key} = d.id)"] if plan.tokens else []
    )  # noqa: S608
    where = " AND ".join(["d.id BETWEEN :first AND :last", *plan.conditions, *words])
    return (
        f"SELECT {COLUMNS} FROM {few} CROSS JOIN donation d "  # noqa: S608
        f"WHERE d.id = few.value AND {where} ORDER BY d.id DESC LIMIT :limit"
    )


def _from_words(plan: _Plan) -> str:
    """Start from the words, newest first."""
    where = " AND ".join(plan.conditions)
    if is_sqlite():
        return (
            f"SELECT {COLUMNS} FROM donation_index CROSS JOIN donation d ON d.id = donation_index.rowid "  # noqa: S608
            f"WHERE {_words()} AND donation_index.rowid BETWEEN :first AND :last AND {where} "
            "ORDER BY donation_index.rowid DESC LIMIT :limit"
        )
    return (
        f"SELECT {COLUMNS} FROM (SELECT donation_id FROM donation_index "  # noqa: S608
        f"WHERE {_words()} AND donation_id BETWEEN :first AND :last OFFSET 0) AS hit "
        f"JOIN donation d ON d.id = hit.donation_id WHERE {where} ORDER BY d.id DESC LIMIT :limit"
    )


def _from_newest(plan: _Plan) -> str:
    """Without words: along the ids from the newest gift down."""
    table = "donation d NOT INDEXED" if is_sqlite() else "donation d"
    where = " AND ".join(["d.id BETWEEN :first AND :last", *plan.conditions])
    return f"SELECT {COLUMNS} FROM {table} WHERE {where} ORDER BY d.id DESC LIMIT :limit"  # noqa: S608
