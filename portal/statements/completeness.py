"""The proof that a statement was read whole: counts, sums and balances against what the bank printed.

Every public converter of 2024 lost money somewhere and only control totals found it, so a reading that has
no such proof says so. Sums may also be typed in from the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from portal.kit.days import format_day
from portal.kit.money import format_amount, format_dong
from portal.statements import certificate
from portal.statements.certificate import Check, Gap, closing_of
from portal.statements.controls import Controls, Paper, Printed, Problem
from portal.statements.tally import Break, Tally

PROVED, NOT_PROVABLE, BROKEN = "proved", "not_provable", "broken"
DAY = timedelta(days=1)

TIES = "Số dư đầu kỳ cộng ghi có trừ ghi nợ bằng đúng số dư cuối kỳ."
SUMS_TIE = "Tổng phát sinh của các dòng bằng đúng tổng in trên sao kê."
PAPER_TIES = "Số dòng và tổng tiền bằng đúng số đã nhập từ bản giấy."
CHAIN_TIES = "Số dư in ở cả {count} dòng nối nhau liền mạch từ dòng đầu đến dòng cuối."
BALANCES_TIE = "Số dư in ở {count} dòng đều khớp."
NEWEST_FIRST = "Sao kê in từ ngày mới đến ngày cũ."
NEWEST_CHECKED = "Sao kê in từ ngày mới đến ngày cũ; số dư đã được kiểm theo đúng thứ tự thời gian."
NOTHING_PRINTED = (
    "Sao kê không in đủ số dư đầu kỳ, số dư cuối kỳ hoặc tổng phát sinh nên không đối chiếu được. "
    "Nếu có bản giấy, hãy so số dòng và tổng tiền với bản giấy."
)
ENDS_OPEN = (
    "Số dư từng dòng khớp, nhưng sao kê ghi kỳ {period} mà các dòng chỉ có từ ngày {first} đến ngày {last}: "
    "không có số dư đầu kỳ và cuối kỳ để biết hai đầu có thiếu dòng hay không."
)
OUTSIDE_PERIOD = (
    "Có dòng ngoài kỳ in trên sao kê ({period}). Hãy kiểm tra xem tệp có bị ghép với tệp khác không."
)


@dataclass(frozen=True)
class Completeness:
    """`state` is PROVED, NOT_PROVABLE or BROKEN; money in đồng; `unknown_count` lines print no amount."""

    state: str
    rows: int
    credit_count: int
    credit_sum: int
    debit_count: int
    debit_sum: int
    unknown_count: int
    opening: int | None
    closing: int | None
    first_break: Problem | None
    reasons: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    newest_first: bool = False


@dataclass(frozen=True)
class Findings:
    """What a finished reading hands over to be judged. `where(row)` names the balance of a row."""

    tally: Tally
    controls: Controls
    errors: list[Problem]
    error_count: int
    has_debits: bool
    where: Callable[[int], str]
    paper: Paper = field(default_factory=Paper)


def certify(found: Findings) -> Completeness:
    """Judge a finished reading. Proved needs both sums, or opening and closing balance, or every balance."""
    breaks = [*found.paper.disagreements(found.controls)]
    controls = found.controls.with_paper(found.paper)
    breaks = [*breaks, *_breaks(found, controls)]
    # Unread cells make every sum fall short: naming the sums as well would only hide the cause.
    if found.error_count:
        breaks = found.errors[:1]
        state = BROKEN
        reasons = [
            f"Có {format_amount(found.error_count)} chỗ không đọc được nên chưa cộng được đủ các dòng."
        ]
    elif breaks:
        state, reasons = BROKEN, [problem.sentence for problem in breaks]
    else:
        proofs, open_points = _proofs(found, controls)
        state = NOT_PROVABLE if open_points or not proofs else PROVED
        reasons = [*proofs, *open_points]
    return _certificate(found, controls, state, breaks[0] if breaks else None, reasons)


def _certificate(
    found: Findings, controls: Controls, state: str, first: Problem | None, reasons: list[str]
) -> Completeness:
    tally = found.tally
    if state != BROKEN:
        reasons = [*reasons, *_remarks(tally, controls)]
    return Completeness(
        state,
        tally.rows,
        tally.credit_count,
        tally.credit_sum,
        tally.debit_count,
        tally.debit_sum,
        tally.unknown_count,
        controls.opening.amount if controls.opening else tally.printed_opening,
        controls.closing.amount if controls.closing else tally.printed_closing,
        first,
        reasons,
        certificate.checks(tally, controls, found.where, read=not found.error_count),
        list(certificate.gaps(tally, controls, proved=state == PROVED)),
        tally.is_newest_first,
    )


def _breaks(found: Findings, controls: Controls) -> Iterator[Problem]:
    tally = found.tally
    if (broken := tally.first_break) is not None:
        yield Problem(found.where(broken.row), _broken_balance(broken, tally.is_newest_first))
    reached = tally.newest_first.running if tally.is_newest_first else tally.printed_opening
    if controls.opening and broken is None and reached not in (None, controls.opening.amount):
        yield Problem(controls.opening.address, _other_opening(reached, controls.opening))
    for what, ours, printed in (
        ("Số dòng", tally.rows, controls.rows),
        ("Số dòng ghi có", tally.credit_count, controls.credit_rows),
        ("Số dòng ghi nợ", tally.debit_count, controls.debit_rows),
    ):
        if printed and printed.amount != ours and not (tally.unknown_count and what == "Số dòng ghi nợ"):
            yield Problem(printed.address, _other_count(what, printed, ours))
    if controls.credit_total and controls.credit_total.amount != tally.credit_sum:
        yield Problem(
            controls.credit_total.address, _other_sum("ghi có", controls.credit_total, tally.credit_sum)
        )
    # A line of unknown amount is an outgoing one, so the debits may fall short of the printed
    # sum but never exceed it.
    unsure = tally.unknown_count > 0
    printed = controls.debit_total
    if printed and printed.amount != tally.debit_sum and not (unsure and tally.debit_sum <= printed.amount):
        yield Problem(printed.address, _other_sum("ghi nợ", printed, tally.debit_sum))
    if controls.closing and not unsure:
        yield from _closing_break(tally, controls, controls.closing)


def _broken_balance(broken: Break, newest_first: bool) -> str:
    gap = ""
    if broken.before is not None and abs((broken.day - broken.before).days) > 1:
        first, last = sorted((broken.before, broken.day))
        gap = f" Có thể thiếu dòng của các ngày {format_day(first + DAY)} – {format_day(last - DAY)}."
    order = " (sao kê in từ mới đến cũ)" if newest_first else ""
    return (
        f"Số dư in ở đây là {format_dong(broken.printed)}, nhưng tính từ các dòng phía trên{order} phải là "
        f"{format_dong(broken.expected)}, chênh lệch {format_dong(abs(broken.printed - broken.expected))}.{gap} "
        "Hãy kiểm tra xem dòng này hoặc ngay phía trên có thiếu, thừa hay sai số tiền không."
    )


def _other_opening(ours: int | None, printed: Printed) -> str:
    return (
        f"Số dư đầu kỳ {printed.said} là {format_dong(printed.amount)}, nhưng tính ngược từ các dòng phải là "
        f"{format_dong(ours)}. Hãy kiểm tra xem sao kê có thiếu những dòng cũ nhất không."
    )


def _other_count(what: str, printed: Printed, ours: int) -> str:
    return (
        f"{what} {printed.said} là {format_amount(printed.amount)}, số dòng đọc được là {format_amount(ours)}, "
        f"chênh lệch {format_amount(abs(printed.amount - ours))}. Hãy kiểm tra xem tệp có thiếu trang không."
    )


def _other_sum(name: str, printed: Printed, ours: int) -> str:
    return (
        f"Tổng {name} {printed.said} là {format_dong(printed.amount)}, cộng các dòng đọc được là "
        f"{format_dong(ours)}, chênh lệch {format_dong(abs(printed.amount - ours))}. "
        "Hãy tải lại sao kê từ ngân hàng và nạp lại."
    )


def _closing_break(tally: Tally, controls: Controls, closing: Printed) -> Iterator[Problem]:
    ours = closing_of(tally, controls)
    if ours is None or ours == closing.amount:
        return
    text = f"Số dư sau dòng cuối cùng là {format_dong(ours)}"
    if controls.opening:
        text = (
            f"Số dư đầu kỳ {format_dong(controls.opening.amount)} cộng ghi có "
            f"{format_dong(tally.credit_sum)} trừ ghi nợ {format_dong(tally.debit_sum)} bằng {format_dong(ours)}"
        )
    yield Problem(
        closing.address,
        f"{text}, nhưng số dư cuối kỳ {closing.said} là {format_dong(closing.amount)}, chênh lệch "
        f"{format_dong(abs(ours - closing.amount))}. Hãy tải lại sao kê từ ngân hàng và nạp lại.",
    )


def _proofs(found: Findings, controls: Controls) -> tuple[list[str], list[str]]:
    """What ties, and what stands in the way of a proof."""
    tally, proofs, open_points = found.tally, [], []
    if controls.opening and controls.closing and not tally.unknown_count:
        proofs.append(TIES)
    if controls.credit_total and (controls.debit_total or not found.has_debits):
        proofs.append(SUMS_TIE)
    if found.paper.rows is not None and found.paper.credit_sum is not None:
        proofs.append(PAPER_TIES)
    elif tally.unknown_count:
        open_points.append(f"Có {format_amount(tally.unknown_count)} dòng chi không in số tiền.")
    if _is_chain(tally, controls):
        ends = _ends_open(tally, controls) if not proofs else None
        (open_points if ends else proofs).append(
            ends or CHAIN_TIES.format(count=format_amount(tally.balances))
        )
    elif tally.balances and (proofs or controls.opening):
        (proofs if proofs else open_points).append(BALANCES_TIE.format(count=format_amount(tally.balances)))
    if not proofs and not _is_chain(tally, controls):
        open_points.append(NOTHING_PRINTED)
    return proofs, open_points


def _is_chain(tally: Tally, controls: Controls) -> bool:
    """Whether the balances alone show that no line between the first and the last is missing."""
    enough = tally.rows > 1 or controls.opening is not None
    return tally.has_every_balance and enough and not tally.unknown_count


def _ends_open(tally: Tally, controls: Controls) -> str | None:
    """A sentence when the printed period has days before or behind all lines and no balance reaches there."""
    first, last = min(tally.days), max(tally.days)
    before = controls.first_day is not None and controls.first_day < first and not controls.opening
    behind = controls.last_day is not None and controls.last_day > last and not controls.closing
    if not before and not behind:
        return None
    days = {"first": format_day(first), "last": format_day(last)}
    return ENDS_OPEN.format(period=controls.period_text, **days)


def _remarks(tally: Tally, controls: Controls) -> Iterator[str]:
    if tally.is_newest_first:
        yield NEWEST_CHECKED if tally.balances else NEWEST_FIRST
    low, high = controls.first_day, controls.last_day
    if any((low and day < low) or (high and day > high) for day in tally.days):
        yield OUTSIDE_PERIOD.format(period=controls.period_text)
