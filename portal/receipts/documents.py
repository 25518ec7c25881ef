"""Receipts as the values their template prints: the seven contents of Thông tư 41/2022/TT-BTC, set-based for a stack.

Name and number; date; issuer with address; payer with address; content; amounts in figures and in words;
signatures. What is not known stays empty and is printed as a dotted line for the pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno

from portal.donations.rules import GOODS
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.pdf import render_paper
from portal.kit.vietnamese import capital_first
from portal.receipts import queries, wording
from portal.receipts.models import PrintLine
from portal.receipts.rules import GOODS_RECEIPT, PAPERS, PER_SHEET, sheet_of
from portal.receipts.stack import Stack


@dataclass(frozen=True)
class Asked:
    """One paper to draw; `prints` = how often it came out before."""

    donation_id: int
    paper: str
    copy: bool = False
    prints: int = 0


@dataclass(frozen=True)
class Receipt:
    """One receipt, ready to be printed. Missing texts are "" and become dotted lines."""

    paper: str
    title: str
    caption: str
    basis: str
    issuer: str
    committee: str
    address: str
    number: str
    book: str
    day: str
    payer: str
    payer_address: str
    reason: str
    money: str
    money_words: str
    goods: str
    goods_words: str
    store: str
    rows: Sequence[wording.Row]
    attached: str
    head: str
    accountant: str
    maker: str
    treasurer: str
    keeper: str
    check_url: str
    code: str
    qr: str  # a data: address of an SVG
    copy_note: str
    is_void: bool


@dataclass(frozen=True)
class Sheet:
    """A sheet of a run, with its number at the edge ("" outside runs)."""

    label: str
    receipts: Sequence[Receipt]


def receipts_of(asked: Sequence[Asked], *, gift_prefix: str) -> list[Receipt]:
    """Receipts in the order asked for; `gift_prefix` is the public address of a gift without its code.

    Papers that a gift does not have are left out.
    """
    stack = Stack(item.donation_id for item in asked)
    return [
        _receipt(item, stack, gift_prefix)
        for item in asked
        if (item.donation_id, item.paper) in stack.numbers
    ]


def _receipt(asked: Asked, stack: Stack, gift_prefix: str) -> Receipt:
    parts, number = stack.parts[asked.donation_id], stack.numbers[(asked.donation_id, asked.paper)]
    gift, is_goods = parts[0], asked.paper == GOODS_RECEIPT
    texts, form = stack.texts(gift.unit, number.day), stack.form(asked.paper, gift.unit_id, number.day)
    shown = [part for part in parts if part.form == GOODS] if is_goods else parts
    money = sum(part.amount for part in shown if part.form != GOODS)
    goods = sum(part.amount for part in shown if part.form == GOODS)
    store = wording.store_of(shown, stack)
    url = gift_prefix + gift.code
    return Receipt(
        paper=asked.paper,
        title=form.title if form else PAPERS[asked.paper].name,
        caption=form.caption if form else "",
        basis=form.basis if form else "",
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        address=texts.address,
        number=queries.number_of(number),
        book=stack.books.get(gift.id, ""),
        day=capital_first(long_day(number.day)),
        payer=wording.payer_of(gift),
        payer_address=gift.address or "",
        reason=wording.reason_of(gift, stack.moved_on.get(gift.id)),
        money=wording.dong(money),
        money_words=wording.words(money, texts),
        goods=wording.dong(goods),
        goods_words=wording.words(goods, texts),
        store=store.name if store else "",
        rows=wording.rows_of(shown, stack) if is_goods or wording.needs_table(shown, stack) else (),
        attached=wording.attached(gift, is_goods),
        head=texts.head,
        accountant=texts.accountant,
        maker=gift.posting.entry.by_name if gift.posting.kind == "donation" else "",
        treasurer=texts.treasurer,
        keeper=wording.keeper_of(store),
        check_url=url.split("://", 1)[-1],
        code=gift.code,
        qr=segno.make(url, error="m", micro=False).svg_data_uri(border=0, dark="#000"),
        copy_note=_copy_note(asked),
        is_void=asked.donation_id in stack.void,
    )


def _copy_note(asked: Asked) -> str:
    if not asked.copy:
        return ""
    return f"In lần {asked.prints + 1}, ngày {format_day(today_in_vietnam())}"


def sheets_of(lines: Sequence[PrintLine], *, gift_prefix: str, last_place: int) -> list[Sheet]:
    """The sheets of a run's lines, each with its number among all sheets of the run."""
    before = queries.earlier_prints(lines)
    asked = [
        Asked(
            line.donation_id,
            line.paper,
            line.copy,
            before[(line.donation_id, line.paper, line.run_id, line.place)],
        )
        for line in lines
    ]
    made = receipts_of(asked, gift_prefix=gift_prefix)
    found: dict[int, list[Receipt]] = {}
    for line, receipt in zip(lines, made, strict=True):
        found.setdefault(sheet_of(line.place), []).append(receipt)
    total = sheet_of(last_place)
    run = f"Đợt in {lines[0].run_id}, tờ " if last_place > 1 else ""
    return [
        Sheet(f"{run}{sheet}/{total}" if run else "", receipts) for sheet, receipts in sorted(found.items())
    ]


def render_sheets(
    sheets: Sequence[Sheet],
    *,
    per_sheet: int,
    sample: bool,
    template: str = "documents/receipt.html",
    **values: Any,
) -> str:
    """The HTML of receipts: A5 halves one by one, or two on A4."""
    receipts = [receipt for sheet in sheets for receipt in sheet.receipts]
    title = f"{receipts[0].title} {receipts[0].number}" if len(receipts) == 1 else f"{len(receipts)} phiếu"
    values |= {"sheets": sheets, "per_sheet": per_sheet, "title": title, "sample": sample}
    return render_paper(template, **values)


def render_run(lines: Sequence[PrintLine], *, last_place: int, gift_prefix: str, sample: bool) -> str:
    """The HTML of some lines of a run. A run of one receipt is a single A5 half."""
    sheets = sheets_of(lines, gift_prefix=gift_prefix, last_place=last_place)
    return render_sheets(sheets, per_sheet=PER_SHEET if last_place > 1 else 1, sample=sample)
