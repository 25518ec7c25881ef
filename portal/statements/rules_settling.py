"""Pure rules of settling lines, and the sentences that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.statements.classes import DONATION, FEE, IN, INTEREST, KINDS, OUT, OWN, REFUND

BUILT_UPON = (
    "Khoản này {what} nên không hoàn tác ở đây được. "
    "Đề nghị đảo chứng từ ở trang của khoản, người thứ hai duyệt."
)
REASONS = {
    DONATION: "Dòng sao kê là khoản ủng hộ.",
    FEE: "Dòng sao kê là phí ngân hàng.",
    INTEREST: "Dòng sao kê là lãi tiền gửi.",
    OWN: "Dòng sao kê là tiền của Quỹ, gặp chứng từ của nó.",
    REFUND: "Dòng sao kê là tiền trả lại.",
}


KIND_OF_PAPER = {"donation": DONATION, "other": INTEREST, "payment": REFUND, "refund": REFUND}


def kind_of_paper(document: str) -> str:
    """What a credit is that meets a document of this kind (ledger.rules.DOCUMENTS)."""
    return KIND_OF_PAPER.get(document, OWN)


def reason_of(kind: str, account: str, day: date) -> str:
    """What the document says of itself."""
    return f"{REASONS[kind]} Tài khoản {account}, ngày {format_day(day)}."


def check_parts(amounts: Sequence[int], left: int, *, direction: str) -> None:
    """A credit is divided among gifts without a rest. Raises Refused."""
    if direction != IN:
        raise Refused("Dòng này là tiền ra, không thể là khoản ủng hộ. Chọn chứng từ chi để khớp.")
    if not amounts or any(amount <= 0 for amount in amounts):
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng của từng phần.", "amount")
    if sum(amounts) != left:
        raise Refused(
            f"Các phần cộng lại {format_dong(sum(amounts))}, dòng sao kê là {format_dong(left)}. "
            "Sửa để hai số bằng nhau.",
            "amount",
        )


def check_fund(campaign: Any, account: Any) -> None:
    """A line's gift belongs to a campaign of the account's fund. Raises Refused."""
    if campaign is not None and campaign.fund_id != account.fund_id:
        raise Refused("Đợt vận động này thuộc quỹ khác với tài khoản. Chọn đợt cùng quỹ.", "campaign_id")


def check_kind(kind: str, direction: str) -> None:
    """Only fees and interest are settled without a paper; interest only comes. Raises Refused."""
    if kind not in (FEE, INTEREST) or (kind == INTEREST and direction == OUT):
        raise Refused("Chọn phí ngân hàng, hoặc lãi tiền gửi với dòng tiền vào.", "kind")


def check_transit_kind(kind: str) -> None:
    """What waits in transit for its paper. Raises Refused."""
    if kind not in (OWN, REFUND):
        raise Refused(
            f"Chọn một trong: {KINDS[OWN].lower()}, {KINDS[REFUND].lower()}. Việc khác có nút riêng.", "kind"
        )


def check_meeting(mine: int, theirs: int) -> int:
    """How much of two that wait meets, đồng. Raises Refused when the line has nothing left."""
    if mine <= 0:
        raise Refused("Dòng này đã khớp đủ, các chứng từ chọn thêm không dùng tới. Bỏ bớt chứng từ.", "paper")
    return min(mine, theirs)


def check_own(here: Any, there: Any) -> None:
    """Two accounts of one unit and fund meet directly; money between units is an allocation. Raises Refused."""
    if (here.unit_id, here.fund_id) != (there.unit_id, there.fund_id):
        raise Refused(
            "Hai tài khoản thuộc hai đơn vị hoặc hai quỹ. Lập phân bổ ở mục Chi hỗ trợ, rồi khớp phân bổ với "
            "dòng sao kê.",
            "paper",
        )
