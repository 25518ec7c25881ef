"""Writing donors. Flushes; the caller commits. Whatever a person may get wrong raises Refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.donors import rules, search
from portal.donors.merging import merge, undo_merge
from portal.donors.models import DirectAid, Donor, DonorKind
from portal.donors.queries import forget_kinds, kinds
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import key_of, nfc
from portal.people.models import User
from portal.units.models import Unit

__all__ = [
    "add_kind",
    "change_donor",
    "check_kind",
    "end_kind",
    "kind_row",
    "merge",
    "record_direct_aid",
    "record_donor",
    "set_personal",
    "undo_merge",
    "withdraw_direct_aid",
    "withdraw_donors",
]


def record_donor(
    *,
    unit: Unit,
    kind: str,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    address: str | None = None,
    tax_code: str | None = None,
    representative: str | None = None,
    position: str | None = None,
    members: int | None = None,
    introduced_by: Unit | None = None,
    note: str | None = None,
    by: User | None,
) -> Donor:
    """A new donor of the unit, found by the next search. Raises Refused (fields name, kind, phone, tax_code …).

    A twin is no reason to refuse: `queries.twins` warns before. `by` is None for imports and commands.
    """
    values = {
        "kind": kind,
        "name": name,
        "phone": phone,
        "email": email,
        "address": address,
        "tax_code": tax_code,
        "representative": representative,
        "position": position,
        "members": members,
        "introduced_by_id": introduced_by.id if introduced_by else None,
        "note": note,
    }
    check_kind(kind)
    donor = Donor(unit_id=unit.id, **rules.checked(values))
    db.session.add(donor)
    db.session.flush()
    search.index_donors([donor])
    return donor


def change_donor(donor: Donor, values: Mapping[str, Any], by: User | None) -> None:
    """Change what is kept of a donor; keys as `rules.FIELDS`, what is not named stays. Raises Refused."""
    if donor.merged_into_id is not None:
        raise Refused("Người này đã gộp vào người khác. Mở người còn lại rồi sửa ở đó.")
    unknown = set(values) - set(rules.FIELDS)
    if unknown:
        raise ValueError(f"a donor has no {', '.join(sorted(unknown))}")
    if "kind" in values and values["kind"] != donor.kind:
        check_kind(values["kind"])
    for field, value in rules.checked(values).items():
        if getattr(donor, field) != value:
            setattr(donor, field, value)
    db.session.flush()
    search.index_donors([donor])


def withdraw_donors(donors: list[Donor]) -> None:
    """Take back donors that an import brought, when nothing rests on them; gifts keep their names anyway."""
    for donor in donors:
        donor.withdrawn = True
    db.session.flush()
    search.take_out(donor.id for donor in donors)


def check_kind(key: str | None) -> None:
    """The kind is one of today's. Raises Refused (field kind)."""
    known = kinds()
    if key in known and known[key].is_valid(today_in_vietnam()):
        return
    names = ", ".join(kind.name.lower() for kind in known.values() if kind.is_valid(today_in_vietnam()))
    raise Refused(f"Loại “{key or ''}” không có trong danh mục. Chọn một trong: {names}.", "kind")


def record_direct_aid(
    donor: Donor,
    *,
    unit: Unit,
    given_on: date,
    receiver: str,
    content: str,
    value: int | None = None,
    note: str | None = None,
    by: User,
) -> DirectAid:
    """What the donor handed over without the fund: kept apart, in no account and no total. `value` đồng, as reported.

    Raises Refused (fields given_on, receiver, content, value).
    """
    if given_on > today_in_vietnam():
        day = format_day(given_on)
        raise Refused(f"Ngày trao {day} chưa tới. Ghi khi đã trao, hoặc sửa ngày.", "given_on")
    if not nfc(receiver):
        raise Refused("Chưa ghi người nhận. Gõ tên người hoặc nơi nhận.", "receiver")
    if not nfc(content):
        raise Refused("Chưa ghi đã trao gì. Gõ nội dung, ví dụ: 20 suất quà Tết.", "content")
    if value is not None and value <= 0:
        raise Refused("Giá trị phải lớn hơn 0. Không rõ thì để trống.", "value")
    aid = DirectAid(
        donor_id=donor.id,
        unit_id=unit.id,
        given_on=given_on,
        receiver=nfc(receiver),
        content=nfc(content),
        value=value,
        note=note or None,
        by_id=by.id,
    )
    db.session.add(aid)
    db.session.flush()
    return aid


def withdraw_direct_aid(aid: DirectAid) -> None:
    """It was written down by mistake; the row stays, unseen, for the audit."""
    aid.withdrawn = True
    db.session.flush()


def add_kind(name: str, *, personal: bool, valid_from: date | None = None) -> DonorKind:
    """A new kind of donor. Raises Refused (field name)."""
    name = nfc(name)
    key = key_of(name)[:20].strip("_")
    if not key:
        raise Refused("Chưa có tên loại. Gõ tên, ví dụ: Hội đồng hương.", "name")
    twin = next(
        (kind for kind in kinds().values() if kind.key == key or key_of(kind.name) == key_of(name)), None
    )
    if twin is not None:
        again = "mở lại loại đó" if twin.valid_to else "dùng loại đó"
        raise Refused(f"Đã có loại “{twin.name}”. Đặt tên khác, hoặc {again}.", "name")
    place = max((kind.position for kind in kinds().values()), default=0) + 1
    kind = DonorKind(key=key, name=name, personal=personal, position=place)
    if valid_from is not None:
        kind.valid_from = valid_from
    db.session.add(kind)
    db.session.flush()
    forget_kinds()
    return kind


def end_kind(kind: DonorKind, valid_to: date | None) -> None:
    """New donors may have the kind until that day and no longer; None opens it again. Raises Refused."""
    if valid_to is not None:
        others = [
            key for key, other in kinds().items() if key != kind.key and other.is_valid(today_in_vietnam())
        ]
        if not others:
            raise Refused(
                "Đây là loại duy nhất còn dùng. Thêm loại khác trước khi ngừng loại này.", "valid_to"
            )
        if valid_to < kind.valid_from:
            day = format_day(kind.valid_from)
            raise Refused(f"Loại này bắt đầu dùng từ {day}. Chọn ngày từ đó trở đi.", "valid_to")
    kind.valid_to = valid_to
    db.session.flush()
    forget_kinds()


def set_personal(kind: DonorKind, personal: bool) -> None:
    """Whether names of this kind are people's, shown only as the giver has chosen."""
    kind.personal = personal
    db.session.flush()
    forget_kinds()


def kind_row(key: str) -> DonorKind | None:
    """The row of a kind, to be changed."""
    return db.session.scalar(select(DonorKind).where(DonorKind.key == key))
