"""The QR of a sheet is found however the sheet was photographed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageFilter

from portal.files.codes import codes_in
from portal.files.pictures import SCAN, clean
from tests.files.photos import badly_lit, jpeg, leaning, sheet, turned

TEXT = "https://quy.vidu.vn/ky-nhan/K7Q2M9XH4P"
CASES = {
    "scanned": lambda page: page,
    "a little askew": lambda page: turned(page, 4),
    "on its side": lambda page: turned(page, 90),
    "upside down": lambda page: turned(page, 180),
    "halfway": lambda page: turned(page, 45),
    "from one side": leaning,
    "small": lambda page: page.resize((page.width // 2, page.height // 2), Image.Resampling.BICUBIC),
    "grey": lambda page: page.point(lambda dot: 110 + dot * 0.2),
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(1)),
    "in a shadow": badly_lit,
    "as phones do": lambda page: badly_lit(turned(leaning(page), 8)),
}


@pytest.mark.parametrize("how", CASES)
def test_the_code_is_read(how: str) -> None:
    picture = clean(jpeg(CASES[how](sheet(TEXT)), quality=70), what=SCAN)
    assert codes_in(picture) == [TEXT]


def test_nothing_is_read_where_nothing_is() -> None:
    assert codes_in(clean(jpeg(Image.new("L", (1200, 900), 200)))) == []


def test_two_codes_on_one_page_and_one_that_is_looked_for() -> None:
    page = sheet(TEXT)
    page.paste(sheet("KHAC").crop((page.width - 200, 0, page.width, 200)), (40, 0))
    picture = clean(jpeg(page), what=SCAN)
    assert sorted(codes_in(picture)) == sorted([TEXT, "KHAC"])
    assert TEXT in codes_in(picture, lambda text: text == TEXT)
