"""Pure rules of donors: what a phone and a tax code are, which names are the same, what the index holds of a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, key_of, nfc, sort_key

COLUMNS = (
    "Mã", "Tên", "Loại", "Mã đơn vị", "Điện thoại", "Thư điện tử", "Địa chỉ", "Mã số thuế", "Người đại diện",
    "Chức vụ", "Số thành viên", "Đơn vị giới thiệu", "Ghi chú",
)  # fmt: skip
"""The columns of our own export, in order; the import of donors takes the same ("Đơn vị giới thiệu" is a unit's code)."""

FIELDS = {
    "name": "Tên",
    "kind": "Loại",
    "unit_id": "Đơn vị theo dõi",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "address": "Địa chỉ",
    "tax_code": "Mã số thuế",
    "representative": "Người đại diện",
    "position": "Chức vụ",
    "members": "Số thành viên",
    "introduced_by_id": "Đơn vị giới thiệu",
    "note": "Ghi chú",
}
FILLABLE = (
    "phone", "email", "address", "tax_code", "representative", "position", "members", "introduced_by_id", "note",
)  # fmt: skip
"""What a donor may take over from a twin that is merged into it, where it has nothing itself."""
LONGEST = {
    "name": 200, "phone": 40, "email": 200, "address": 300, "representative": 200, "position": 200, "note": 1000,
}  # fmt: skip
CODE = re.compile(r"^(?:NHT)?\s*-?0*(\d{1,15})$", re.IGNORECASE)
TITLES = frozenset(["ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cụ", "cháu", "thầy", "hộ"])
PLAIN_TITLES = frozenset(("ong", "ba", "anh", "chi"))  # typed without accents, before a name of three words
SHORT_FORMS = {
    "cty": "cong ty",
    "ct": "cong ty",
    "tnhh": "trach nhiem huu han",
    "cp": "co phan",
    "dn": "doanh nghiep",
    "htx": "hop tac xa",
    "ubnd": "uy ban nhan dan",
    "mttq": "mat tran to quoc",
    "nh": "ngan hang",
    "thpt": "trung hoc pho thong",
    "thcs": "trung hoc co so",
}
SHORT_WORDS = {fold(short): fold(whole).split() for short, whole in SHORT_FORMS.items()}
MAX_WORDS = 12
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBERS = re.compile(r"[\d\s.+()\-]+")


@dataclass(frozen=True)
class Kind:
    """A kind of donor at one moment; `personal` names are shown only as the giver has chosen."""

    key: str
    name: str
    personal: bool
    position: int
    valid_from: date
    valid_to: date | None

    def is_valid(self, day: date) -> bool:
        """Whether new donors may be of this kind on the day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


def code_of(donor_id: int) -> str:
    """How an export names a donor, "NHT000123"."""
    return f"NHT{donor_id:06d}"


def id_of_code(text: str | None) -> int | None:
    """The id behind "NHT000123"; None for what cannot be one."""
    found = CODE.match(nfc(text))
    return int(found[1]) if found else None


def phone_digits(text: str | None) -> str | None:
    """A phone as it is compared: digits only, the first number of several, "+84", "84" and "0084" → "0"."""
    first = re.split(r"[/;,]|hoặc", nfc(text))[0]
    digits = "".join(c for c in first if c.isascii() and c.isdigit())
    if not digits:
        return None
    digits = digits.removeprefix("00")
    abroad = digits.startswith("84") and (first.strip().startswith(("+", "00")) or len(digits) in (11, 12))
    if abroad:
        return "0" + digits[2:].lstrip("0")
    if len(digits) == 9 and digits[0] in "35789":  # a spreadsheet has dropped the first 0
        return "0" + digits
    return digits


def check_phone(text: str | None) -> str | None:
    """`phone_digits` of a phone that can be one. Raises Refused (field phone)."""
    if not text:
        return None
    digits = phone_digits(text)
    if digits is None or not 8 <= len(digits) <= 15:
        count = len(digits or "")
        raise Refused(
            f"Số điện thoại “{text}” có {count} chữ số. Số di động có 10 chữ số; kiểm tra rồi gõ lại.",
            "phone",
        )
    return digits


def check_tax_code(text: str | None) -> str | None:
    """A tax code as it is kept, "0101234567" or "0101234567-001". Raises Refused (field tax_code)."""
    if not text:
        return None
    digits = re.sub(r"[\s.\-]", "", nfc(text))
    if digits.isascii() and digits.isdigit():
        if len(digits) == 10:
            return digits
        if len(digits) == 13:
            return f"{digits[:10]}-{digits[10:]}"
        if len(digits) == 12:
            raise Refused(
                "Mười hai chữ số là số định danh của một người, không ghi vào sổ này. "
                "Xóa đi, hoặc ghi mã số thuế 10 chữ số.",
                "tax_code",
            )
    raise Refused(
        f"Mã số thuế “{text}” không đúng dạng. Ghi 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số của chi nhánh.",
        "tax_code",
    )


def loose_tax_code(text: str | None) -> str | None:
    """A tax code for comparing while somebody types; None for what is not one yet."""
    try:
        return check_tax_code(text)
    except Refused:
        return None


def bare_name(name: str | None) -> str:
    """A name without the way people are addressed: "Gia đình ông Nguyễn Văn An" → "Nguyễn Văn An"."""
    words = nfc(name).split()
    while len(words) > 1:
        low = [word.lower().strip(".,:") for word in words[:2]]
        if low == ["gia", "đình"] and len(words) > 2:
            words = words[2:]
        elif low[0] in TITLES:
            words = words[1:]
        else:
            break
    if len(words) > 3 and words[0].lower() in PLAIN_TITLES:
        words = words[1:]
    return " ".join(words)


def name_words(name: str | None) -> list[str]:
    """The words by which names are compared: without accents and forms of address, short forms spelled out."""
    words: list[str] = []
    for word in fold(bare_name(name)).split():
        words += SHORT_WORDS.get(word, [word])
    return words


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are likely one donor's: the same words in any order."""
    words = sorted(name_words(one))
    return bool(words) and words == sorted(name_words(other))


def may_be_same(words: set[str], folded: str) -> bool:
    """Cheap first look before `same_name`: the folded name holds all the words, or short forms that may mean them."""
    held = set(folded.split())
    return words <= held or not held.isdisjoint(SHORT_WORDS)


def index_words(donor: Mapping[str, Any]) -> list[str]:
    """What the index holds of a donor: name, phone, tax code, `a_…` for its address, `u_…` for its unit."""
    name = donor.get("name")
    tax_code = (donor.get("tax_code") or "").replace("-", "")
    words = [*fold(name).split(), *key_of(name).split("_"), *name_words(name)]
    words += [donor.get("phone_digits") or "", tax_code, f"u_{donor['unit_id']}"]
    words += [f"a_{word}" for word in fold(donor.get("address")).split()]
    return list(dict.fromkeys(word for word in words if word))


def query_words(text: str | None) -> list[str]:
    """The words to look for; a number written in any way is one word, as the index keeps it."""
    typed = nfc(text)
    digits = typed_digits(typed)
    return [digits] if digits else name_words(typed)[:MAX_WORDS]


def typed_digits(text: str | None) -> str | None:
    """The digits of a text that is a phone or a tax code, whole or begun (4 digits or more); None for words."""
    typed = nfc(text)
    if not _NUMBERS.fullmatch(typed) or sum(c.isdigit() for c in typed) < 4:
        return None
    if loose_tax_code(typed) and not typed.startswith("0"):
        return re.sub(r"\D", "", typed)
    begun = re.sub(r"\D", "", typed)
    if typed.startswith(("+84", "0084")):
        return "0" + begun.removeprefix("00").removeprefix("84").lstrip("0")
    return phone_digits(typed) if len(begun) >= 9 and not loose_tax_code(typed) else begun


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a donor out of plain values, with what is derived from them.

    Keys as FIELDS; `kind` and the units are judged by the action. Raises Refused at the field.
    """
    row: dict[str, Any] = {
        key: (nfc(value) or None) if isinstance(value, str) else value for key, value in values.items()
    }
    if "note" in row and values.get("note"):
        row["note"] = "\n".join(nfc(line) for line in str(values["note"]).splitlines()).strip() or None
    _check_lengths(row)
    if "name" in row:
        if not fold(row["name"]):
            raise Refused("Chưa có tên. Gõ họ tên, hoặc tên đơn vị.", "name")
        row |= {"folded": fold(row["name"])[:200], "sort_key": sort_key(row["name"])[:400]}
    if "phone" in row:
        row["phone_digits"] = check_phone(row["phone"])
    if "tax_code" in row:
        row["tax_code"] = check_tax_code(row["tax_code"])
    if row.get("email") and not EMAIL.match(row["email"]):
        raise Refused(f"Thư điện tử “{row['email']}” không đúng dạng. Ví dụ đúng: lienhe@vidu.vn.", "email")
    if row.get("members") is not None and row["members"] < 1:
        raise Refused("Số thành viên phải từ 1 trở lên. Không rõ thì để trống.", "members")
    return row


def _check_lengths(row: Mapping[str, Any]) -> None:
    for field, longest in LONGEST.items():
        length = len(row.get(field) or "")
        if length > longest:
            raise Refused(
                f"{FIELDS[field]} đang dài {length} ký tự, nhiều nhất là {longest}. Viết ngắn lại.", field
            )


def filled_from(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """What `kept` takes over from `gone`: the fields where it has nothing itself."""
    return {
        field: gone[field]
        for field in FILLABLE
        if kept.get(field) in (None, "") and gone.get(field) not in (None, "")
    }


def roots(edges: Mapping[int, int], donors: Iterable[int]) -> dict[int, int | None]:
    """Whom each donor is merged into at the end of its chain of merges (`gone` → `kept`); None for nobody."""
    found: dict[int, int | None] = {}
    for donor in donors:
        place = donor
        while place in edges:
            place = edges[place]
        found[donor] = place if place != donor else None
    return found
