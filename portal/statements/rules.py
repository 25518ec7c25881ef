"""Pure rules of bringing a statement, and the sentences that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.kit.days import format_day, format_moment
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.kit.tables import column_letters
from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED
from portal.statements.headers import (
    BALANCE,
    COUNTERPARTY,
    COUNTERPARTY_ACCOUNT,
    CREDIT,
    DAY,
    DAY_AND_REFERENCE,
    DEBIT,
    FEE,
    REFERENCE,
    TAX,
    TEXT,
    TIME,
)

STATES = {
    "staged": "Đang nạp",
    "posted": "Đã ghi sổ",
    "undone": "Đã hoàn lại",
    "cancelled": "Đã dừng",
    "failed": "Không nạp được",
}
STATE_BADGES = {"staged": "neutral", "failed": "bad", "cancelled": "warn", "undone": "warn"}
PROOFS = {PROVED: "Đã chứng minh đủ", NOT_PROVABLE: "Không chứng minh được", BROKEN: "Không khớp"}
ROLE_NAMES = {
    DAY: "Ngày giao dịch",
    DAY_AND_REFERENCE: "Ngày và số chứng từ trong một ô",
    TIME: "Giờ giao dịch",
    REFERENCE: "Số chứng từ, số tham chiếu",
    CREDIT: "Ghi có (tiền vào)",
    DEBIT: "Ghi nợ (tiền ra)",
    BALANCE: "Số dư",
    FEE: "Phí hoặc lãi ở cột riêng",
    TAX: "Thuế ở cột riêng",
    TEXT: "Nội dung",
    COUNTERPARTY: "Tên bên chuyển hoặc nhận",
    COUNTERPARTY_ACCOUNT: "Tài khoản bên chuyển hoặc nhận",
}
PROOF_BADGES = {PROVED: "ok", NOT_PROVABLE: "warn", BROKEN: "bad"}


def check_campaign_fits(*, same_fund: bool, related: bool) -> None:
    """A campaign's gifts go to an account of its fund, of its unit or one above or below. Raises Refused."""
    if not same_fund:
        raise Refused(
            "Đợt vận động này thuộc quỹ khác với tài khoản. Chọn tài khoản và đợt cùng một quỹ.", "campaign"
        )
    if not related:
        raise Refused(
            "Đợt vận động này của đơn vị không cùng tuyến với đơn vị giữ tài khoản. Chọn lại đợt.", "campaign"
        )


def check_number(printed: str | None, known: str) -> str | None:
    """A sentence when the account number printed on the statement is not the one of the chosen account."""
    digits = "".join(character for character in known if character.isdigit())
    if not printed or not digits or printed.lstrip("0") == digits.lstrip("0"):
        return None
    return (
        f"Số tài khoản in trên sao kê kết thúc bằng {printed[-4:]}, khác với tài khoản đã chọn "
        f"(kết thúc bằng {digits[-4:]}). Kiểm tra lại trước khi ghi sổ."
    )


def outside_campaign(count: int, total: int, starts_on: date, ends_on: date | None) -> str | None:
    """A sentence about gifts outside a campaign's days: they are kept and flagged, never dropped."""
    if not count:
        return None
    span = f"từ {format_day(starts_on)}" + (f" đến {format_day(ends_on)}" if ends_on else "")
    return (
        f"Có {format_amount(count)} khoản, cộng {format_dong(total)}, "
        f"có ngày ngoài thời gian của đợt ({span}). "
        "Các khoản này vẫn được ghi vào đợt; hãy xem lại và điều chỉnh nếu cần."
    )


def added_in_doubt(count: int) -> str | None:
    """A sentence about new rows that have the day and amount of a line in quite other words."""
    if not count:
        return None
    return (
        f"Có {format_amount(count)} dòng cùng ngày, cùng số tiền với dòng đã có nhưng nội dung khác: vẫn thêm. "
        "Nếu đó là một giao dịch in lại, hãy hoàn lại lần nạp này."
    )


def meeting(name: str, first: date | None, last: date | None, moment: datetime, same_file: bool) -> str:
    """A sentence about a posted statement that the new one meets."""
    if same_file:
        return f"Đúng tệp này đã được ghi sổ lúc {format_moment(moment)} với tên “{name}”."
    span = f"từ {format_day(first)} đến {format_day(last)}"
    return f"Trùng một số ngày với sao kê “{name}” ({span}) đã ghi sổ; dòng đã có sẽ không ghi lại."


def check_paper(*, is_enough: bool) -> None:
    """What was typed from the paper must be able to prove something. Raises Refused."""
    if not is_enough:
        raise Refused(
            "Chưa đủ số để đối chiếu. Ghi số dòng và tổng ghi có; hoặc tổng ghi có và tổng ghi nợ; "
            "hoặc số dư đầu kỳ và số dư cuối kỳ."
        )


def check_columns(roles: Sequence[str | None]) -> dict[str, int]:
    """What a person said of each column, as role → place. Raises Refused at the field of a column, "c3"."""
    places: dict[str, int] = {}
    for place, role in enumerate(roles):
        if role in places:
            raise Refused(
                f"Cột {column_letters(places[role])} và cột {column_letters(place)} cùng là "
                f"“{ROLE_NAMES[role]}”. Mỗi loại chỉ chọn cho một cột.",
                f"c{place}",
            )
        if role:
            places[role] = place
    if DAY in places and DAY_AND_REFERENCE in places:
        raise Refused(
            "Có hai cột ngày. Chỉ chọn một cột làm ngày giao dịch.", f"c{places[DAY_AND_REFERENCE]}"
        )
    lacking = [ROLE_NAMES[role] for role in (DAY, CREDIT, TEXT) if role not in places]
    if DAY_AND_REFERENCE in places:
        lacking = [name for name in lacking if name != ROLE_NAMES[DAY]]
    if lacking:
        raise Refused(f"Chưa chỉ ra cột: {', '.join(lacking)}. Chọn đủ rồi kiểm tra lại.")
    return places


def equation(opening: int | None, credits: int, debits: int, closing: int | None) -> tuple[str, bool] | None:
    """Opening + money in − money out = closing in figures, and whether it holds; None where a balance is unknown."""
    if opening is None or closing is None:
        return None
    reached = opening + credits - debits
    text = f"{format_amount(opening)} + {format_amount(credits)} − {format_amount(debits)} = {format_amount(reached)} đ"
    if reached != closing:
        text += f", số dư cuối kỳ là {format_amount(closing)} đ, chênh lệch {format_amount(abs(reached - closing))} đ"
    return text, reached == closing


def opening_gap(ours: int, banks: int, day: date) -> str | None:
    """A sentence when the books' balance before the first new line is not the bank's."""
    if ours == banks:
        return None
    return (
        f"Chưa khớp với sổ: trước ngày {format_day(day)} sổ có số dư {format_dong(ours)}, sao kê cho thấy "
        f"{format_dong(banks)}, chênh lệch {format_dong(abs(ours - banks))}. "
        "Hãy nạp sao kê của những ngày trước đó hoặc kiểm tra số dư đầu."
    )


def shown_certificate(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """A kept certificate with the days in words (`span` of each gap)."""
    if kept is None:
        return None
    gaps = [{**gap, "span": _span(gap["first"], gap["last"])} for gap in kept["gaps"]]
    return {**kept, "gaps": gaps}


def _span(first: str, last: str) -> str:
    words = format_day(date.fromisoformat(first))
    return words if first == last else f"{words} – {format_day(date.fromisoformat(last))}"


def proof_sentence(state: str) -> str:
    """What a state of the proof means."""
    return {
        PROVED: "Sao kê đầy đủ: các dòng đọc được khớp với số ngân hàng in.",
        NOT_PROVABLE: "Không chứng minh được sao kê đầy đủ, vì ngân hàng không in đủ số để đối chiếu.",
        BROKEN: "Sao kê không khớp với số ngân hàng in.",
    }[state]


def check_override(reason: str | None, *, unread: int) -> None:
    """A broken statement may be taken with a reason, but never one with unread cells. Raises Refused."""
    if unread:
        raise Refused(
            "Còn ô không đọc được nên chưa ghi sổ được. Sửa các ô đã nêu theo sao kê gốc rồi nạp lại."
        )
    if not (reason or "").strip():
        raise Refused("Chưa nêu lý do. Ghi vì sao vẫn ghi sổ sao kê không khớp này.", "reason")
