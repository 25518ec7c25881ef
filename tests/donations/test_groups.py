"""Group gifts: one bag or transfer, a list of people; what is left unnamed; who is found and who is not."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.donations import groups, members, search
from portal.donations.finding import Wanted
from portal.donations.gifts import Gift, Part
from portal.donations.member_rows import MemberRow, member_of_code, parse_pasted
from portal.donations.models import DonationWords, GroupMember
from portal.donations.posting import post_gifts
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.ledger import actions as ledger
from tests.cast import make_campaign, make_donation, sign_in
from tests.reading import errors_at, typed_in, unpleasant

DAY = date(2026, 11, 2)
LIST = (
    "Họ và tên\tĐịa chỉ\tSố tiền\tCách hiển thị\n"
    "Trần Thị Hoa\tấp Một\t200.000\thọ tên\nLê Văn Bé\t\t150k\tviết tắt\nVõ Thị Lặng\tấp Hai\t\t\n"
)


@pytest.fixture
def campaign(db_session, commune):
    return make_campaign(unit=commune, code="TCD26")


@pytest.fixture
def bag(campaign, officer):
    """One bag of 1.000.000 đ from a class of forty."""
    gift = make_donation(
        campaign=campaign, donor_name="Tập thể lớp 9A", donor_kind="group", amount=1_000_000, day=DAY
    )
    groups.set_people(gift, 40, officer)
    return gift


def name(bag, by, *rows):
    return groups.name_members(bag, [MemberRow(**row) for row in rows], by)


def found(words):
    return search.search(Wanted(words)).count


def test_a_pasted_list_is_read_with_and_without_heads() -> None:
    rows = [
        MemberRow("Trần Thị Hoa", "ấp Một", 200_000, "name"),
        MemberRow("Lê Văn Bé", None, 150_000, "initials"),
        MemberRow("Võ Thị Lặng", "ấp Hai"),
    ]
    assert parse_pasted(LIST).rows == rows
    assert parse_pasted(LIST.split("\n", 1)[1]).rows == rows
    numbered = "1\tTrần Thị Hoa\tấp Một\t200.000\thọ tên\n2.\tLê Văn Bé\t\t150k\tviết tắt\n"
    assert parse_pasted(numbered).rows == rows[:2]
    turned = "STT;Số tiền (đ);Họ tên\n1;200000;Trần Thị Hoa\n"
    assert parse_pasted(turned).rows == [MemberRow("Trần Thị Hoa", None, 200_000)]
    assert parse_pasted("Trần Thị Hoa\nLê Văn Bé").rows == [MemberRow("Trần Thị Hoa"), MemberRow("Lê Văn Bé")]
    assert parse_pasted(None).rows == parse_pasted(" \n\t\n").rows == []


def test_lines_that_cannot_be_read_are_told_one_by_one() -> None:
    read = parse_pasted(
        "Trần Thị Hoa\t\t-5\n\t\t200.000\nLê Văn Bé\t\t1.234,5\nVõ Lặng\t\t\tảnh chụp\nMai Đủ\t\t5k"
    )
    assert [row.name for row in read.rows] == ["Mai Đủ"]
    assert [error.split(":")[0] for error in read.errors] == ["Dòng 1", "Dòng 2", "Dòng 3", "Dòng 4"]
    assert all(not unpleasant(error) for error in read.errors)


@given(st.text(max_size=200))
def test_no_pasted_text_breaks_the_reading(text: str) -> None:
    read = parse_pasted(text)
    assert all(row.name for row in read.rows)


@pytest.mark.parametrize(
    "code, expected",
    [
        ("20261102-417-12", (202611020000417, 12)),
        ("20261102-417", None),
        ("20261102-417-0", None),
        ("20261102-417-00012", None),
        ("20261102-417-٣", None),
        ("a-1-2", None),
        ("", None),
    ],
)
def test_codes_of_people(code, expected) -> None:
    assert member_of_code(code) == expected


def test_what_is_named_and_what_is_left(bag, officer) -> None:
    name(bag, officer, {"name": "Trần Thị Hoa", "amount": 200_000}, {"name": "Lê Văn Bé"})
    group = members.group_of(bag)
    assert (group.people, group.listed, group.left, group.left_people) == (40, 200_000, 800_000, 38)
    assert [member.code for member in group.members] == [f"{bag.code}-1", f"{bag.code}-2"]


def test_more_than_was_given_is_refused_and_nothing_is_written(bag, officer) -> None:
    name(bag, officer, {"name": "Trần Thị Hoa", "amount": 900_000})
    with pytest.raises(Refused, match="nhiều hơn khoản này 1.000.000 đ"):
        name(bag, officer, {"name": "Lê Văn Bé", "amount": 100_001})
    (first,) = members.group_of(bag).members
    with pytest.raises(Refused, match="nhiều hơn khoản này"):
        groups.change_member(first, MemberRow("Trần Thị Hoa", amount=1_000_001), officer)
    assert members.group_of(bag).left == 100_000


def test_more_people_named_than_said_count_as_named(bag, officer) -> None:
    groups.set_people(bag, 1, officer)
    name(bag, officer, {"name": "Trần Thị Hoa"}, {"name": "Lê Văn Bé"})
    assert (members.group_of(bag).people, members.group_of(bag).left_people) == (2, 0)


def test_the_worth_of_money_with_goods_is_its_money(campaign, commune, officer) -> None:
    parts = (Part("cash", 300_000), Part("goods", 500_000, goods="gạo"), Part("goods", 0, goods="áo cũ"))
    gift = Gift(DAY, commune.id, campaign.fund_id, campaign.id, parts, donor_name="Tổ 3", people=5)
    (posted,) = post_gifts([gift], by=officer)
    first = db.session.get(members.Donation, posted.donation_id)
    assert len(members.parts_of(first)) == 3
    assert members.group_of(first).worth == 300_000
    with pytest.raises(Refused, match="phần đầu"):
        name(members.parts_of(first)[1], officer, {"name": "Trần Thị Hoa"})


def test_goods_without_a_value_are_named_without_amounts(campaign, officer) -> None:
    rice = make_donation(campaign=campaign, form="goods", amount=0, goods="gạo", donor_name="Tổ 3")
    name(rice, officer, {"name": "Trần Thị Hoa"})
    with pytest.raises(Refused):
        name(rice, officer, {"name": "Lê Văn Bé", "amount": 1_000})
    assert members.group_of(rice).left == 0


def test_a_struck_name_stays_with_its_reason_and_its_number_is_not_used_again(bag, officer) -> None:
    hoa, be = name(
        bag,
        officer,
        {"name": "Trần Thị Hoa", "amount": 900_000, "shown_as": "name"},
        {"name": "Lê Văn Bé"},
    )
    assert found("tran thi hoa") == 1 and members.named_by_code(hoa.code) is hoa
    with pytest.raises(Refused, match="lý do"):
        groups.strike_member(hoa, "  ", officer)
    groups.strike_member(hoa, "kê nhầm lớp", officer)
    assert (hoa.struck, hoa.strike_reason) == (True, "kê nhầm lớp")
    assert members.group_of(bag).left == 1_000_000
    assert found("tran thi hoa") == found(hoa.code) == 0 and members.named_by_code(hoa.code) is None
    with pytest.raises(Refused, match="đã bị gạch"):
        groups.change_member(hoa, MemberRow("Trần Thị Hoa"), officer)
    groups.strike_member(be, "kê nhầm lớp", officer)
    (third,) = name(bag, officer, {"name": "Võ Thị Lặng"})
    assert third.number == 3


def test_only_those_who_agreed_are_found_by_name(bag, officer) -> None:
    name(
        bag,
        officer,
        {"name": "Trần Thị Hoa", "shown_as": "name"},
        {"name": "Lê Văn Bé", "shown_as": "initials"},
        {"name": "Võ Thị Lặng"},
        {"name": "Mai Thị Giấu 0912345678", "shown_as": "anonymous"},
    )
    assert found("hoa tran thi") == found("tap the lop 9a") == found("L.V.B.") == 1
    for words in ("le van be", "vo thi lang", "mai thi giau", "0912345678"):
        assert found(words) == 0, words
    for member in members.group_of(bag).members:
        assert found(member.code) == 1
    assert found(f"{bag.code}-99") == 0


def test_words_of_two_people_never_match_across(bag, officer) -> None:
    people = ({"name": "Trần Thị Hoa", "shown_as": "name"}, {"name": "Lê Văn Bé", "shown_as": "name"})
    name(bag, officer, *people)
    for words in ("hoa le", "thi hoa le van", "9a tran"):
        assert found(words) == 0, words
    assert found("le van be") == 1


def test_the_index_follows_a_change_of_mind(bag, officer) -> None:
    (hoa,) = name(bag, officer, {"name": "Trần Thị Hoa", "shown_as": "name"})
    groups.change_member(hoa, MemberRow("Trần Thị Hoa", shown_as="anonymous"), officer)
    assert found("tran thi hoa") == 0
    groups.change_member(hoa, MemberRow("Trần Thị Hoa", shown_as="name"), officer)
    assert found("tran thi hoa") == 1
    groups.change_member(hoa, MemberRow("Trần Thị Hoa Mai", shown_as="name"), officer)
    assert found("hoa mai") == 1
    words = db.session.get(DonationWords, bag.id).words
    search._take_out(bag.id, words)  # the very words that were put in: nothing of them is left behind
    assert found("hoa mai") == found("tap the") == 0


def test_the_longest_list_fits_the_index(bag, officer) -> None:
    long = "Nguyễn " * 13
    rows = [MemberRow(f"{long}{number}", shown_as="name") for number in range(500)]
    groups.name_members(bag, rows, officer)
    assert found("nguyen 499") == 1
    with pytest.raises(Refused, match="nhiều nhất 500"):
        name(bag, officer, {"name": "Người Thừa"})


def test_a_twin_is_refused_and_a_reversed_gift_takes_nobody(bag, officer, accountant, chair) -> None:
    name(bag, officer, {"name": "Trần Thị Hoa", "address": "ấp Một"})
    with pytest.raises(Refused, match="đã có trong danh sách"):
        name(bag, officer, {"name": "TRAN THI HOA", "address": "Ấp một"})
    ledger.reverse(bag.posting, reason="ghi nhầm", by=accountant, second=chair)
    with pytest.raises(Refused, match="đã bị đảo"):
        name(bag, officer, {"name": "Lê Văn Bé"})
    with pytest.raises(Refused, match="đã bị đảo"):
        groups.set_people(bag, 3, officer)


def test_the_audit_says_who_named_whom_without_the_name(bag, officer) -> None:
    name(bag, officer, {"name": "Trần Thị Hoa"})
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.entity == "group_member")).one()
    assert entry.by_id == officer.id and "Hoa" not in str(entry.changes)


# On screen


def address(bag, tail=""):
    return f"/quan-ly/khoan-ung-ho/{bag.code}/nguoi-gop{tail}"


def test_a_list_is_pasted_and_typed_seen_and_exported(client, bag, officer, db_session) -> None:
    desk = sign_in(client, officer)
    assert desk.get(address(bag, "/them")).status_code == 200
    answer = desk.post(
        address(bag, "/them"), data={"pasted": LIST, "name_1": "Mai Thị Gõ", "amount_1": "50k"}
    )
    assert answer.status_code == 303 and answer.location == address(bag)
    page = desk.get(address(bag)).text
    for text in ("Trần Thị Hoa", "Mai Thị Gõ", "400.000", "600.000", f"{bag.code}-4", "Chưa hỏi"):
        assert text in page, text
    file = desk.get(address(bag, "?xuat=csv")).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [row["Họ và tên"] for row in rows] == ["Trần Thị Hoa", "Lê Văn Bé", "Võ Thị Lặng", "Mai Thị Gõ"]
    again = "\n".join("\t".join(line) for line in csv.reader(io.StringIO(file)))
    assert [(row.name, row.amount, row.shown_as) for row in parse_pasted(again).rows] == [
        ("Trần Thị Hoa", 200_000, "name"),
        ("Lê Văn Bé", 150_000, "initials"),
        ("Võ Thị Lặng", None, None),
        ("Mai Thị Gõ", 50_000, None),
    ]


def test_bad_input_of_a_list_is_told_and_kept(client, bag, officer, db_session) -> None:
    desk = sign_in(client, officer)
    typed = {"pasted": "Trần Thị Hoa\t\t-5", "name_2": "Lê Văn Bé", "amount_2": "1.234,5", "amount_3": "5k"}
    answer = desk.post(address(bag, "/them"), data=typed)
    assert answer.status_code == 422
    told = errors_at(answer.text)
    assert set(told) == {"pasted", "amount_2", "name_3"}
    assert all(not unpleasant(text) for text in told.values())
    shown = typed_in(answer.text)
    assert {field: shown.get(field) for field in typed} == typed
    too_much = desk.post(address(bag, "/them"), data={"pasted": "Trần Thị Hoa\t\t1.000.001"})
    assert too_much.status_code == 422 and "nhiều hơn khoản này" in too_much.text
    assert desk.post(address(bag, "/them"), data={}).status_code == 422
    assert desk.post(address(bag), data={"people": "0"}).status_code == 422
    assert desk.post(address(bag), data={"people": "bốn mươi"}).status_code == 422
    assert db_session.scalar(select(func.count()).select_from(GroupMember)) == 0


def test_one_person_is_changed_and_struck(client, bag, officer, db_session) -> None:
    (hoa,) = name(bag, officer, {"name": "Trần Thị Hoa", "amount": 200_000})
    desk = sign_in(client, officer)
    one = address(bag, "/1")
    assert format_amount(200_000) in desk.get(one).text
    changed = {"name": "Trần Thị Hòa", "amount": "300.000", "shown_as": "name", "address": "", "note": ""}
    assert desk.post(one, data=changed).status_code == 303
    db_session.refresh(hoa)
    assert (hoa.name, hoa.amount, hoa.shown_as) == ("Trần Thị Hòa", 300_000, "name")
    opened = json.dumps({"Họ và tên": "", "name": "Trần Thị Hoa", "amount": "200.000"})
    second = desk.post(one, data={**changed, "name": "Trần Thị Hoa", "note": "quen", "opened_with": opened})
    assert second.status_code == 409 and "Người khác vừa sửa dòng này" in second.text
    db_session.refresh(hoa)
    assert (hoa.name, hoa.note) == ("Trần Thị Hòa", None)
    assert desk.post(one, data={**changed, "name": ""}).status_code == 422
    assert desk.post(address(bag, "/1/gach"), data={"reason": ""}).status_code == 422
    assert desk.post(address(bag, "/1/gach"), data={"reason": "kê nhầm"}).status_code == 303
    page = desk.get(one).text
    assert "kê nhầm" in page and "Đã gạch" in desk.get(address(bag)).text
    refused = desk.post(one, data=changed)
    assert refused.status_code == 422 and "đã bị gạch" in refused.text
    assert desk.post(address(bag), data={"people": "41"}).status_code == 303
    db_session.refresh(bag)
    assert bag.people == 41


def test_others_do_not_see_the_list(client, bag, outsider, auditor, officer) -> None:
    name(bag, officer, {"name": "Trần Thị Hoa"})
    for tail in ("", "/them", "/1"):
        assert sign_in(client, outsider).get(address(bag, tail)).status_code == 404
    for tail in ("", "/them", "/1", "/1/gach"):
        assert sign_in(client, outsider).post(address(bag, tail), data={"reason": "x"}).status_code == 404
    watcher = sign_in(client, auditor)
    assert watcher.get(address(bag)).status_code == 200
    assert watcher.get(address(bag, "/1")).status_code == 200
    assert "Kê tên người góp" not in watcher.get(address(bag)).text
    for tail in ("", "/them", "/1", "/1/gach"):
        assert watcher.post(address(bag, tail), data={"reason": "x"}).status_code == 403
    assert sign_in(client, officer).get(address(bag, "/99")).status_code == 404
