"""Fairness of a list, and the coverage of a commune in a year. Part of the views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy import func, select

from portal.distributions import actions_fairness as actions
from portal.distributions import actions_rows, rules
from portal.distributions import queries_fairness as fairness
from portal.distributions import queries_rows as found
from portal.distributions.lists_fairness import (
    NOTHING,
    checked_list,
    coverage_list,
    neighbours_list,
    with_told,
)
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.views import READERS, WRITERS, bp, list_or_404, list_to_change
from portal.distributions.views_rows import portion_of
from portal.households.lists import LOADED, latest_groups
from portal.households.models_registry import Household
from portal.households.queries_registry import seen_places, seen_units
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.listing import EXPORT, BulkAction
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.people.queries import may

YEARS = 6


@bp.get("/<int:list_id>/cong-bang")
@allow(*READERS)
def check(list_id: int) -> Response:
    """Who was helped often this year, who stands on another list, which neighbours never got anything."""
    return _show(list_or_404(list_id))


def _spec(one: Distribution, checked: fairness.Checked) -> Any:
    lines = fairness.told_of_rows(one) if request.args.get(EXPORT) else None
    return checked_list(
        checked, fairness.often_of(one), lambda row: url_for("households.show", household_id=row[1].id), lines
    )


def _show(one: Distribution, form: ReasonForm | None = None) -> Response:
    """The page; `form` came back with errors."""
    checked = fairness.checked_rows(one)
    spec = _spec(one, checked)
    download = spec.download(checked.rows, request.args)
    if download is not None:
        return download
    may_edit = one.state == rules.DRAFT and may(current_user, WRITERS, one.unit_id)
    bulk = [BulkAction("Ghi lý do giữ lại", url_for("distributions.override", list_id=one.id), "check")]
    drop = BulkAction("Bỏ khỏi danh sách", url_for("distributions.drop_checked", list_id=one.id), "x")
    listing = spec.run(checked.rows, request.args, request.path, [*bulk, drop] if may_edit else [])
    listing = with_told(listing, fairness.told_of_rows(one, [int(row.key) for row in listing.rows]))
    return page(
        "distributions/fairness.html",
        "list",
        status=max(listing.status, form.status if form else 200),
        one=one,
        listing=listing,
        neighbours=_count(fairness.neighbours(one).where(Household.unit_id.in_(seen_units(current_user)))),
        need=fairness.reasons_needed(one),
        often=fairness.often_of(one),
        year=one.handed_on.year,
        form=form or ReasonForm(None),
        may_edit=may_edit,
    )


def _count(rows: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


@bp.get("/<int:list_id>/chua-duoc-giup")
@allow(*READERS)
def neighbours(list_id: int) -> Response:
    """Households next door, of the same group, that got nothing this year."""
    one = list_or_404(list_id)
    spec = neighbours_list(lambda row: url_for("households.show", household_id=row.Household.id))
    mine = fairness.neighbours(one).where(Household.unit_id.in_(seen_units(current_user)))
    rows = mine.options(*LOADED).add_columns(latest_groups().label("groups"))
    may_edit = one.state == rules.DRAFT and may(current_user, WRITERS, one.unit_id)
    add = [BulkAction("Thêm vào danh sách", url_for("distributions.add_neighbours", list_id=one.id), "plus")]
    listing = spec.run(rows, request.args, request.path, add if may_edit else [])
    return spec.download(rows, request.args) or page(
        "distributions/neighbours.html",
        "list",
        status=listing.status,
        one=one,
        listing=listing,
        may_edit=may_edit,
    )


def _chosen(one: Distribution) -> list[int]:
    """Ids of the ticked rows, or of all that the filters find. Raises Refused."""
    checked = fairness.checked_rows(one)
    rows = _spec(one, checked).chosen(checked.rows, request.args, request.form)
    wanted = rows.with_only_columns(DistributionRow.id, maintain_column_froms=True).order_by(None)
    return list(db.session.scalars(wanted))


def _done(one: Distribution, said: str) -> Response:
    response = go(url_for("distributions.check", list_id=one.id))
    flash(said)
    db.session.commit()
    return response


@bp.post("/<int:list_id>/cong-bang/ly-do")
@allow(*WRITERS)
def override(list_id: int) -> Response:
    """Keep the ticked households, with a reason: asked for on a page of its own, then written."""
    one = list_to_change(list_id)
    form = ReasonForm(None) if "reason" not in request.form else ReasonForm()
    try:
        ids = _chosen(one) if not request.form.getlist("row") else _sent_rows()
        if "reason" in request.form and form.validate():
            count = actions.override(one, ids, reason=form.reason.data or "", by=current_user)
            return _done(one, f"Đã ghi lý do giữ lại {format_amount(count)} hộ.")
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("distributions.check", list_id=list_id))
    db.session.rollback()
    one = list_to_change(list_id)
    checked = fairness.checked_rows(one)
    rows = db.session.execute(checked.rows.where(DistributionRow.id.in_(ids))).all()
    return page("distributions/override.html", status=form.status, one=one, rows=rows, form=form)


def _sent_rows() -> list[int]:
    return [int(text) for text in request.form.getlist("row") if text.isdecimal() and len(text) < 16]


@bp.post("/<int:list_id>/cong-bang/bo")
@allow(*WRITERS)
def drop_checked(list_id: int) -> Response:
    """Take the ticked households off the list."""
    one = list_to_change(list_id)
    try:
        count = actions_rows.remove_rows(one, _chosen(one), by=current_user)
        return _done(one, f"Đã bỏ {format_amount(count)} hộ khỏi danh sách.")
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("distributions.check", list_id=list_id))


@bp.post("/<int:list_id>/cong-bang/them")
@allow(*WRITERS)
def add_neighbours(list_id: int) -> Response:
    """Put the ticked neighbours onto the list, with its first portion."""
    one = list_to_change(list_id)
    near = neighbours_list(lambda row: None)
    mine = fairness.neighbours(one).where(Household.unit_id.in_(seen_units(current_user)))
    try:
        wanted = near.chosen(mine, {}, request.form).order_by(None).with_only_columns(Household.id)
        portions = found.portions_of(one)
        portion = portion_of(one, portions[0].id if portions else None)
        ids = list(db.session.scalars(wanted))
        actions_rows.add_households(one, ids, portion=portion, by=current_user)
        return _done(one, f"Đã thêm {format_amount(len(ids))} hộ, suất “{portion.name}”.")
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("distributions.neighbours", list_id=list_id))


@bp.get("/do-phu")
@allow(*READERS)
def coverage() -> Response:
    """Every household of the person's units with what it received in a year, and those that received nothing."""
    this_year = today_in_vietnam().year
    asked = request.args.get("nam", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this_year
    rows, sums = fairness.covered(seen_units(current_user), year)
    rows = rows.add_columns(latest_groups().label("groups"))
    units = seen_units(current_user)
    lines = fairness.told_of_units(units, year) if request.args.get(EXPORT) else None
    spec = coverage_list(
        sums,
        seen_places(current_user),
        lambda row: url_for("households.show", household_id=row.Household.id),
        lines,
    )
    listing = spec.run(rows, request.args, request.path)
    told = fairness.told_of_units(units, year, [int(row.key) for row in listing.rows])
    listing = _with_year(with_told(listing, told, nothing=NOTHING), year)
    return spec.download(rows, request.args) or page(
        "distributions/coverage.html",
        "list",
        status=listing.status,
        listing=listing,
        year=year,
        years=list(range(this_year, this_year - YEARS, -1)),
    )


def _with_year(listing: Any, year: int) -> Any:
    """Every link and form of the list keeps the year."""

    def kept(url: str | None) -> str | None:
        return url and f"{url}{'&' if '?' in url else '?'}nam={year}"

    columns = [replace(column, sort_url=kept(column.sort_url)) for column in listing.columns]
    names = ("prev_url", "next_url", "clear_url", "export_xlsx_url", "export_csv_url")
    urls = {name: kept(getattr(listing, name)) for name in names}
    return replace(listing, columns=columns, hidden_args={**listing.hidden_args, "nam": str(year)}, **urls)
