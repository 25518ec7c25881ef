"""The emulation movement on screen: what its pages share. The pages stand beside (views_*)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from flask_login import current_user

from portal.campaigns.queries import campaigns_of
from portal.emulation import following_rewards, printing_certificates
from portal.kit.access import ACCOUNTANT, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page
from portal.people.queries import may, open_units, units_for
from portal.units.models import Unit

__all__ = ["bp", "following_rewards", "printing_certificates"]  # importing the room makes it follow, and work

bp = Blueprint("emulation", __name__, url_prefix="/quan-ly/thi-dua")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
WRITERS = (RECORDER, ACCOUNTANT)

Crumbs = Sequence[tuple[str, str | None]]
Fields = Sequence[Sequence[tuple[Any, str | None]]]


def done(url: str, said: str) -> Response:
    """Commit, and on to an address."""
    response = go(url)
    flash(said)
    db.session.commit()
    return response


def tried(form: PortalForm, act: Callable[[], Response]) -> Response | None:
    """Do what a valid form asks; a refusal stands at its field, and nothing is written."""
    if not form.validate_on_submit():
        return None
    try:
        return act()
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return None


def clicked(act: Callable[[], str], url: str, gone: str | None = None) -> Response:
    """A step without fields: done, or its refusal on the page it came from; `gone` is where it leads when done."""
    form = PortalForm()
    try:
        if not form.validate_on_submit():
            raise Refused("Trang đã mở quá lâu. Tải lại trang rồi làm lại.")
        return done(gone or url, act())
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url)


def form_page(
    form: Any,
    title: str,
    verb: str,
    *,
    crumbs: Crumbs,
    fields: Fields,
    cancel: str,
    lead: str | None = None,
    **more: Any,
) -> Response:
    """A page of fields in columns; `fields` are (field, hint) by column."""
    return page(
        "rewards/form.html",
        status=more.pop("status", form.status),
        form=form,
        title=title,
        verb=verb,
        crumbs=crumbs,
        columns=fields,
        cancel=cancel,
        lead=lead,
        **{"theirs": (), "notes": (), **more},
    )


def own_units(*roles: str) -> dict[int, Unit]:
    """Living units in which the person has one of the roles, by id."""
    return open_units(current_user, *(roles or WRITERS))


def check_may(unit_id: int, roles: Sequence[str] | str = WRITERS) -> None:
    """403 without one of the roles in the unit."""
    if not may(current_user, roles, unit_id):
        abort(403)


def campaign_choices() -> list[tuple[int, str]]:
    """The campaigns of a person's units."""
    return [(one.id, one.name) for one in campaigns_of(units_for(current_user, *READERS))]


def here(endpoint: str, **values: Any) -> str:
    """The address of a page of this room."""
    return url_for(f"emulation.{endpoint}", **values)


from portal.emulation import (  # noqa: E402, F401  (their routes join `bp`)
    albums,
    views_certificates,
    views_criteria,
    views_evidence,
    views_initiatives,
    views_layouts,
    views_movements,
    views_nominations,
    views_ranking,
    views_registrations,
    views_rewards,
    views_rewards_council,
    views_rewards_decision,
    views_rewards_forms,
    views_rewards_prize,
    views_rewards_runs,
    views_sheet,
)
