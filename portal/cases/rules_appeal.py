"""Pure rules of public appeals: whose consent is needed, and that nobody can be found by the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from portal.kit.errors import Refused
from portal.kit.masking import mask_public
from portal.kit.vietnamese import fold, nfc

DRAFT, PUBLISHED, CLOSED, DOWN = "draft", "published", "closed", "down"
STATES = {
    DRAFT: "Chưa công bố",
    PUBLISHED: "Đang kêu gọi",
    CLOSED: "Đã kết thúc",
    DOWN: "Đã gỡ nội dung",
}
PUBLIC = (PUBLISHED, CLOSED, DOWN)

ADULT, CHILD, SMALL = "adult", "child", "small"
AGES = {
    ADULT: "Từ 18 tuổi",
    CHILD: "Từ đủ 7 đến dưới 18 tuổi",
    SMALL: "Dưới 7 tuổi",
}
OF_AGE, OWN_SAY = 18, 7  # Luật 91/2025/QH15: from 7 on a child's own consent, besides the guardian's


def ages_of(birth_year: int | None, year: int) -> tuple[str, ...]:
    """Which of AGES somebody born in that year may be in; all of them when it is not known."""
    if birth_year is None:
        return tuple(AGES)
    least, most = year - birth_year - 1, year - birth_year
    return tuple(dict.fromkeys(_age(years) for years in (least, most)))


def _age(years: int) -> str:
    return ADULT if years >= OF_AGE else CHILD if years >= OWN_SAY else SMALL


def check_consent(
    age: str | None,
    *,
    birth_year: int | None,
    today: date,
    consent_on: date | None,
    guardian_name: str | None,
    guardian_on: date | None,
    child_on: date | None,
) -> None:
    """Everybody whose consent is needed has given it, and not in the future. Raises Refused."""
    if age not in AGES:
        raise Refused("Chưa chọn tuổi của người được giúp. Chọn để biết cần ai đồng ý.", "age")
    if age not in ages_of(birth_year, today.year):
        raise Refused(f"Tuổi này không khớp năm sinh {birth_year} đã ghi. Chọn lại.", "age")
    _given(consent_on, "consent_on", "hộ gia đình", today)
    if age != ADULT:
        if not nfc(guardian_name):
            raise Refused(
                "Chưa ghi người giám hộ. Trẻ dưới 18 tuổi cần người giám hộ đồng ý.", "guardian_name"
            )
        _given(guardian_on, "guardian_on", "người giám hộ", today)
    if age == CHILD:
        _given(child_on, "child_on", "chính em (từ đủ 7 tuổi)", today)


def _given(day: date | None, field: str, who: str, today: date) -> None:
    if day is None:
        raise Refused(f"Chưa có ngày đồng ý của {who}. Ghi ngày trên giấy đồng ý.", field)
    if day > today:
        raise Refused("Ngày đồng ý chưa tới. Ghi ngày trên giấy đồng ý.", field)


def check_anonymous(
    texts: dict[str, str | None], names: Iterable[str | None], places: Iterable[str | None]
) -> None:
    """No text (by field) bears a name of the household, a place smaller than the commune, a number. Raises Refused."""
    for field, text in texts.items():
        if not text:
            continue
        words = f" {_plain(text)} "
        for name in names:
            said = _plain(name)
            if " " in said and f" {said} " in words:
                raise Refused(
                    f"Nội dung còn tên “{nfc(name)}”. Viết “một em học sinh”, “một hộ trong xã” thay cho tên.",
                    field,
                )
        for place in places:
            said = _plain(place)
            if len(said) >= 4 and f" {said} " in words:
                raise Refused(
                    f"Nội dung còn địa chỉ “{nfc(place)}”. Bỏ thôn, ấp, tổ, đường; chỉ để tên xã.", field
                )
        if mask_public(text) != text:
            raise Refused("Nội dung còn số điện thoại, số tài khoản hoặc số giấy tờ. Bỏ các số này.", field)


def _plain(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def left_of(received: int, spent: int, moved: int) -> int:
    """What of an appeal's money is left, đồng."""
    return received - spent - moved
