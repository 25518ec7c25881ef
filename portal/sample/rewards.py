"""The sample's rewards: a rule with its list, nominations, a council, decisions in force and in draft, one taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.emulation import following_rewards, printing_certificates
from portal.emulation.actions_certificates import draft_award, draft_withdrawal, issue
from portal.emulation.actions_nominations import nominate, nominate_candidates
from portal.emulation.actions_rewards import make_run, save_rule
from portal.emulation.actions_rewards_council import call_council, close_council, record_verdicts
from portal.emulation.models_certificates import Reward
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardCandidate, RewardForm
from portal.emulation.queries_certificates import texts_of
from portal.emulation.rules_nominations import AWARD, FOR, LATER, WITHDRAWAL
from portal.kit.access import APPROVER, RECORDER
from portal.kit.db import db
from portal.sample.province import Province
from portal.units.models import Unit

assert following_rewards and printing_certificates  # numbers and prizes are followed

BY_HAND = (  # subject, name, address, achievement, prize
    ("collective", "Ban Công tác Mặt trận Ấp Bàu Sen", "Xã Bàu Sen", "vận động 26 suất học bổng", 2_000_000),
    ("household", "Hộ ông Đặng Văn Sung", "Ấp Rạch Gốc", "hiến 120 m² đất làm đường vào xóm", 1_000_000),
    ("person", "Bà Lâm Thị Kiều Oanh", "Khu phố 3", "mười năm nấu cháo miễn phí cho bệnh nhân nghèo", 1_000_000),
    ("company", "Công ty TNHH Gạo Đồng Xanh", "Khu công nghiệp Minh Hòa", "ủng hộ 12 tấn gạo cho hộ nghèo", None),
    ("collective", "Chi hội Phụ nữ Ấp Trung", "Xã Bàu Sen", "nuôi heo đất, giúp 8 hội viên có vốn", 1_000_000),
)  # fmt: skip


def record_rewards(province: Province, today: date) -> None:
    """From a rule to certificates, with one postponed, one in draft and one taken back."""
    by = province.people[RECORDER]
    forms = {one.key: one for one in db.session.scalars(select(RewardForm))}
    form = forms["bang_khen"]
    rule = save_rule(
        None,
        {
            "name": "Ủng hộ từ 2 triệu trong năm",
            "measure": "sum",
            "least": 2_000_000,
            "achievement": "ủng hộ [số tiền] cho người nghèo từ [từ ngày] đến [đến ngày]",
            "kinds": (),
        },
        unit=province.unit,
        form=forms["tam_long_vang"],
        by=by,
    )
    run = make_run(rule, start=date(today.year, 1, 1), end=today, by=by)
    found = select(RewardCandidate.id).where(RewardCandidate.run_id == run.id)
    ids = db.session.scalars(found.order_by(RewardCandidate.amount.desc()).limit(4)).all()
    nominate_candidates(run, list(ids), by=by)
    golden = list(db.session.scalars(select(Nomination).order_by(Nomination.id)))
    nominated = [_nominate(province, form, told, today) for told in BY_HAND]
    met = today - timedelta(days=5)
    _council(province, [*golden, *nominated], met, postponed=nominated[-1])
    _award(province, forms["tam_long_vang"], golden, met, number="81/QĐ-MTTQ-BTT")
    _award(province, form, nominated[:3], met, number="82/QĐ-MTTQ-BTT")
    _award(province, form, nominated[3:4], today, number=None, issued=False)
    _take_back(province, nominated[2], today)
    carrier = ("company", "Hợp tác xã Vận tải Sông Tiền", None, "chở quà miễn phí đến các xã vùng sâu", None)
    letter = _nominate(province, forms["thu_cam_on"], carrier, today)
    _award(province, forms["thu_cam_on"], [letter], today, number=None)
    _in_commune(province, forms["giay_khen"], met)
    group = ("collective", "Tổ tự quản số 7", "Ấp Thạnh", "sửa 3 căn nhà dột cho hộ neo đơn", None)
    _nominate(province, form, group, today)


def _in_commune(province: Province, form: RewardForm, day: date) -> None:
    """What the chair of a commune gives: the fourth form of certificate."""
    commune = province.communes[0]
    told = ("household", "Hộ bà Phan Thị Út", "Ấp Phú Lợi", "nhận giúp đỡ hai cháu mồ côi từ năm 2019", None)
    nomination = _nominate(province, form, told, day, unit=commune)
    _council(province, [nomination], day, unit=commune, place="Trụ sở Ủy ban MTTQ xã")
    _award(province, form, [nomination], day, number="17/QĐ-MTTQ", unit=commune)


def _nominate(
    province: Province,
    form: RewardForm,
    told: tuple[Any, ...],
    today: date,
    *,
    unit: Unit | None = None,
) -> Nomination:
    subject, name, address, achievement, prize = told
    values = {
        "subject": subject,
        "name": name,
        "address": address,
        "achievement": achievement,
        "starts_on": date(today.year, 1, 1),
        "ends_on": today,
        "prize": prize,
        "movement": "Vì người nghèo – Không để ai bị bỏ lại phía sau",
    }
    if subject == "household":
        values |= {"shown_as": "initials", "consent": "Chủ hộ đồng ý, giấy lưu hồ sơ Mặt trận"}
    return nominate(unit or province.unit, form, values, by=province.people[RECORDER])


def _council(
    province: Province,
    about: list[Nomination],
    day: date,
    *,
    postponed: Nomination | None = None,
    unit: Unit | None = None,
    place: str = "Trụ sở Ủy ban MTTQ tỉnh",
) -> None:
    head = {
        "met_on": day,
        "place": place,
        "chair": province.people[APPROVER].name,
        "secretary": province.people[RECORDER].name,
        "members": f"{province.people[APPROVER].name}, Chủ tịch\nTrần Thị Thắm, Ủy viên\nLê Văn Đồng, Ủy viên",
    }
    council = call_council(
        unit or province.unit, head, [one.id for one in about], by=province.people[RECORDER]
    )
    said = {one.id: {"verdict": FOR, "votes_for": 5, "votes_against": 0} for one in about}
    if postponed is not None:
        said[postponed.id] = {
            "verdict": LATER,
            "votes_for": 2,
            "votes_against": 3,
            "note": "Bổ sung xác nhận của ấp",
        }
    record_verdicts(council, head, said)
    close_council(council)


def _head(unit: Unit, what: str, day: date, number: str | None, form: str) -> dict[str, Any]:
    verb = "tặng" if what == AWARD else "thu hồi"
    texts = vars(texts_of(unit, what, day))
    return {"number": number, "decided_on": day, "subject": f"Về việc {verb} {form}", **texts}


def _award(
    province: Province,
    form: RewardForm,
    about: list[Nomination],
    day: date,
    *,
    number: str | None,
    issued: bool = True,
    unit: Unit | None = None,
) -> None:
    unit = unit or province.unit
    head = _head(unit, AWARD, day, number, form.name)
    draft = draft_award(unit, form, [one.id for one in about], head=head, by=province.people[RECORDER])
    if issued:
        issue(draft, by=province.people[APPROVER])


def _take_back(province: Province, nomination: Nomination, day: date) -> None:
    reward = db.session.scalars(select(Reward).where(Reward.nomination_id == nomination.id)).one()
    head = _head(province.unit, WITHDRAWAL, day, "83/QĐ-MTTQ-BTT", reward.form.name)
    draft = draft_withdrawal(
        province.unit,
        [reward.id],
        reason="Thành tích đã được cơ quan khác khen.",
        head=head,
        by=province.people[RECORDER],
    )
    issue(draft, by=province.people[APPROVER])
