"""Reward forms, as data of the whole installation. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_login import current_user

from portal.emulation import actions_rewards as actions
from portal.emulation import queries_nominations as queries
from portal.emulation.forms_rewards import RewardFormForm
from portal.emulation.models_rewards import RewardForm
from portal.emulation.queries_layouts import layout_names, layouts
from portal.emulation.views import bp, clicked, done, form_page, here, tried
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_dong
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import has_everywhere

FILLED = "Chữ trong ngoặc vuông được điền: [thành tích], [phong trào], [đợt], [kỳ], [đơn vị], [tiền thưởng]."
LOCKED = "Hình thức khen dùng chung cho mọi đơn vị: chỉ người quản trị toàn cổng thêm, sửa được."


@bp.get("/hinh-thuc/")
@allow(ADMINISTRATOR)
def reward_forms() -> Response:
    """Every form, also those that have ended."""
    return page(
        "rewards/forms.html",
        forms=queries.forms(ended=True),
        layouts=layout_names(),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )


def _check_everywhere() -> None:
    """The catalogue is everybody's: an administrator of one unit only looks."""
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)


def _load(form_id: int) -> RewardForm:
    found = db.session.get(RewardForm, form_id)
    if found is None:
        abort(404)
    return found


def _offered(form: RewardFormForm, one: RewardForm | None = None) -> RewardFormForm:
    """The form with the layouts in use, and the one that it has."""
    names = {layout.key: layout.name for layout in layouts()}
    if one is not None and one.layout not in names:
        names[one.layout] = f"{layout_names().get(one.layout, one.layout)} (đã ngừng)"
    form.layout.offer(list(names.items()))
    return form


def _fields(form: RewardFormForm) -> Any:
    return [
        [
            (form.name, None),
            (form.statutory, None),
            (form.levels, "Mỗi cấp một dòng, ví dụ: xã, phường. Để trống là đơn vị nào cũng được tặng."),
            (form.needs_number, None),
            (form.needs_council, None),
            (form.prize, "Điền sẵn khi đề nghị; để trống là không kèm tiền."),
            (form.valid_from, "Để trống là từ trước đến nay."),
        ],
        [
            (form.layout, "Xem từng kiểu, thêm kiểu ở trang “Kiểu trình bày”."),
            (form.title, "Ví dụ: GIẤY KHEN."),
            (form.giver, "Ví dụ: TẶNG."),
            (form.text, FILLED),
            (form.series, "Giấy đánh số theo đơn vị, ký hiệu và năm, ví dụ GK-0001/2026."),
        ],
    ]


def _facts(one: RewardForm) -> list[tuple[str, Any]]:
    """A form as an administrator of one unit reads it."""
    yes = {True: "có", False: "không"}
    return [
        ("Theo Luật Thi đua, khen thưởng", yes[one.statutory]),
        ("Cấp đơn vị được tặng", ", ".join(one.levels.splitlines()) or "mọi cấp"),
        ("Quyết định phải có số", yes[one.needs_number]),
        ("Phải qua hội đồng xét", yes[one.needs_council]),
        ("Kiểu trình bày", layout_names().get(one.layout)),
        ("Ký hiệu sổ", one.series),
        ("Tên in trên giấy", one.title),
        ("Lời in trên giấy", one.text),
        ("Tiền thưởng kèm theo", format_dong(one.prize) if one.prize is not None else None),
    ]


def _page(form: RewardFormForm, one: RewardForm | None, **more: Any) -> Response:
    name = one.name if one else "Thêm hình thức"
    may_change = has_everywhere(current_user, ADMINISTRATOR)
    return form_page(
        form,
        name,
        "Ghi lại" if one else "Thêm hình thức",
        crumbs=[("Hình thức khen", here("reward_forms")), (name, None)],
        fields=_fields(form),
        cancel=here("reward_forms"),
        lead="Điều sửa ở đây dùng cho quyết định ban hành từ nay; giấy đã cấp giữ nguyên chữ và số.",
        what="hình thức này",
        locked=None if may_change else LOCKED,
        facts=_facts(one) if one else [],
        turn=(
            here("turn_reward_form", form_id=one.id, turn="dung-lai" if one.valid_to else "ngung"),
            one.valid_to,
        )
        if one
        else None,
        **more,
    )


@bp.route("/hinh-thuc/moi", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def new_reward_form() -> Response:
    """One more form."""
    if request.method == "POST":
        _check_everywhere()
    form = _offered(RewardFormForm())

    def act() -> Response:
        actions.add_form(form.values())
        return done(here("reward_forms"), "Đã thêm hình thức khen.")

    return tried(form, act) or _page(form, None)


@bp.route("/hinh-thuc/<int:form_id>", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def reward_form(form_id: int) -> Response:
    """Change a form."""
    if request.method == "POST":
        _check_everywhere()
    one = _load(form_id)
    if request.method == "POST":
        lock_row(one)
    form = _offered(RewardFormForm(obj=one), one)
    theirs = changed_meanwhile(form, request.form)

    def act() -> Response:
        actions.change_form(one, form.values())
        return done(here("reward_forms"), "Đã sửa hình thức khen.")

    answer = None if theirs else tried(form, act)
    return answer or _page(form, _load(form_id), theirs=theirs, status=409 if theirs else form.status)


@bp.post('/hinh-thuc/<int:form_id>/<any("ngung", "dung-lai"):turn>')
@allow(ADMINISTRATOR)
def turn_reward_form(form_id: int, turn: str) -> Response:
    """End a form today, or use it again."""
    _check_everywhere()
    one = _load(form_id)

    def act() -> str:
        actions.end_form(one, today_in_vietnam() if turn == "ngung" else None)
        return f"{one.name}: {'ngừng dùng sau hôm nay' if turn == 'ngung' else 'dùng lại'}."

    return clicked(act, here("reward_forms"))
