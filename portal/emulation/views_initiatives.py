"""Good models on screen: the list, one story, publication, replication. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.emulation import actions_initiatives as actions
from portal.emulation import queries_initiatives as queries
from portal.emulation import rules_initiatives as rules
from portal.emulation.forms_initiatives import AnswerModelForm, ModelForm, NewModelForm, ReplicaForm
from portal.emulation.lists_movements import models_list, models_listed
from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel, ModelReplica
from portal.emulation.queries_movements import READERS, WRITERS, units_to_hold
from portal.emulation.views import bp, done
from portal.files.album import album_of
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import holds
from portal.units.models import Unit


def model_url(model_id: int) -> str:
    """The page of a story."""
    return url_for("emulation.show_model", model_id=model_id)


def _row_url(row: Any) -> str | None:
    if row.GoodModel is not None:
        return model_url(row.GoodModel.id)
    if not holds(current_user, *WRITERS):
        return None
    return url_for("emulation.tell_model", initiative_id=row.Initiative.id)


@bp.get("/mo-hinh/")
@allow(*READERS)
def good_models() -> Response:
    """Models of the person's units, brought by tables or told here."""
    spec = models_list(_row_url)
    rows = models_listed(queries.models_for(current_user))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "emulation/models.html",
        "list",
        status=listing.status,
        listing=listing,
        may_add=holds(current_user, *WRITERS),
    )


@bp.get("/mo-hinh/<int:model_id>")
@allow(*READERS)
def show_model(model_id: int) -> Response:
    """One model: story, results, photos, who does the same."""
    return model_page(queries.model_or_404(model_id, for_user=current_user))


def model_page(model: GoodModel, answer: Any = None, replica: Any = None) -> Response:
    """The page of a story, with its small forms as they came back."""
    answer, replica = answer or AnswerModelForm(None), replica or ReplicaForm(None)
    replica.unit_id.offer([(unit.id, unit.name) for unit in queries.units_to_replicate(model)])
    state = rules.state_of(model.published_on, model.asked_by_id)
    return page(
        "emulation/model.html",
        status=max(answer.status, replica.status),
        model=model,
        initiative=queries.initiative_of(model),
        replicas=queries.replicas_of(model),
        album=album_of(queries.ALBUM, model.id, model, for_user=current_user),
        state=state,
        states=rules.STATES,
        badges=rules.BADGES,
        form=answer,
        replica_form=replica,
        may_write=queries.may_write_model(current_user, model.unit_id),
        may_publish=queries.may_publish_model(current_user, model),
    )


def _to_write(model_id: int) -> GoodModel:
    model = queries.model_or_404(model_id, for_user=current_user)
    if not queries.may_write_model(current_user, model.unit_id):
        abort(403)
    return model


@bp.route("/mo-hinh/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_model() -> Response:
    """A model that no table has brought."""
    form = NewModelForm()
    form.unit_id.offer([(unit.id, unit.name) for unit in units_to_hold(current_user)])
    if form.validate_on_submit():
        try:
            unit = db.session.get_one(Unit, form.unit_id.data)
            model = actions.add_model(unit, form.values(), by=current_user)
            return done(model_url(model.id), "Đã ghi mô hình. Thêm ảnh, rồi đề nghị công bố.")
        except Refused as refused:
            db.session.rollback()
            form.unit_id.offer([(unit.id, unit.name) for unit in units_to_hold(current_user)])
            form.add_refusal(refused)
    return page("emulation/model_form.html", status=form.status, form=form, initiative=None, model=None)


@bp.route("/mo-hinh/ke/<int:initiative_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def tell_model(initiative_id: int) -> Response:
    """The story of a model that a table has brought."""
    told = queries.initiative_or_404(initiative_id, for_user=current_user)
    if not queries.may_write_model(current_user, told.initiative.unit_id) or told.model is not None:
        abort(403 if told.model is None else 404)
    form = _model_form(told.initiative, None)
    if form.validate_on_submit():
        try:
            model = actions.tell_model(told.initiative, form.values(), by=current_user)
            return done(model_url(model.id), "Đã ghi câu chuyện. Thêm ảnh, rồi đề nghị công bố.")
        except Refused as refused:
            db.session.rollback()
            told = queries.initiative_or_404(initiative_id, for_user=current_user)
            form.add_refusal(refused)
    return page(
        "emulation/model_form.html", status=form.status, form=form, initiative=told.initiative, model=None
    )


class _Kept:
    """A story with name, form and days of its initiative, as the form holds them."""

    def __init__(self, initiative: Initiative, model: GoodModel | None):
        for name in ("name", "form", "starts_on", "ends_on"):
            setattr(self, name, getattr(initiative, name))
        for name in ("story", "results", "households", "people", "contact"):
            setattr(self, name, getattr(model, name) if model else None)


def _model_form(initiative: Initiative, model: GoodModel | None) -> ModelForm:
    form = ModelForm(obj=_Kept(initiative, model))
    names = [*rules.FORMS, *([initiative.form] if initiative.form not in (*rules.FORMS, "") else [])]
    form.form.offer([(name, name.capitalize()) for name in names])
    return form


@bp.route("/mo-hinh/<int:model_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def change_model(model_id: int) -> Response:
    """Other words, name, days."""
    model = _to_write(model_id)
    if request.method == "POST":
        lock_row(model)
    initiative = queries.initiative_of(model)
    form = _model_form(initiative, model)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_model(model, form.values(), by=current_user)
            return done(model_url(model_id), "Đã sửa mô hình.")
        except Refused as refused:
            db.session.rollback()
            model = _to_write(model_id)
            initiative = queries.initiative_of(model)
            form.add_refusal(refused)
    return page(
        "emulation/model_form.html",
        status=409 if theirs else form.status,
        form=form,
        initiative=initiative,
        model=model,
        theirs=theirs,
    )


@bp.post("/mo-hinh/<int:model_id>/de-nghi")
@allow(*WRITERS)
def ask_model(model_id: int) -> Response:
    """Another person is to publish it."""
    model = _to_write(model_id)
    try:
        actions.ask_to_publish(model, by=current_user)
        return done(model_url(model_id), "Đã gửi, chờ người khác công bố.")
    except Refused as refused:
        return _refused(model_id, refused)


def _refused(model_id: int, refused: Refused) -> Response:
    db.session.rollback()
    form = AnswerModelForm(None)
    form.form_errors.append(refused.text)
    return model_page(queries.model_or_404(model_id, for_user=current_user), form)


@bp.post("/mo-hinh/<int:model_id>/tra-loi")
@allow(APPROVER)
def answer_model(model_id: int) -> Response:
    """Publish, or say what to mend."""
    model, form = queries.model_or_404(model_id, for_user=current_user), AnswerModelForm()
    if not queries.may_publish_model(current_user, model):
        abort(403)
    approve = request.form.get("decision") == "approve"
    if form.validate_on_submit():
        try:
            actions.answer_model(model, approve=approve, answer=form.answer.data, by=current_user)
            return done(model_url(model_id), "Đã công bố." if approve else "Đã trả lời: không công bố.")
        except Refused as refused:
            db.session.rollback()
            model = queries.model_or_404(model_id, for_user=current_user)
            form.add_refusal(refused)
    return model_page(model, form)


@bp.route("/mo-hinh/<int:model_id>/go", methods=["GET", "POST"])
@allow(*WRITERS, APPROVER)
def take_down_model(model_id: int) -> Response:
    """Nobody outside reads it any more."""
    model, form = queries.model_or_404(model_id, for_user=current_user), ReasonForm()
    may = queries.may_write_model(current_user, model.unit_id) or queries.may_publish_model(
        current_user, model
    )
    if not may:
        abort(403)
    name = queries.initiative_of(model).name
    if form.validate_on_submit():
        try:
            actions.take_down_model(model, reason=form.reason.data)
            return done(model_url(model_id), "Đã gỡ khỏi trang công khai.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _reason(form, "Gỡ khỏi trang công khai", f"Mô hình “{name}”.", model_id, name)


def _reason(form: ReasonForm, verb: str, lead: str, model_id: int, name: str) -> Response:
    crumbs = [("Mô hình hay", url_for("emulation.good_models")), (name, model_url(model_id))]
    return page(
        "layouts/reason.html",
        status=form.status,
        form=form,
        verb=verb,
        lead=lead,
        crumbs=crumbs,
    )


@bp.post("/mo-hinh/<int:model_id>/nhan-rong")
@allow(*WRITERS)
def add_replica(model_id: int) -> Response:
    """Another unit does the same."""
    model, form = _to_write(model_id), ReplicaForm()
    form.unit_id.offer([(unit.id, unit.name) for unit in queries.units_to_replicate(model)])
    if form.validate_on_submit():
        try:
            unit = db.session.get_one(Unit, form.unit_id.data)
            actions.add_replica(model, unit, form.values(), by=current_user)
            return done(model_url(model_id) + "#nhan-rong", "Đã ghi đơn vị làm theo.")
        except Refused as refused:
            db.session.rollback()
            model = _to_write(model_id)
            form.add_refusal(refused)
    return model_page(model, replica=form)


@bp.route("/mo-hinh/<int:model_id>/nhan-rong/<int:replica_id>/bo", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_replica(model_id: int, replica_id: int) -> Response:
    """It does not hold."""
    model, form = _to_write(model_id), ReasonForm()
    replica = db.session.get(ModelReplica, replica_id)
    if replica is None or replica.model_id != model.id:
        abort(404)
    if form.validate_on_submit():
        try:
            actions.drop_replica(replica, reason=form.reason.data, by=current_user)
            return done(model_url(model_id), "Đã bỏ khỏi danh sách nhân rộng.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    name = queries.initiative_of(model).name
    return _reason(
        form, "Bỏ đơn vị làm theo", f"{replica.unit.name} không còn làm theo “{name}”.", model_id, name
    )
