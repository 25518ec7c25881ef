"""Writing reward forms, rules, runs of rules, answers of donors without a name. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, func, insert, literal, select

from portal.campaigns.models import Campaign
from portal.donors.models import Donor
from portal.emulation import queries_rewards as queries
from portal.emulation import rules_rewards as rules
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import (
    RewardCandidate,
    RewardConsent,
    RewardEvidence,
    RewardForm,
    RewardRule,
    RewardRun,
)
from portal.emulation.queries_layouts import layouts
from portal.emulation.rules_rewards import YEARS, Asked
from portal.kit.checks import check_text
from portal.kit.days import EARLIEST, format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import last_number, take_posting_lock
from portal.kit.vietnamese import fold, key_of, nfc
from portal.people.models import User
from portal.spending.texts import check_words
from portal.units.models import Unit

TICKS = ("statutory", "needs_number", "needs_council")
RULE_COLUMNS = ("measure", "least", "least_a_year", "campaign_id", "with_goods")


def add_form(values: Mapping[str, Any]) -> RewardForm:
    """A new reward form, from a day on. Raises Refused at the field."""
    name = _check_name(values)
    last = db.session.scalar(select(func.max(RewardForm.position))) or 0
    form = RewardForm(
        key=_new_key(name), name=name, position=last + 1, valid_from=values["valid_from"] or EARLIEST
    )
    _write_form(form, values)
    db.session.add(form)
    db.session.flush()
    return form


def _new_key(name: str) -> str:
    key = key_of(name)[:50]
    taken = set(db.session.scalars(select(RewardForm.key)))
    places = (f"{key}_{number}" for number in range(2, 1_000))
    return key if key not in taken else next(one for one in places if one not in taken)


def change_form(form: RewardForm, values: Mapping[str, Any]) -> None:
    """Change what a form says from now on: rewards that were decided keep their words and numbers. Raises Refused."""
    form.name, form.valid_from = _check_name(values, but=form), values["valid_from"] or EARLIEST
    if form.valid_to is not None and form.valid_to < form.valid_from:
        raise Refused(
            f"Hình thức đã ngừng từ {format_day(form.valid_to)}. Ngày bắt đầu phải trước đó.", "valid_from"
        )
    _write_form(form, values)
    db.session.flush()


def _write_form(form: RewardForm, values: Mapping[str, Any]) -> None:
    rules.check_form(values)
    if values.get("layout") not in {form.layout, *(one.key for one in layouts())}:
        raise Refused("Chưa chọn kiểu trình bày. Chọn một kiểu đang dùng.", "layout")
    text = check_text(values.get("text"), "text", "lời in trên giấy", 1000)
    check_words(text, rules.FORM_WORDS, "text")
    title = check_text(values.get("title"), "title", "tên in trên giấy", 100)
    for column in TICKS:
        setattr(form, column, bool(values.get(column)))
    form.layout, form.series, form.prize = values["layout"], values["series"], values.get("prize")
    form.text, form.title, form.giver = text, title, nfc(values.get("giver"))
    lines = (values.get("levels") or "").splitlines()
    form.levels = "\n".join(dict.fromkeys(nfc(line).lower() for line in lines if nfc(line)))


def _check_name(values: Mapping[str, Any], *, but: RewardForm | None = None) -> str:
    name = check_text(values.get("name"), "name", "tên hình thức", 100)
    series = values.get("series")
    for known in db.session.scalars(select(RewardForm)):
        if but is not None and known.id == but.id:
            continue
        if fold(known.name) == fold(name):
            raise Refused(
                f"Đã có hình thức “{known.name}”. Đặt tên khác, hoặc dùng lại hình thức đó.", "name"
            )
        if known.series == series:
            raise Refused(f"Ký hiệu {series} đã dùng cho “{known.name}”. Đặt ký hiệu khác.", "series")
    return name


def end_form(form: RewardForm, valid_to: date | None) -> None:
    """Offered until that day; None opens it again. Raises Refused."""
    if valid_to is not None and valid_to < form.valid_from:
        raise Refused(f"Hình thức chỉ dùng từ {format_day(form.valid_from)}, chưa ngừng được.", "valid_to")
    form.valid_to = valid_to
    db.session.flush()


def asked_of(values: Mapping[str, Any], unit_id: int, start: date, end: date) -> Asked:
    """What a rule of these values asks of the books. Raises Refused."""
    rules.check_measure(values.get("measure"), values.get("least"), values.get("least_a_year"))
    rules.check_period(start, end, today=today_in_vietnam())
    return Asked(
        unit_id=unit_id,
        measure=values["measure"],
        least=values["least"],
        start=start,
        end=end,
        least_a_year=values.get("least_a_year"),
        campaign_id=values.get("campaign_id"),
        kinds=tuple(values.get("kinds") or ()),
        with_goods=bool(values.get("with_goods")),
    )


def save_rule(
    rule: RewardRule | None, values: Mapping[str, Any], *, unit: Unit, form: RewardForm, by: User
) -> RewardRule:
    """Write a rule, new or changed; runs that were made keep what they asked. Raises Refused at the field."""
    name = check_text(values.get("name"), "name", "tên quy tắc", 200)
    rules.check_measure(values.get("measure"), values.get("least"), values.get("least_a_year"))
    achievement = check_text(values.get("achievement"), "achievement", "thành tích")
    check_words(achievement, rules.RULE_WORDS, "achievement")
    twins = select(RewardRule).where(RewardRule.unit_id == unit.id, RewardRule.ended.is_(False))
    for other in db.session.scalars(twins):
        if fold(other.name) == fold(name) and (rule is None or other.id != rule.id):
            raise Refused(f"Đơn vị đã có quy tắc “{other.name}”. Đặt tên khác, hoặc sửa quy tắc đó.", "name")
    if rule is None:
        rule = RewardRule(unit_id=unit.id, unit=unit, by_id=by.id)
    for column in RULE_COLUMNS:
        setattr(rule, column, values.get(column))
    rule.with_goods = bool(values.get("with_goods"))
    rule.name, rule.achievement, rule.form_id = name, achievement, form.id
    rule.donor_kinds = ",".join(values.get("kinds") or ())
    db.session.add(rule)
    db.session.flush()
    return rule


def end_rule(rule: RewardRule, ended: bool) -> None:
    """Not offered any more, or again."""
    rule.ended = ended
    db.session.flush()


def asked_by(rule: RewardRule, start: date, end: date) -> Asked:
    """What a rule asks for these days. Raises Refused."""
    values = {column: getattr(rule, column) for column in RULE_COLUMNS}
    kinds = tuple(kind for kind in rule.donor_kinds.split(",") if kind)
    return asked_of({**values, "kinds": kinds}, rule.unit_id, start, end)


def asked_again(run: RewardRun) -> Asked:
    """What a run asked, as it was kept."""
    told = {name: run.asked[name] for name in Asked.__dataclass_fields__}
    return Asked(**{**told, "start": run.starts_on, "end": run.ends_on, "kinds": tuple(told["kinds"])})


def make_run(rule: RewardRule, *, start: date, end: date, by: User | None) -> RewardRun:
    """Ask the books and keep whom the rule finds, each with the gifts it was found by. Raises Refused.

    Three statements, whatever the number of gifts.
    """
    take_posting_lock()
    if rule.ended:
        raise Refused("Quy tắc này đã ngừng dùng. Dùng lại quy tắc, hoặc chọn quy tắc khác.")
    asked = asked_by(rule, start, end)
    told = {**asked.as_json(), "form": rule.form.name, "achievement": rule.achievement, "name": rule.name}
    if rule.campaign_id is not None:
        told["campaign"] = db.session.get_one(Campaign, rule.campaign_id).name
    run = RewardRun(
        rule_id=rule.id, rule=rule, unit_id=rule.unit_id, starts_on=start, ends_on=end, up_to=last_number(),
        asked=told, by_id=by.id if by else None,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    rows = queries.named(asked).order_by(None).subquery()
    columns = ("run_id", "donor_id", "name", "kind", "address", "amount", "times", "years")
    wanted = select(literal(run.id, BigInteger), *(rows.c[name] for name in columns[1:]))
    db.session.execute(insert(RewardCandidate).from_select(columns, wanted.order_by(rows.c.amount.desc())))
    db.session.execute(_evidence(run, asked))
    return run


def _evidence(run: RewardRun, asked: Asked) -> Any:
    gifts = queries.counted(asked)
    columns = ("candidate_id", "donation_id", "member", "donated_on", "amount")
    wanted = (
        select(RewardCandidate.id, gifts.c.donation_id, gifts.c.member, gifts.c.donated_on, gifts.c.amount)
        .join(gifts, gifts.c.donor_id == RewardCandidate.donor_id)
        .where(RewardCandidate.run_id == run.id)
    )
    if asked.measure == YEARS:
        wanted = wanted.where(gifts.c.year > asked.end.year - RewardCandidate.years)
    return insert(RewardEvidence).from_select(columns, wanted)


def record_consent(
    donor: Donor, *, agreed: bool, asked_on: date, note: str | None, by: User
) -> RewardConsent:
    """What a donor without a name said about being rewarded; the newest answer holds. Raises Refused."""
    said = check_text(note, "note", "ai trả lời, bằng cách nào", 300)
    if asked_on > today_in_vietnam():
        raise Refused("Ngày hỏi chưa tới. Ghi ngày đã hỏi, muộn nhất là hôm nay.", "asked_on")
    consent = RewardConsent(donor_id=donor.id, agreed=agreed, asked_on=asked_on, note=said, by_id=by.id)
    db.session.add(consent)
    db.session.flush()
    return consent


def drop_candidate(candidate: RewardCandidate, *, reason: str | None) -> None:
    """Nobody is nominated, and why; None takes that back. Raises Refused."""
    made = db.session.scalar(select(Nomination.id).where(Nomination.candidate_id == candidate.id))
    if made is not None:
        raise Refused("Người này đã được đề nghị khen. Rút đề nghị ở trang của đề nghị.", "reason")
    candidate.dropped = None if reason is None else check_text(reason, "reason", "lý do")
    db.session.flush()
