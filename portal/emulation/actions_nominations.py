"""Writing nominations: put forward by hand or from a run, changed, dropped, taken up. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.donations.models import Donation
from portal.emulation import queries_nominations as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardCandidate, RewardEvidence, RewardForm, RewardRun
from portal.emulation.rules_rewards import YEARS
from portal.kit.checks import check_text
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.kit.numbers import take_posting_lock
from portal.kit.vietnamese import fold, nfc
from portal.ledger.actions import check_unit_alive
from portal.people.models import User
from portal.spending.texts import filled
from portal.units.models import Unit

COLUMNS = (
    "starts_on",
    "ends_on",
    "campaign_id",
    "donor_id",
    "household_id",
    "of_unit_id",
    "prize",
    "shown_as",
)


def nominate(unit: Unit, form: RewardForm, values: Mapping[str, Any], *, by: User) -> Nomination:
    """Put somebody forward. The same achievement once more needs a reason in `twice`. Raises Refused at the field."""
    take_posting_lock()
    check_unit_alive(unit, today_in_vietnam())
    nomination = Nomination(unit_id=unit.id, unit=unit, by_id=by.id, state=rules.OPEN)
    with db.session.no_autoflush:
        _write(nomination, form, values)
        _check_twice(nomination)
    db.session.add(nomination)
    db.session.flush()
    return nomination


def change_nomination(nomination: Nomination, form: RewardForm, values: Mapping[str, Any]) -> None:
    """Put a nomination right before a council or a decision has it. Raises Refused."""
    take(nomination)
    rules.check_state(nomination.state, rules.CHANGEABLE, "sửa")
    with db.session.no_autoflush:
        _write(nomination, form, values)
        _check_twice(nomination)
    db.session.flush()


def take(nomination: Nomination) -> None:
    """Lock the books and read the nomination as it is now."""
    take_posting_lock()
    db.session.refresh(nomination, with_for_update={"of": Nomination})


def _write(nomination: Nomination, form: RewardForm, values: Mapping[str, Any]) -> None:
    if values.get("subject") not in rules.SUBJECTS:
        raise Refused("Chưa chọn đối tượng. Chọn tập thể, cá nhân, hộ gia đình hoặc doanh nghiệp.", "subject")
    nomination.form_id, nomination.form, nomination.subject = form.id, form, values["subject"]
    nomination.name = check_text(values.get("name"), "name", "tên người, tập thể được khen", 200)
    nomination.name_key = fold(nomination.name)
    nomination.address = nfc(values.get("address")) or None
    nomination.achievement = check_text(values.get("achievement"), "achievement", "thành tích")
    nomination.movement = nfc(values.get("movement")) or None
    rules.check_span(values["starts_on"], values["ends_on"], today=today_in_vietnam())
    for column in COLUMNS:
        setattr(nomination, column, values.get(column))
    nomination.consent, nomination.twice = (
        nfc(values.get("consent")) or None,
        nfc(values.get("twice")) or None,
    )
    if nomination.prize is not None and nomination.prize <= 0:
        raise Refused("Tiền thưởng phải lớn hơn 0. Không có tiền thưởng thì để trống.", "prize")
    rules.check_shown(nomination.subject, nomination.shown_as, nomination.consent)


def _check_twice(nomination: Nomination) -> None:
    found = queries.before(nomination)
    if found and not nomination.twice:
        raise Refused(
            f"Thành tích này đã được ghi nhận: {found[0].text}. Một thành tích không khen hai lần; "
            "vẫn đề nghị thì ghi lý do.",
            "twice",
        )


def nominate_candidates(run: RewardRun, ids: Sequence[int], *, by: User) -> tuple[int, list[str]]:
    """Put candidates of a run forward; returns how many, and the names of those who were rewarded for it already."""
    take_posting_lock()
    form = run.rule.form
    rows = select(RewardCandidate).where(RewardCandidate.run_id == run.id, RewardCandidate.id.in_(ids))
    rows = rows.where(RewardCandidate.dropped.is_(None), ~queries.is_nominated())
    made, left = 0, []
    for candidate in db.session.scalars(rows.order_by(RewardCandidate.id)).all():
        try:
            nomination = nominate(run.unit, form, values_of(candidate, run), by=by)
        except Refused as refused:
            if refused.field != "twice":
                raise
            left.append(candidate.name)
            continue
        nomination.candidate_id = candidate.id
        made += 1
    db.session.flush()
    return made, left


def values_of(candidate: RewardCandidate, run: RewardRun) -> dict[str, Any]:
    """A candidate as the form of a nomination has it: achievement by the rule, shown as with the last gift."""
    subject = rules.SUBJECT_OF.get(candidate.kind, rules.COLLECTIVE)
    shown = _shown_as(candidate)
    named = shown in (rules.NAME, rules.INITIALS) and subject in rules.PERSONAL
    consent = (
        f"Cách nêu tên đã chọn khi ủng hộ, khoản ngày {format_day(run.ends_on)} trở về trước"
        if named
        else None
    )
    starts_on = (
        run.starts_on if run.asked["measure"] != YEARS else date(run.ends_on.year - candidate.years + 1, 1, 1)
    )
    return {
        "subject": subject,
        "name": candidate.name,
        "address": candidate.address,
        "donor_id": candidate.donor_id,
        "achievement": achievement_of(candidate, run),
        "campaign_id": run.asked.get("campaign_id"),
        "starts_on": starts_on,
        "ends_on": run.ends_on,
        "prize": run.rule.form.prize,
        "shown_as": shown,
        "consent": consent,
    }


def achievement_of(candidate: RewardCandidate, run: RewardRun) -> str:
    """What a candidate has done, in the words of the rule."""
    words = {
        "số tiền": format_dong(candidate.amount),
        "số lần": format_amount(candidate.times),
        "số năm": format_amount(candidate.years),
        "từ ngày": format_day(run.starts_on),
        "đến ngày": format_day(run.ends_on),
        "đợt": run.asked.get("campaign") or "",
    }
    return " ".join(filled(run.asked["achievement"], words).split())[:500]


def _shown_as(candidate: RewardCandidate) -> str | None:
    """How the newest gift that was found is shown; a donor who gave without a name is not named."""
    rows = (
        select(Donation.shown_as)
        .join(RewardEvidence, RewardEvidence.donation_id == Donation.id)
        .where(RewardEvidence.candidate_id == candidate.id)
    )
    return db.session.scalar(rows.order_by(Donation.id.desc()).limit(1))


def drop_nomination(nomination: Nomination, *, reason: str | None) -> None:
    """Nobody goes on with it, and why. Raises Refused."""
    take(nomination)
    rules.check_state(nomination.state, (*rules.CHANGEABLE, rules.APPROVED, rules.AGAINST), "rút")
    nomination.dropped, nomination.state = check_text(reason, "reason", "lý do rút"), rules.DROPPED
    db.session.flush()


def take_up(nomination: Nomination) -> None:
    """A dropped or refused nomination is open again. Raises Refused."""
    take(nomination)
    rules.check_state(nomination.state, (rules.DROPPED, rules.AGAINST), "mở lại")
    nomination.dropped, nomination.state = None, rules.OPEN
    _check_twice(nomination)
    db.session.flush()
