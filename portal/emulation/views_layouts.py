"""Layouts of certificates, as data of the whole installation. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_login import current_user

from portal.emulation import actions_layouts as actions
from portal.emulation import queries_layouts as queries
from portal.emulation import rules_layouts as rules
from portal.emulation.documents_certificates import render_trial
from portal.emulation.forms_layouts import LayoutForm, Shown
from portal.emulation.models_layouts import RewardLayout
from portal.emulation.views import bp, clicked, done, form_page, here, tried
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.pdf import pdf_answer
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import has_everywhere

LOCKED = "Kiểu trình bày dùng chung cho mọi đơn vị: chỉ người quản trị toàn cổng thêm, sửa được."
LEAD = "Giấy khổ A4 ngang. Giấy đã cấp in lại vẫn như cũ; điều sửa ở đây dùng cho giấy cấp từ nay."
FIRST = {"frame": "double", "colour": "gold", "national": True, "align": "centre", "title_size": 42, "name_size": 26,
         "sign_place": "right", "check_place": "left"}  # fmt: skip


def _may() -> bool:
    return has_everywhere(current_user, ADMINISTRATOR)


def _check_everywhere() -> None:
    """The catalogue is everybody's: an administrator of one unit only looks."""
    if not _may():
        abort(403)


@bp.get("/hinh-thuc/kieu/")
@allow(ADMINISTRATOR)
def layouts() -> Response:
    """Every layout, also versions that have ended."""
    rows = [
        (one, queries.look_of_layout(one), [form.name for form in queries.forms_with(one)])
        for one in queries.layouts(ended=True)
    ]
    return page("rewards/layouts.html", rows=rows, rules=rules, may_change=_may())


def _fields(form: LayoutForm) -> Any:
    return [
        [
            (form.name, None),
            (form.valid_from, "Để trống là từ trước đến nay."),
            (form.frame, None),
            (form.colour, None),
            (form.national, None),
            (form.heading, "Mỗi dòng một dòng in, nhiều nhất 3 dòng; ví dụ: QUỸ “VÌ NGƯỜI NGHÈO”."),
            (form.align, None),
            (form.title_size, None),
            (form.name_size, "Tên dài tự nhỏ lại."),
        ],
        [
            *((form[f"part_{place}"], None) for place in range(1, 4)),
            *((form[f"part_{place}"], "Để trống là không in.") for place in range(4, 7)),
            (form.sign_place, None),
            (form.check_place, "Mã QR, số vào sổ, số quyết định và mã xác minh."),
        ],
    ]


def _facts(one: RewardLayout) -> list[tuple[str, Any]]:
    """A layout as an administrator of one unit reads it."""
    look = queries.look_of_layout(one)
    return [
        ("Khung", f"{rules.FRAMES[look.frame]}, {rules.COLOURS[look.colour].lower()}"),
        ("Quốc hiệu, Tiêu ngữ", "in" if look.national else "không in"),
        ("Dòng in thêm", ", ".join(look.heading) or None),
        ("Từ trên xuống", ", ".join(rules.PARTS[part].lower() for part in look.parts)),
        ("Cỡ chữ", f"tên giấy {look.title_size}, tên người nhận {look.name_size} điểm"),
        ("Chỗ ký", rules.PLACES[look.sign_place].lower()),
        ("Chỗ mã kiểm tra", rules.PLACES[look.check_place].lower()),
    ]


def _page(form: LayoutForm, one: RewardLayout | None, **more: Any) -> Response:
    name = one.name if one else "Thêm kiểu trình bày"
    back = here("layouts")
    turn = None
    if one is not None:
        turn = (
            here("turn_layout", layout_id=one.id, turn="dung-lai" if one.valid_to else "ngung"),
            one.valid_to,
        )
    return form_page(
        form,
        name,
        "Ghi lại" if one else "Thêm kiểu",
        crumbs=[("Hình thức khen", here("reward_forms")), ("Kiểu trình bày", back), (name, None)],
        fields=_fields(form),
        cancel=back,
        lead=LEAD,
        what="kiểu này",
        locked=None if _may() else LOCKED,
        facts=_facts(one) if one else [],
        turn=turn,
        preview=here("try_layout", layout_id=one.id) if one else here("try_new_layout"),
        **more,
    )


def _form(one: RewardLayout | None) -> LayoutForm:
    if one is not None:
        return LayoutForm(obj=Shown(one))
    form = LayoutForm()
    if request.method == "GET":
        for place, part in enumerate(rules.PARTS, start=1):
            form[f"part_{place}"].data = part
        for name, value in FIRST.items():
            form[name].data = value
    return form


@bp.route("/hinh-thuc/kieu/moi", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def new_layout() -> Response:
    """One more layout."""
    if request.method == "POST":
        _check_everywhere()
    form = _form(None)

    def act() -> Response:
        actions.add_layout(form.told())
        return done(here("layouts"), "Đã thêm kiểu trình bày.")

    return tried(form, act) or _page(form, None)


@bp.route("/hinh-thuc/kieu/<int:layout_id>", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def layout(layout_id: int) -> Response:
    """Change a layout: certificates that were given keep the old one."""
    if request.method == "POST":
        _check_everywhere()
    one = queries.layout_or_404(layout_id)
    if request.method == "POST":
        lock_row(one)
    form = _form(one)
    theirs = changed_meanwhile(form, request.form)

    def act() -> Response:
        kept = actions.change_layout(one, form.told()).id == layout_id
        said = "Đã sửa kiểu trình bày." if kept else "Đã ghi thành kiểu mới từ nay; giấy đã cấp giữ kiểu cũ."
        return done(here("layouts"), said)

    answer = None if theirs else tried(form, act)
    return answer or _page(
        form, queries.layout_or_404(layout_id), theirs=theirs, status=409 if theirs else form.status
    )


@bp.post("/hinh-thuc/kieu/moi/xem-thu", defaults={"layout_id": None}, endpoint="try_new_layout")
@bp.post("/hinh-thuc/kieu/<int:layout_id>/xem-thu")
@allow(ADMINISTRATOR)
def try_layout(layout_id: int | None) -> Response:
    """A certificate of an invented person in the layout as it is typed; nothing is written."""
    one = queries.layout_or_404(layout_id) if layout_id else None
    form = _form(one)

    def act() -> Response:
        look = rules.look_of(form.told())
        borne = queries.forms_with(one) if one else []
        return pdf_answer(render_trial(look, borne[0] if borne else None), "xem-thu-giay-khen")

    return tried(form, act) or _page(form, one)


@bp.get("/hinh-thuc/kieu/<int:layout_id>.pdf")
@allow(ADMINISTRATOR)
def layout_pdf(layout_id: int) -> Response:
    """A certificate of an invented person in a layout as it is kept."""
    one = queries.layout_or_404(layout_id)
    borne = queries.forms_with(one)
    html = render_trial(queries.look_of_layout(one), borne[0] if borne else None)
    return pdf_answer(html, f"kieu-{one.key.replace('_', '-')}")


@bp.post('/hinh-thuc/kieu/<int:layout_id>/<any("ngung", "dung-lai"):turn>')
@allow(ADMINISTRATOR)
def turn_layout(layout_id: int, turn: str) -> Response:
    """End a layout today, or use it again."""
    _check_everywhere()
    one = queries.layout_or_404(layout_id)

    def act() -> str:
        actions.end_layout(one, today_in_vietnam() if turn == "ngung" else None)
        return f"{one.name}: {'ngừng dùng sau hôm nay' if turn == 'ngung' else 'dùng lại'}."

    return clicked(act, here("layouts"))
