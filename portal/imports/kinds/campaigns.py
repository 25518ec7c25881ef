"""Campaigns and their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.campaigns.actions import change_campaign, create_campaign, set_targets
from portal.campaigns.models import Campaign
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located
from portal.imports.kinds.catalogue import bring_each, known_by_code
from portal.imports.lookups import FUNDS, UNITS
from portal.imports.outcome import Problems
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT, ColumnSpec
from portal.units.models import Unit

CODE, NAME, UNIT, FUND = "Mã đợt", "Tên đợt", "Mã đơn vị", "Quỹ"
FROM, TO, TARGET, BASIS = "Từ ngày", "Đến ngày", "Chỉ tiêu", "Căn cứ"
COLUMN_OF = {"code": CODE, "name": NAME, "unit": UNIT, "fund": FUND, "starts_on": FROM, "ends_on": TO}


@dataclass(frozen=True)
class CampaignRow:
    """One campaign; ABSENT leaves a field of a known campaign alone."""

    code: str
    name: Any
    unit_id: Any
    fund_id: Any
    starts_on: Any
    ends_on: Any
    target: Any
    legal_basis: Any


def parse(cells: Cells, context: Context) -> CampaignRow:
    """A row of the list. The unit is the one that bears its code on the first day."""
    code = given(cells.text(CODE, limit=40, needed="Chưa có mã đợt. Đặt một mã, ví dụ CAODIEM-2026.")) or ""
    starts_on, ends_on = cells.day(FROM), cells.day(TO)
    unit_id: Any = ABSENT
    if cells.raw(UNIT) is not ABSENT or context.unit:
        day = given(starts_on) or today_in_vietnam()
        unit = context.unit_of(cells, day)
        context.check_alive(cells, unit, given(starts_on))
        unit_id = unit.id if unit else None
    fund_text: Any = cells.text(FUND)
    fund = context.fund_of(cells, fund_text) if fund_text is not ABSENT else None
    return CampaignRow(
        code=code,
        name=cells.text(NAME),
        unit_id=unit_id,
        fund_id=fund.id if fund else ABSENT,
        starts_on=starts_on,
        ends_on=ends_on,
        target=cells.amount(TARGET),
        legal_basis=cells.text(BASIS, limit=300),
    )


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Create or change each campaign, and set the target of its own unit."""
    codes = [item.row.code.lower() for item in located]
    found = db.session.scalars(select(Campaign).where(func.lower(Campaign.code).in_(codes)))
    known = {campaign.code.lower(): campaign for campaign in found}
    return bring_each(
        located,
        problems,
        record=lambda row: _record(row, known, context),
        code_column=CODE,
        noun="Đợt",
        column_of=COLUMN_OF,
    )


def _record(row: CampaignRow, known: dict[str, Campaign], context: Context) -> str:
    """Bring one campaign up to its row: "new", "changed" or "same". Raises Refused at a column or field."""
    campaign = known.get(row.code.lower())
    if campaign is None:
        campaign = known[row.code.lower()] = _create(row, context)
        state = "new"
    else:
        state = "changed" if _change(campaign, row, context) else "same"
    if row.target is not ABSENT and set_targets(campaign, {campaign.unit_id: row.target}, by=context.by):
        state = "new" if state == "new" else "changed"
    return state


def _create(row: CampaignRow, context: Context) -> Campaign:
    needed = (
        (given(row.name), NAME, "Chưa có tên đợt. Ghi tên như trong kế hoạch vận động."),
        (given(row.unit_id), UNIT, "Chưa có mã đơn vị của đợt mới. Ghi mã như trong danh mục đơn vị."),
        (given(row.starts_on), FROM, "Chưa có ngày bắt đầu. Ghi ngày đầu của đợt, ví dụ 17/10/2026."),
    )
    for value, column, text in needed:
        if not value:
            raise Refused(text, column)
    return create_campaign(
        code=row.code,
        name=row.name,
        unit=db.session.get_one(Unit, row.unit_id),
        fund_id=given(row.fund_id) or context.fund("").id,
        starts_on=row.starts_on,
        ends_on=given(row.ends_on),
        legal_basis=given(row.legal_basis),
    )


def _change(campaign: Campaign, row: CampaignRow, context: Context) -> bool:
    if not context.may_write(campaign.unit_id):
        raise Refused(f"Đợt “{campaign.code}” là của đơn vị khác. Bỏ dòng này, hoặc dùng mã khác.", CODE)
    if given(row.unit_id, campaign.unit_id) != campaign.unit_id:
        raise Refused(f"Đợt “{campaign.code}” đã thuộc {campaign.unit.name}. Ghi đúng mã đơn vị đó.", UNIT)
    if given(row.fund_id, campaign.fund_id) != campaign.fund_id:
        raise Refused(f"Đợt “{campaign.code}” đã thuộc quỹ khác. Ghi đúng quỹ cũ, hoặc dùng mã khác.", FUND)
    before = _facts(campaign)
    change_campaign(
        campaign,
        name=given(row.name) or campaign.name,
        starts_on=given(row.starts_on) or campaign.starts_on,
        ends_on=given(row.ends_on, campaign.ends_on),
        legal_basis=given(row.legal_basis, campaign.legal_basis),
    )
    return _facts(campaign) != before


def _facts(campaign: Campaign) -> tuple[Any, ...]:
    return campaign.name, campaign.starts_on, campaign.ends_on, campaign.legal_basis


def known(located: Sequence[Located], _context: Context) -> set[int]:
    """Rows whose campaign exists."""
    return known_by_code(located, Campaign)


def target(row: CampaignRow) -> int | None:
    """Đồng to raise."""
    return given(row.target)


def span(row: CampaignRow) -> tuple[date, ...]:
    """First and last day, where given."""
    return tuple(day for day in (row.starts_on, row.ends_on) if day)


CAMPAIGNS = Kind(
    name="campaigns",
    slug="dot-van-dong",
    label="Đợt vận động",
    lead="Các đợt vận động của quỹ với thời gian, chỉ tiêu và căn cứ.",
    columns=(
        ColumnSpec(CODE, ("Mã đợt vận động",), required=True),
        ColumnSpec(NAME, ("Tên đợt vận động", "Đợt vận động")),
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị")),
        ColumnSpec(FUND, ("Mã quỹ", "Tên quỹ")),
        ColumnSpec(FROM, ("Ngày bắt đầu", "Bắt đầu")),
        ColumnSpec(TO, ("Ngày kết thúc", "Kết thúc")),
        ColumnSpec(TARGET, ("Chỉ tiêu (đồng)", "Chỉ tiêu vận động")),
        ColumnSpec(BASIS, ("Căn cứ pháp lý", "Văn bản")),
    ),
    hints={
        CODE: "Bắt buộc. Chữ không dấu, chữ số và dấu gạch ngang, ví dụ CAODIEM-2026.",
        NAME: "Bắt buộc với đợt mới.",
        UNIT: "Đơn vị phát động; bắt buộc với đợt mới và không đổi về sau.",
        FUND: "Để trống là Quỹ “Vì người nghèo”.",
        FROM: "Bắt buộc với đợt mới.",
        TO: "Ngày cuối nhận ủng hộ; để trống khi chưa định.",
        TARGET: "Số đồng cả đợt cần vận động; để trống khi không đặt chỉ tiêu.",
        BASIS: "Số và ngày của văn bản, ví dụ 34/KH-BVĐ.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    known=known,
    lookups={UNIT: UNITS, FUND: FUNDS},
    amount=target,
    days=span,
    amount_columns=(TARGET,),
    day_columns=(FROM, TO),
)
