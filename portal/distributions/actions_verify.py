"""Hậu kiểm: who is asked afterwards, what they said; and whose name may be shown. Flushes; the caller commits."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import select

from portal.distributions import given
from portal.distributions.actions_handover import note_event
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import NameConsent, Verification, VerificationDraw
from portal.distributions.queries_handover import consent_of, live
from portal.distributions.rules import APPROVED, CLOSED, RELEASED
from portal.distributions.rules_handover import LARGEST_SEED, LESS, NOTHING, VERDICTS, draw
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import lock_row
from portal.people.models import User


def draw_rows(
    distribution: Distribution, *, size: int | None, seed: int | None = None, by: User
) -> VerificationDraw:
    """Choose whom to ask: everybody who got something and was not chosen before, or so many by chance.

    The seed (made when none is given) and the number there were to choose from are kept: the draw can be repeated.
    Raises Refused (size, seed).
    """
    if distribution.state not in (RELEASED, CLOSED):
        raise Refused("Hậu kiểm sau khi đã trao. Ghi kết quả trao trước.")
    lock_row(distribution)
    among = to_draw_from(distribution)
    if size is not None and seed is None:
        seed = secrets.randbelow(LARGEST_SEED + 1)
    if size is None and not among:
        raise Refused("Chưa có hộ nào đã nhận mà chưa hậu kiểm. Ghi kết quả trao trước.", "size")
    chosen = draw(among, size=size, seed=seed)
    made = VerificationDraw(
        distribution_id=distribution.id,
        size=size,
        seed=seed if size is not None else None,
        among=len(among),
        by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(Verification(row_id=row_id, draw_id=made.id) for row_id in chosen)
    how = f"rút thăm {size} hộ trong {len(among)}, số {seed}" if size else f"tất cả {len(among)} hộ"
    note_event(distribution, None, "draw", f"Chọn hộ hậu kiểm: {how}", by)
    return made


def to_draw_from(distribution: Distribution) -> list[int]:
    """Rows that got something, at once or later, and were not chosen yet, in the order of their numbers in the database."""
    chosen = select(Verification.row_id)
    rows = select(DistributionRow.id).where(
        live(distribution), given.got(), DistributionRow.id.not_in(chosen)
    )
    return list(db.session.scalars(rows.order_by(DistributionRow.id)))


def record_verdict(
    verification: Verification, *, verdict: str, verified_on: date, note: str | None, by: User
) -> Verification:
    """What the household said. Raises Refused (verdict, verified_on, note)."""
    lock_row(verification)
    if verdict not in VERDICTS:
        raise Refused("Chưa chọn kết quả hậu kiểm. Chọn một trong bốn kết quả.", "verdict")
    if verified_on > today_in_vietnam():
        raise Refused("Ngày đến hỏi chưa tới. Ghi ngày đã đến.", "verified_on")
    handed_on = verification.row.outcome_on
    if handed_on is not None and verified_on < handed_on:
        raise Refused(f"Ngày đến hỏi trước ngày trao {handed_on:%d/%m/%Y}. Sửa lại ngày.", "verified_on")
    note = (note or "").strip() or None
    if verdict in (LESS, NOTHING) and note is None:
        raise Refused("Chưa ghi hộ nói gì. Ghi thiếu thứ gì, hoặc vì sao không nhận được.", "note")
    verification.verdict, verification.verified_on, verification.note = verdict, verified_on, note
    verification.by_id = by.id
    row = verification.row
    text = f"Hậu kiểm {row.receiver}: {VERDICTS[verdict].lower()}"
    note_event(row.distribution, row, "verified", text, by)
    return verification


def record_consent(
    row: DistributionRow, *, given_by: str, given_on: date, paper: str, by: User
) -> NameConsent:
    """The household agrees that its name is shown. Raises Refused (given_by, given_on, paper)."""
    if row.distribution.state not in (APPROVED, RELEASED, CLOSED) or row.refused is not None:
        raise Refused("Hộ này chưa được duyệt trong đợt nên không cần ghi đồng ý.")
    if not given_by.strip():
        raise Refused("Chưa ghi ai đồng ý. Ghi họ tên người trong hộ đã đồng ý.", "given_by")
    if given_on > today_in_vietnam():
        raise Refused("Ngày đồng ý chưa tới. Ghi ngày trên giấy.", "given_on")
    if not paper.strip():
        raise Refused("Chưa ghi đồng ý trên giấy nào. Ví dụ: phiếu đồng ý ngày 12/11/2026.", "paper")
    lock_row(row)
    if consent_of(row.id) is not None:
        raise Refused("Hộ này đã có ghi đồng ý. Rút lại bản cũ rồi ghi bản mới.")
    consent = NameConsent(
        row_id=row.id, given_by=given_by.strip(), given_on=given_on, paper=paper.strip(), by_id=by.id
    )
    db.session.add(consent)
    note_event(row.distribution, row, "consent", f"{row.receiver} đồng ý công khai tên", by)
    return consent


def withdraw_consent(row: DistributionRow, *, reason: str, by: User) -> None:
    """The name is not shown any more, from now on. Raises Refused (reason)."""
    lock_row(row)
    consent = consent_of(row.id)
    if consent is None:
        raise Refused("Hộ này không có ghi đồng ý nào còn hiệu lực. Tải lại trang.")
    if not reason.strip():
        raise Refused("Chưa ghi lý do rút lại. Ghi ngắn, ví dụ: hộ đề nghị.", "reason")
    consent.withdrawn = reason.strip()[:300]
    note_event(row.distribution, row, "consent", f"Rút lại đồng ý công khai tên của {row.receiver}", by)
