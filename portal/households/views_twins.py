"""Households that may be one: listed, judged, parted again. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.households import actions_twins as actions
from portal.households import queries_registry as queries
from portal.households.models_change import HouseholdTwin
from portal.households.models_registry import Household
from portal.households.queries_page import portrait
from portal.households.queries_watch import likely_of, pairs_for
from portal.households.rules_registry import SEXES, code_of, likeness, person_text
from portal.households.views import READERS, WRITERS, bp, household_to_change, to
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import page


@bp.get("/trung")
@allow(*READERS)
def twins() -> Response:
    """Pairs that nobody has judged yet."""
    pairs = [
        {
            "two": [(one, code_of(one.id), queries.unit_text(one.unit)) for one in (pair.first, pair.second)],
            "reasons": ", ".join(pair.reasons),
            "url": url_for("households.compare", household_id=pair.first.id, other_id=pair.second.id),
        }
        for pair in pairs_for(current_user)
    ]
    return page("households/twins.html", pairs=pairs)


@bp.get("/<int:household_id>/so-voi/<int:other_id>")
@allow(*READERS)
def compare(household_id: int, other_id: int) -> Response:
    """The two side by side."""
    one, other = _two(household_id, other_id)
    return _compare_page(one, other)


@bp.post("/<int:household_id>/so-voi/<int:other_id>")
@allow(*WRITERS)
def judge(household_id: int, other_id: int) -> Response:
    """One household, of which the chosen one stays; or two."""
    one, other = household_to_change(household_id), household_to_change(other_id)
    verdict = request.form.get("verdict", "")
    try:
        if verdict == "different":
            actions.judge_different(one, other, current_user)
            return to(one.id, f"Đã ghi: {one.name} và {other.name} là hai hộ khác nhau.")
        if verdict not in (f"keep-{one.id}", f"keep-{other.id}"):
            raise Refused("Chưa chọn kết luận. Chọn giữ một hộ, hoặc hai hộ khác nhau.", "verdict")
        kept, gone = (one, other) if verdict == f"keep-{one.id}" else (other, one)
        actions.judge_same(kept, gone, current_user)
        return to(
            kept.id, f"Đã gộp hộ {code_of(gone.id)} vào hộ này. Gộp nhầm thì tách ra ở mục “Đã kết luận”."
        )
    except Refused as refused:
        db.session.rollback()
        one, other = _two(household_id, other_id)
        return _compare_page(one, other, refused.text)


@bp.post("/trung/<int:twin_id>/rut")
@allow(*WRITERS)
def undo_judgement(twin_id: int) -> Response:
    """Take a judgement back."""
    twin = db.session.get(HouseholdTwin, twin_id)
    if twin is None:
        abort(404)
    for household_id in (twin.first_id, twin.second_id):
        queries.household_or_404(household_id, for_user=current_user)
    try:
        actions.undo_judgement(twin, current_user)
        said = (
            "Đã tách thành hai hộ."
            if twin.same
            else "Đã rút kết luận. Hai hộ trở lại danh sách có thể trùng."
        )
        return to(twin.first_id, said)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return to(household_id)


def _two(household_id: int, other_id: int) -> tuple[Household, Household]:
    if household_id == other_id:
        abort(404)
    one, other = (
        queries.household_or_404(number, for_user=current_user) for number in (household_id, other_id)
    )
    if one.merged_into_id is not None or other.merged_into_id is not None:
        abort(404)
    return one, other


def _compare_page(one: Household, other: Household, error: str | None = None) -> Response:
    two = (one, other)
    found = [portrait(household) for household in two]
    facts = [
        ("Thôn, ấp, khu phố", *(queries.unit_text(household.unit) for household in two)),
        ("Giới tính", *(SEXES.get(household.sex or "") for household in two)),
        ("Năm sinh", *(household.birth_year for household in two)),
        ("Địa chỉ", *(household.address for household in two)),
        ("Điện thoại", *(household.phone for household in two)),
        ("Thành viên", *("; ".join(map(person_text, one.members)) for one in found)),
        (
            "Nhóm hộ",
            *("; ".join(f"{y.year}: {', '.join(y.groups)}" for y in one.years if y.groups) for one in found),
        ),
        ("Đã nhận", *(one.times for one in found)),
    ]
    return page(
        "households/compare.html",
        status=422 if error else 200,
        one=one,
        other=other,
        codes=[code_of(household.id) for household in two],
        two=two,
        facts=facts,
        reasons=likeness(likely_of(one), likely_of(other)),
        error=error,
        may_write=all(queries.may_write(current_user, household.unit) for household in two),
    )
