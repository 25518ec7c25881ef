"""Locking a list, opening it again, cancelling it. Flushes; the caller commits.

At the lock names, hamlets, groups and portions are frozen on the rows: papers keep what was decided.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, select, update

from portal.distributions import queries_norms, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_rows import check_round, take
from portal.distributions.events import note
from portal.distributions.models import Distribution, DistributionRow, Portion
from portal.households.models_registry import Household
from portal.households.queries_registry import is_hamlet
from portal.households.rules_registry import code_of
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.people.models import User
from portal.spending.actions import delete_decision
from portal.spending.rules import DRAFT as DRAFT_DECISION

FROZEN = ("ordinal", "receiver", "birth_year", "commune", "hamlet", "group_name", "amount", "goods")
_checks: list[Callable[[Distribution], None]] = []


def before_lock(check: Callable[[Distribution], None]) -> Callable[[Distribution], None]:
    """Mark a check that a list must pass before it is locked; it raises Refused."""
    _checks.append(check)
    return check


def lock_list(distribution: Distribution, *, by: User) -> Distribution:
    """Close a draft: every row gets its place on the sheets and keeps the names of today. Raises Refused."""
    take(distribution, rules.DRAFT)
    _check_size(distribution)
    portions = {portion.id: portion for portion in found.portions_of(distribution)}
    used = _used(distribution, portions)
    _check_means(distribution, used)
    check_round(distribution)
    households = found.households_of(distribution)
    _check_households(distribution, households, portions)
    check_norms(distribution, used)
    for check in _checks:
        check(distribution)
    _freeze(distribution, households, portions)
    distribution.state = rules.LOCKED
    distribution.locked_by_id, distribution.locked_at = by.id, now()
    note(distribution, "locked", f"Chốt danh sách {format_amount(len(households))} hộ", by)
    db.session.flush()
    return distribution


def _check_size(distribution: Distribution) -> None:
    count = found.count_rows(distribution)
    if not count:
        raise Refused("Danh sách chưa có hộ nào. Thêm hộ theo tiêu chí hoặc theo mã trước khi chốt.", "rows")
    if count > rules.MOST_ROWS:
        raise Refused(
            f"Danh sách có {format_amount(count)} hộ, nhiều hơn {format_amount(rules.MOST_ROWS)} của một quyết định. "
            "Chia thành nhiều danh sách, ví dụ theo ấp, khu phố.",
            "rows",
        )


def _used(distribution: Distribution, portions: dict[int, Portion]) -> list[Portion]:
    ids = select(DistributionRow.portion_id).where(DistributionRow.distribution_id == distribution.id)
    chosen = set(db.session.scalars(ids.distinct()))
    return [portion for portion in portions.values() if portion.id in chosen]


def _check_means(distribution: Distribution, used: list[Portion]) -> None:
    """What is needed to hand the portions out is known. Raises Refused."""
    money = any(portion.amount for portion in used)
    goods = any(portion.goods for portion in used)
    if money and distribution.way == rules.NO_MONEY:
        raise Refused(
            "Có suất quà bằng tiền nhưng chưa chọn cách chi. Chọn tạm ứng hoặc chuyển khoản.", "way"
        )
    if money and distribution.way == rules.BANK and distribution.bank_account_id is None:
        raise Refused(
            "Chưa chọn tài khoản để chuyển tiền cho các hộ. Chọn tài khoản của quỹ.", "bank_account_id"
        )
    if goods and distribution.store_id is None:
        raise Refused("Có suất quà bằng hàng nhưng chưa chọn kho xuất. Chọn kho của đơn vị.", "store_id")
    by_hand = goods or (money and distribution.way == rules.ADVANCE)
    if by_hand and distribution.officer_id is None:
        raise Refused(
            "Chưa chọn người đi trao. Chọn cán bộ nhận tiền, hàng để trao cho các hộ.", "officer_id"
        )


def _check_households(
    distribution: Distribution, households: dict[int, tuple[int, Household]], portions: dict[int, Portion]
) -> None:
    gone = [one for _, one in households.values() if one.withdrawn]
    if gone:
        raise Refused(f"{_named(gone)} đã rút khỏi sổ hộ. Bỏ khỏi danh sách rồi chốt.", "rows")
    if distribution.way != rules.BANK:
        return
    without = [one for key, one in households.values() if portions[key].amount and not one.bank_number]
    if without:
        raise Refused(
            f"{_named(without)} chưa có số tài khoản để nhận chuyển khoản. "
            "Ghi số tài khoản ở trang của hộ, hoặc chọn cách chi tạm ứng.",
            "way",
        )


def _named(households: list[Household]) -> str:
    names = ", ".join(f"{one.name} ({code_of(one.id)})" for one in households[:3])
    more = f" và {format_amount(len(households) - 3)} hộ nữa" if len(households) > 3 else ""
    return f"Hộ {names}{more}"


def check_norms(distribution: Distribution, used: list[Portion]) -> None:
    """Money above the support norm of the list's unit, purpose, zone and day needs a reason. Raises Refused."""
    norm = queries_norms.norm_for(distribution)
    if norm is None:
        return
    for portion in used:
        if portion.amount and portion.amount > norm.amount and not portion.over_norm:
            basis = f" theo {norm.basis}" if norm.basis else ""
            raise Refused(
                f"Suất “{portion.name}” {format_dong(portion.amount)} cao hơn mức hỗ trợ {format_dong(norm.amount)}"
                f"{basis}. Sửa số tiền, hoặc ghi lý do vượt mức ở suất đó.",
                "portions",
            )


def _freeze(
    distribution: Distribution, households: dict[int, tuple[int, Household]], portions: dict[int, Portion]
) -> None:
    groups = found.groups_of(distribution)
    words = {
        key: rules.goods_text((line.quantity, line.item.measure, line.item.name) for line in portion.goods)
        for key, portion in portions.items()
    }
    placed = sorted(
        ((_place(one), row_id, one, portions[key]) for row_id, (key, one) in households.items()),
        key=lambda row: (row[0].order, row[1]),
    )
    values = [
        {
            "row": row_id,
            "household": one.id,
            "to_ordinal": ordinal,
            "to_receiver": one.name,
            "to_birth_year": one.birth_year,
            "to_commune": place.commune,
            "to_hamlet": place.hamlet or None,
            "to_group_name": groups.get(one.id),
            "to_amount": portion.amount,
            "to_goods": words[portion.id],
        }
        for ordinal, (place, row_id, one, portion) in enumerate(placed, start=1)
    ]
    table: Any = DistributionRow.__table__
    statement = update(table).where(table.c.id == bindparam("row"))
    statement = statement.values(
        household_id=bindparam("household"), **{name: bindparam(f"to_{name}") for name in FROZEN}
    )
    db.session.connection().execute(statement, values)
    _forget_rows()


def _forget_rows() -> None:
    for row in list(db.session.identity_map.values()):
        if isinstance(row, DistributionRow):
            db.session.expire(row)


def _place(household: Household) -> rules.Place:
    unit = household.unit
    if is_hamlet(unit) and unit.parent is not None:
        return rules.Place(unit.parent.name, unit.name, household.sort_key)
    return rules.Place(unit.name, "", household.sort_key)


def unlock_list(distribution: Distribution, *, reason: str, by: User) -> Distribution:
    """A locked list becomes a draft again; a decision that is still a draft goes with it. Raises Refused."""
    take(distribution, rules.LOCKED)
    if not reason.strip():
        raise Refused("Chưa ghi lý do mở chốt. Ghi vì sao phải sửa danh sách.", "reason")
    _drop_draft_decision(distribution)
    table: Any = DistributionRow.__table__
    cleared = update(table).where(table.c.distribution_id == distribution.id)
    db.session.execute(cleared.values(refused=None, **dict.fromkeys(FROZEN)))
    _forget_rows()
    distribution.state, distribution.unlocked_reason = rules.DRAFT, reason.strip()
    note(distribution, "unlocked", f"Mở chốt: {reason.strip()}", by)
    db.session.flush()
    return distribution


def cancel_list(distribution: Distribution, *, reason: str, by: User) -> Distribution:
    """Give a list up, with a reason; it stays to be read. Raises Refused while its decision is in force."""
    take(distribution)
    if distribution.state in (rules.DECIDED, rules.APPROVED):
        raise Refused(
            "Quyết định của danh sách đang có hiệu lực. Thu hồi quyết định trước, rồi hủy danh sách."
        )
    rules.check_state(distribution.state, *rules.CANCELLABLE)
    if not reason.strip():
        raise Refused("Chưa ghi lý do hủy danh sách. Ghi vì sao không trao nữa.", "reason")
    _drop_draft_decision(distribution)
    distribution.state, distribution.cancelled_reason = rules.CANCELLED, reason.strip()
    distribution.cancelled_by_id = by.id
    note(distribution, "cancelled", f"Hủy danh sách: {reason.strip()}", by)
    db.session.flush()
    return distribution


def _drop_draft_decision(distribution: Distribution) -> None:
    decision = distribution.decision
    if decision is not None and decision.state == DRAFT_DECISION:
        delete_decision(decision)  # the follower lets go of the list's rows
