"""Rules for statement lines on screen: the order in which they are asked, one of them, withdrawing."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.people.queries import may
from portal.statements import actions_rules as actions
from portal.statements import queries, queries_rules, rules_shown
from portal.statements.classes import DIRECTIONS
from portal.statements.models_settling import LineRule
from portal.statements.starters import STARTERS
from portal.statements.views import READERS, bp


@bp.get("/quy-tac/")
@allow(*READERS)
def rules() -> Response:
    """The rules of one unit in the order in which they are asked, then those that are asked no more."""
    units = queries_rules.units_with_rules(current_user, ACCOUNTANT)
    asked = request.args.get("don_vi", "")
    unit = next((one for one in units if one.code == asked), units[0] if units else None)
    if asked and (unit is None or unit.code != asked):
        abort(404)
    found = queries_rules.rules_of_unit(unit.id, for_user=current_user) if unit else []
    return page(
        "statements/rules.html",
        units=units,
        unit=unit,
        living=[rule for rule in found if not rule.withdrawn],
        withdrawn=[rule for rule in found if rule.withdrawn],
        decided=queries_rules.decided_by([rule.id for rule in found]) if found else {},
        said=rules_shown.sentence_of,
        result=rules_shown.result_of,
        directions=DIRECTIONS,
        starters=STARTERS,
        may_write=unit is not None and may(current_user, (ACCOUNTANT,), unit.id),
    )


@bp.get("/quy-tac/<int:rule_id>")
@allow(*READERS)
def rule(rule_id: int) -> Response:
    """One rule: what it says, how many lines it has decided, what may be done with it."""
    found = queries_rules.rule_or_404(rule_id, for_user=current_user)
    return page(
        "statements/rule.html",
        rule=found,
        facts=rules_shown.facts_of(found),
        decided=queries_rules.decided_by([found.id]).get(found.id, 0),
        made_by=queries.names_of([found.made_by_id]).get(found.made_by_id, "dòng lệnh"),
        may_write=may(current_user, (ACCOUNTANT,), found.unit_id),
    )


def changeable_or_404(rule_id: int) -> LineRule:
    """A rule that the person may change; 404 outside their units, 403 where they only read."""
    found = queries_rules.rule_or_404(rule_id, for_user=current_user)
    if not may(current_user, (ACCOUNTANT,), found.unit_id):
        abort(403)
    return found


@bp.post('/quy-tac/<int:rule_id>/<any("len", "xuong", "ngung", "dung-lai"):turn>')
@allow(ACCOUNTANT)
def turn_rule(rule_id: int, turn: str) -> Response:
    """Ask a rule earlier or later, no more, or again."""
    found = changeable_or_404(rule_id)
    try:
        if turn in ("len", "xuong"):
            moved = actions.move_rule(found, earlier=turn == "len")
            place = "trước" if turn == "len" else "sau"
            said = (
                f"Đã đổi thứ tự: “{found.name}” được hỏi {place} một bậc." if moved else "Thứ tự không đổi."
            )
        else:
            actions.withdraw_rule(found, withdrawn=turn == "ngung")
            word = "ngừng dùng" if found.withdrawn else "dùng lại"
            said = f"Đã {word} quy tắc “{found.name}”. Dòng đã ghi sổ giữ nguyên."
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("statements.rule", rule_id=rule_id))
    return done(found, said)


def done(found: LineRule, said: str) -> Response:
    """A rule was written: back to the list of its unit, with a sentence; commits."""
    response = go(url_for("statements.rules", don_vi=found.unit.code))
    flash(said)
    db.session.commit()
    return response


from portal.statements import views_rule_forms  # noqa: E402, F401  (the forms of a rule)
