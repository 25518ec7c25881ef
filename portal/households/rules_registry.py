"""Pure rules of the registry: what a household is made of, which two may be one, how tables name its people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.donors.rules import check_phone, name_words
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc, sort_key

CODE = re.compile(r"^(?:HO)?\s*-?0*(\d{1,15})$", re.IGNORECASE)
OLDEST = 1900
SEXES = {"m": "Nam", "f": "Nữ"}
SEX_OF = {"nam": "m", "nu": "f"}
FIELDS = {
    "name": "Chủ hộ",
    "sex": "Giới tính",
    "birth_year": "Năm sinh",
    "unit_id": "Thôn, ấp, khu phố",
    "address": "Địa chỉ",
    "phone": "Điện thoại",
    "bank_name": "Ngân hàng",
    "bank_number": "Số tài khoản",
    "bank_holder": "Chủ tài khoản",
    "note": "Ghi chú",
}
LONGEST = {
    "name": 200, "address": 300, "phone": 40, "bank_name": 100, "bank_number": 40, "bank_holder": 200, "note": 1000,
}  # fmt: skip
PUBLIC_COLUMNS = (
    "Mã hộ", "Chủ hộ", "Giới tính", "Năm sinh", "Mã đơn vị", "Địa chỉ", "Điện thoại", "Thành viên", "Năm",
    "Nhóm hộ", "Chỉ số thiếu hụt", "Thu nhập", "Nhu cầu", "Ngân hàng", "Số tài khoản", "Chủ tài khoản", "Ghi chú",
)  # fmt: skip
PRIVATE_COLUMNS = ("Số căn cước", "Sức khỏe", "Dân tộc", "Tôn giáo")
"""Of the head; in an export only for whom may read them and says why."""
NO_LACK = "không"
"""Written in a table when the indicators were looked at and none lacks."""


@dataclass(frozen=True)
class Person:
    """Somebody who lives in a household besides its head."""

    name: str
    relation: str | None = None
    sex: str | None = None
    birth_year: int | None = None


@dataclass(frozen=True)
class Likely:
    """What two households are compared by. `unit_id` the hamlet, None where only the commune is known."""

    name: str
    birth_year: int | None = None
    hamlet_id: int | None = None
    phone_digits: str | None = None


def code_of(household_id: int) -> str:
    """How tables and pages name a household, "HO000123"."""
    return f"HO{household_id:06d}"


def id_of_code(text: str | None) -> int | None:
    """The id behind "HO000123"; None for what cannot be one."""
    found = CODE.match(nfc(text))
    return int(found[1]) if found else None


def name_key(name: str | None) -> str:
    """The words of a name without accents and forms of address, in order of the alphabet."""
    return " ".join(sorted(name_words(name)))[:200]


def checked(values: Mapping[str, Any], *, this_year: int) -> dict[str, Any]:
    """The columns of a household out of plain values (keys as FIELDS), with what is derived. Raises Refused."""
    row: dict[str, Any] = {
        key: (nfc(value) or None) if isinstance(value, str) else value for key, value in values.items()
    }
    if row.get("note"):
        row["note"] = "\n".join(nfc(line) for line in str(values["note"]).splitlines()).strip() or None
    for field, longest in LONGEST.items():
        length = len(row.get(field) or "")
        if length > longest:
            text = f"{FIELDS[field]} đang dài {length} ký tự, nhiều nhất là {longest}. Viết ngắn lại."
            raise Refused(text, field)
    if "name" in row:
        if not fold(row["name"]):
            raise Refused("Chưa có tên chủ hộ. Gõ họ tên chủ hộ.", "name")
        folded = fold(row["name"])[:200]
        row |= {"folded": folded, "sort_key": sort_key(row["name"])[:400], "name_key": name_key(row["name"])}
    if row.get("sex") not in (None, *SEXES):
        raise Refused("Giới tính ghi “Nam” hoặc “Nữ”. Không rõ thì để trống.", "sex")
    check_birth_year(row.get("birth_year"), this_year=this_year)
    if "phone" in row:
        row["phone_digits"] = check_phone(row["phone"])
    if row.get("bank_number"):
        row["bank_number"] = check_account(row["bank_number"])
    return row


def check_birth_year(year: int | None, *, this_year: int) -> None:
    """A year in which somebody alive was born. Raises Refused (field birth_year)."""
    if year is not None and not OLDEST <= year <= this_year:
        raise Refused(
            f"Năm sinh {year} không thể đúng. Gõ bốn chữ số, từ {OLDEST} đến {this_year}.", "birth_year"
        )


def check_account(text: str) -> str:
    """A bank account's number without spaces. Raises Refused (field bank_number)."""
    number = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9A-Za-z]{4,34}", number):
        raise Refused(
            f"Số tài khoản “{text}” không đúng dạng. Gõ chữ số, ví dụ 0011000990186.", "bank_number"
        )
    return number


def check_groups(exclusive: Sequence[str], year: int) -> None:
    """Of the groups that a review decides, a household has one a year. Raises Refused (field groups)."""
    if len(exclusive) > 1:
        names = " và ".join(f"“{name}”" for name in exclusive)
        raise Refused(
            f"Năm {year} một hộ không thể vừa {names}. Giữ lại một nhóm theo kết quả rà soát.", "groups"
        )


def check_year(year: int, *, this_year: int) -> None:
    """A year of reviews. Raises Refused (field year)."""
    if not 1990 <= year <= this_year + 1:
        raise Refused(f"Năm {year} nằm ngoài khoảng 1990 đến {this_year + 1}. Gõ lại năm.", "year")


def sex_of(text: str | None) -> str | None:
    """ "Nam" → m, "Nữ" → f, blank → None. Raises Refused (field sex)."""
    word = fold(text)
    if not word:
        return None
    if word not in SEX_OF:
        raise Refused(f"Giới tính “{text}” không rõ. Ghi “Nam” hoặc “Nữ”.", "sex")
    return SEX_OF[word]


def parse_person(text: str, *, this_year: int) -> Person:
    """ "Trần Thị Bé, vợ, nữ, 1980": the name first, then relation, sex and year of birth in any order. Raises Refused."""
    name, *rest = [nfc(part) for part in text.split(",")]
    if not fold(name):
        raise Refused(f"“{nfc(text)[:60]}” chưa có tên. Ghi như: Trần Thị Bé, vợ, nữ, 1980.", "members")
    relation = sex = year = None
    for part in filter(None, rest):
        if part.isdecimal():
            year = int(part[:9])
            check_birth_year(year, this_year=this_year)
        elif fold(part) in SEX_OF and sex is None:
            sex = SEX_OF[fold(part)]
        else:
            relation = part if relation is None else f"{relation}, {part}"
    if len(name) > 200 or len(relation or "") > 60:
        raise Refused(f"“{name[:40]}…” ghi quá dài. Tên tối đa 200, quan hệ tối đa 60 ký tự.", "members")
    return Person(name, relation, sex, year)


def parse_members(text: str | None, *, this_year: int) -> tuple[Person, ...]:
    """Persons parted by semicolons or lines. Raises Refused (field members)."""
    parts = [part for part in re.split(r"[;\n]", text or "") if part.strip()]
    return tuple(parse_person(part, this_year=this_year) for part in parts)


def person_text(person: Any) -> str:
    """The same person as tables and the history write them."""
    sex = SEXES[person.sex].lower() if person.sex else None
    year = str(person.birth_year) if person.birth_year else None
    return ", ".join(part for part in (person.name, person.relation, sex, year) if part)


def likeness(one: Likely, other: Likely) -> list[str]:
    """Why two households may be one, in words; empty when they are surely not.

    The names must have the same words in any order, accents aside; a year of birth may be missing or one off. In
    another hamlet they are alike only by year of birth or phone.
    """
    if not name_key(one.name) or name_key(one.name) != name_key(other.name):
        return []
    years = (one.birth_year, other.birth_year)
    known = None not in years
    apart = abs(years[0] - years[1]) if years[0] is not None and years[1] is not None else 0
    same_phone = bool(one.phone_digits) and one.phone_digits == other.phone_digits
    same_hamlet = one.hamlet_id == other.hamlet_id or None in (one.hamlet_id, other.hamlet_id)
    if apart > 1 and not same_phone:
        return []
    if not (same_hamlet or same_phone or (known and apart == 0)):
        return []
    reasons = [_name_reason(one.name, other.name)]
    if known:
        reasons.append("cùng năm sinh" if apart == 0 else f"năm sinh lệch {apart} năm")
    else:
        reasons.append("có hộ chưa ghi năm sinh")
    if one.hamlet_id is not None and one.hamlet_id == other.hamlet_id:
        reasons.append("cùng xóm, ấp")
    elif not same_hamlet:
        reasons.append("khác xóm, ấp")
    if same_phone:
        reasons.append("cùng số điện thoại")
    return reasons


def _name_reason(one: str, other: str) -> str:
    if nfc(one).casefold() == nfc(other).casefold():
        return "cùng tên"
    if fold(one) == fold(other):
        return "cùng tên, khác dấu"
    return "cùng các chữ trong tên, khác thứ tự hoặc cách gọi"
