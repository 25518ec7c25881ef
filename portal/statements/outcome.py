"""What came of bringing a statement: for the command line, the page and the job that did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.kit.errors import Refused
from portal.statements.completeness import BROKEN, PROVED, Completeness
from portal.statements.controls import Paper, Problem

COMPLETE = {PROVED: True, BROKEN: False}  # not provable = unknown


@dataclass
class ImportOutcome:
    """Counts and sums are of the whole file, đồng; `new` + `duplicates` = `rows` when it was accepted.

    `complete` is True (proved), False (broken) or None (nothing printed to tie to). `notes` are no errors.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    duplicates: int = 0
    errors: int = 0
    sum: int = 0
    messages: list[dict[str, str]] = field(default_factory=list)
    credit_count: int | None = None
    credit_sum: int | None = None
    debit_count: int | None = None
    debit_sum: int | None = None
    opening: int | None = None
    closing: int | None = None
    complete: bool | None = None
    state: str | None = None
    unknown_count: int = 0
    paired: int = 0  # of the duplicates: in other words than the line that is there
    notes: list[str] = field(default_factory=list)
    repeated: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)  # the first ones, with both texts
    first_day: str | None = None
    last_day: str | None = None
    account_number: str | None = None
    can_override: bool = False
    can_map: bool = False  # a person may say what the columns are
    certificate: dict[str, Any] | None = None
    statement_id: int | None = None
    job_id: int | None = None
    classes: list[dict[str, Any]] = field(default_factory=list)  # kind, direction, count, sum of new lines
    doubts: dict[str, int] = field(default_factory=dict)  # why lines wait for a person → how many
    pledged: int = 0  # new lines with the code of a pledge

    @property
    def accepted(self) -> bool:
        """Whether the file was (or, of a dry run, would be) taken in."""
        return self.errors == 0

    def as_json(self) -> dict[str, Any]:
        """Everything, for `--json` and for the job's result."""
        return asdict(self)

    @classmethod
    def refused(cls, refused: Refused, **known: Any) -> ImportOutcome:
        """The file as a whole was turned down."""
        return cls(errors=1, messages=[{"cell": "", "message": refused.text}], **known)

    def take_proof(self, proof: Completeness) -> None:
        """Fill in counts, sums and the state of the proof."""
        for name in ("rows", "credit_count", "credit_sum", "debit_count", "debit_sum", "unknown_count"):
            setattr(self, name, getattr(proof, name))
        self.opening, self.closing = proof.opening, proof.closing
        self.sum, self.state, self.complete = proof.credit_sum, proof.state, COMPLETE.get(proof.state)

    def take_problems(self, problems: Iterable[Problem], count: int) -> None:
        """Every message has its cell; `count` counts also those beyond the first ones kept."""
        self.messages = [{"cell": problem.address, "message": problem.sentence} for problem in problems]
        self.errors = count


def certificate_of(proof: Completeness, *, mapped: bool, paper: Paper) -> dict[str, Any]:
    """The certificate as it is kept: checks, days without lines, order, what was typed from paper; ISO days."""
    return {
        "checks": [asdict(check) for check in proof.checks],
        "gaps": [
            {"first": gap.first.isoformat(), "last": gap.last.isoformat(), "proved": gap.proved}
            for gap in proof.gaps
        ],
        "newest_first": proof.newest_first,
        "mapped": mapped,
        "paper": {name: amount for name, amount in asdict(paper).items() if amount is not None},
    }
