"""House projects on screen: list, new ones, one house with what may be done next. The rest stands beside (views_*)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.queries import campaigns_of
from portal.households import lists as households
from portal.households import queries_registry as registry
from portal.households.models_registry import Household
from portal.housing import actions, album, following, queries, received
from portal.housing.forms import ProjectForm
from portal.housing.lists import listed, on_screen, projects_list
from portal.housing.models import HouseProject
from portal.housing.models_catalogue import HouseKind, HouseProgramme
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import holds, units_for

__all__ = ["album", "bp", "following", "received"]  # importing the room makes it follow, show and tell

bp = Blueprint("housing", __name__, url_prefix="/quan-ly/nha")
READERS, WRITERS, PROPOSERS = queries.READERS, queries.WRITERS, queries.PROPOSERS


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Projects of the person's households, the latest first."""
    spec = projects_list(
        today_in_vietnam(),
        [(one.id, one.name) for one in queries.programmes(ended=True)],
        [(one.id, one.name) for one in queries.kinds(ended=True)],
        registry.seen_places(current_user),
        campaigns_of(units_for(current_user, *READERS)),
        lambda row: url(row.HouseProject.id),
    )
    rows = listed(queries.projects_for(current_user))
    listing = on_screen(spec).run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "housing/list.html",
        "list",
        status=listing.status,
        listing=listing,
        may_open=holds(current_user, *PROPOSERS),
        print_url=f"{url_for('housing.list_pdf')}?{urlencode(request.args)}",
    )


def url(project_id: int) -> str:
    """The page of a project."""
    return url_for("housing.show", project_id=project_id)


@bp.get("/<int:project_id>")
@allow(*READERS)
def show(project_id: int) -> Response:
    """One house: how far it has come, who pays, what is missing, the next step."""
    return page(
        "housing/show.html", **views_shown.shown(queries.project_or_404(project_id, for_user=current_user))
    )


def project_to_change(project_id: int) -> HouseProject:
    """A project where the person is responsible. 404 or 403 otherwise."""
    project = queries.project_or_404(project_id, for_user=current_user)
    if not queries.may_write(current_user, project):
        abort(403)
    return project


def done(project_id: int, said: str, address: str | None = None) -> Response:
    """Commit, and back to the page of the project (or to `address`)."""
    response = go(address or url(project_id))
    flash(said)
    db.session.commit()
    return response


def attempt(form: PortalForm, act: Callable[[], Any]) -> bool:
    """Whether `act` was done; a refusal stands at its field and leaves nothing behind."""
    try:
        act()
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return False
    return True


@bp.get("/moi")
@allow(*PROPOSERS)
def choose() -> Response:
    """Which household: by the code or name of the address."""
    asked = request.args.get("q", "").strip()
    return page(
        "households/choose.html",
        title="Lập hồ sơ nhà ở",
        home=("Nhà ở", url_for("housing.index")),
        asked=asked,
        found=households.offered(current_user, asked),
        begin="housing.new",
    )


@bp.route("/moi/<int:household_id>", methods=["GET", "POST"])
@allow(*PROPOSERS)
def new(household_id: int) -> Response:
    """A house for a household; whoever sees it may propose one."""
    household = registry.standing_or_404(household_id, for_user=current_user)
    form = offered(ProjectForm())
    if form.validate_on_submit():
        made: list[HouseProject] = []
        if attempt(form, lambda: made.append(_open(household, form))):
            return done(made[0].id, "Đã lập hồ sơ. Bước sau: khảo sát.")
        household = registry.standing_or_404(household_id, for_user=current_user)
    others = queries.others_of(household_id)
    return page(
        "housing/project.html",
        status=form.status,
        form=form,
        household=household,
        project=None,
        others=others,
    )


def _open(household: Household, form: ProjectForm) -> HouseProject:
    return actions.open_project(household, *chosen(form), form.values(), by=current_user)


def offered(form: ProjectForm, project: HouseProject | None = None) -> ProjectForm:
    """The form with its catalogues; what a project bears stays on offer when it has ended."""
    programmes, kinds = queries.programmes(), queries.kinds()
    if project is not None:
        programmes = list(dict.fromkeys([*programmes, project.programme]))
        kinds = list(dict.fromkeys([*kinds, project.kind]))
    form.programme_id.offer([(one.id, one.name) for one in programmes])
    form.kind_id.offer([(one.id, one.name) for one in kinds])
    return form


def chosen(form: ProjectForm) -> tuple[HouseProgramme, HouseKind]:
    """The programme and kind of the form."""
    programme = db.session.scalars(
        select(HouseProgramme).where(HouseProgramme.id == form.programme_id.data)
    ).one()
    return programme, db.session.scalars(select(HouseKind).where(HouseKind.id == form.kind_id.data)).one()


@bp.route("/<int:project_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(project_id: int) -> Response:
    """Put the project right; once approved, its plan only."""
    project = project_to_change(project_id)
    if request.method == "POST":
        lock_row(project)
    form = offered(ProjectForm(obj=project), project)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        told = (*chosen(form), form.values())
        if attempt(form, lambda: actions.change_project(project, *told, by=current_user)):
            return done(project_id, "Đã sửa công trình.")
        project = project_to_change(project_id)
    status = 409 if theirs else form.status
    return page(
        "housing/project.html",
        status=status,
        form=form,
        household=project.household,
        project=project,
        theirs=theirs,
        others=[],
    )


from portal.housing import (  # noqa: E402, F401  (their routes join `bp`)
    views_board,
    views_catalogue,
    views_closing,
    views_handover,
    views_money,
    views_papers,
    views_shown,
    views_steps,
    views_survey,
)
