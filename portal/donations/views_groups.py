"""The people behind a group gift on screen: their list and its file, naming them, one person, striking a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import case

from portal.donations import groups, members, queries
from portal.donations.forms_groups import MemberForm, MembersForm, PeopleForm
from portal.donations.member_rows import MemberRow
from portal.donations.models import Donation, GroupMember
from portal.donations.rules import SHOWN_AS, code_of
from portal.donations.views import READERS, WRITERS, bp
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm, ReasonForm
from portal.kit.listing import Col, ListSpec
from portal.kit.seen import Change, changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import may

NOT_ASKED = "Chưa hỏi"
COLUMNS = [
    Col("stt", "STT", "number", kind="link", sort=GroupMember.number),
    Col("ten", "Họ và tên", "name", primary=True),
    Col("dia_chi", "Địa chỉ", "address", muted=True),
    Col(
        "hien_thi",
        "Cách hiển thị",
        lambda row: SHOWN_AS[row.shown_as] if row.shown_as else NOT_ASKED,
        muted=True,
    ),
    Col("ma", "Mã tra cứu", lambda row: f"{code_of(row.donation_id)}-{row.number}", muted=True),
    Col(
        "tinh_trang",
        "Tình trạng",
        lambda row: "Đã gạch" if row.struck else "Đã kê",
        kind="badge",
        badge=lambda row: "bad" if row.struck else None,
        muted=True,
    ),
    Col(
        "tien",
        "Số tiền (đ)",
        "amount",
        kind="amount",
        sort=GroupMember.amount,
        total=case((GroupMember.struck, 0), else_=GroupMember.amount),
    ),
]


def _list_of(code: str) -> ListSpec:
    return ListSpec(
        noun="người",
        key=GroupMember.id,
        default_sort="stt",
        title="Danh sách người góp",
        file_name=f"nguoi-gop-{code}",
        nothing_yet="Chưa kê tên ai. Dán danh sách từ Excel, hoặc gõ từng người.",
        row_url=lambda row: url_for("donations.member", code=code, number=row.number),
        columns=COLUMNS,
    )


def _first(code: str) -> Donation:
    """The gift of a code by its first part; 404 outside the person's units and for the code of another part."""
    donation = queries.donation_or_404(code, for_user=current_user)
    if donation.part_of is not None:
        abort(404)
    return donation


def _writable(code: str) -> Donation:
    donation = _first(code)
    if not may(current_user, WRITERS, donation.unit_id):
        abort(403)
    return donation


@bp.get("/<code>/nguoi-gop")
@allow(*READERS)
def group(code: str) -> Response:
    """Who gave together, and how much nobody is named for."""
    donation = _first(code)
    found = _list_of(code).download(members.all_members(donation), request.args)
    return found or _group_page(donation, PeopleForm(people=donation.people))


def _group_page(donation: Donation, form: PeopleForm) -> Response:
    listing = _list_of(donation.code).run(
        members.all_members(donation), request.args, url_for("donations.group", code=donation.code)
    )
    is_open = queries.ended_by(donation) is None
    return page(
        "donations/group.html",
        "list",
        status=form.status,
        donation=donation,
        group=members.group_of(donation),
        listing=listing,
        form=form,
        may_write=is_open and may(current_user, WRITERS, donation.unit_id),
    )


@bp.post("/<code>/nguoi-gop")
@allow(*WRITERS)
def count_people(code: str) -> Response:
    """Say how many gave together."""
    donation, form = _writable(code), PeopleForm()

    def write() -> str:
        groups.set_people(donation, form.people.data, current_user)
        return "Đã ghi số người góp."

    here = url_for("donations.group", code=code)
    return _carried_out(form, write, here) or _group_page(_first(code), form)


@bp.get("/<code>/nguoi-gop/them")
@allow(*WRITERS)
def new_members(code: str) -> Response:
    """Where a list is pasted or typed."""
    return _members_page(_writable(code), MembersForm())


@bp.post("/<code>/nguoi-gop/them")
@allow(*WRITERS)
def add_members(code: str) -> Response:
    """Put people on the list: all of them, or none and what to mend."""
    donation, form = _writable(code), MembersForm()

    def write() -> str:
        named = groups.name_members(donation, form.rows, current_user)
        return f"Đã kê tên {len(named)} người."

    here = url_for("donations.group", code=code)
    return _carried_out(form, write, here) or _members_page(_first(code), form)


def _members_page(donation: Donation, form: MembersForm) -> Response:
    worth = members.worth_of(members.parts_of(donation))
    return page(
        "donations/group_add.html",
        status=form.status,
        donation=donation,
        group=members.group_of(donation),
        worth=worth,
        form=form,
    )


@bp.get("/<code>/nguoi-gop/<int(max=9999):number>")
@allow(*READERS)
def member(code: str, number: int) -> Response:
    """One person of the list."""
    donation = _first(code)
    found = members.member_or_404(donation, number)
    return _member_page(donation, found, MemberForm(obj=found), ReasonForm(formdata=None))


@bp.post("/<code>/nguoi-gop/<int(max=9999):number>")
@allow(*WRITERS)
def change_member(code: str, number: int) -> Response:
    """Write the person anew."""
    donation = _writable(code)
    found = lock_row(members.member_or_404(donation, number))
    form = MemberForm(obj=found)
    if theirs := changed_meanwhile(form, request.form):
        form.validate()
        return _member_page(_first(code), found, form, ReasonForm(formdata=None), theirs)

    def write() -> str:
        groups.change_member(found, MemberRow(**form.values(), donor_id=found.donor_id), current_user)
        return f"Đã sửa dòng {number} của danh sách."

    done = _carried_out(form, write, url_for("donations.group", code=code))
    return done or _member_page(_first(code), found, form, ReasonForm(formdata=None))


@bp.post("/<code>/nguoi-gop/<int(max=9999):number>/gach")
@allow(*WRITERS)
def strike_member(code: str, number: int) -> Response:
    """Strike a name for a reason."""
    donation, form = _writable(code), ReasonForm()
    found = members.member_or_404(donation, number)

    def write() -> str:
        groups.strike_member(found, form.reason.data or "", current_user)
        return f"Đã gạch dòng {number}. Số tiền của dòng này trở về phần chưa kê tên."

    done = _carried_out(form, write, url_for("donations.group", code=code))
    return done or _member_page(_first(code), found, MemberForm(formdata=None, obj=found), form)


def _member_page(
    donation: Donation,
    found: GroupMember,
    form: MemberForm,
    strike: ReasonForm,
    theirs: Sequence[Change] = (),
) -> Response:
    is_open = queries.ended_by(donation) is None and not found.struck
    return page(
        "donations/group_member.html",
        status=409 if theirs else max(form.status, strike.status),
        theirs=theirs,
        donation=donation,
        member=found,
        form=form,
        strike=strike,
        shown=SHOWN_AS,
        may_write=is_open and may(current_user, WRITERS, donation.unit_id),
    )


def _carried_out(form: PortalForm, write: Callable[[], str], where: str) -> Response | None:
    """Do it and go there; None with the form's errors when it was refused."""
    if not form.validate_on_submit():
        return None
    try:
        said: Any = write()
        response = go(where)
        flash(said)
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return None
