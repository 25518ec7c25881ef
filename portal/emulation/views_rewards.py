"""Rules over the books, what they find, and who agrees to be named. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.donors import queries as donors
from portal.emulation import actions_rewards as actions
from portal.emulation import queries_nominations as queries
from portal.emulation import queries_rewards as found
from portal.emulation.forms_rewards import RuleForm, RunForm, rule_form
from portal.emulation.models_rewards import RewardForm, RewardRule, RewardRun
from portal.emulation.rules_rewards import Asked, rule_text
from portal.emulation.views import (
    READERS,
    WRITERS,
    bp,
    campaign_choices,
    check_may,
    clicked,
    done,
    here,
    own_units,
    tried,
)
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import holds, may

SHOWN = 20
FILLED = "Chữ trong ngoặc vuông được điền: [số tiền], [số lần], [số năm], [từ ngày], [đến ngày], [đợt]."


def kind_names() -> dict[str, str]:
    """The kinds of givers."""
    return {key: kind.name for key, kind in donors.kinds().items()}


@bp.get("/quy-tac/")
@allow(*READERS)
def reward_rules() -> Response:
    """The rules of the person's units."""
    rows = queries.rules_for(current_user).order_by(RewardRule.ended, RewardRule.name)
    loaded = joinedload(RewardRule.unit), joinedload(RewardRule.form), joinedload(RewardRule.campaign)
    last = select(func.max(RewardRun.at)).where(RewardRun.rule_id == RewardRule.id).scalar_subquery()
    return page(
        "rewards/rules.html",
        rows=db.session.execute(rows.add_columns(last.label("last")).options(*loaded)).all(),
        rule_text=rule_text,
        kinds=kind_names(),
        may_write=holds(current_user, *WRITERS),
    )


def _offered(form: Any, rule: RewardRule | None) -> dict[int, Any]:
    units = {rule.unit_id: rule.unit} if rule else own_units()
    form.unit_id.offer([(key, one.name) for key, one in units.items()])
    form.form_id.offer([(one.id, one.name) for one in queries.forms(ended=rule is not None)])
    form.campaign_id.offer(campaign_choices())
    return units


def _rule_form(rule: RewardRule | None) -> tuple[RuleForm, dict[int, Any]]:
    kinds = list(kind_names().items())
    form = rule_form(kinds)(obj=rule)
    units = _offered(form, rule)
    if rule is not None and request.method == "GET":
        for key, _ in kinds:
            form[f"kind_{key}"].data = key in rule.donor_kinds.split(",")
    elif request.method == "GET" and len(units) == 1:
        form.unit_id.data = next(iter(units))
    return form, units


def _rule_page(form: RuleForm, rule: RewardRule | None, **more: Any) -> Response:
    name = rule.name if rule else "Thêm quy tắc"
    return page(
        "rewards/rule_form.html",
        status=more.pop("status", form.status),
        form=form,
        rule=rule,
        name=name,
        filled=FILLED,
        **{"theirs": (), "preview": None, **more},
    )


def _tried_out(form: RuleForm) -> dict[str, Any] | None:
    """Whom the rule as it is typed would find; nothing is written."""
    if not form.validate():
        return None
    try:
        asked = actions.asked_of(form.told(), form.unit_id.data, form.starts_on.data, form.ends_on.data)
    except Refused as refused:
        form.add_refusal(refused)
        return None
    return _preview(asked)


def _preview(asked: Asked) -> dict[str, Any]:
    rows = found.named(asked).order_by(None).subquery()
    sums = select(func.count(), func.coalesce(func.sum(rows.c.amount), 0)).select_from(rows)
    count, amount = db.session.execute(sums).one()
    return {
        "count": count,
        "amount": int(amount),
        "rows": db.session.execute(found.named(asked).limit(SHOWN)).all(),
        "kinds": kind_names(),
        "asked": asked,
    }


@bp.route("/quy-tac/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_reward_rule() -> Response:
    """Write a rule; it may be tried on the books before it is kept."""
    form, units = _rule_form(None)
    if request.method == "POST" and request.form.get("then") == "try":
        db.session.rollback()
        return _rule_page(form, None, preview=_tried_out(form))

    def act() -> Response:
        given = db.session.get_one(RewardForm, form.form_id.data)
        rule = actions.save_rule(
            None, form.told(), unit=units[form.unit_id.data], form=given, by=current_user
        )
        return done(here("reward_rule", rule_id=rule.id), "Đã ghi quy tắc. Lập danh sách đề xuất khi cần.")

    return tried(form, act) or _rule_page(form, None)


def _rule(rule_id: int, *, write: bool = False) -> RewardRule:
    rule = queries.rule_or_404(rule_id, for_user=current_user)
    if write:
        check_may(rule.unit_id)
    return rule


@bp.route("/quy-tac/<int:rule_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_reward_rule(rule_id: int) -> Response:
    """Change a rule; lists that were made keep what they asked."""
    rule = _rule(rule_id, write=True)
    if request.method == "POST":
        lock_row(rule)
    form, _ = _rule_form(rule)
    if request.method == "POST" and request.form.get("then") == "try":
        db.session.rollback()
        return _rule_page(form, _rule(rule_id), preview=_tried_out(form))
    theirs = changed_meanwhile(form, request.form)

    def act() -> Response:
        given = db.session.get_one(RewardForm, form.form_id.data)
        actions.save_rule(rule, form.told(), unit=rule.unit, form=given, by=current_user)
        return done(here("reward_rule", rule_id=rule_id), "Đã sửa quy tắc.")

    answer = None if theirs else tried(form, act)
    return answer or _rule_page(form, _rule(rule_id), theirs=theirs, status=409 if theirs else form.status)


@bp.route("/quy-tac/<int:rule_id>", methods=["GET", "POST"])
@allow(*READERS)
def reward_rule(rule_id: int) -> Response:
    """One rule: what it asks, the lists that were made of it, and making another."""
    rule, form = _rule(rule_id, write=request.method == "POST"), RunForm()

    def act() -> Response:
        run = actions.make_run(rule, start=form.starts_on.data, end=form.ends_on.data, by=current_user)
        return done(here("reward_run", run_id=run.id), "Đã lập danh sách đề xuất từ sổ.")

    answer = tried(form, act)
    if answer is not None:
        return answer
    rule = _rule(rule_id)
    return page(
        "rewards/rule.html",
        status=form.status,
        rule=rule,
        form=form,
        text=rule_text(rule.measure, rule.least, rule.least_a_year),
        kinds=[kind_names().get(key, key) for key in rule.donor_kinds.split(",") if key],
        runs=queries.runs_of(rule),
        may_write=may(current_user, WRITERS, rule.unit_id),
    )


@bp.post('/quy-tac/<int:rule_id>/<any("ngung", "dung-lai"):turn>')
@allow(*WRITERS)
def turn_reward_rule(rule_id: int, turn: str) -> Response:
    """Not offered any more, or again."""
    rule = _rule(rule_id, write=True)

    def act() -> str:
        actions.end_rule(rule, turn == "ngung")
        return "Đã ngừng dùng quy tắc." if turn == "ngung" else "Dùng lại quy tắc."

    return clicked(act, here("reward_rule", rule_id=rule_id))
