"""Who is likely the same: names, phones and tax codes in all writings; suggestions within one's units."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.donors.actions import change_donor, record_donor
from portal.donors.models import Donor
from portal.donors.queries import suggest, twins
from portal.donors.rules import check_tax_code, code_of, id_of_code, phone_digits, same_name
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import Cast, sign_in

SUGGESTIONS = "/quan-ly/nha-hao-tam/goi-y"


def donor_of(unit: Unit, name: str = "Nguyễn Văn An", **values: Any) -> Donor:
    """A donor as the form records one."""
    return record_donor(unit=unit, name=name, kind=values.pop("kind", "person"), by=None, **values)


def names(user: User, text: str) -> list[str]:
    """The names that are suggested."""
    return [item.name for item in suggest(user, text)]


@pytest.mark.parametrize(
    "written",
    ["0912345678", "0912 345 678", "+84 912 345 678", "+84912345678", "84912345678", "0084 912.345.678",
     "(+84) 912-345-678", "912345678", "0912.345.678 / 0987 111 222", "+84 (0)912 345 678"],
)  # fmt: skip
def test_a_phone_is_the_same_in_every_writing(written: str) -> None:
    assert phone_digits(written) == "0912345678"


@pytest.mark.parametrize(("written", "kept"), [
    ("0101234567", "0101234567"), ("0101234567-001", "0101234567-001"), ("0101234567001", "0101234567-001"),
    (" 0101 234 567 - 001 ", "0101234567-001"), ("", None),
])  # fmt: skip
def test_a_tax_code_is_kept_in_one_writing(written: str, kept: str | None) -> None:
    assert check_tax_code(written) == kept


@pytest.mark.parametrize("written", ["123", "01012345678", "MST0101234567", "001201012345"])
def test_what_is_no_tax_code_is_refused_with_what_to_do(written: str) -> None:
    with pytest.raises(Refused) as refused:
        check_tax_code(written)
    assert refused.value.field == "tax_code"


@pytest.mark.parametrize(("one", "other"), [
    ("Nguyễn Văn An", "NGUYEN VAN AN"), ("Nguyễn Văn An", "An Nguyễn Văn"), ("Gia đình ông Nguyễn Văn An", "Nguyễn Văn An"),
    ("Ong Nguyen Van An", "Nguyễn Văn An"), ("Cty TNHH Hoa Sen", "Công ty trách nhiệm hữu hạn Hoa Sen"),
    ("Lý Thị Mỹ", "Lí Thị Mĩ"), ("Hoà", "Hòa"),
])  # fmt: skip
def test_names_are_the_same_without_accents_order_and_forms_of_address(one: str, other: str) -> None:
    assert same_name(one, other) and same_name(other, one)


def test_names_that_only_share_words_are_not_the_same() -> None:
    assert not same_name("Nguyễn Văn An", "Nguyễn Văn")
    assert not same_name("Hồ Văn An", "Văn An")
    assert not same_name("", "")


def test_codes_of_the_export_lead_back() -> None:
    assert id_of_code(code_of(417)) == 417
    assert id_of_code("nht 12") == 12 and id_of_code("x") is None and id_of_code("") is None


@pytest.mark.parametrize("typed", [
    "ngu", "Nguyễn Văn An", "an nguyen", "van a", "NGUYỄN", "0912", "0912 345 678", "+84 912 345", "84912345678",
    "0101234567", "an ấp 3",
])  # fmt: skip
def test_whatever_is_typed_finds_the_donor(cast: Cast, typed: str) -> None:
    donor_of(cast.commune, phone="0912.345.678", tax_code="0101234567", address="Ấp 3")
    donor_of(cast.commune, "Trần Thị Bình", phone="0987111222")
    assert names(cast.officer, typed) == ["Nguyễn Văn An"]


def test_the_very_name_comes_first_then_what_begins_so(cast: Cast) -> None:
    for name in ("Lê An Bình", "An Thị Lan", "An", "Hoàng An"):
        donor_of(cast.commune, name)
    assert names(cast.officer, "an")[:2] == ["An", "An Thị Lan"]
    assert [item.is_twin for item in suggest(cast.officer, "an")][:2] == [True, False]


def test_what_holds_no_word_finds_nobody(cast: Cast) -> None:
    donor_of(cast.commune)
    assert names(cast.officer, "") == names(cast.officer, " !!! ") == names(cast.officer, "'\"*") == []


def test_a_changed_donor_is_found_by_what_it_is_now(cast: Cast) -> None:
    donor = donor_of(cast.commune)
    change_donor(donor, {"name": "Trần Bình", "phone": "0987 111 222"}, cast.officer)
    assert names(cast.officer, "nguyen van an") == []
    assert names(cast.officer, "binh tran") == names(cast.officer, "0987111222") == ["Trần Bình"]


def test_twins_by_name_phone_and_tax_code_say_why(cast: Cast) -> None:
    one = donor_of(cast.commune)
    two = donor_of(cast.commune, "Lê Bình", phone="0912345678")
    three = donor_of(cast.commune, "Công ty Hoa Sen", kind="company", tax_code="0101234567")
    found = twins(cast.officer, name="an nguyen van", phone="+84 912 345 678", tax_code="0101 234 567")
    assert {item.id: item.hint for item in found} == {
        one.id: None, two.id: "trùng số điện thoại", three.id: "trùng mã số thuế",
    }  # fmt: skip
    assert twins(cast.officer, name="an nguyen van", but=one.id) == []
    assert twins(cast.officer, name="Nguyễn Văn Bảy", phone="1", tax_code="2") == []


def test_suggestions_and_twins_never_show_others(cast: Cast) -> None:
    donor_of(cast.commune, phone="0912345678", tax_code="0101234567")
    assert names(cast.outsider, "nguyen") == names(cast.outsider, "0912345678") == []
    assert twins(cast.outsider, name="Nguyễn Văn An", phone="0912345678", tax_code="0101234567") == []
    assert names(cast.administrator, "nguyen") == ["Nguyễn Văn An"]


def test_the_fragment_has_no_phone_and_names_the_last_gift(cast: Cast, client: FlaskClient) -> None:
    donor_of(cast.commune, phone="0912345678", address="Ấp 3")
    page = sign_in(client, cast.officer).post(SUGGESTIONS, data={"text": "0912345678"}).text
    assert 'data-name="Nguyễn Văn An"' in page and "Ấp 3" in page and "data-twin" in page
    assert "0912345678" not in page
    other = sign_in(client, cast.outsider).post(SUGGESTIONS, data={"text": "nguyen", "phone": "0912345678"})
    assert "Nguyễn" not in other.text and "Không có trong sổ" in other.text


def test_suggestions_ask_as_much_for_many_as_for_few(cast: Cast, client: FlaskClient) -> None:
    donor_of(cast.commune)
    sign_in(client, cast.officer)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.post(SUGGESTIONS, data={"text": "nguyen"})
    few = len(statements)
    for number in range(30):
        donor_of(cast.commune, f"Nguyễn Văn {number}")
    db.session.commit()
    statements.clear()
    client.post(SUGGESTIONS, data={"text": "nguyen"})
    assert 0 < len(statements) <= few <= 8
