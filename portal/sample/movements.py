"""The sample's emulation movement: a year that was published, one that runs, good models with their stories."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlalchemy import select

from portal.emulation import actions_movements as actions
from portal.emulation import albums
from portal.emulation.actions_criteria import add_criterion, change_criterion
from portal.emulation.actions_initiatives import add_replica, answer_model, ask_to_publish, tell_model
from portal.emulation.actions_ranking import publish_ranking
from portal.emulation.actions_registrations import (
    judge_entry,
    line_of,
    register_household,
    register_person,
    register_unit,
)
from portal.emulation.actions_scoring import Typed, add_paper, hand_on, save_marks, send_back
from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel
from portal.emulation.models_movements import Movement, MovementEntry, MovementRound
from portal.emulation.queries_initiatives import ALBUM, units_to_replicate
from portal.emulation.rules_scoring import COUNCIL, DONE, SELF
from portal.files import actions as pictures
from portal.files.actions_album import attach
from portal.files.papers import ready_paper
from portal.households.models_registry import Household
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.pdf import html_to_pdf
from portal.kit.storage import present_storage
from portal.people.models import User
from portal.sample.photos import drawn
from portal.sample.province import Province

assert albums  # albums know their subjects

CRITERIA = (  # code, part, text, points, bonus
    ("1.1", "I. Tuyên truyền, vận động", "Có kế hoạch vận động Quỹ trong năm, giao chỉ tiêu đến ấp, khu phố", 500, 0),
    ("1.2", "I. Tuyên truyền, vận động", "Đạt chỉ tiêu vận động; vượt từ 10% trở lên được thưởng", 2000, 500),
    ("1.3", "I. Tuyên truyền, vận động", "Công khai thu, chi ở trụ sở và nhà văn hóa đúng hạn", 1000, 0),
    ("2.1", "II. Chăm lo hộ nghèo", "Hoàn thành số nhà Đại đoàn kết được giao", 2000, 300),
    ("2.2", "II. Chăm lo hộ nghèo", "Mỗi hộ nghèo có ít nhất một tổ chức nhận giúp đỡ", 1500, 0),
    ("2.3", "II. Chăm lo hộ nghèo", "Giúp hộ thoát nghèo theo chỉ tiêu, không có hộ tái nghèo", 2000, 200),
    ("3.1", "III. Mô hình, báo cáo", "Có ít nhất một mô hình hay được kể lại và nhân rộng", 500, 200),
    ("3.2", "III. Mô hình, báo cáo", "Báo cáo quý, năm đúng hạn, số liệu khớp sổ", 500, 0),
)  # fmt: skip
CLASSES = (
    ("Hoàn thành xuất sắc", 9500),
    ("Hoàn thành tốt", 8500),
    ("Hoàn thành", 6500),
    ("Chưa hoàn thành", 0),
)
CLUSTERS = ("Cụm số 1, các xã phía Đông", "Cụm số 2, các xã, phường phía Tây")
PROMISE = "Giúp 05 hộ thoát nghèo\nXây 02 nhà Đại đoàn kết\nVận động Quỹ đạt 110% chỉ tiêu"
STORIES = (
    (
        "Mỗi gia đình hội viên để dành một nắm gạo sau mỗi lần vo gạo nấu cơm. Cuối tháng, chi hội gom gạo ở "
        "nhà văn hóa ấp, cân, ghi sổ rồi chia cho hộ già yếu neo đơn.\n"
        "Gạo và danh sách nhận được niêm yết công khai; ai cũng xem được mình góp bao nhiêu, ai đã nhận.",
        "Sau hai năm gom được 4,2 tấn gạo, đều đặn giúp 36 hộ; không còn hộ già yếu nào trong ấp thiếu gạo.",
        36,
    ),
    (
        "Chi hội Phụ nữ chọn nghề đan lục bình vì nguyên liệu có sẵn dưới kênh, làm được lúc nông nhàn và tại nhà. "
        "Hội mời thợ giỏi về dạy một tháng, đứng ra nhận hàng của cơ sở thu mua, kiểm hàng rồi trả công theo sản phẩm.\n"
        "Hộ chưa có vốn được ứng nguyên liệu, trừ dần vào tiền công.",
        "28 hộ có việc thường xuyên, thu nhập thêm từ 2 đến 3 triệu đồng một tháng; 11 hộ đã thoát nghèo.",
        28,
    ),
)  # fmt: skip


def record_movement(province: Province, chance: random.Random, today: date) -> None:
    """Last year's ranking, published; this year's sheets, one at every step; registrations of households, people."""
    movement = db.session.scalars(select(Movement).order_by(Movement.id).limit(1)).one()
    before = _year(province, movement, today.year - 1, None)
    for place, unit in enumerate(province.communes):
        entry = register_unit(before, unit, _promise(before, place), by=province.people[RECORDER])
        _score(province, entry, chance, until=DONE)
    publish_ranking(before, without_open=False, by=province.people[APPROVER])
    now = _year(province, movement, today.year, before)
    _running(province, now, chance)
    _others(province, now, today)


def _year(province: Province, movement: Movement, year: int, like: MovementRound | None) -> MovementRound:
    values = {
        "code": f"VNN-{year}",
        "name": f"Năm {year}",
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        "register_by": date(year, 3, 31),
        "basis": f"Hướng dẫn số 15/HD-MTTQ ngày 10/01/{year}",
        "council": "Hội đồng Thi đua – Khen thưởng Mặt trận tỉnh Minh Hòa",
    }
    one = actions.add_round(movement, province.unit, values, like=like)
    if like is not None:
        _new_rules(one)
        return one
    for code, part, text, points, bonus in CRITERIA:
        told = {"code": code, "part": part, "text": text, "points": points, "bonus": bonus}
        add_criterion(one, told)
    for name in CLUSTERS:
        actions.add_cluster(one, {"name": name})
    for name, least in CLASSES:
        actions.add_class(one, {"name": name, "least": least})
    return one


def _new_rules(one: MovementRound) -> None:
    """From this year on the plan must be proven, and reports have a deadline."""
    told = ("code", "part", "text", "points", "bonus", "due_on", "needs_evidence")
    for criterion, new in (
        (one.criteria[0], {"needs_evidence": True}),
        (one.criteria[-1], {"due_on": one.ends_on}),
    ):
        change_criterion(one, criterion, {**{name: getattr(criterion, name) for name in told}, **new})


def _promise(one: MovementRound, place: int) -> dict[str, object]:
    return {
        "registered_on": one.starts_on + timedelta(days=20 + place),
        "commitment": PROMISE,
        "representative": f"Đại diện Ban vận động xã, phường số {place + 1}",
        "cluster_id": one.clusters[place % 2].id,
    }


def _by(province: Province, step: str) -> User:
    roles = {SELF: RECORDER, COUNCIL: APPROVER, "commune": APPROVER, "province": ACCOUNTANT}
    return province.people[roles[step]]


def _score(province: Province, entry: MovementEntry, chance: random.Random, *, until: str) -> None:
    """Marks and hands on until the sheet lies at a step."""
    typed = {}
    for criterion in entry.round.criteria:
        share = chance.choice((80, 90, 95, 100, 100))
        points = criterion.points * share // 1000 * 10
        bonus = chance.choice((None, criterion.bonus)) if criterion.bonus else None
        typed[criterion.id] = Typed(points, bonus, None)
    while entry.at != until:
        by = _by(province, entry.at or SELF)
        save_marks(entry, typed, by=by)
        if entry.at == SELF and entry.round.criteria[0].needs_evidence:
            _prove(entry, by)
        hand_on(entry, by=by)


def _running(province: Province, now: MovementRound, chance: random.Random) -> None:
    for place, unit in enumerate(province.communes[:6]):
        entry = register_unit(now, unit, _promise(now, place), by=province.people[RECORDER])
        if place == 0:
            _begun(province, entry)
        elif place == 4:
            _score(province, entry, chance, until="province")
            send_back(
                entry,
                to="commune",
                reason="Số nhà hoàn thành chưa khớp với biên bản bàn giao.",
                by=_by(province, "province"),
            )
        else:
            _score(province, entry, chance, until=("commune", "province", COUNCIL, "", DONE)[place - 1])


def _begun(province: Province, entry: MovementEntry) -> None:
    """A sheet that its unit has just begun: one score, one 0, the rest not scored; a PDF as evidence."""
    officer = province.people[RECORDER]
    first, second, third = entry.round.criteria[:3]
    save_marks(
        entry,
        {
            first.id: Typed(500, None, "Kế hoạch số 04/KH-BVĐ"),
            second.id: Typed(1850, 0, None),
            third.id: Typed(0, None, "Niêm yết trễ quý II"),
        },
        by=officer,
    )
    _prove(entry, officer)


def _prove(entry: MovementEntry, by: User) -> None:
    """The plan as a PDF."""
    html = f"<h1>Kế hoạch vận động</h1><p>{entry.unit.name}: kế hoạch số 04/KH-BVĐ, giao chỉ tiêu đến từng ấp.</p>"
    paper = ready_paper(html_to_pdf(html), present_storage(), name="ke-hoach-04.pdf")
    add_paper(line_of(entry, entry.round.criteria[0].id), paper, name="ke-hoach-04.pdf", by=by)


def _others(province: Province, now: MovementRound, today: date) -> None:
    officer = province.people[RECORDER]
    told = {"registered_on": now.starts_on + timedelta(days=40)}
    households = db.session.scalars(select(Household).order_by(Household.id).limit(3)).all()
    for place, household in enumerate(households):
        promise = {**told, "commitment": "Sửa lại chuồng, nuôi thêm 02 con bò\nCho con đi học đều"}
        entry = register_household(now, household, promise, by=officer)
        if place == 0:
            judge_entry(entry, achieved=True, note="Bò đã sinh sản, con học đều.", by=officer)
    person = {"person_name": "Võ Thị Thắm", "person_position": "Chi hội trưởng Phụ nữ ấp"}
    promise = {**told, **person, "commitment": "Vận động 12 hội viên nhận giúp 06 hộ nghèo"}
    register_person(now, province.communes[0], promise, by=officer)


def tell_models(chance: random.Random, today: date) -> None:
    """Stories of models that the tables have brought: one published with photos and replicas, one that waits."""
    people = {grant.role: user for user in db.session.scalars(select(User)) for grant in user.grants}
    wanted = ("Hũ gạo tình thương", "Tổ hợp tác đan lục bình")
    units: list[Initiative] = []
    for name, (story, results, households) in zip(wanted, STORIES, strict=True):
        found = db.session.scalars(
            select(Initiative).where(Initiative.name == name).order_by(Initiative.id).limit(1)
        )
        initiative = found.one()
        units.append(initiative)
        known = {key: getattr(initiative, key) for key in ("name", "form", "starts_on", "ends_on")}
        values = {
            **known,
            "story": story,
            "results": results,
            "households": households,
            "contact": "Hội Phụ nữ",
        }
        model = tell_model(initiative, values, by=people[RECORDER])
        ask_to_publish(model, by=people[RECORDER])
        if len(units) > 1:
            return
        answer_model(model, approve=True, answer=None, by=people[APPROVER])
        _photo(model.id, initiative, chance, people, today)
        _replicated(model, initiative, people[RECORDER], today)


def _photo(
    model_id: int, initiative: Initiative, chance: random.Random, people: dict[str, User], today: date
) -> None:
    storage = present_storage()
    made = pictures.ready(drawn("goods", chance), storage, name="mo-hinh.jpg")
    picture = pictures.keep_picture(
        initiative.unit,
        "photo",
        made,
        by=people[RECORDER],
        caption="Gạo gom trong tháng ở nhà văn hóa ấp",
        taken_on=today,
    )
    attach(picture, ALBUM, model_id, role="work", by=people[RECORDER])
    pictures.look(picture, people_shown=False, consent=None, boxes=[])
    pictures.publish(picture, pictures.made_public(picture, storage), by=people[APPROVER])


def _replicated(model: GoodModel, initiative: Initiative, by: User, today: date) -> None:
    communes = [unit for unit in units_to_replicate(model) if unit.parent_id == initiative.unit.parent_id]
    for place, unit in enumerate(communes[:2]):
        values = {"since_on": today - timedelta(days=200 - 60 * place), "note": "Gom gạo theo chi hội"}
        add_replica(model, unit, values, by=by)
