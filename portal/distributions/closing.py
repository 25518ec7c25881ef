"""The three sides that must agree before a list is closed: the list, the signed sheets, stock and cash out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.advances.models import Settlement, SettlementRow
from portal.distributions import queries_handover as told
from portal.distributions import queries_scans as scans
from portal.distributions import queries_settle as settled
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.rules import ABSENT, ADVANCE, HANDED, NO_MONEY
from portal.distributions.rules_handover import BACK, Side
from portal.goods.rules import format_quantity
from portal.kit.db import db
from portal.kit.money import format_amount, format_dong
from portal.spending.models import DecisionRow, VoucherRow
from portal.spending.rules import PAID

LIST, PAPER, MONEY, GOODS = "list", "paper", "money", "goods"
HEADS = {
    LIST: "Danh sách",
    PAPER: "Tờ ký nhận",
    MONEY: "Tiền",
    GOODS: "Hiện vật",
}


@dataclass(frozen=True)
class Compared:
    """One comparison in words: what the list says, what papers or books say, the difference."""

    head: str
    side: Side
    wanted: str
    found: str
    words: str


def compared(distribution: Distribution) -> list[Compared]:
    """Everything that must agree, worded."""
    sides = [(LIST, side) for side in _list_sides(distribution)]
    sides += [(PAPER, side) for side in _paper_sides(distribution)]
    sides += [(MONEY, side) for side in _money_sides(distribution)]
    sides += [(GOODS, side) for side in _goods_sides(distribution)]
    return [_worded(head, side) for head, side in sides]


def _worded(head: str, side: Side) -> Compared:
    wanted, found = _amount(side.wanted, side.unit), _amount(side.found, side.unit)
    gap = side.found - side.wanted
    if not gap:
        words = "Khớp."
    else:
        more = "thừa" if gap > 0 else "thiếu"
        words = f"{side.name}: {found} so với {wanted}, {more} {_amount(abs(gap), side.unit)}."
    return Compared(HEADS[head], side, wanted, found, words)


def _amount(number: int, unit: str) -> str:
    if unit == "đồng":
        return format_dong(number)
    if unit == "hộ":
        return f"{format_amount(number)} hộ"
    return f"{format_quantity(number)} {unit}"


def _list_sides(distribution: Distribution) -> list[Side]:
    counts = told.counts_of(distribution)
    return [
        Side("Hộ đã ghi kết quả", counts.rows, counts.told, "hộ", "Ghi kết quả trao của các hộ còn lại."),
        Side(
            "Hộ đã thanh toán",
            counts.rows,
            settled.settled_rows(distribution),
            "hộ",
            "Lập thanh toán và chờ người khác duyệt.",
        ),
    ]


def _paper_sides(distribution: Distribution) -> list[Side]:
    handed = told.counts_of(distribution).handed
    missing = scans.handed_without_paper(distribution)
    pages = ", ".join(str(page) for page in scans.pages_missing(distribution))
    advice = f"Tải lên bản quét các trang còn thiếu: {pages}." if pages else "In và ký lại tờ ký nhận."
    return [Side("Hộ đã nhận có trang ký nộp lại", handed, handed - missing, "hộ", advice)]


def _money_sides(distribution: Distribution) -> list[Side]:
    if distribution.way == NO_MONEY:
        return []
    voucher = distribution.voucher
    paid_out = voucher.amount if voucher is not None and voucher.state == PAID else 0
    listed = _listed_money(distribution)
    sides = [
        Side("Tiền đã giao đi trao", listed, paid_out, "đồng", "Chi phiếu của đợt hoặc xem lại danh sách.")
    ]
    if distribution.way != ADVANCE:
        return sides
    advice = "Xem các lần thanh toán của đợt; lần sai thì đảo rồi lập lại."
    paid, aside, back = _settled_money(distribution)
    sides += [
        Side("Tiền hộ đã ký nhận", _listed_money(distribution, *HANDED), paid, "đồng", advice),
        Side("Tiền giữ cho người vắng", _listed_money(distribution, ABSENT), aside, "đồng", advice),
        Side("Tiền nộp lại quỹ", _listed_money(distribution, *BACK), back, "đồng", advice),
    ]
    return [side for side in sides if side.wanted or side.found]


def _listed_money(distribution: Distribution, *outcomes: str) -> int:
    """Decided money of the list's rows, with one of these outcomes when any is named; đồng."""
    rows = (
        select(func.coalesce(func.sum(DecisionRow.amount), 0))
        .join(DistributionRow, DistributionRow.decision_row_id == DecisionRow.id)
        .where(told.live(distribution))
    )
    if outcomes:
        rows = rows.where(DistributionRow.outcome.in_(outcomes))
    return int(db.session.scalar(rows) or 0)


def _settled_money(distribution: Distribution) -> tuple[int, int, int]:
    """By the books: paid out, put aside, brought back; đồng."""
    rows = (
        select(
            func.coalesce(func.sum(SettlementRow.paid), 0),
            func.coalesce(func.sum(SettlementRow.absent), 0),
            func.coalesce(func.sum(SettlementRow.returned), 0),
        )
        .join(Settlement, Settlement.id == SettlementRow.settlement_id)
        .join(VoucherRow, VoucherRow.id == SettlementRow.voucher_row_id)
        .where(
            VoucherRow.voucher_id == distribution.voucher_id,
            Settlement.approved.is_(True),
            Settlement.reversed.is_(False),
        )
    )
    paid, aside, back = db.session.execute(rows).one()
    return int(paid), int(aside), int(back)


def _goods_sides(distribution: Distribution) -> list[Side]:
    """Item by item: taken along, signed for, put aside, back in the store."""
    outcome = DistributionRow.outcome
    pairs = (
        ("đã xuất đi trao", settled.wanted_of(distribution), told.OUT, "Xem phiếu xuất hàng của đợt."),
        ("hộ đã ký nhận", settled.wanted_of(distribution, outcome.in_(HANDED)), told.ISSUED, ""),
        ("giữ cho người vắng", settled.wanted_of(distribution, outcome == ABSENT), told.KEPT, ""),
        ("nhập lại kho", settled.wanted_of(distribution, outcome.in_(BACK)), told.BACK, ""),
    )
    moves = [
        (name, wanted, settled.moved(distribution, what), advice) for name, wanted, what, advice in pairs
    ]
    items = settled.items_by_id(item for _, wanted, found, _ in moves for item in (*wanted, *found))
    later = "Xem các lần thanh toán của đợt; lần sai thì đảo rồi lập lại."
    return [
        Side(f"{item.name} {name}", wanted.get(key, 0), found.get(key, 0), item.measure, advice or later)
        for key, item in sorted(items.items(), key=lambda pair: pair[1].name)
        for name, wanted, found, advice in moves
        if wanted.get(key) or found.get(key)
    ]
