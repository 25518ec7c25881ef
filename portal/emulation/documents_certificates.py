"""Certificates as the values their pages print: one reward, or all of a decision, on A4 landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.emulation import rules_rewards
from portal.emulation.models_certificates import Reward, RewardDecision
from portal.kit.check_codes import shown_code
from portal.kit.days import long_day
from portal.kit.pdf import render_paper
from portal.spending.texts import lines_of
from portal.units.queries import unit_texts


@dataclass(frozen=True)
class Frame:
    """What all certificates of a decision share."""

    issuer: list[str]
    office: str
    authority: str
    place_date: str
    decided: str  # "Quyết định số 45/QĐ-MTTQ-BTT ngày 10 tháng 11 năm 2026"
    signer: list[str]
    signer_name: str


@dataclass(frozen=True)
class Certificate:
    """One page. `mark` is printed across it: "ĐÃ THU HỒI"."""

    layout: str
    title: str
    giver: str
    name: str
    size: str  # of the name: "", "long", "longer"
    address: str | None
    text: str
    number: str
    code: str
    address_to_check: str
    mark: str | None


def frame_of(decision: RewardDecision) -> Frame:
    """The frame of a decision's certificates, in the texts of its day."""
    own = unit_texts(decision.unit, decision.decided_on)
    day = long_day(decision.decided_on)
    return Frame(
        issuer=own.issuing_lines,
        office=own.issuing_office,
        authority=f"{own.issuing_office} {own.owner_name}".strip().upper(),
        place_date=", ".join(part for part in (own.place, day) if part),
        decided=f"Quyết định số {decision.number} {day}" if decision.number else "",
        signer=lines_of(decision.signer_title),
        signer_name=decision.signer_name,
    )


def certificate_of(reward: Reward, prefix: str) -> Certificate:
    """The page of a reward; `prefix` is the public address of a check without its code."""
    length = len(reward.name)
    return Certificate(
        layout=reward.layout if reward.layout in rules_rewards.LAYOUTS else rules_rewards.AWARD,
        title=reward.title,
        giver=reward.giver,
        name=reward.name,
        size="longer" if length > 80 else "long" if length > 40 else "",
        address=reward.address,
        text=reward.text,
        number=reward.number,
        code=shown_code(reward.code),
        address_to_check=prefix + reward.code,
        mark="ĐÃ THU HỒI" if reward.until is not None else None,
    )


def render_certificates(
    decision: RewardDecision, rewards: Sequence[Reward], *, prefix: str, sample: bool = False
) -> str:
    """The pages of these rewards of one decision, as HTML."""
    return render_paper(
        "documents/certificates.html",
        frame=frame_of(decision),
        pages=[certificate_of(one, prefix) for one in rewards],
        sample=sample,
    )
