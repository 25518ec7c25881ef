"""The goods of a settlement: issued for what was signed for, put aside for the absent, the rest back in the store.

A settlement is one whole: whoever reverses one of its documents reverses all of them. Flushes; the caller commits.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.distributions import queries_settle as queries
from portal.distributions.actions_handover import note_event
from portal.distributions.models import Distribution, DistributionGoods, DistributionRow
from portal.distributions.models_handover import HandoverSettlement, KeptPortion, SettledGoods
from portal.distributions.queries_handover import BACK, ISSUED, KEPT
from portal.distributions.rules import ABSENT, HANDED
from portal.distributions.rules_handover import APPROVED, REVERSED
from portal.goods.actions import issue, record_store, transfer
from portal.goods.models import Store
from portal.goods.rules import SlipRow
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import after_reversal_of, reverse
from portal.ledger.models import Posting
from portal.ledger.queries import reversal_of
from portal.people.models import User

STORE_CODE = "GIUHO"


def book_goods(settlement: HandoverSettlement) -> None:
    """Move the goods of the settlement's rows. Raises Refused when the officer's hand does not hold them."""
    distribution = settlement.distribution
    rows = [one.row for one in settlement.rows]
    given = [row for row in rows if row.outcome in HANDED]
    absent = [row for row in rows if row.outcome == ABSENT]
    back = [row for row in rows if row not in given and row not in absent]
    if not any(row.portion.goods for row in rows):
        return
    hand, store = distribution.hand_store, distribution.store
    if hand is None or store is None:
        raise Refused("Đợt này chưa xuất hàng cho người đi trao. Xuất hàng ở trang của đợt trước.")
    if slip := _slip(given):
        posting = issue(
            store=hand,
            rows=slip,
            day=settlement.settled_on,
            by=settlement.asked_by,
            campaign=distribution.campaign,
            partner=f"{len(given)} hộ ký nhận",
            remark=distribution.name,
        )
        _link(settlement, posting, ISSUED)
    if slip := _slip(absent):
        aside = store_for_kept(store)
        _link(settlement, _move(settlement, hand, aside, slip, "Giữ hộ người vắng"), KEPT)
        db.session.add_all(_kept(settlement, row, aside) for row in absent if row.portion.goods)
    if slip := _slip(back):
        _link(settlement, _move(settlement, hand, store, slip, "Nhập lại hàng không trao"), BACK)
    db.session.flush()


def _slip(rows: Sequence[DistributionRow]) -> list[SlipRow]:
    return [SlipRow(item, quantity) for item, quantity in queries.quantities(rows).items()]


def _move(
    settlement: HandoverSettlement, store: Store, to_store: Store, rows: list[SlipRow], remark: str
) -> Posting:
    distribution = settlement.distribution
    return transfer(
        store=store,
        to_store=to_store,
        rows=rows,
        day=settlement.settled_on,
        by=settlement.asked_by,
        partner=distribution.officer.name if distribution.officer else None,
        remark=f"{remark}: {distribution.name}",
    )


def _link(settlement: HandoverSettlement, posting: Posting, what: str) -> None:
    db.session.add_all(
        (
            DistributionGoods(
                posting_number=posting.number, distribution_id=settlement.distribution_id, what=what
            ),
            SettledGoods(posting_number=posting.number, settlement_id=settlement.id),
        )
    )
    db.session.flush()


def _kept(settlement: HandoverSettlement, row: DistributionRow, store: Store) -> KeptPortion:
    return KeptPortion(
        row_id=row.id, settlement_id=settlement.id, store_id=store.id, since=settlement.settled_on
    )


def store_for_kept(store: Store) -> Store:
    """Where goods of the absent lie apart, so that no other list takes them; made on first use."""
    code = f"{STORE_CODE}-{store.id}"
    known = db.session.scalar(select(Store).where(Store.code == code))
    if known is not None:
        known.closed_on = None
        return known
    return record_store(
        code=code,
        name=f"Giữ hộ người vắng, {store.name}"[:200],
        unit=store.unit,
        fund_id=store.fund_id,
        keeper=store.keeper,
        address=store.address,
        in_hand=True,  # nobody takes out of it by an ordinary document
    )


@after_reversal_of("advance", "issue", "internal")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """One document of a settlement is reversed: all of them are, and its rows are told and settled anew.

    Raises Refused when goods that it put aside have been given since.
    """
    settlement = _settlement_of(posting)
    if settlement is None:
        return
    goods = db.session.get(DistributionGoods, posting.number)
    if goods is not None:
        goods.reversed = True
    if settlement.state != APPROVED:
        db.session.flush()
        return
    _check_open(settlement.distribution)
    _void_kept(settlement)
    settlement.state = REVERSED
    db.session.flush()
    by, second = _people(mirror)
    for number in _numbers(settlement):
        if number != posting.number and reversal_of(number) is None:
            reverse(db.session.get_one(Posting, number), reason=mirror.reason or "", by=by, second=second)
    day = format_day(settlement.settled_on)
    text = f"Đảo thanh toán ngày {day}, {len(settlement.rows)} hộ"
    note_event(settlement.distribution, None, "reversed", text, by)


def _settlement_of(posting: Posting) -> HandoverSettlement | None:
    of_goods = queries.settlement_of_goods(posting.number)
    if of_goods is not None or posting.kind != "advance":
        return of_goods
    return queries.settlement_of_posting(posting.number)


def _numbers(settlement: HandoverSettlement) -> list[int]:
    numbers = queries.goods_numbers(settlement)
    if settlement.settlement is not None and settlement.settlement.posting_number is not None:
        numbers.append(settlement.settlement.posting_number)
    return numbers


def _people(mirror: Posting) -> tuple[User, User]:
    assert mirror.by_id is not None and mirror.second_id is not None  # the two who reversed
    return db.session.get_one(User, mirror.by_id), db.session.get_one(User, mirror.second_id)


def _check_open(distribution: Distribution) -> None:
    if distribution.state == "closed":
        raise Refused(
            f"Đợt “{distribution.name}” đã khóa. Mở lại đợt (có lý do) rồi mới đảo thanh toán của đợt."
        )


def _void_kept(settlement: HandoverSettlement) -> None:
    rows = select(KeptPortion).where(KeptPortion.settlement_id == settlement.id, KeptPortion.void.is_(False))
    for kept in db.session.scalars(rows):
        if kept.ended is not None:
            raise Refused(
                f"Hàng giữ hộ của {kept.row.receiver} đã trao hoặc trả về kho. Đảo phiếu kho đó trước."
            )
        kept.void = True
