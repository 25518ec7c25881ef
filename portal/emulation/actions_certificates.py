"""Writing decisions on rewards: drafted, changed, issued by a second person; rewards given and taken back. Flushes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.emulation import queries_certificates as queries
from portal.emulation import queries_nominations as found
from portal.emulation import rules_nominations as rules
from portal.emulation.actions_shown import let_find
from portal.emulation.models_certificates import Reward, RewardDecision, RewardDecisionRow
from portal.emulation.models_nominations import Nomination, RewardCouncil
from portal.emulation.models_rewards import RewardForm
from portal.emulation.rules_rewards import NUMBERING
from portal.emulation.texts_rewards import FILLED
from portal.kit.check_codes import new_check_code
from portal.kit.checks import check_text
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import next_entry, take_paper_number, take_posting_lock
from portal.ledger.actions import check_unit_alive
from portal.ledger.queries import default_fund
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending.actions import check_number_free, number_used
from portal.spending.rules import tidy_number
from portal.spending.texts import check_words
from portal.units.models import Unit
from portal.units.queries import subtree

HEAD = ("number", "decided_on", "subject", "grounds", "articles", "recipients", "signer_title", "signer_name")
KIND = "decision"  # of spending.rules.BASES: both kinds of decisions share one register of numbers


def draft_award(
    unit: Unit, form: RewardForm, ids: Sequence[int], *, head: Mapping[str, Any], by: User | None
) -> RewardDecision:
    """Draft a decision that rewards nominations of the unit and those below. Raises Refused."""
    take_posting_lock()
    rules.check_level(unit.level, form.levels, form.name, unit.name)
    rows = select(Nomination).where(Nomination.id.in_(ids), Nomination.unit_id.in_(subtree(unit.id)))
    chosen = db.session.scalars(rows.order_by(Nomination.id)).all()
    if not chosen:
        raise Refused("Chưa chọn đề nghị nào. Đánh dấu ít nhất một dòng.", "rows")
    if len(chosen) > rules.MOST_ROWS:
        raise Refused(
            f"Quyết định có nhiều nhất {rules.MOST_ROWS} dòng. Chia thành nhiều quyết định.", "rows"
        )
    decision = _new(unit, form, rules.AWARD, head, by)
    for place, nomination in enumerate(chosen, start=1):
        _check_ready(nomination, form)
        nomination.state = rules.DRAFTED
        db.session.add(RewardDecisionRow(decision_id=decision.id, ordinal=place, nomination_id=nomination.id))
    decision.council_id = _council_of(chosen)
    _check_council_day(decision)
    db.session.flush()
    db.session.expire(decision, ["rows"])
    return decision


def _check_ready(nomination: Nomination, form: RewardForm) -> None:
    if nomination.form_id != form.id:
        raise Refused(
            f"{nomination.name} được đề nghị {nomination.form.name}, khác hình thức của quyết định. Chọn lại.",
            "rows",
        )
    ready = (rules.APPROVED,) if form.needs_council else (rules.APPROVED, *rules.CHANGEABLE)
    if nomination.state not in ready:
        raise Refused(
            f"{nomination.name}: {rules.STATES[nomination.state].lower()}. "
            f"{form.name} chỉ quyết định sau khi hội đồng đồng ý."
            if form.needs_council
            else f"{nomination.name}: {rules.STATES[nomination.state].lower()}, không quyết định được. Tải lại trang.",
            "rows",
        )


def _council_of(chosen: Sequence[Nomination]) -> int | None:
    """The last council that looked at them."""
    seen = [
        row.council_id for one in chosen[:1] for row in found.council_rows_of(one) if row.verdict == rules.FOR
    ]
    return seen[-1] if seen else None


def _check_council_day(decision: RewardDecision) -> None:
    council = db.session.get(RewardCouncil, decision.council_id) if decision.council_id else None
    if council is not None and decision.decided_on < council.met_on:
        raise Refused(
            f"Ngày quyết định trước ngày họp hội đồng {format_day(council.met_on)}. Sửa ngày.", "decided_on"
        )


def draft_withdrawal(
    unit: Unit, reward_ids: Sequence[int], *, reason: str | None, head: Mapping[str, Any], by: User
) -> RewardDecision:
    """Draft a decision that takes rewards of the unit back, and why. Raises Refused."""
    take_posting_lock()
    said = check_text(reason, "reason", "lý do thu hồi")
    rows = select(Reward).where(Reward.id.in_(reward_ids), Reward.unit_id == unit.id).order_by(Reward.id)
    chosen = db.session.scalars(rows).all()
    if not chosen or len({one.form_id for one in chosen}) > 1:
        raise Refused("Chọn ít nhất một phần thưởng của đơn vị, cùng một hình thức.", "rows")
    decision = _new(unit, chosen[0].form, rules.WITHDRAWAL, head, by)
    for place, reward in enumerate(chosen, start=1):
        if reward.until is not None or queries.open_withdrawal_of(reward) is not None:
            raise Refused(
                f"{reward.number} của {reward.name} đã thu hồi, hoặc đang có quyết định thu hồi.", "rows"
            )
        if decision.decided_on < reward.decided_on:
            raise Refused(
                f"Ngày thu hồi trước ngày khen {format_day(reward.decided_on)}. Sửa ngày.", "decided_on"
            )
        row = RewardDecisionRow(decision_id=decision.id, ordinal=place, reward_id=reward.id, reason=said)
        db.session.add(row)
    db.session.flush()
    db.session.expire(decision, ["rows"])
    return decision


def _new(unit: Unit, form: RewardForm, what: str, head: Mapping[str, Any], by: User | None) -> RewardDecision:
    decision = RewardDecision(
        what=what, unit_id=unit.id, unit=unit, form_id=form.id, form=form, state=rules.DRAFT,
        prepared_by_id=by.id if by else None,
    )  # fmt: skip
    with db.session.no_autoflush:
        _write_head(decision, head)
    db.session.add(decision)
    db.session.flush()
    return decision


def _write_head(decision: RewardDecision, head: Mapping[str, Any]) -> None:
    for name in HEAD:
        if name in head:
            setattr(decision, name, head[name] if name in ("number", "decided_on") else head[name] or "")
    decision.subject = check_text(decision.subject, "subject", "trích yếu")
    for name in ("subject", "grounds", "articles", "recipients"):
        check_words(getattr(decision, name) or "", FILLED[decision.what], name)
    decision.number = tidy_number(decision.number)
    decision.year = decision.decided_on.year
    if decision.decided_on > today_in_vietnam():
        day = format_day(decision.decided_on)
        raise Refused(f"Ngày {day} chưa tới. Ghi ngày trên văn bản, muộn nhất là hôm nay.", "decided_on")
    _check_number(decision)


def _check_number(decision: RewardDecision) -> None:
    """A number is borne once a year by the unit's decisions, whatever they decide."""
    if decision.number is None:
        return
    own = queries.number_taken(decision.unit_id, decision.year, decision.number, but=decision.id)
    used = own or number_used(decision.unit_id, KIND, decision.year, decision.number)
    check_number_free(used, decision.number)


def take(decision: RewardDecision) -> None:
    """Lock the books and read a draft as it is now. Raises Refused when it is none any more."""
    take_posting_lock()
    db.session.refresh(decision, with_for_update={"of": RewardDecision})
    rules.check_draft(decision.state)


def change_decision(decision: RewardDecision, head: Mapping[str, Any], *, by: User) -> None:
    """Write the head of a draft anew; whoever changes it is its maker from now on. Raises Refused."""
    take(decision)
    decision.prepared_by_id = by.id
    with db.session.no_autoflush:
        _write_head(decision, head)
    if decision.what == rules.AWARD:
        _check_council_day(decision)
    db.session.flush()


def take_out(decision: RewardDecision, row_id: int) -> None:
    """One row leaves a draft; its nomination waits as before. Raises Refused."""
    take(decision)
    row = next((one for one in decision.rows if one.id == row_id), None)
    if row is None or len(decision.rows) == 1:
        raise Refused("Quyết định còn một dòng thì xóa cả bản nháp, hoặc tải lại trang.")
    _free(row)
    db.session.flush()
    db.session.expire(decision, ["rows"])
    for place, one in enumerate(decision.rows, start=1):
        one.ordinal = place
        db.session.flush()


def _free(row: RewardDecisionRow) -> None:
    nomination = row.nomination
    if nomination is not None:
        seen = found.council_rows_of(nomination)
        was_for = bool(seen) and seen[-1].verdict == rules.FOR
        nomination.state = rules.APPROVED if was_for else rules.OPEN
    db.session.delete(row)


def delete_draft(decision: RewardDecision) -> None:
    """Throw a draft away; its nominations wait as before. Raises Refused."""
    take(decision)
    for row in list(decision.rows):
        _free(row)
    db.session.flush()
    db.session.expire(decision, ["rows"])
    db.session.delete(decision)
    db.session.flush()


def issue(decision: RewardDecision, *, by: User, number: str | None = None) -> RewardDecision:
    """A person other than the maker puts a draft into force: rewards are given, or taken back. Raises Refused."""
    take(decision)
    check_second_person(decision.prepared_by_id, by.id)
    if number is not None:
        decision.number = tidy_number(number)
        with db.session.no_autoflush:
            _check_number(decision)
    if not decision.number and decision.form.needs_number:
        raise Refused("Chưa ghi số quyết định. Ghi số như trên bản ký, ví dụ 12/QĐ-MTTQ-BTT.", "number")
    check_unit_alive(decision.unit, decision.decided_on)
    entry = next_entry("reward", by.id, by.name)
    decision.state, decision.issued_by_id, decision.issued_at = rules.ISSUED, by.id, now()
    decision.entry = entry.number
    if decision.what == rules.AWARD:
        _give(decision, entry.number)
    else:
        _take_back(decision, entry.number)
    db.session.flush()
    return decision


def _take_back(decision: RewardDecision, entry: int) -> None:
    for row in decision.rows:
        if row.reward is None or row.reward.until is not None:
            raise Refused("Một phần thưởng đã thu hồi rồi. Xóa bản nháp, lập lại.")
        row.reward.until = entry


def _give(decision: RewardDecision, entry: int) -> None:
    rows = [row for row in decision.rows if row.nomination is not None]
    first = take_paper_number(
        unit_id=decision.unit_id,
        fund_id=default_fund().id,
        kind=NUMBERING + decision.form.series,
        day=decision.decided_on,
        count=len(rows),
    )
    _check_twice(rows)
    codes = _new_codes(len(rows))
    for place, row in enumerate(rows):
        assert row.nomination is not None
        row.nomination.state = rules.REWARDED
        db.session.add(_reward(decision, row.nomination, row.ordinal, first + place, codes[place], entry))


def _check_twice(rows: Sequence[RewardDecisionRow]) -> None:
    by_id = {row.nomination_id: row.nomination for row in rows if row.nomination}
    for suspect in found.suspects([key for key in by_id if key]):
        nomination = by_id[suspect]
        same = [one for one in found.before(nomination) if one.is_reward]
        if same:
            raise Refused(
                f"{nomination.name} đã được khen cho thành tích này: {same[0].text}. "
                "Bỏ dòng này khỏi bản nháp, hoặc ghi lý do ở trang đề nghị.",
                "rows",
            )


def _new_codes(count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        fresh = {new_check_code(is_taken=codes.__contains__) for _ in range(count - len(codes))}
        codes |= fresh - set(db.session.scalars(select(Reward.code).where(Reward.code.in_(fresh))))
    return list(codes)


def _reward(
    decision: RewardDecision, one: Nomination, ordinal: int, number: int, code: str, entry: int
) -> Reward:
    form = decision.form
    words = rules.words_of(
        achievement=one.achievement,
        movement=one.movement,
        campaign=one.campaign.name if one.campaign else None,
        span=rules.span_text(one.starts_on, one.ends_on),
        unit=decision.unit.name,
        prize=one.prize,
    )
    reward = Reward(
        decision_id=decision.id, nomination_id=one.id, unit_id=decision.unit_id, form_id=form.id, ordinal=ordinal,
        decided_on=decision.decided_on, subject=one.subject, name=one.name, address=one.address,
        achievement=one.achievement, text=rules.certificate_text(form.text, words)[:1000], title=form.title,
        giver=form.giver, layout=form.layout, campaign_id=one.campaign_id, prize=one.prize, series=form.series,
        series_year=decision.decided_on.year, series_no=number, code=code,
        since=entry, shown_as=one.shown_as, consent=one.consent,
    )  # fmt: skip
    let_find(reward)
    return reward
