"""The survey forms and the minutes of a hand-over as the values their papers print; blank ones have dotted lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.cases import rules
from portal.cases.actions_handover import cash_of, goods_lines, to_hand_over
from portal.cases.actions_survey import questions_on
from portal.cases.models import AidField, AidQuestion, CaseHandover, CaseSurvey, SupportCase
from portal.cases.queries import decisions_of
from portal.households.facts import household_facts
from portal.households.papers import BLANK_DAY, Head, Line, head_of, household_lines, survey_signers
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.money import format_amount
from portal.spending.rules import ISSUED
from portal.units.queries import UnitTexts, unit_texts

KIND_TITLES = {
    rules.DISASTER: "Thiệt hại do thiên tai, hỏa hoạn",
    rules.ILLNESS: "Bệnh tật, qua đời",
    rules.LIVELIHOOD: "Mô hình sinh kế đề nghị hỗ trợ",
    rules.PUPIL: "Việc học của em",
}
MANY_LINES = {"long": 2}


@dataclass(frozen=True)
class SurveyPaper:
    """A survey form, blank or filled."""

    title: str
    subject: str
    head: Head
    day: str
    team: str | None
    household: Sequence[Line]
    person: Sequence[Line]
    kind_title: str
    asked: Sequence[Line]
    conclusion: Sequence[tuple[str, bool]]
    note: str | None
    ways: Sequence[tuple[str, bool]]
    amount: str | None
    words: str | None
    goods: str | None
    signers: Sequence[tuple[str, str | None]]
    private: bool = False


def survey_paper(
    aid: AidField,
    case: SupportCase | None = None,
    survey: CaseSurvey | None = None,
    *,
    private: Mapping[str, Any] | None = None,
) -> SurveyPaper:
    """The form of a field: blank without a case, with what is known of it otherwise.

    `private` has the sensitive fields of `head` and `person` and the `answers` about health: None leaves them to the pen.
    """
    day = survey.surveyed_on if survey else today_in_vietnam()
    texts = unit_texts(case.unit, day) if case else UnitTexts()
    facts = (survey.facts if survey else household_facts(case.household)) if case else {}
    known, hidden = _answers(survey), private or {}
    return SurveyPaper(
        title=rules.FORMS[aid.form].upper(),
        subject=aid.name,
        head=head_of(texts, long_day(day) if survey else None),
        day=long_day(day) if survey else BLANK_DAY,
        team=survey.team if survey else None,
        household=_household(facts, survey, hidden.get("head", {})),
        person=_person(case, hidden.get("person", {})),
        kind_title=KIND_TITLES[aid.form],
        asked=_asked(questions_on(aid, day), known | hidden.get("answers", {})),
        conclusion=[
            (name, survey is not None and survey.conclusion == key) for key, name in rules.CONCLUSIONS.items()
        ],
        note=survey.conclusion_note if survey else None,
        ways=[("Tiền", bool(survey and survey.amount)), ("Hiện vật", bool(survey and survey.goods))],
        amount=f"{format_amount(survey.amount)} đồng" if survey and survey.amount else None,
        words=texts.in_words(survey.amount) if survey and survey.amount else None,
        goods=survey.goods if survey else None,
        signers=survey_signers(survey, facts),
        private=private is not None,
    )


def _answers(survey: CaseSurvey | None) -> dict[int, str]:
    return {one.question_id: one.value for one in survey.answers} if survey else {}


def _household(facts: Mapping[str, Any], survey: CaseSurvey | None, private: Mapping[str, Any]) -> list[Line]:
    told = survey.circumstances if survey else None
    return household_lines(facts, survey, private, last=[("Hoàn cảnh gia đình, nhà ở", told, False, 3)])


def _person(case: SupportCase | None, private: Mapping[str, Any]) -> list[Line]:
    rows = (
        ("Họ và tên", case.person_name if case else None, False),
        ("Năm sinh", case.person_birth_year if case else None, True),
        ("Quan hệ với chủ hộ", (case.person_relation or "chủ hộ") if case else None, True),
        ("Số căn cước (nếu có)", private.get("cccd"), True),
        ("Tình trạng sức khỏe", private.get("health"), True),
    )
    return [
        Line(number, label, str(value) if value else None, half=half)
        for number, (label, value, half) in enumerate(rows, start=1)
    ]


def _asked(questions: Sequence[AidQuestion], known: Mapping[int, str]) -> list[Line]:
    return [
        Line(
            number,
            one.label,
            rules.show_answer(one.kind, known.get(one.id)),
            [(name, known.get(one.id) == name) for name in one.choices.splitlines()]
            if one.kind == "choice"
            else (),
            MANY_LINES.get(one.kind, 1),
        )
        for number, one in enumerate(questions, start=1)
    ]


@dataclass(frozen=True)
class MinutesPaper:
    """Biên bản bàn giao hỗ trợ, blank or filled. `cash` and `goods` stand apart; None = for the pen."""

    head: Head
    subject: str
    day: str
    place: str | None
    owner: str | None
    giver: str | None
    giver_position: str | None
    receiver: str | None
    receiver_cccd: str | None
    receiver_relation: str | None
    address: str | None
    person: str | None
    person_more: str | None
    witnesses: Sequence[str | None]
    guardian: str | None
    guardian_relation: str | None
    with_guardian: bool
    decisions: str | None
    cash: str | None
    words: str | None
    goods: Sequence[Sequence[Any]]
    with_cash: bool
    with_goods: bool
    commitment: str
    mark: str | None = None
    signatures: Sequence[tuple[str, str | None]] = field(default_factory=tuple)


def blank_minutes(aid: AidField) -> MinutesPaper:
    """The form for the pen."""
    return MinutesPaper(
        head=head_of(UnitTexts(), None), subject=aid.name, day=BLANK_DAY, place=None, owner=None, giver=None,
        giver_position=None, receiver=None, receiver_cccd=None, receiver_relation=None, address=None, person=None,
        person_more=None, witnesses=(None, None), guardian=None, guardian_relation=None,
        with_guardian=aid.needs_guardian, decisions=None, cash=None, words=None, goods=(), with_cash=True,
        with_goods=True, commitment=aid.commitment, signatures=_minutes_signatures(None, aid.needs_guardian),
    )  # fmt: skip


def minutes_paper(handover: CaseHandover, *, cccd: str | None = None) -> MinutesPaper:
    """The minutes: as they were signed, or with what waits to be handed over."""
    case = handover.case
    texts = unit_texts(case.unit, handover.handed_on)
    papers = to_hand_over(case) if handover.state == rules.PREPARED else []
    cash = cash_of(papers) if papers else handover.cash
    goods = goods_lines(papers) if papers else handover.goods or []
    told = [part for part in (case.person_relation, _born(case.person_birth_year)) if part]
    return MinutesPaper(
        head=head_of(texts, long_day(handover.handed_on)),
        subject=case.field.name,
        day=long_day(handover.handed_on),
        place=handover.place or None,
        owner=texts.owner_name or case.unit.name,
        giver=handover.giver_name,
        giver_position=handover.giver_position or None,
        receiver=handover.receiver_name,
        receiver_cccd=cccd,
        receiver_relation=handover.receiver_relation,
        address=", ".join(
            part
            for part in (
                case.household.address,
                case.household.unit.name,
                case.unit.name if case.unit_id != case.household.unit_id else None,
            )
            if part
        ),
        person=case.person_name,
        person_more=", ".join(told) or None,
        witnesses=(handover.witness_one, handover.witness_two),
        guardian=handover.guardian_name,
        guardian_relation=handover.guardian_relation,
        with_guardian=case.field.needs_guardian or bool(handover.guardian_name),
        decisions=_decided(case),
        cash=f"{format_amount(cash)} đồng" if cash else None,
        words=texts.in_words(cash) if cash else None,
        goods=[[*row[:3], format_amount(row[3]) if row[3] else ""] for row in goods],
        with_cash=cash is not None or not goods,
        with_goods=bool(goods) or cash is None,
        commitment=handover.commitment,
        mark="KHÔNG CÒN HIỆU LỰC" if handover.state == rules.VOID else None,
        signatures=_minutes_signatures(handover, case.field.needs_guardian or bool(handover.guardian_name)),
    )


def _born(year: int | None) -> str | None:
    return f"sinh năm {year}" if year else None


def _decided(case: SupportCase) -> str | None:
    told = [
        f"số {one.decision.number} ngày {format_day(one.decision.decided_on)}"
        for one in decisions_of(case)
        if one.decision.state == ISSUED and one.decision.number
    ]
    return "; ".join(told) or None


def _minutes_signatures(handover: CaseHandover | None, guardian: bool) -> list[tuple[str, str | None]]:
    known: Any = handover
    rows = [
        ("Người giao", known and known.giver_name),
        ("Người nhận", known and known.receiver_name),
        ("Người làm chứng", known and known.witness_one),
        ("Người làm chứng", known and known.witness_two),
    ]
    return [*rows, *([("Người giám hộ", known and known.guardian_name)] if guardian else [])]
