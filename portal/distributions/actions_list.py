"""Making a list: head and portions. Only a draft changes (its households: `actions_rows`). Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.campaigns.models import Campaign
from portal.distributions import queries_rows as found
from portal.distributions import rules
from portal.distributions.actions_round import ROUND, choose_round
from portal.distributions.actions_rows import check_round, drop_rows, take
from portal.distributions.events import note
from portal.distributions.models import Distribution, DistributionEvent, DistributionRow, Portion, PortionItem
from portal.goods.models import Store
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import take_posting_lock
from portal.ledger.actions import check_unit_alive
from portal.ledger.models import BankAccount, Fund
from portal.people.models import User
from portal.units.models import Unit

HEAD = (
    "name",
    "content",
    "purpose",
    "campaign_id",
    "level",
    "source",
    "zone",
    "handed_on",
    "place",
    "way",
    "bank_account_id",
    "store_id",
    "officer_id",
    "settle_by",
)


@dataclass(frozen=True)
class PortionFields:
    """A portion as it is typed: đồng (None = no money in it), thousandths by item id."""

    name: str
    amount: int | None = None
    goods: Mapping[int, int] | None = None
    over_norm: str | None = None


def create_list(*, unit: Unit, fund: Fund, by: User | None, **head: Any) -> Distribution:
    """A new draft; `head` has the fields of `HEAD` and, to choose its round, of `ROUND`. Raises Refused (at the field)."""
    take_posting_lock()  # of two people who name one round at a time, the second is asked
    distribution = Distribution(
        unit_id=unit.id, unit=unit, fund_id=fund.id, fund=fund, prepared_by_id=by.id if by else None
    )
    with db.session.no_autoflush:
        _write(distribution, head)
    db.session.add(distribution)
    db.session.flush()
    told = f", đợt “{distribution.round_name}”" if distribution.round_name != distribution.content else ""
    why = f", khác đợt gần giống tên vì: {distribution.round_reason}" if distribution.round_reason else ""
    note(distribution, "made", f"Lập danh sách “{distribution.name}”{told}{why}", by)
    db.session.flush()
    return distribution


def change_list(distribution: Distribution, *, by: User | None, **head: Any) -> Distribution:
    """Change the head of a draft; whoever changes it is its maker from now on. Raises Refused."""
    take(distribution, rules.DRAFT)
    if by is not None:
        distribution.prepared_by_id = by.id
    with db.session.no_autoflush:
        _write(distribution, head)
    db.session.flush()
    check_round(distribution)
    return distribution


def _write(distribution: Distribution, head: dict[str, Any]) -> None:
    unknown = set(head) - set(HEAD) - set(ROUND)
    if unknown:
        raise ValueError(f"not of a list's head: {unknown}")
    chosen = {field: head.pop(field) for field in ROUND if field in head}
    if "content" in head and not (chosen.get("round_id") or chosen.get("round_name")):
        chosen["round_name"] = head["content"]
    for field, value in head.items():
        setattr(distribution, field, value)
    for field, text in (("name", "tên danh sách"), ("content", "nội dung trao")):
        if not (getattr(distribution, field) or "").strip():
            raise Refused(f"Chưa ghi {text}. Ghi ngắn gọn, ví dụ “Tặng quà Tết 2027”.", field)
    check_unit_alive(distribution.unit, distribution.handed_on)
    _check_places(distribution)
    choose_round(distribution, **chosen)


def _check_places(distribution: Distribution) -> None:
    """Campaign, account and store are of the list's fund (and unit). Raises Refused."""
    owner = (distribution.unit_id, distribution.fund_id)
    campaign = distribution.campaign_id and db.session.get(Campaign, distribution.campaign_id)
    if campaign and campaign.fund_id != distribution.fund_id:
        raise Refused("Đợt vận động này thuộc quỹ khác. Chọn đợt của quỹ này.", "campaign_id")
    account = distribution.bank_account_id and db.session.get(BankAccount, distribution.bank_account_id)
    if account and (account.unit_id, account.fund_id) != owner:
        raise Refused("Tài khoản này của đơn vị hoặc quỹ khác. Chọn tài khoản khác.", "bank_account_id")
    store = distribution.store_id and db.session.get(Store, distribution.store_id)
    if store and ((store.unit_id, store.fund_id) != owner or store.in_hand):
        raise Refused("Kho này của đơn vị hoặc quỹ khác. Chọn kho của đơn vị.", "store_id")


def set_portions(
    distribution: Distribution, wanted: Sequence[PortionFields], *, by: User | None
) -> list[Portion]:
    """Write the portions of a draft, known by name; one that households stand on is not dropped. Raises Refused."""
    take(distribution, rules.DRAFT)
    known = {portion.name: portion for portion in found.portions_of(distribution)}
    _check_portions(wanted)
    for name in set(known) - {fields.name for fields in wanted}:
        _drop_portion(known[name])
    for fields in wanted:
        portion = known.get(fields.name) or Portion(distribution_id=distribution.id, name=fields.name)
        portion.amount, portion.over_norm = fields.amount, (fields.over_norm or "").strip() or None
        db.session.add(portion)
        db.session.flush()
        _set_goods(portion, fields.goods or {})
    if by is not None:
        distribution.prepared_by_id = by.id
    db.session.flush()
    db.session.expire(distribution, ["portions"])
    return found.portions_of(distribution)


def _check_portions(wanted: Sequence[PortionFields]) -> None:
    if not wanted:
        raise Refused("Chưa có suất quà nào. Ghi ít nhất một suất: số tiền, hàng, hoặc cả hai.", "portions")
    names = [fields.name for fields in wanted]
    for fields in wanted:
        if not fields.name.strip():
            raise Refused("Có suất quà chưa đặt tên. Đặt tên, ví dụ “Suất hộ nghèo”.", "portions")
        if names.count(fields.name) > 1:
            raise Refused(f"Có hai suất cùng tên “{fields.name}”. Đặt tên khác nhau.", "portions")
        if fields.amount is not None and fields.amount <= 0:
            raise Refused(
                f"Suất “{fields.name}”: số tiền phải lớn hơn 0. Không có tiền thì để trống.", "portions"
            )
        if fields.amount is None and not fields.goods:
            raise Refused(f"Suất “{fields.name}” chưa có gì. Ghi số tiền, hoặc hàng và số lượng.", "portions")


def _drop_portion(portion: Portion) -> None:
    used = select(func.count()).where(DistributionRow.portion_id == portion.id)
    if count := db.session.scalar(used):
        raise Refused(
            f"Suất “{portion.name}” đang dùng cho {format_amount(count)} hộ. Chuyển các hộ sang suất khác trước.",
            "portions",
        )
    for line in portion.goods:
        db.session.delete(line)
    db.session.flush()
    db.session.delete(portion)
    db.session.flush()


def _set_goods(portion: Portion, goods: Mapping[int, int]) -> None:
    known = {line.item_id: line for line in portion.goods}
    for item_id, line in known.items():
        if item_id not in goods:
            db.session.delete(line)
    for item_id, quantity in goods.items():
        if item_id in known:
            known[item_id].quantity = quantity
        else:
            db.session.add(PortionItem(portion_id=portion.id, item_id=item_id, quantity=quantity))
    db.session.flush()
    db.session.expire(portion, ["goods"])


def delete_list(distribution: Distribution) -> None:
    """Deleting is for drafts that never were more. Raises Refused."""
    take(distribution, rules.DRAFT)
    if distribution.locked_at is not None:
        raise Refused("Danh sách này đã từng chốt nên không xóa được. Dùng “Hủy danh sách” và ghi lý do.")
    mine = select(DistributionRow.id).where(DistributionRow.distribution_id == distribution.id)
    drop_rows(distribution, mine)
    for event in db.session.scalars(
        select(DistributionEvent).where(DistributionEvent.distribution_id == distribution.id)
    ):
        db.session.delete(event)
    for portion in found.portions_of(distribution):
        _drop_portion(portion)
    db.session.expire(distribution, ["portions"])
    db.session.delete(distribution)
    db.session.flush()
