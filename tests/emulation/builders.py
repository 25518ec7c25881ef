"""Rewards for tests: donors with gifts, a rule, nominations, a council that agrees, a decision in force. Keywords only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donations.models import Donation
from portal.donors.actions import record_donor
from portal.donors.models import Donor
from portal.emulation import following_rewards
from portal.emulation.actions_certificates import draft_award, issue
from portal.emulation.actions_nominations import nominate
from portal.emulation.actions_rewards import save_rule
from portal.emulation.actions_rewards_council import call_council, close_council, record_verdicts
from portal.emulation.models_certificates import RewardDecision
from portal.emulation.models_nominations import Nomination, RewardCouncil
from portal.emulation.models_rewards import RewardForm, RewardRule
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import Cast, make_campaign, make_donation

assert following_rewards  # numbers, prizes and reversals are followed

HOME = "/quan-ly/thi-dua/"
DAY = date(2026, 11, 10)
YEAR = (date(2026, 1, 1), date(2026, 11, 20))
COUNCIL = {
    "met_on": DAY, "place": "Trụ sở Mặt trận xã", "chair": "Hoàng Thị Duyệt", "secretary": "Phạm Văn Ghi",
    "members": "Hoàng Thị Duyệt, Chủ tịch\nLê Thị Toán, Ủy viên", "remarks": "",
}  # fmt: skip
HEAD = {
    "number": "45/QĐ-MTTQ-BTT", "decided_on": DAY, "subject": "Về việc tặng Giấy khen",
    "grounds": "Căn cứ Luật Thi đua, khen thưởng", "articles": "Tặng Giấy khen cho [số người] có tên trong danh sách",
    "recipients": "Như Điều 3\nLưu: VT", "signer_title": "TM. BAN THƯỜNG TRỰC\nCHỦ TỊCH", "signer_name": "Hoàng Thị Duyệt",
}  # fmt: skip


def form_of(key: str = "giay_khen") -> RewardForm:
    """One of the forms that the migrations bring."""
    return db.session.scalars(select(RewardForm).where(RewardForm.key == key)).one()


def make_donor(
    *, unit: Unit, by: User, name: str = "Lê Văn Tâm", kind: str = "person", **values: Any
) -> Donor:
    """A donor whom the unit keeps."""
    return record_donor(unit=unit, kind=kind, name=name, by=by, **values)


def give(*, donor: Donor, campaign: Campaign, amount: int = 60_000_000, **details: Any) -> Donation:
    """A gift of a donor."""
    told = {"donor_name": donor.name, "donor_kind": donor.kind, **details}
    gift = make_donation(campaign=campaign, amount=amount, **told)
    gift.donor_id = donor.id
    db.session.flush()
    return gift


def make_rule(
    *, unit: Unit, by: User, key: str = "giay_khen", name: str = "Ủng hộ từ 50 triệu", **values: Any
) -> RewardRule:
    """A rule: gifts from 50 triệu unless told otherwise."""
    told = {
        "name": name, "measure": "sum", "least": 50_000_000, "least_a_year": None, "campaign_id": None, "kinds": (),
        "with_goods": False, "achievement": "ủng hộ [số tiền] từ [từ ngày] đến [đến ngày]", **values,
    }  # fmt: skip
    return save_rule(None, told, unit=unit, form=form_of(key), by=by)


def make_nomination(
    *,
    cast: Cast,
    name: str = "Chi hội Phụ nữ Ấp Giả",
    key: str = "giay_khen",
    unit: Unit | None = None,
    **values: Any,
) -> Nomination:
    """A collective by a free name."""
    told = {
        "subject": "collective", "name": name, "address": "Ấp Giả", "achievement": "vận động 20 suất quà Tết",
        "starts_on": YEAR[0], "ends_on": YEAR[1], **values,
    }  # fmt: skip
    return nominate(unit or cast.commune, form_of(key), told, by=cast.officer)


def make_council(
    *, cast: Cast, nominations: Sequence[Nomination], verdict: str = "for", closed: bool = True
) -> RewardCouncil:
    """A meeting that says the same of all."""
    council = call_council(cast.commune, COUNCIL, [one.id for one in nominations], by=cast.officer)
    said = {"verdict": verdict, "votes_for": 5, "votes_against": 0, "note": None}
    record_verdicts(council, COUNCIL, {one.id: said for one in nominations})
    if closed:
        close_council(council)
    return council


def make_award(
    *, cast: Cast, nominations: Sequence[Nomination], issued: bool = True, key: str = "giay_khen", **head: Any
) -> RewardDecision:
    """A decision on nominations that the council agrees to."""
    make_council(cast=cast, nominations=nominations)
    decision = draft_award(
        cast.commune, form_of(key), [one.id for one in nominations], head={**HEAD, **head}, by=cast.officer
    )
    return issue(decision, by=cast.chair) if issued else decision


def make_year(*, unit: Unit) -> Campaign:
    """A campaign without an end, for gifts of many years."""
    return make_campaign(unit=unit, starts_on=date(2010, 1, 1), ends_on=None)
