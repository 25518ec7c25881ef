"""Choosing the round of a list: one that exists, or a new one with a name of its own. Flushes nothing."""

from __future__ import annotations

from portal.distributions.models import Distribution
from portal.distributions.queries_rounds import rounds_near
from portal.distributions.rules_rounds import check_joins, check_new, is_about, round_key
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc

ROUND = ("round_id", "round_name", "round_reason")


def choose_round(
    distribution: Distribution,
    *,
    round_id: int | None = None,
    round_name: str | None = None,
    round_reason: str | None = None,
) -> None:
    """Put a list into the round of another list (`round_id`), or into the one of this name (else of its own).

    A name that differs in case, accents, spaces or punctuation only is the same round; one that is nearly alike
    needs a reason. Raises Refused (at the field).
    """
    if round_id is not None:
        _join(distribution, round_id, round_name)
        return
    name = nfc(round_name or distribution.round_name or distribution.content)
    fund_id, campaign_id, day = distribution.fund_id, distribution.campaign_id, distribution.handed_on
    key, before = round_key(fund_id, campaign_id, name, day), distribution.round_key
    known = rounds_near(distribution.unit, day, but=distribution.id)
    joined = next((one for one in known if one.key == key), None)
    reason = nfc(round_reason) or (distribution.round_reason if key == before else None)
    if joined is None and key != before:
        alike = [one for one in known if (one.fund_id, one.campaign_id) == (fund_id, campaign_id)]
        check_new(name, (one for one in alike if is_about(one, day)), reason)
    distribution.round_key = key
    distribution.round_name = joined.name if joined else name
    distribution.round_reason = None if joined else reason


def _join(distribution: Distribution, round_id: int, round_name: str | None) -> None:
    known = rounds_near(distribution.unit, distribution.handed_on, but=distribution.id)
    chosen = next((one for one in known if one.list_id == round_id), None)
    if chosen is None:
        raise Refused(
            "Đợt đã chọn không có quanh ngày trao này. Chọn lại đợt, hoặc sửa ngày trao.", "round_id"
        )
    if round_name and fold(round_name) != fold(chosen.name):
        raise Refused(
            f"Vừa chọn đợt “{chosen.name}”, vừa đặt tên đợt mới “{nfc(round_name)}”. Chỉ giữ một trong hai.",
            "round_id",
        )
    check_joins(chosen, distribution.fund_id, distribution.campaign_id)
    distribution.round_key, distribution.round_name = chosen.key, chosen.name
    distribution.round_reason = None
