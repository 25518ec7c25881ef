"""The proof that a statement was read whole: counts, sums and balances against what the bank printed.

Every public converter of 2024 lost money somewhere and only control totals found it, so a reading that has
no such proof says so.
"""

from dataclasses import dataclass, field

from portal.kit.money import format_amount, format_dong

PROVED, NOT_PROVABLE, BROKEN = "proved", "not_provable", "broken"


@dataclass(frozen=True)
class Problem:
    """A place in the file and a sentence for the person who brought it."""

    address: str
    sentence: str


@dataclass(frozen=True)
class Printed:
    """An amount in đồng that the bank printed about the whole statement, and where."""

    amount: int
    address: str


@dataclass
class Controls:
    """What is printed above and below the list; None = not printed."""

    opening: Printed | None = None
    closing: Printed | None = None
    debit_total: Printed | None = None
    credit_total: Printed | None = None


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


class Tally:
    """Adds up the lines as they stream by and follows the running balance."""

    def __init__(self, opening: int | None):
        self.rows = self.credit_count = self.credit_sum = self.debit_count = self.debit_sum = (
            self.unknown_count
        ) = 0
        self.first_break: Problem | None = None
        self.running = opening
        self.balances = 0

    def add(self, credit: int | None, debit: int | None) -> None:
        """Count one line."""
        self.rows += 1
        if credit is not None:
            self.credit_count += 1
            self.credit_sum += credit
            if self.running is not None:
                self.running += credit
        elif debit is not None:
            self.debit_count += 1
            self.debit_sum += debit
            if self.running is not None:
                self.running -= debit
        else:
            self.unknown_count += 1
            self.running = None

    def lose_track(self) -> None:
        """A line could not be read: the running balance starts anew at the next printed one."""
        self.running = None

    def check(self, balance: int) -> bool:
        """Compare a balance printed on the line just added with ours."""
        self.balances += 1
        if self.running is None:
            self.running = balance
        return balance == self.running

    def mark_break(self, balance: int, address: str) -> None:
        """Remember the first line whose printed balance does not tie, and go on from what is printed."""
        if self.first_break is None and self.running is not None:
            self.first_break = Problem(
                address,
                f"Số dư in ở đây là {format_dong(balance)}, nhưng tính từ các dòng phía trên phải là "
                f"{format_dong(self.running)}, chênh lệch {format_dong(abs(balance - self.running))}. "
                "Hãy kiểm tra xem dòng này hoặc ngay phía trên có thiếu, thừa hay sai số tiền không.",
            )
        self.running = balance


def certify(
    tally: Tally, controls: Controls, errors: list[Problem], error_count: int, has_debits: bool
) -> Completeness:
    """Judge a finished reading. Proved needs both printed sums, or opening and closing balance."""
    # Unread cells make every sum fall short: naming the sums as well would only hide the cause.
    breaks = errors[:1] if error_count else _breaks(tally, controls)
    reasons = [problem.sentence for problem in breaks]
    if error_count:
        reasons = [f"Có {format_amount(error_count)} chỗ không đọc được nên chưa cộng được đủ các dòng."]
    if breaks:
        state, first = BROKEN, breaks[0]
    else:
        first = None
        proofs, gaps = _proofs(tally, controls, has_debits)
        state = NOT_PROVABLE if gaps or not proofs else PROVED
        reasons = proofs + gaps
    return Completeness(
        state,
        tally.rows,
        tally.credit_count,
        tally.credit_sum,
        tally.debit_count,
        tally.debit_sum,
        tally.unknown_count,
        controls.opening.amount if controls.opening else None,
        controls.closing.amount if controls.closing else None,
        first,
        reasons,
    )


def _breaks(tally: Tally, controls: Controls) -> list[Problem]:
    found = [tally.first_break] if tally.first_break else []
    found += _total_break("ghi có", tally.credit_sum, controls.credit_total)
    # A line of unknown amount is an outgoing one, so the debits may fall short of the printed
    # sum but never exceed it.
    unsure = tally.unknown_count > 0
    if controls.debit_total and not (unsure and tally.debit_sum <= controls.debit_total.amount):
        found += _total_break("ghi nợ", tally.debit_sum, controls.debit_total)
    if controls.closing and not unsure:
        found += _closing_break(tally, controls, controls.closing)
    return found


def _total_break(name: str, ours: int, printed: Printed | None) -> list[Problem]:
    if printed is None or printed.amount == ours:
        return []
    return [
        Problem(
            printed.address,
            f"Tổng {name} in trên sao kê là {format_dong(printed.amount)}, cộng các dòng đọc được là "
            f"{format_dong(ours)}, "
            f"chênh lệch {format_dong(abs(printed.amount - ours))}. Hãy tải lại sao kê từ ngân hàng và "
            f"nạp lại.",
        )
    ]


def _closing_break(tally: Tally, controls: Controls, closing: Printed) -> list[Problem]:
    if controls.opening:
        ours = controls.opening.amount + tally.credit_sum - tally.debit_sum
        text = (
            f"Số dư đầu kỳ {format_dong(controls.opening.amount)} cộng ghi có "
            f"{format_dong(tally.credit_sum)} "
            f"trừ ghi nợ {format_dong(tally.debit_sum)} bằng {format_dong(ours)}"
        )
    elif tally.running is not None:
        ours, text = tally.running, f"Số dư sau dòng cuối cùng là {format_dong(tally.running)}"
    else:
        return []
    if ours == closing.amount:
        return []
    return [
        Problem(
            closing.address,
            f"{text}, nhưng số dư cuối kỳ in trên sao kê là {format_dong(closing.amount)}, chênh lệch "
            f"{format_dong(abs(ours - closing.amount))}. Hãy tải lại sao kê từ ngân hàng và nạp lại.",
        )
    ]


def _proofs(tally: Tally, controls: Controls, has_debits: bool) -> tuple[list[str], list[str]]:
    """What ties, and what stands in the way of a proof."""
    proofs: list[str] = []
    gaps: list[str] = []
    if controls.opening and controls.closing and not tally.unknown_count:
        proofs.append("Số dư đầu kỳ cộng ghi có trừ ghi nợ bằng đúng số dư cuối kỳ.")
    if controls.credit_total and (controls.debit_total or not has_debits):
        proofs.append("Tổng phát sinh của các dòng bằng đúng tổng in trên sao kê.")
    if tally.balances and (proofs or controls.opening):
        proofs_of_rows = f"Số dư in ở {format_amount(tally.balances)} dòng đều khớp."
        (proofs if proofs else gaps).append(proofs_of_rows)
    if tally.unknown_count:
        gaps.append(f"Có {format_amount(tally.unknown_count)} dòng chi không in số tiền.")
    if not proofs:
        gaps.append(
            "Sao kê không in đủ số dư đầu kỳ, số dư cuối kỳ hoặc tổng phát sinh nên không đối chiếu được. "
            "Nếu có bản giấy, hãy so số dòng và tổng tiền với bản giấy."
        )
    return proofs, gaps
