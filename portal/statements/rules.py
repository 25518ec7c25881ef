"""Pure rules of bringing a statement, and the sentences that go with them."""

from __future__ import annotations

from datetime import date

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED

STATES = {
    "staged": "Đang nạp",
    "posted": "Đã ghi sổ",
    "cancelled": "Đã dừng",
    "failed": "Không nạp được",
}
PROOFS = {PROVED: "Đã chứng minh đủ", NOT_PROVABLE: "Không chứng minh được", BROKEN: "Không khớp"}
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


def opening_gap(ours: int, banks: int, day: date) -> str | None:
    """A sentence when the books' balance before the first new line is not the bank's."""
    if ours == banks:
        return None
    return (
        f"Chưa khớp với sổ: trước ngày {format_day(day)} sổ có số dư {format_dong(ours)}, sao kê cho thấy "
        f"{format_dong(banks)}, chênh lệch {format_dong(abs(ours - banks))}. "
        "Hãy nạp sao kê của những ngày trước đó hoặc kiểm tra số dư đầu."
    )


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
