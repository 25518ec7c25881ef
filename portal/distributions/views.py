"""Distributions on screen: all lists, one list, its steps. The rest stands beside (views_*)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from portal.campaigns.queries import campaigns_of
from portal.distributions import actions_decide as _follows_decisions  # noqa: F401
from portal.distributions import actions_fairness as _asked_at_the_lock  # noqa: F401
from portal.distributions import (
    actions_list,
    actions_lock,
    album,
    lists,
    queries,
    rules,
    story,
)
from portal.distributions import actions_release as _follows_vouchers  # noqa: F401
from portal.distributions import aid_later as _counts_what_came_later  # noqa: F401
from portal.distributions import queries_fairness as fairness
from portal.distributions import queries_rows as found
from portal.distributions import received as _tells_households  # noqa: F401
from portal.distributions import received_later as _tells_later  # noqa: F401
from portal.distributions.forms import CodesForm, ReleaseForm
from portal.distributions.models import Distribution
from portal.distributions.queries_norms import norm_for
from portal.files.album import Album, album_of
from portal.goods.rules import format_quantity
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm, ReasonForm
from portal.kit.listing import BulkAction
from portal.kit.web import go, page
from portal.people.queries import holds, open_units, units_for

bp = Blueprint("distributions", __name__, url_prefix="/quan-ly/trao-qua")
READERS, WRITERS = queries.READERS, queries.WRITERS

Door = Callable[[Distribution], tuple[str, str] | None]
DOORS: list[Door] = []
"""What other pages of the room offer on the page of a list: (text, address), or None in its present state."""


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Lists of the person's units."""
    campaigns = [(item.id, item.name) for item in campaigns_of(units_for(current_user, *READERS))]
    units = [(unit.id, unit.name) for unit in open_units(current_user, *READERS).values()]
    spec = lists.lists_list(
        campaigns, units, lambda row: url_for("distributions.show", list_id=row.Distribution.id)
    )
    rows = lists.listed(queries.distributions_for(current_user))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "distributions/lists.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def list_or_404(list_id: int) -> Distribution:
    """The list, if the person may read its unit."""
    return queries.distribution_or_404(list_id, for_user=current_user)


def list_to_change(list_id: int) -> Distribution:
    """A list in whose unit the person may write. 404 or 403 otherwise."""
    distribution = list_or_404(list_id)
    if not queries.may_write(current_user, distribution):
        abort(403)
    return distribution


@bp.get("/<int:list_id>")
@allow(*READERS)
def show(list_id: int) -> Response:
    """One list: head, portions, households, story, and the next steps."""
    return show_list(list_or_404(list_id))


def rows_spec(distribution: Distribution) -> Any:
    """The table of a list's rows."""
    portions = [(portion.id, portion.name) for portion in found.portions_of(distribution)]
    return lists.rows_list(
        distribution, portions, lambda row: url_for("households.show", household_id=row.head.id)
    )


def _album(distribution: Distribution) -> Album | None:
    """Photos belong to lists that are handed out."""
    if distribution.state not in (rules.APPROVED, rules.RELEASED, rules.CLOSED):
        return None
    return album_of(album.KIND, distribution.id, distribution, for_user=current_user)


def show_list(distribution: Distribution, *, said: list[str] | None = None, **forms: PortalForm) -> Response:
    """The page of a list; `forms` came back with errors; `said`: what became of pasted codes."""
    spec, rows = rows_spec(distribution), lists.rows_with_households(distribution)
    download = spec.download(rows, request.args)
    if download is not None:
        return download
    listing = spec.run(
        rows, request.args, url_for("distributions.show", list_id=distribution.id), _bulk(distribution)
    )
    portions = found.portions_of(distribution)
    known: dict[str, Any] = {
        "lock_form": PortalForm(None),
        "delete_form": PortalForm(None),
        "unlock_form": ReasonForm(None),
        "cancel_form": ReasonForm(None),
        "back_form": ReasonForm(None),
        "add_form": CodesForm(None, prefix="them"),
        "exclude_form": CodesForm(None, prefix="loai"),
        "release_form": ReleaseForm(None),
        **forms,
    }
    for name in ("add_form", "exclude_form"):
        known[name].portion_id.offer([(portion.id, portion.name) for portion in portions])
    return page(
        "distributions/show.html",
        "rows",
        status=max(listing.status, *(form.status for form in known.values())),
        one=distribution,
        listing=listing,
        portions=portions,
        goods_of=lists.goods_of,
        states=rules.STATES,
        steps=story.steps_of(distribution),
        story=story.story_of(distribution),
        count=found.count_rows(distribution),
        money=found.money_of(distribution),
        goods=found.goods_of(distribution),
        quantity=format_quantity,
        norm=norm_for(distribution),
        need=fairness.reasons_needed(distribution) if distribution.state == rules.DRAFT else None,
        missing=queries.missing(distribution) if distribution.state == rules.APPROVED else [],
        goods_out=found.goods_documents(distribution, "out"),
        doors=[door for door in (asked(distribution) for asked in DOORS) if door is not None],
        said=said or [],
        album=_album(distribution),
        **_may(distribution),
        **known,
    )


def _bulk(distribution: Distribution) -> list[BulkAction]:
    if distribution.state != rules.DRAFT or not queries.may_write(current_user, distribution):
        return []
    moves = [
        BulkAction(
            f"Chuyển sang “{portion.name}”",
            url_for("distributions.move_rows", list_id=distribution.id, portion_id=portion.id),
        )
        for portion in found.portions_of(distribution)
    ]
    drop = BulkAction("Bỏ khỏi danh sách", url_for("distributions.remove_rows", list_id=distribution.id), "x")
    return [drop, *(moves if len(moves) > 1 else [])]


def _may(one: Distribution) -> dict[str, bool]:
    """What this person may do with the list in the state it is in."""
    writer = queries.may_write(current_user, one)
    maker = current_user.id in (one.prepared_by_id, one.locked_by_id)
    approver = queries.may_approve(current_user, one) and not maker
    return {
        "may_edit": writer and one.state == rules.DRAFT,
        "may_delete": writer and one.state == rules.DRAFT and one.locked_at is None,
        "may_unlock": writer and one.state == rules.LOCKED,
        "may_draft": writer and one.state == rules.LOCKED and one.decision_id is None,
        "may_cancel": writer and one.state in rules.CANCELLABLE,
        "may_approve": approver and one.state == rules.DECIDED,
        "may_send_back": approver and one.state in (rules.DECIDED, rules.APPROVED),
        "may_release": writer and one.state == rules.APPROVED,
        "waits_for_other": one.state == rules.DECIDED and not approver,
    }


def carry_out(
    list_id: int,
    name: str,
    form: PortalForm,
    act: Callable[[Distribution], str],
    *,
    approving: bool = False,
    to: str | None = None,
) -> Response:
    """Do one step with a list and show it again; a refusal stands at its form. 404 or 403 for others' lists."""
    distribution = list_or_404(list_id)
    may = queries.may_approve if approving else queries.may_write
    if not may(current_user, distribution):
        abort(403)
    if form.validate_on_submit():
        try:
            said = act(distribution)
            response = go(to or url_for("distributions.show", list_id=list_id))
            flash(said)
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return show_list(list_or_404(list_id), **{name: form})


@bp.post("/<int:list_id>/chot")
@allow(*WRITERS)
def lock(list_id: int) -> Response:
    """Close the draft: from now on names and portions stand."""

    def act(one: Distribution) -> str:
        actions_lock.lock_list(one, by=current_user)
        return "Đã chốt danh sách. Tên, xóm, nhóm và suất quà giữ nguyên từ lúc này."

    return carry_out(list_id, "lock_form", PortalForm(), act)


@bp.post("/<int:list_id>/mo-chot")
@allow(*WRITERS)
def unlock(list_id: int) -> Response:
    """Open a locked list again, with a reason."""
    form = ReasonForm()

    def act(one: Distribution) -> str:
        actions_lock.unlock_list(one, reason=form.reason.data or "", by=current_user)
        return "Đã mở chốt. Sửa xong thì chốt lại."

    return carry_out(list_id, "unlock_form", form, act)


@bp.post("/<int:list_id>/huy")
@allow(*WRITERS)
def cancel(list_id: int) -> Response:
    """Give the list up, with a reason."""
    form = ReasonForm()

    def act(one: Distribution) -> str:
        actions_lock.cancel_list(one, reason=form.reason.data or "", by=current_user)
        return "Đã hủy danh sách. Các hộ lại có thể vào danh sách khác của đợt."

    return carry_out(list_id, "cancel_form", form, act)


@bp.post("/<int:list_id>/xoa")
@allow(*WRITERS)
def delete(list_id: int) -> Response:
    """Throw a draft away that never was locked."""

    def act(one: Distribution) -> str:
        actions_list.delete_list(one)
        return "Đã xóa danh sách đang lập."

    return carry_out(list_id, "delete_form", PortalForm(), act, to=url_for("distributions.index"))


from portal.distributions import (  # noqa: E402, F401  (their routes join `bp`)
    views_decide,
    views_edit,
    views_fairness,
    views_handover,
    views_kept,
    views_norms,
    views_phone,
    views_rows,
    views_scans,
    views_settle,
    views_verify,
)
