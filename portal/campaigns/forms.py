"""The shape of a campaign on screen."""

from __future__ import annotations

from portal.kit.forms import AmountField, ChoiceField, DayField, PortalForm, TextField


class CampaignForm(PortalForm):
    """A new campaign; the view offers units and funds."""

    name = TextField("Tên đợt")
    code = TextField("Mã đợt", max_length=40)
    unit_id = ChoiceField("Đơn vị phát động")
    fund_id = ChoiceField("Quỹ")
    starts_on = DayField("Từ ngày")
    ends_on = DayField("Đến ngày", required=False)
    target = AmountField("Chỉ tiêu toàn đợt", required=False)
    legal_basis = TextField("Căn cứ", required=False, max_length=300)


class CampaignChangeForm(PortalForm):
    """What may still change of a campaign; `target_<unit id>` fields are added per unit by `with_targets`."""

    name = TextField("Tên đợt")
    starts_on = DayField("Từ ngày")
    ends_on = DayField("Đến ngày", required=False)
    legal_basis = TextField("Căn cứ", required=False, max_length=300)

    def target_fields(self) -> list[AmountField]:
        """The amounts per unit, in the order of the page."""
        return [field for field in self if field.short_name.startswith("target_")]


def with_targets(units: list[tuple[int, str]]) -> type[CampaignChangeForm]:
    """The form with one optional amount for each (unit id, label)."""
    fields = {f"target_{unit_id}": AmountField(label, required=False) for unit_id, label in units}
    return type("CampaignTargetsForm", (CampaignChangeForm,), fields)
