"""Certificates as the values their pages print: one reward, or all of a decision, on A4 landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.emulation.models_certificates import Reward, RewardDecision
from portal.emulation.models_rewards import RewardForm
from portal.emulation.queries_layouts import looks
from portal.emulation.rules_layouts import Look
from portal.emulation.rules_nominations import certificate_text, words_of
from portal.kit.check_codes import shown_code
from portal.kit.days import long_day, today_in_vietnam
from portal.kit.pdf import render_paper
from portal.spending.texts import lines_of
from portal.units.queries import top_unit, unit_texts


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

    look: Look
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


def certificate_of(reward: Reward, prefix: str, look: Look) -> Certificate:
    """The page of a reward; `prefix` is the public address of a check without its code."""
    length = len(reward.name)
    return Certificate(
        look=look,
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
    known = looks(one.layout for one in rewards)
    return render_paper(
        "documents/certificates.html",
        frame=frame_of(decision),
        pages=[certificate_of(one, prefix, known[one.layout]) for one in rewards],
        sample=sample,
    )


def render_trial(look: Look, form: RewardForm | None) -> str:
    """A certificate of an invented person, of a form's words or the usual ones, as HTML. It can be checked nowhere."""
    day, unit = today_in_vietnam(), top_unit()
    own = unit_texts(unit, day) if unit else None
    words = words_of(
        achievement="vận động, ủng hộ 60.000.000 đồng xây nhà Đại đoàn kết cho hộ nghèo",
        movement="Vì người nghèo",
        campaign="Tháng cao điểm",
        span=f"năm {day.year}",
        unit=unit.name if unit else "",
        prize=None,
    )
    office = own.issuing_office if own else ""
    frame = Frame(
        issuer=own.issuing_lines if own else [],
        office=office,
        authority=f"{office} {own.owner_name if own else ''}".strip().upper(),
        place_date=", ".join(part for part in (own.place if own else "", long_day(day)) if part),
        decided=f"Quyết định số …… {long_day(day)}",
        signer=["TM. BAN THƯỜNG TRỰC", own.signer_title if own else "CHỦ TỊCH"],
        signer_name="Nguyễn Thị Giả Định",
    )
    one = Certificate(
        look=look,
        title=form.title if form else "GIẤY KHEN",
        giver=form.giver if form else "TẶNG",
        name="Lê Văn Mẫu",
        size="",
        address="Ấp Giả, Xã Giả Định",
        text=certificate_text(form.text if form else "Đã có thành tích: [thành tích].", words),
        number=f"{form.series if form else 'GK'}-0000/{day.year}",
        code="0000-0000",
        address_to_check="https://vidu.vn/xac-minh/00000000",
        mark=None,
    )
    return render_paper("documents/certificates.html", frame=frame, pages=[one], sample=True)
