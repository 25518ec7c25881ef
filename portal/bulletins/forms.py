"""The shape of a bulletin's forms."""

from __future__ import annotations

from portal.kit.days import today_in_vietnam
from portal.kit.forms import ChoiceField, DayField, PortalForm


class DraftForm(PortalForm):
    """A new bulletin; the view offers units."""

    unit_id = ChoiceField("Đơn vị")
    starts_on = DayField("Từ ngày")
    ends_on = DayField("Đến ngày", default=today_in_vietnam)


class IssueForm(PortalForm):
    """Issuing a bulletin: the day on the paper."""

    day = DayField("Ngày phát hành", default=today_in_vietnam)
