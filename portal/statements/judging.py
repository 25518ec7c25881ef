"""What a finished reading comes to, in words: the outcome that the page, the command line and the job show."""

from __future__ import annotations

from typing import Any

from portal.kit.days import format_day
from portal.kit.db import db
from portal.statements import queries, rules
from portal.statements.completeness import BROKEN
from portal.statements.headers import MAPPED
from portal.statements.models import Statement
from portal.statements.outcome import ImportOutcome, certificate_of
from portal.statements.pairing import texts_of
from portal.statements.queries import Target
from portal.statements.reading import StatementReading
from portal.statements.staging import Findings


def outcome_of(reading: StatementReading, findings: Findings, target: Target, digest: str) -> ImportOutcome:
    """What came of reading a file whose SHA-256 is `digest`: counts, sums, proof, problems, remarks."""
    proof = reading.certificate
    outcome = ImportOutcome(
        new=findings.new, duplicates=findings.duplicates, account_number=reading.account_number, can_map=True
    )
    outcome.take_proof(proof)
    outcome.certificate = certificate_of(proof, mapped=reading.layout == MAPPED, paper=reading.paper)
    outcome.first_day = findings.first_day.isoformat() if findings.first_day else None
    outcome.last_day = findings.last_day.isoformat() if findings.last_day else None
    outcome.classes = [
        {"kind": kind, "direction": direction, "count": count, "sum": amount}
        for kind, direction, count, amount in findings.classes.sums()
    ]
    outcome.doubts, outcome.pledged = dict(findings.classes.doubts), findings.classes.pledged
    if proof.state == BROKEN:
        problems = reading.errors or [problem for problem in [proof.first_break] if problem]
        outcome.take_problems(problems, reading.error_count or 1)
        outcome.can_override = reading.error_count == 0
    elif not proof.rows:
        outcome.take_problems([], 1)
        text = "Sao kê không có dòng giao dịch nào. Kiểm tra lại khoảng ngày khi tải từ ngân hàng."
        outcome.messages = [{"cell": "", "message": text}]
    outcome.notes = [*proof.reasons] if proof.state != BROKEN else []
    outcome.notes += [note for note in _warnings(reading, findings, target) if note]
    outcome.notes += _meetings(digest, target, findings)
    outcome.repeated = [
        {"cell": row.address, "day": format_day(row.day), "amount": row.amount_signed, "text": row.text[:120]}
        for row in findings.repeated
    ]
    outcome.paired, outcome.pairs = findings.paired, _pairs(findings)
    return outcome


def _pairs(findings: Findings) -> list[dict[str, Any]]:
    """The first rows that are lines already, with the text that is there and the new one."""
    known = dict(texts_of((pair.other_id, pair.other_ordinal) for pair in findings.pairs))
    db.session.rollback()
    return [
        {
            "cell": pair.row.address,
            "day": format_day(pair.row.day),
            "amount": pair.row.amount_signed,
            "old": known[pair.other_id, pair.other_ordinal],
            "new": pair.row.text,
        }
        for pair in findings.pairs
    ]


def _warnings(reading: StatementReading, findings: Findings, target: Target) -> list[str | None]:
    late = None
    if target.starts_on is not None:
        late = rules.outside_campaign(
            *findings.outside(target.starts_on, target.ends_on), target.starts_on, target.ends_on
        )
    doubtful = rules.added_in_doubt(findings.doubtful)
    return [rules.check_number(reading.account_number, target.account_number), doubtful, late]


def met_by(statement: Statement) -> list[str]:
    """What a statement has in common with others that are posted, also with those that came later.

    What its reasons have said already is not said again.
    """
    twins = queries.twins_of(
        statement.bank_account_id, statement.file_sha256, statement.first_day, statement.last_day
    )
    told = [
        rules.meeting(
            twin.file_name,
            twin.first_day,
            twin.last_day,
            twin.imported_at,
            twin.file_sha256 == statement.file_sha256,
        )
        for twin in twins
        if twin.id != statement.id
    ]
    return [sentence for sentence in told if sentence not in (statement.reasons or [])]


def equation_of(statement: Statement) -> tuple[str, bool] | None:
    """`rules.equation` of a statement."""
    return rules.equation(statement.opening, statement.credit_sum, statement.debit_sum, statement.closing)


def _meetings(digest: str, target: Target, findings: Findings) -> list[str]:
    """Sentences about posted statements that are the same file, or cover some of the same days."""
    twins = queries.twins_of(target.account_id, digest, findings.first_day, findings.last_day)
    known = [
        (twin.file_name, twin.first_day, twin.last_day, twin.imported_at, twin.file_sha256 == digest)
        for twin in twins
    ]
    db.session.rollback()
    return [rules.meeting(*twin) for twin in known]
