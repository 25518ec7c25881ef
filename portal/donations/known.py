"""The records that a batch of gifts names, loaded in a few statements, and the rules that need them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from portal.campaigns.models import Campaign
from portal.campaigns.queries import with_units_above
from portal.donations import rules
from portal.donations.gifts import Gift, Part
from portal.donors.models import Donor, DonorKind
from portal.goods.models import Item, Lot, Store
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.models import BankAccount, Closing, Fund
from portal.ledger.rules import booking_day
from portal.people.models import User
from portal.units.models import Unit
from portal.units.queries import ended_text

CHUNK = 500  # ids in one IN list


def _by_id(model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    wanted = sorted({key for key in ids if key is not None})
    found: dict[int, Any] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = select(model).where(model.id.in_(wanted[start : start + CHUNK])).options(lazyload("*"))
        found |= {row.id: row for row in db.session.scalars(rows)}
    return found


class Known:
    """What `gifts` speak of; `check` says no to a gift, `booked_on` finds its day in the books."""

    def __init__(self, gifts: Sequence[Gift]):
        parts = [part for gift in gifts for part in gift.parts]
        self.units: dict[int, Unit] = _by_id(Unit, (gift.unit_id for gift in gifts))
        self.funds: dict[int, Fund] = _by_id(Fund, (gift.fund_id for gift in gifts))
        self.campaigns: dict[int, Campaign] = _by_id(Campaign, (gift.campaign_id for gift in gifts))
        self.donors: dict[int, Donor] = _by_id(Donor, (gift.donor_id for gift in gifts))
        self.holders: dict[int, User] = _by_id(User, (gift.holder_id for gift in gifts))
        self.banks: dict[int, BankAccount] = _by_id(BankAccount, (part.bank_account_id for part in parts))
        self.items: dict[int, Item] = _by_id(Item, (part.item_id for part in parts))
        self.stores: dict[int, Store] = _by_id(Store, (part.store_id for part in parts))
        self.lots: dict[int, Lot] = _by_id(Lot, (part.lot_id for part in parts))
        self._kinds = self._read_kinds(gifts)
        self._above = self._read_above()
        self._closed = self._read_closed()
        self._today = today_in_vietnam()
        self._fits: dict[tuple[int, int, int], Refused | None] = {}

    @staticmethod
    def _read_kinds(gifts: Sequence[Gift]) -> dict[str, str]:
        if all(gift.donor_kind is None for gift in gifts):
            return {}
        rows = select(DonorKind.key, DonorKind.name).order_by(DonorKind.position)
        return {row.key: row.name for row in db.session.execute(rows)}

    def _read_above(self) -> dict[int, int | None]:
        """Parent by unit, for the units and all above them."""
        if not self.campaigns:
            return {}
        of_gifts: Any = select(Unit.id).where(Unit.id.in_(sorted(self.units)))
        rows = select(Unit.id, Unit.parent_id).where(Unit.id.in_(with_units_above(of_gifts)))
        return {row.id: row.parent_id for row in db.session.execute(rows)}

    def _read_closed(self) -> dict[tuple[int, int], date]:
        rows = select(Closing.unit_id, Closing.fund_id, func.max(Closing.through))
        rows = rows.where(Closing.unit_id.in_(sorted(self.units)))
        grouped = rows.group_by(Closing.unit_id, Closing.fund_id)
        return {(unit_id, fund_id): through for unit_id, fund_id, through in db.session.execute(grouped)}

    def booked_on(self, gift: Gift) -> date:
        """The gift's day, or the first open one when its period is closed. Raises Refused for a day to come."""
        closed = self._closed.get((gift.unit_id, gift.fund_id))
        return booking_day(gift.day, closed_through=closed, today=self._today)

    def check(self, gift: Gift) -> None:
        """Everything about a gift that is not about one of its parts. Raises Refused."""
        unit = self.units[gift.unit_id]
        if unit.valid_to is not None and gift.day > unit.valid_to:
            raise Refused(ended_text(unit), "unit_id")
        self.booked_on(gift)
        if not gift.parts:
            raise Refused("Khoản ủng hộ chưa có tiền hay hiện vật nào. Ghi ít nhất một dòng.", "amount")
        self.check_campaign(gift)
        self._check_giver(gift)
        if gift.holder_id is not None and gift.holder_id not in self.holders:
            raise Refused("Không tìm thấy người giữ tiền. Chọn lại người giữ.", "holder_id")

    def _check_giver(self, gift: Gift) -> None:
        rules.check_choice(gift.shown_as, rules.SHOWN_AS, "shown_as")
        if gift.donor_kind is not None:
            rules.check_choice(gift.donor_kind, self._kinds, "donor_kind")
        if gift.people is not None and gift.people < 1:
            raise Refused("Số người ủng hộ phải từ 1 trở lên. Gõ số người, hoặc để trống.", "people")
        if gift.donor_id is None:
            return
        if gift.donor_pending:
            raise Refused(
                "Đã chọn người ủng hộ mà lại đánh dấu “Chờ xác định”. Bỏ một trong hai.", "donor_pending"
            )
        donor = self.donors.get(gift.donor_id)
        if donor is None or donor.withdrawn:
            raise Refused("Không tìm thấy người ủng hộ đã chọn. Chọn lại, hoặc gõ tên.", "donor_name")

    def check_campaign(self, gift: Gift) -> None:
        """The campaign is of the unit or one above it and of the fund; a late gift is taken, and flagged.

        Raises Refused.
        """
        if gift.campaign_id is None:
            return
        key = (gift.campaign_id, gift.unit_id, gift.fund_id)
        if key not in self._fits:
            self._fits[key] = self._misfit(*key)
        misfit = self._fits[key]
        if misfit is not None:
            raise misfit

    def _misfit(self, campaign_id: int, unit_id: int, fund_id: int) -> Refused | None:
        campaign, unit = self.campaigns[campaign_id], self.units[unit_id]
        above: int | None = unit_id
        while above is not None and above != campaign.unit_id:
            above = self._above.get(above)
        if above is None:
            text = f"Đợt “{campaign.name}” không phải của {unit.name} hay đơn vị cấp trên. Chọn đợt khác."
            return Refused(text, "campaign_id")
        if campaign.fund_id != fund_id:
            name = self.funds[fund_id].name
            return Refused(f"Đợt “{campaign.name}” thuộc quỹ khác. Chọn đợt của {name}.", "campaign_id")
        return None

    def check_part(self, gift: Gift, part: Part) -> None:
        """One part: its shape, its bank account, its store. Raises Refused."""
        rules.check_part(part)
        unit = self.units[gift.unit_id]
        if part.bank_account_id is not None:
            bank = self.banks[part.bank_account_id]
            if (bank.unit_id, bank.fund_id) != (gift.unit_id, gift.fund_id):
                raise Refused(
                    f"Tài khoản “{bank.code}” không thuộc {unit.name} và quỹ này. Chọn tài khoản khác.",
                    "account",
                )
            rules.check_currency(bank.code, bank.currency, part.foreign)
        if part.item_id is not None:
            self._check_store(gift, part, unit)

    def _check_store(self, gift: Gift, part: Part, unit: Unit) -> None:
        item, store = self.items.get(part.item_id or 0), self.stores.get(part.store_id or 0)
        if item is None or item.withdrawn:
            raise Refused("Mặt hàng đã chọn không còn dùng. Chọn mặt hàng khác trong danh mục.", "item_id")
        if store is None or (store.unit_id, store.fund_id) != (gift.unit_id, gift.fund_id):
            raise Refused(f"Kho đã chọn không thuộc {unit.name} và quỹ này. Chọn kho khác.", "store_id")
        if store.closed_on is not None and self.booked_on(gift) > store.closed_on:
            raise Refused(
                f"Kho “{store.name}” đã đóng ngày {store.closed_on:%d/%m/%Y}. Chọn kho khác.", "store_id"
            )
        if item.keeps_lots and part.lot_id is None:
            raise Refused(f"“{item.name}” theo dõi lô, hạn dùng. Ghi số lô hoặc hạn dùng.", "lot_id")
        lot = self.lots.get(part.lot_id or 0)
        if part.lot_id is not None and (lot is None or lot.item_id != item.id):
            raise Refused(f"Lô đã chọn không phải của “{item.name}”. Chọn lại lô.", "lot_id")
