"""Councils: called about chosen nominations, verdicts row by row, minutes closed and printed. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from portal.emulation import actions_rewards_council as actions
from portal.emulation import queries_nominations as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.documents_rewards import minutes_paper
from portal.emulation.forms_nominations import NewCouncilForm, verdicts_form
from portal.emulation.lists_nominations import listed_nominations, nominations_list
from portal.emulation.lists_rewards import councils_list, listed_councils
from portal.emulation.models_nominations import Nomination, RewardCouncil
from portal.emulation.views import (
    READERS,
    WRITERS,
    bp,
    check_may,
    clicked,
    done,
    here,
    own_units,
    tried,
)
from portal.frame import shows_sample
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.people.queries import holds, may

CHOSEN = "chon"


@bp.get("/hop/")
@allow(*READERS)
def councils() -> Response:
    """Meetings of the person's units."""
    spec = councils_list(lambda row: here("council", council_id=row.RewardCouncil.id))
    rows = listed_councils(queries.councils_for(current_user))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "rewards/councils.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


@bp.post("/de-nghi/chon-hop")
@allow(*WRITERS, writes=False)
def choose_for_council() -> Response:
    """The ticked nominations are taken to the page of a new meeting."""
    spec = nominations_list(queries.forms(ended=True), lambda row: "")
    rows = listed_nominations(queries.nominations_for(current_user))
    try:
        chosen = db.session.scalars(spec.chosen(rows, request.args, request.form)).all()
    except Refused:
        return go(here("new_council"))
    ids = [str(one.id) for one in chosen if one.state in rules.CHANGEABLE]
    return go(here("new_council", **{CHOSEN: ".".join(ids[:300])}))


def _ids(text: str) -> set[int]:
    return {int(part) for part in text.split(".") if part.isascii() and part.isdigit() and len(part) < 12}


def _waiting(unit_id: int | None) -> list[Nomination]:
    """Nominations that a meeting of the unit may look at."""
    mine = own_units()
    if unit_id not in mine:
        return []
    return [one for one in queries.below(unit_id, rules.CHANGEABLE) if one.form.needs_council]


@bp.route("/hop/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_council() -> Response:
    """Call a meeting about the nominations that wait."""
    form, units = NewCouncilForm(), own_units()
    form.unit_id.offer([(key, one.name) for key, one in units.items()])
    if request.method == "GET":
        form.unit_id.data = _unit_asked(units)
    ids = (
        _ids(".".join(request.form.getlist("nomination")))
        if request.method == "POST"
        else _ids(request.args.get(CHOSEN, ""))
    )

    def act() -> Response:
        one = actions.call_council(units[form.unit_id.data], form.values(), sorted(ids), by=current_user)
        return done(here("council", council_id=one.id), "Đã lập cuộc họp. Ghi kết quả xét từng dòng.")

    answer = None if request.form.get("then") == "unit" else tried(form, act)
    waiting = _waiting(form.unit_id.data)
    return answer or page(
        "rewards/new_council.html",
        status=form.status,
        form=form,
        waiting=waiting,
        ticked=ids or {one.id for one in waiting} if request.method == "GET" else ids,
        subjects=rules.SUBJECTS,
    )


def _unit_asked(units: dict[int, Any]) -> int | None:
    """The unit of the address, the only one, or the highest one in which the person writes."""
    asked = request.args.get("don_vi", "")
    if asked.isdigit() and int(asked) in units:
        return int(asked)
    top = [key for key, one in units.items() if one.parent_id not in units]
    return top[0] if top else None


def _load(council_id: int, *, write: bool = False) -> RewardCouncil:
    one = queries.council_or_404(council_id, for_user=current_user)
    if write:
        check_may(one.unit_id)
    return one


@bp.route("/hop/<int:council_id>", methods=["GET", "POST"])
@allow(*READERS)
def council(council_id: int) -> Response:
    """The minutes: head, and for everybody for, against or postponed; then closed."""
    one = _load(council_id, write=request.method == "POST")
    form = verdicts_form(one.rows)(obj=one)
    close = request.form.get("then") == "close"

    def act() -> Response:
        actions.record_verdicts(one, form.values(), form.told())
        if close:
            actions.close_council(one)
        said = (
            "Đã chốt biên bản. Các đề nghị theo kết quả xét."
            if close
            else "Đã ghi. Chốt biên bản khi đủ kết quả."
        )
        return done(here("council", council_id=council_id), said)

    answer = tried(form, act)
    if answer is not None:
        return answer
    one = _load(council_id)
    return page(
        "rewards/council.html",
        status=form.status,
        one=one,
        form=form,
        verdicts=rules.VERDICTS,
        counts=[(name, sum(row.verdict == key for row in one.rows)) for key, name in rules.VERDICTS.items()],
        may_write=may(current_user, WRITERS, one.unit_id),
    )


@bp.get("/hop/<int:council_id>.pdf")
@allow(*READERS)
def council_pdf(council_id: int) -> Response:
    """The minutes on paper."""
    paper = minutes_paper(_load(council_id))
    html = render_paper("documents/reward_minutes.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"bien-ban-xet-khen-thuong-{council_id}")


@bp.post("/hop/<int:council_id>/mo-lai")
@allow(*WRITERS)
def open_council(council_id: int) -> Response:
    """Put closed minutes right as long as nothing rests on them."""
    one = _load(council_id, write=True)

    def act() -> str:
        actions.open_again(one)
        return "Đã mở lại biên bản."

    return clicked(act, here("council", council_id=council_id))


@bp.post("/hop/<int:council_id>/xoa")
@allow(*WRITERS)
def delete_council(council_id: int) -> Response:
    """A meeting that was called by mistake."""
    one = _load(council_id, write=True)

    def act() -> str:
        actions.delete_council(one)
        return "Đã xóa cuộc họp. Các đề nghị lại chờ xét."

    return clicked(act, here("council", council_id=council_id), here("councils"))


@bp.post("/hop/<int:council_id>/bot/<int:nomination_id>")
@allow(*WRITERS)
def take_out_of_council(council_id: int, nomination_id: int) -> Response:
    """A nomination is not looked at in this meeting after all."""
    one = _load(council_id, write=True)
    queries.nomination_or_404(nomination_id, for_user=current_user)

    def act() -> str:
        actions.take_out(one, nomination_id)
        return "Đã bớt đề nghị khỏi cuộc họp."

    return clicked(act, here("council", council_id=council_id))
