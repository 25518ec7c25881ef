"""Single cases: fields of aid (data), the request, its survey, what was decided, given and handed over.

What was paid stands in vouchers, what left the store in its documents; here stands which of them belong to a case.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.goods.models import Item
from portal.households.models_registry import Household, HouseholdMember
from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import Posting
from portal.people.models import User
from portal.spending.models import Decision, SpendingPurpose
from portal.units.models import Unit


class AidField(Audited, db.Model):
    """Lĩnh vực hỗ trợ: sick, bereaved, fire … `form` is one of the four printed survey forms (rules.FORMS)."""

    __tablename__ = "aid_field"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(60), unique=True)
    name: Mapped[str] = mapped_column(Text(100))
    form: Mapped[str] = mapped_column(Text(20))
    purpose: Mapped[str] = mapped_column(ForeignKey("spending_purpose.key"))
    norm_subject: Mapped[str] = mapped_column(Text(200), default="")  # as SupportNorm.subject
    commitment: Mapped[str] = mapped_column(Text(2000), default="")  # of the hand-over minutes
    visits: Mapped[str] = mapped_column(Text(60), default="")  # months after the hand-over: "3, 6, 12"
    needs_guardian: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]

    spending_purpose: Mapped[SpendingPurpose] = relationship()
    questions: Mapped[list[AidQuestion]] = relationship(
        back_populates="field", order_by="AidQuestion.position, AidQuestion.id"
    )


class AidQuestion(Audited, db.Model):
    """A question of a field's survey. It never changes once there: it ends, and another takes its place.

    `kind`: rules.KINDS. An answer to a question about `health` is kept and shown as sensitive fields are.
    """

    __tablename__ = "aid_question"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("aid_field.id"), index=True)
    label: Mapped[str] = mapped_column(Text(200))
    kind: Mapped[str] = mapped_column(Text(10), default="text")
    choices: Mapped[str] = mapped_column(Text(1000), default="")  # a line each
    health: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]

    field: Mapped[AidField] = relationship(back_populates="questions")


class SupportCase(Audited, db.Model):
    """One request for a household. `state`: rules.STATES, kept by `actions.settle` from what has happened.

    The person helped is the head (`member_id` None, as `person_name` says), a member, or somebody else.
    """

    __tablename__ = "support_case"
    audit_personal = {"person_name", "person_birth_year", "person_relation", "requester", "reason"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("household_member.id"))
    person_name: Mapped[str] = mapped_column(Text(200))
    person_birth_year: Mapped[int | None]
    person_relation: Mapped[str | None] = mapped_column(Text(60))  # to the head; None = the head
    field_id: Mapped[int] = mapped_column(ForeignKey("aid_field.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the commune that answers for the household
    requested_on: Mapped[date]
    requester: Mapped[str] = mapped_column(Text(200))  # who asks: the household, the hamlet, an association
    reason: Mapped[str] = mapped_column(Text(2000))
    state: Mapped[str] = mapped_column(Text(12), default="requested")
    ended: Mapped[str | None] = mapped_column(Text(10))  # refused, withdrawn
    ended_reason: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    household: Mapped[Household] = relationship()
    member: Mapped[HouseholdMember | None] = relationship()
    field: Mapped[AidField] = relationship()
    unit: Mapped[Unit] = relationship()
    by: Mapped[User | None] = relationship()

    __table_args__ = (Index("ix_support_case_unit_state", "unit_id", "state"),)


class CaseEvent(Audited, db.Model):
    """What happened to a case, in words for people."""

    __tablename__ = "support_case_event"
    audit_personal = {"text"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    text: Mapped[str] = mapped_column(Text(1000))
    note: Mapped[str | None] = mapped_column(Text(1000))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class CaseSurvey(Audited, db.Model):
    """Phiếu khảo sát: what the team found. `facts` is the household part as it stood that day.

    A newer survey of the case takes its place; the older one stays, `replaced`.
    """

    __tablename__ = "support_case_survey"
    audit_personal = {"work", "schooling", "priority", "circumstances", "team", "conclusion_note"}
    audit_hidden = {"facts"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    surveyed_on: Mapped[date]
    team: Mapped[str] = mapped_column(Text(500))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    work: Mapped[str | None] = mapped_column(Text(200))
    schooling: Mapped[str | None] = mapped_column(Text(100))
    priority: Mapped[str | None] = mapped_column(Text(200))  # diện ưu tiên, chính sách
    circumstances: Mapped[str | None] = mapped_column(Text(2000))
    conclusion: Mapped[str] = mapped_column(Text(10))  # rules.CONCLUSIONS
    conclusion_note: Mapped[str | None] = mapped_column(Text(1000))
    amount: Mapped[int | None] = mapped_column(Money)  # proposed; None = no money
    goods: Mapped[str | None] = mapped_column(Text(500))  # proposed, in words
    norm: Mapped[int | None] = mapped_column(Money)  # the norm of that day; None = there was none
    over_norm: Mapped[str | None] = mapped_column(Text(500))  # why more than the norm is proposed
    secretary: Mapped[str | None] = mapped_column(Text(200))  # Bí thư Chi bộ
    hamlet_head: Mapped[str | None] = mapped_column(Text(200))  # Trưởng thôn
    front_head: Mapped[str | None] = mapped_column(Text(200))  # Trưởng ban Công tác Mặt trận
    replaced: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    case: Mapped[SupportCase] = relationship()
    by: Mapped[User | None] = relationship()
    answers: Mapped[list[CaseAnswer]] = relationship()


class CaseAnswer(db.Model):
    """An answer of the survey, as text (amounts and counts in digits, days as yyyy-mm-dd). Comes with its survey."""

    __tablename__ = "support_case_answer"

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("support_case_survey.id"), primary_key=True, autoincrement=False
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("aid_question.id"), primary_key=True, autoincrement=False
    )
    value: Mapped[str] = mapped_column(Text(2000))

    question: Mapped[AidQuestion] = relationship()


class CaseHealth(Audited, db.Model):
    """An answer about health: sensitive, outside lists and the audit, read on demand and noted in household_access."""

    __tablename__ = "support_case_health"
    audit_hidden = {"value"}

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("support_case_survey.id"), primary_key=True, autoincrement=False
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("aid_question.id"), primary_key=True, autoincrement=False
    )
    value: Mapped[str] = mapped_column(Text(2000))

    question: Mapped[AidQuestion] = relationship()


class CaseDecision(Audited, db.Model):
    """A decision made for a case; what is decided in money stands in its rows, in goods here (`items`)."""

    __tablename__ = "support_case_decision"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)

    case: Mapped[SupportCase] = relationship()
    decision: Mapped[Decision] = relationship()
    items: Mapped[list[CaseItem]] = relationship(order_by="CaseItem.id")


class CaseItem(Audited, db.Model):
    """So much of an item was decided; thousandths of its measure."""

    __tablename__ = "support_case_item"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("support_case_decision.decision_id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int] = mapped_column(BigInteger)

    item: Mapped[Item] = relationship()

    __table_args__ = (
        db.UniqueConstraint("decision_id", "item_id"),
        db.CheckConstraint("quantity > 0", name="positive"),
    )


class CaseGoods(Audited, db.Model):
    """A goods issue on a decision of a case."""

    __tablename__ = "support_case_goods"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("support_case_decision.decision_id"), index=True)
    reversed: Mapped[bool] = mapped_column(default=False)

    posting: Mapped[Posting] = relationship()


class CaseHandover(Audited, db.Model):
    """Biên bản bàn giao hỗ trợ. `state`: prepared (names for the print) → signed → void.

    Money, goods and commitment are frozen when it is signed; `papers` are the documents that it hands over.
    """

    __tablename__ = "support_case_handover"
    audit_personal = {
        "giver_name", "receiver_name", "receiver_relation", "witness_one", "witness_two", "guardian_name",
        "guardian_relation", "place",
    }  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    handed_on: Mapped[date]
    place: Mapped[str] = mapped_column(Text(300), default="")
    giver_name: Mapped[str] = mapped_column(Text(200))
    giver_position: Mapped[str] = mapped_column(Text(200), default="")
    receiver_name: Mapped[str] = mapped_column(Text(200))
    receiver_relation: Mapped[str | None] = mapped_column(Text(100))  # to the person helped; None = the same
    witness_one: Mapped[str | None] = mapped_column(Text(200))
    witness_two: Mapped[str | None] = mapped_column(Text(200))
    guardian_name: Mapped[str | None] = mapped_column(Text(200))
    guardian_relation: Mapped[str | None] = mapped_column(Text(100))
    commitment: Mapped[str] = mapped_column(Text(2000), default="")
    cash: Mapped[int | None] = mapped_column(Money)  # đồng, at the signing; None = no money
    goods: Mapped[list[Any] | None] = mapped_column(JSON)  # at the signing: [name, measure, quantity, value]
    state: Mapped[str] = mapped_column(Text(10), default="prepared")
    void_reason: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Moment)

    case: Mapped[SupportCase] = relationship()
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    papers: Mapped[list[CaseHandoverPaper]] = relationship()


class CaseHandoverPaper(Audited, db.Model):
    """A document (payment, goods issue) that signed minutes hand over."""

    __tablename__ = "support_case_handover_paper"

    handover_id: Mapped[int] = mapped_column(
        ForeignKey("support_case_handover.id"), primary_key=True, autoincrement=False
    )
    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False, index=True
    )
