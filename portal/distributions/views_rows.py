"""Households onto a list and off it: by criteria, by pasted codes, ticked. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.distributions import actions_rows as actions
from portal.distributions import lists, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_rows import Added
from portal.distributions.forms import BuildForm, CodesForm
from portal.distributions.models import Distribution, DistributionRow, Portion
from portal.distributions.views import WRITERS, bp, carry_out, list_to_change, rows_spec, show_list
from portal.households.lists import born_filters, filters_of, households_list, rows_of
from portal.households.models_registry import Household
from portal.households.queries_registry import households_for, seen_places
from portal.households.rules_registry import code_of
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.units.queries import subtree

ALL = "all"


def portion_of(one: Distribution, portion_id: int | None) -> Portion:
    """A portion of this list. Raises Refused."""
    known = {portion.id: portion for portion in found.portions_of(one)}
    if portion_id is None and len(known) == 1:
        return next(iter(known.values()))
    if portion_id not in known:
        raise Refused("Chưa chọn suất quà. Chọn suất mà các hộ này nhận.", "portion_id")
    return known[portion_id]


@bp.route("/<int:list_id>/them", methods=["GET", "POST"])
@allow(*WRITERS)
def build(list_id: int) -> Response:
    """Find households by criteria (the filters stand in the address) and put all of them onto the list."""
    one = list_to_change(list_id)
    if one.state != rules.DRAFT:
        return show_list(one)
    inside = households_for(current_user).where(Household.unit_id.in_(subtree(one.unit_id)))
    filters = [*filters_of(seen_places(current_user)), *born_filters()]
    spec = households_list(filters, lambda row: url_for("households.show", household_id=row.Household.id))
    form = _offered(BuildForm(), one)
    if form.validate_on_submit():
        try:
            told = _add(one, spec, inside, form)
            response = go(url_for("distributions.show", list_id=list_id))
            for text in told:
                flash(text)
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            one = list_to_change(list_id)
            _offered(form, one)
    listing = spec.run(rows_of(inside), request.args, request.path)
    status = max(listing.status, form.status)
    return page("distributions/build.html", "list", status=status, listing=listing, form=form, one=one)


def _offered(form: Any, one: Distribution) -> Any:
    portions = found.portions_of(one)
    form.portion_id.offer([(portion.id, portion.name) for portion in portions])
    if form.portion_id.data is None and len(portions) == 1:
        form.portion_id.data = portions[0].id
    return form


def _add(one: Distribution, spec: Any, inside: Any, form: BuildForm) -> list[str]:
    """Add what the filters of the address find; a sentence for each thing worth telling. Raises Refused."""
    pasted = rules.read_codes(form.excluded.data)
    wanted = spec.chosen(inside, request.args, {ALL: "1"}).order_by(None).with_only_columns(Household.id)
    asked = {name: value for name, value in request.args.items() if value}
    told = actions.add_by_criteria(
        one,
        wanted,
        portion=portion_of(one, form.portion_id.data),
        by=current_user,
        excluded=pasted.ids,
        criteria={"filters": asked, "excluded": len(pasted.ids)},
    )
    known = found.households_by_ids(pasted.ids)
    said = [rules.unknown_code_text(word) for word in pasted.unknown]
    said += [f"Không có hộ mang mã {code_of(key)}." for key in pasted.ids if key not in known]
    more = [f"Còn {len(said) - 20} mã khác không dùng được."] if len(said) > 20 else []
    return [_told(told), *said[:20], *more]


def _told(told: Added) -> str:
    parts = [f"Đã thêm {format_amount(told.added)} hộ."]
    if told.here:
        parts.append(f"{format_amount(told.here)} hộ đã có sẵn trong danh sách.")
    if told.elsewhere:
        parts.append(f"{format_amount(told.elsewhere)} hộ đang ở danh sách khác của đợt này nên không thêm.")
    if told.excluded:
        parts.append(f"{format_amount(told.excluded)} hộ được loại ra.")
    return " ".join(parts)


@bp.post("/<int:list_id>/them-ma")
@allow(*WRITERS)
def add_codes(list_id: int) -> Response:
    """Put the households with these codes onto the list, all or none."""
    form = CodesForm(prefix="them")
    form.portion_id.offer(
        [(portion.id, portion.name) for portion in found.portions_of(list_to_change(list_id))]
    )

    def act(one: Distribution) -> str:
        pasted = rules.read_codes(form.codes.data)
        if pasted.unknown:
            raise Refused(" ".join(rules.unknown_code_text(word) for word in pasted.unknown[:5]), "codes")
        if not pasted.ids:
            raise Refused("Chưa dán mã hộ nào. Dán các mã như HO000123, mỗi dòng một mã.", "codes")
        _check_seen(pasted.ids)
        portion = portion_of(one, form.portion_id.data)
        added = actions.add_households(one, pasted.ids, portion=portion, by=current_user)
        return f"Đã thêm {format_amount(len(added))} hộ, suất “{portion.name}”."

    return carry_out(list_id, "add_form", form, act)


def _check_seen(ids: list[int]) -> None:
    """A code of a household that the person may not read is as good as unknown. Raises Refused."""
    known = found.households_by_ids(ids)
    mine = households_for(current_user).where(Household.id.in_([one.id for one in known.values()]))
    seen = set(db.session.scalars(mine.with_only_columns(Household.id)))
    for asked in ids:
        if asked not in known or known[asked].id not in seen:
            raise Refused(f"Không có hộ mang mã {code_of(asked)}. Kiểm tra lại mã trong sổ hộ.", "codes")


@bp.post("/<int:list_id>/loai")
@allow(*WRITERS)
def exclude(list_id: int) -> Response:
    """Take the households with these codes off; what each other code is, is told on the page."""
    one, form = list_to_change(list_id), CodesForm(prefix="loai")
    form.portion_id.offer([(portion.id, portion.name) for portion in found.portions_of(one)])
    if form.validate_on_submit():
        try:
            told = actions.exclude(one, form.codes.data or "", by=current_user)
            if not told.removed:
                raise Refused(
                    "Không có hộ nào trong danh sách mang các mã này. " + " ".join(told.said[:10]), "codes"
                )
            response = go(url_for("distributions.show", list_id=list_id))
            flash(f"Đã loại {format_amount(told.removed)} hộ.")
            for text in told.said[:20]:
                flash(text, "warning")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            one = list_to_change(list_id)
    return show_list(one, exclude_form=form)


def chosen_rows(one: Distribution) -> list[int]:
    """Ids of the ticked rows, or of all that the filters find. Raises Refused."""
    rows = rows_spec(one).chosen(lists.rows_with_households(one), request.args, request.form)
    return list(
        db.session.scalars(
            rows.with_only_columns(DistributionRow.id, maintain_column_froms=True).order_by(None)
        )
    )


@bp.post("/<int:list_id>/bo")
@allow(*WRITERS)
def remove_rows(list_id: int) -> Response:
    """Take the ticked rows off."""
    form = PortalForm()

    def act(one: Distribution) -> str:
        count = actions.remove_rows(one, chosen_rows(one), by=current_user)
        return f"Đã bỏ {format_amount(count)} hộ khỏi danh sách."

    return carry_out(list_id, "lock_form", form, act)


@bp.post("/<int:list_id>/suat/<int:portion_id>")
@allow(*WRITERS)
def move_rows(list_id: int, portion_id: int) -> Response:
    """Give the ticked rows another portion."""

    def act(one: Distribution) -> str:
        if portion_id not in {portion.id for portion in found.portions_of(one)}:
            abort(404)
        portion = portion_of(one, portion_id)
        count = actions.move_rows(one, chosen_rows(one), portion=portion, by=current_user)
        return f"Đã chuyển {format_amount(count)} hộ sang suất “{portion.name}”."

    return carry_out(list_id, "lock_form", PortalForm(), act)
