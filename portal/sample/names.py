"""Invented names of people, places and companies. Nobody here exists."""

from __future__ import annotations

import random

FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Phan",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
MIDDLES_F = ("Thị", "Thị Kim", "Thị Ngọc", "Thị Hồng", "Thị Mỹ", "Thanh", "Ngọc")
MIDDLES_M = ("Văn", "Hữu", "Minh", "Quốc", "Thanh", "Công", "Đức", "Hoàng")
GIVEN_F = (
    "Loan",
    "Nhung",
    "Hạnh",
    "Duyên",
    "Lan",
    "Mai",
    "Yến",
    "Thảo",
    "Trang",
    "Oanh",
    "Út",
    "Nguyệt",
    "Ngân",
)
GIVEN_M = ("An", "Bảy", "Phước", "Sáu", "Nghĩa", "Thịnh", "Hậu", "Bình", "Khoa", "Tâm", "Đạt", "Long", "Quý")

HAMLETS = (
    "ấp Tân Bình",
    "ấp Tân Lợi",
    "ấp Phú Thạnh",
    "ấp Phú Đông",
    "ấp Hòa An",
    "ấp Hòa Lợi",
    "ấp Long Thạnh",
    "ấp Mỹ Phú",
)

GROUPS = (
    ("Công ty TNHH Xay xát Phú Hòa", "company"),
    ("Công ty CP Gạch ngói Hòa Thuận", "company"),
    ("Hợp tác xã Nông nghiệp Tân Lợi", "organisation"),
    ("Hội Liên hiệp Phụ nữ ấp Phú Thạnh", "organisation"),
    ("Hội Nông dân ấp Hòa Lợi", "organisation"),
    ("Chi hội Cựu chiến binh ấp Tân Bình", "organisation"),
    ("Tập thể Trường Tiểu học Tân Phú B", "group"),
    ("Tập thể Trường THCS Phú Đông", "group"),
    ("Nhóm bạn học khóa 1998", "group"),
    ("Cơ sở xay xát Bảy Lành", "company"),
    ("Chùa Phước Hưng", "organisation"),
    ("Nhà máy nước Long Thạnh", "company"),
)


def person(chance: random.Random) -> str:
    """An invented full name."""
    if chance.random() < 0.5:
        middle, given = chance.choice(MIDDLES_F), chance.choice(GIVEN_F)
    else:
        middle, given = chance.choice(MIDDLES_M), chance.choice(GIVEN_M)
    return f"{chance.choice(FAMILIES)} {middle} {given}"


def giver(chance: random.Random) -> str:
    """An invented giver; now and then the name that the search box gives as its example."""
    return "Nguyễn Văn An" if chance.random() < 0.03 else person(chance)


def amount(chance: random.Random) -> int:
    """A believable gift of a household, đồng."""
    return chance.choice((50, 100, 100, 200, 200, 200, 300, 500, 500, 1_000, 1_000, 2_000, 5_000)) * 1_000
