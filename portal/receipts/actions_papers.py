"""Papers for donors (letters, honours, minutes of a sponsorship) and the closed list of purposes."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.donations.queries import ended_by
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.people.models import User
from portal.receipts import queries
from portal.receipts.models import DonorPaper, SponsorPurpose
from portal.receipts.rules import DONOR_PAPERS


def make_donor_paper(donation: Donation, what: str, values: dict[str, Any], *, by: User) -> DonorPaper:
    """Keep what a letter, an honour or minutes say, so that the same text can be printed again. Raises Refused."""
    if what not in DONOR_PAPERS:
        raise ValueError(f"no such paper: {what!r}")
    take_posting_lock()  # so that nobody reverses the gift meanwhile
    if ended_by(donation) is not None:
        raise Refused("Khoản này đã bị đảo nên không lập giấy tờ nữa. Mở khoản đúng rồi lập.")
    if values["made_on"] < donation.donated_on:
        raise Refused("Ngày ký trước ngày nhận. Chọn ngày nhận trở đi.", "made_on")
    paper = DonorPaper(what=what, donation_id=queries.head_id(donation), by_id=by.id, **values)
    db.session.add(paper)
    db.session.flush()
    return paper


def add_purpose(*, name: str, basis: str | None, valid_from: date | None) -> SponsorPurpose:
    """A new box at the end of the closed list. Raises Refused for one that is there."""
    _check_purpose_free(name)
    last = db.session.scalar(select(func.max(SponsorPurpose.place))) or 0
    purpose = SponsorPurpose(name=name, basis=basis or "", place=last + 1)
    if valid_from is not None:
        purpose.valid_from = valid_from
    db.session.add(purpose)
    db.session.flush()
    return purpose


def change_purpose(
    purpose: SponsorPurpose, *, name: str, basis: str | None, place: int, valid_to: date | None
) -> None:
    """Change a box, or end it on a day; minutes already made keep the purpose they name. Raises Refused."""
    if name != purpose.name:
        _check_purpose_free(name)
    if valid_to is not None and valid_to < purpose.valid_from:
        raise Refused("Ngày thôi dùng trước ngày bắt đầu. Sửa ngày, hoặc để trống.", "valid_to")
    purpose.name, purpose.basis, purpose.place, purpose.valid_to = name, basis or "", place, valid_to
    db.session.flush()


def _check_purpose_free(name: str) -> None:
    if db.session.scalar(select(SponsorPurpose.id).where(func.lower(SponsorPurpose.name) == name.lower())):
        raise Refused("Mục đích này đã có trong danh sách. Sửa mục đã có, hoặc ghi tên khác.", "name")
