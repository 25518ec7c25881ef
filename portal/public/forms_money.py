"""What /thu-chi reads from its address: days, campaign, purpose, one kind of rows, a cursor. Shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.kit.filters import DayFilter, Filter, SelectFilter
from portal.public.money import TABS, Place, read_place
from portal.spending.models import SpendingPurpose


@dataclass(frozen=True)
class MoneyForm:
    """The fields to draw, what they say, and the address's arguments to keep in links."""

    filters: list[Filter]
    start: date
    end: date
    campaign: Campaign | None
    purpose: str
    tab: str
    before: Place | None
    args: dict[str, Any]

    @property
    def errors(self) -> dict[str, str]:
        """Sentences by the name of their field."""
        return {item.name: item.error for item in self.filters if item.error}


def _same(value: Any) -> Any:
    return value


def read_money(
    args: Mapping[str, str], campaigns: Sequence[Campaign], purposes: Sequence[SpendingPurpose], today: date
) -> MoneyForm:
    """Read the address; without days the present year up to today. Never fails; see `errors`."""
    specs = (
        DayFilter("tu", "Từ ngày", _same),
        DayFilter("den", "Đến ngày", _same),
        SelectFilter("dot", "Đợt vận động", _same, [(row.code, row.name) for row in campaigns]),
        SelectFilter("muc_dich", "Mục đích chi", _same, [(row.key, row.name) for row in purposes]),
    )
    read = {spec.name: spec.read(args) for spec in specs}
    values: dict[str, Any] = {name: value for name, (_, value) in read.items()}
    end: date = values["den"] or today
    start: date = values["tu"] or date(end.year, 1, 1)
    filters = [_filled(item, {"tu": start, "den": end}) for item, _ in read.values()]
    if end < start and not filters[1].error:
        text = "Ngày cuối trước ngày đầu. Sửa lại một trong hai ngày."
        filters[1] = replace(filters[1], error=text)
    tab = args.get("loai", "")
    kept = {item.name: args[item.name] for item in filters if args.get(item.name)}
    return MoneyForm(
        filters=filters,
        start=start,
        end=end,
        campaign={row.code: row for row in campaigns}.get(values["dot"]),
        purpose=values["muc_dich"] or "",
        tab=tab if tab in TABS else "",
        before=read_place(args.get("sau", "")),
        args=kept,
    )


def _filled(item: Filter, defaults: Mapping[str, date]) -> Filter:
    """A day that was not given shows the one that counts."""
    day = defaults.get(item.name)
    return replace(item, value=f"{day:%d/%m/%Y}") if day and not item.value else item
