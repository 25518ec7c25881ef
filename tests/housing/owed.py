"""Which required papers a house lacks, read from the tables with nothing of the code that the tests judge."""

from __future__ import annotations

from sqlalchemy import text

from portal.kit.days import today_in_vietnam
from portal.kit.db import db

STEPS = ("opened", "surveyed", "approved", "started", "roofed", "finished", "handed_over")
ASKED = """
    SELECT id, name, step, source, evidence FROM house_requirement
     WHERE valid_from <= :today AND (valid_to IS NULL OR valid_to >= :today) ORDER BY id
"""
KINDS = "SELECT DISTINCT kind FROM house_source WHERE project_id = :house AND NOT withdrawn"
PAID = """
    SELECT taken.decision_row_id AS line, taken.amount AS amount, voucher.posting_number AS number
      FROM voucher_row AS taken JOIN voucher ON voucher.id = taken.voucher_id
     WHERE voucher.state = 'paid' AND taken.refused IS NULL
     UNION ALL
    SELECT direct.decision_row_id, direct.amount, direct.posting_number FROM in_and_out AS direct
     WHERE direct.posting_number IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM ledger_posting AS back WHERE back.reverses = direct.posting_number)
"""
LINES = """
    SELECT line.decision_row_id AS line, decision.state AS state, granted.amount AS amount
      FROM house_decision_row AS line
      JOIN house_decision AS made ON made.decision_id = line.decision_id
      JOIN decision ON decision.id = made.decision_id
      JOIN decision_row AS granted ON granted.id = line.decision_row_id
     WHERE made.project_id = :house
"""
MINUTED = """
    SELECT paper.posting_number FROM house_handover_paper AS paper
      JOIN house_handover AS minutes ON minutes.id = paper.handover_id
     WHERE minutes.project_id = :house AND minutes.state = 'signed' AND minutes.what = 'money'
"""
FILED = """
    SELECT COUNT(*) FROM house_paper
     WHERE project_id = :house AND requirement_id = :paper AND withdrawn IS NULL
"""
PHOTO = """
    SELECT COUNT(*) FROM picture_link AS link JOIN picture ON picture.id = link.picture_id
     WHERE link.kind = 'house' AND link.subject_id = :house AND link.role = :role AND picture.withdrawn IS NULL
"""
COUNTS = {
    "survey": "SELECT COUNT(*) FROM house_survey WHERE project_id = :house AND NOT replaced",
    "check": "SELECT COUNT(*) FROM house_check WHERE project_id = :house AND state = 'signed' AND passed",
    "house": "SELECT COUNT(*) FROM house_handover WHERE project_id = :house AND state = 'signed' AND what = 'house'",
}
BUDGET = """
    SELECT COUNT(*) FROM house_project AS house
     WHERE house.id = :house AND house.estimate =
           (SELECT SUM(amount) FROM house_source WHERE project_id = house.id AND NOT withdrawn)
"""


def owed(house: int, step: str) -> list[str]:
    """Names of the papers that a house (id) lacks of all that is asked up to a step."""
    kinds = set(db.session.scalars(text(KINDS), {"house": house}))
    asked = db.session.execute(text(ASKED), {"today": today_in_vietnam().isoformat()}).all()
    due = [
        one
        for one in asked
        if STEPS.index(one.step) <= STEPS.index(step) and (not one.source or one.source in kinds)
    ]
    lacking = [one.name for one in due if not _there(house, one.id, one.evidence)]
    always = ("check", "house") if step == "handed_over" else ()
    return lacking + [name for name in always if not _there(house, 0, name)]


def _there(house: int, paper: int, evidence: str) -> bool:
    def count(statement: str, **more: object) -> bool:
        return bool(db.session.scalar(text(statement), {"house": house, **more}))

    if evidence == "filed":
        return count(FILED, paper=paper)
    if evidence in COUNTS:
        return count(COUNTS[evidence])
    if evidence == "budget":
        return count(BUDGET)
    if evidence == "decision":
        return any(state == "issued" or paid for _, state, _, paid in _lines(house))
    if evidence == "money":
        return _money_is_handed_over(house)
    return count(PHOTO, role=evidence)


def _lines(house: int) -> list[tuple[int, str, int, int]]:
    """(row, state of its decision, granted, paid) of every row that was decided for the house."""
    paid = db.session.execute(text(PAID)).all()
    return [
        (line, state, amount, sum(one.amount for one in paid if one.line == line))
        for line, state, amount in db.session.execute(text(LINES), {"house": house})
    ]


def _money_is_handed_over(house: int) -> bool:
    """All that decisions in force grant is paid, and every payment stands in signed minutes."""
    lines = _lines(house)
    if any(state == "issued" and paid != amount for _, state, amount, paid in lines):
        return False
    mine = {line for line, *_ in lines}
    numbers = {one.number for one in db.session.execute(text(PAID)) if one.line in mine}
    return numbers <= set(db.session.scalars(text(MINUTED), {"house": house}))
