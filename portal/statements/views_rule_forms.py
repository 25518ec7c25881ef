"""The form of a rule for statement lines: filled from a starter or a line, tried on past lines, saved."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_login import current_user
from wtforms import Field
from wtforms.fields.choices import SelectFieldBase

from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import AmountField
from portal.kit.money import format_amount
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.people.queries import may
from portal.statements import actions_rules as actions
from portal.statements import queries, queries_rules
from portal.statements.classes import ALLOWED, DIRECTIONS, DONATION, IN, KINDS, SPENDING, Rule, words_of
from portal.statements.forms_rules import RuleForm
from portal.statements.models_settling import LineRule
from portal.statements.open_lines import open_line
from portal.statements.phrases import marked, set_phrase
from portal.statements.starters import starter_of, words_for
from portal.statements.trying import MOST_READ, Trial, try_rule
from portal.statements.views import bp, me
from portal.statements.views_rules import changeable_or_404, done
from portal.units.models import Unit


def _form(found: LineRule | None = None, **options: Any) -> RuleForm:
    """The form with what this person may choose."""
    form = RuleForm(obj=found, **options)
    accounts = queries.bank_accounts_for(current_user, ACCOUNTANT)
    units = {account.unit_id: account.unit for account in accounts}
    if found is not None:
        units = {found.unit_id: found.unit}
        accounts = [account for account in accounts if account.unit_id == found.unit_id]
        form.unit_id.data = found.unit_id
    form.unit_id.offer([(unit.id, unit.name) for unit in units.values()])
    form.bank_account_id.offer(
        [(account.id, f"{account.code}, {account.bank}, {account.unit.name}") for account in accounts]
    )
    form.campaign_id.offer(
        [(one.id, f"{one.name} ({one.code})") for one in queries.campaigns_for(current_user, ACCOUNTANT)]
    )
    if form.unit_id.data is None and len(units) == 1:
        form.unit_id.data = next(iter(units))
    return form


@bp.get("/quy-tac/moi")
@allow(ACCOUNTANT)
def new_rule() -> Response:
    """The form of a new rule, filled with what the address proposes."""
    form = _form()
    _propose(form)
    return _form_page(form)


def _propose(form: RuleForm) -> None:
    """From the address: `mau` a starter, else `huong`, `tu_ngu`, `loai`; `tk` an account's code, `don_vi` a unit's."""
    args = request.args
    starter = starter_of(args.get("mau"))
    mine = queries.bank_accounts_for(current_user, ACCOUNTANT)
    account = next((one for one in mine if one.code == args.get("tk")), None)
    unit_ids = {one.unit_id for one in mine if one.unit.code == args.get("don_vi")}
    if account is not None:
        form.unit_id.data, form.bank_account_id.data = account.unit_id, account.id
    elif unit_ids:
        form.unit_id.data = unit_ids.pop()
    if starter is not None:
        numbers = [one.number for one in mine if one.unit_id == form.unit_id.data]
        form.name.data, form.words.data = starter.name, words_for(starter, numbers)
        form.direction.data, form.kind.data = starter.direction, starter.kind
        return
    if (direction := args.get("huong", "")) in DIRECTIONS:
        form.direction.data = direction
        form.kind.data = args["loai"] if args.get("loai") in ALLOWED[direction] else None
    form.words.data = nfc(args.get("tu_ngu", ""))[:500] or None


@bp.post("/quy-tac/tu-dong")
@allow(ACCOUNTANT, writes=False)
def rule_of_line() -> Response:
    """The form of a new rule, filled from a line that waits ("posting-ordinal" in `dong`): no bank text in an address."""
    line = open_line(request.form.get("dong", ""), for_user=current_user)
    if line is None:
        abort(404)
    if not may(current_user, (ACCOUNTANT,), line.account.unit_id):
        abort(403)
    form = _form(formdata=None)
    phrase = set_phrase(line.line.text, line.line.counterparty)
    wanted = request.form.get("loai", "")
    usual = DONATION if line.direction == IN else SPENDING
    form.unit_id.data, form.bank_account_id.data = line.account.unit_id, line.account.id
    form.direction.data, form.words.data = line.direction, phrase or None
    form.kind.data = wanted if wanted in ALLOWED[line.direction] else usual
    form.name.data = f"{KINDS[form.kind.data]}: {phrase}"[:100] if phrase else None
    return _form_page(form, line=line)


@bp.post("/quy-tac/moi")
@allow(ACCOUNTANT)
def make_rule() -> Response:
    """Keep a new rule; it counts for the next statement."""
    form = _form()
    if form.validate():
        try:
            made = actions.make_rule(db.session.get_one(Unit, form.unit_id.data), _values(form), by=me())
            return done(made, f"Đã lưu quy tắc “{made.name}”. Quy tắc dùng cho sao kê kiểm tra từ bây giờ.")
        except Refused as refused:
            form.add_refusal(refused)
    db.session.rollback()
    return _form_page(form, status=422)


@bp.post("/quy-tac/moi/thu")
@allow(ACCOUNTANT, writes=False)
def try_new() -> Response:
    """What the new rule would have fitted; nothing is kept."""
    return _tried(_form(), None)


@bp.get("/quy-tac/<int:rule_id>/sua")
@allow(ACCOUNTANT)
def edit_rule(rule_id: int) -> Response:
    """The form of a change."""
    found = changeable_or_404(rule_id)
    form = _form(found)
    form.base.data = _version(found)
    return _form_page(form, found)


@bp.post("/quy-tac/<int:rule_id>/sua")
@allow(ACCOUNTANT)
def change_rule(rule_id: int) -> Response:
    """Keep a change, unless somebody else was faster: then both are shown."""
    found = changeable_or_404(rule_id)
    form = _form(found)
    valid, theirs = form.validate(), _changed_since(form, found)
    if valid and not theirs:
        try:
            actions.change_rule(found, _values(form), by=me())
            return done(found, f"Đã sửa quy tắc “{found.name}”. Dòng đã ghi sổ giữ nguyên.")
        except Refused as refused:
            form.add_refusal(refused)
    db.session.rollback()
    found = changeable_or_404(rule_id)
    if theirs:
        form.base.data = _version(found)
    return _form_page(form, found, status=409 if theirs else 422, theirs=theirs)


@bp.post("/quy-tac/<int:rule_id>/sua/thu")
@allow(ACCOUNTANT, writes=False)
def try_change(rule_id: int) -> Response:
    """What the changed rule would have fitted; nothing is kept."""
    found = changeable_or_404(rule_id)
    return _tried(_form(found), found)


def _version(found: LineRule) -> str:
    return found.made_at.isoformat()


def _changed_since(form: RuleForm, found: LineRule) -> list[tuple[str, str, str]]:
    """What the form would overwrite of somebody else's change: (field, as typed here, as it is now)."""
    if form.base.data == _version(found):
        return []
    pairs = [(form[name], _values(form)[name], getattr(found, name)) for name in actions.FIELDS]
    return [
        (field.label.text, _shown(field, mine), _shown(field, now))
        for field, mine, now in pairs
        if (mine or None) != (now or None)
    ]


def _shown(field: Field, value: Any) -> str:
    if value is None or value == "":
        return "để trống"
    if isinstance(field, SelectFieldBase):
        return next((str(one.label) for one in field.choices() if one.value == value), str(value))
    return field.shown(value) if isinstance(field, AmountField) else str(value)


def _values(form: RuleForm) -> dict[str, Any]:
    return {name: form[name].data for name in actions.FIELDS}


def _tried(form: RuleForm, found: LineRule | None) -> Response:
    if form.validate():
        unit_id, values = form.unit_id.data, _values(form)
        try:
            actions.check_values(unit_id, values)
            rule = _rule_of(values)
            trial = try_rule(
                rule,
                unit_id=unit_id,
                bank_account_id=values["bank_account_id"],
                before=queries_rules.asked_before(found, unit_id),
            )
            return _form_page(form, found, trial=trial, phrases=rule.words)
        except Refused as refused:
            form.add_refusal(refused)
    return _form_page(form, found, status=422)


def _rule_of(values: dict[str, Any]) -> Rule:
    """What was typed, as the pure room compares it; it has no number yet."""
    words, least, most = words_of(values["words"] or ""), values["least"], values["most"]
    return Rule(
        0, values["name"], values["direction"], words, least, most, values["kind"], values["campaign_id"]
    )


def _form_page(
    form: RuleForm,
    found: LineRule | None = None,
    *,
    status: int = 200,
    trial: Trial | None = None,
    phrases: tuple[str, ...] = (),
    **values: Any,
) -> Response:
    return page(
        "statements/rule_form.html",
        status=status,
        form=form,
        rule=found,
        trial=trial,
        marked=lambda text: marked(text, phrases),
        kinds={**KINDS, None: "Chưa ghi loại"},
        allowed=[(DIRECTIONS[way], [_in_a_row(kind) for kind in kinds]) for way, kinds in ALLOWED.items()],
        most_read=format_amount(MOST_READ),
        **values,
    )


def _in_a_row(kind: str) -> str:
    return KINDS[kind][:1].lower() + KINDS[kind][1:]
