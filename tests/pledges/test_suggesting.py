"""Which pledges a transfer may keep: what speaks for it, in words; several together; nothing by the amount alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pledges.rules import Due
from portal.pledges.suggesting import (
    LEAST,
    MOST,
    MOST_UNNAMED,
    Candidate,
    Line,
    Suggestion,
    suggest_lines,
    suggest_pledges,
)

DAY = date(2026, 11, 12)


def line(**changes: Any) -> Line:
    usual = {"key": "L", "day": DAY, "amount": 5_000_000, "text": "ung ho", "sender": "NGUYEN VAN AN"}
    return Line(**{**usual, **changes})


def pledge(key: object = 1, **changes: Any) -> Candidate:
    usual = {
        "key": key, "number": 12, "year": 2026, "donor": 7, "donor_name": "Nguyễn Văn An",
        "pledged_on": date(2026, 10, 20), "left": 5_000_000, "parts": (Due(date(2026, 11, 15), 5_000_000),),
    }  # fmt: skip
    return Candidate(**{**usual, **changes})


def words(suggestion: Suggestion) -> list[str]:
    return [reason.text for reason in suggestion.reasons]


def test_name_amount_and_day_together_are_nearly_certain() -> None:
    (found,) = suggest_pledges(line(), [pledge()])
    assert words(found) == ["tên người chuyển trùng", "đúng số tiền còn lại", "gần hạn 15/11"]
    assert found.confidence == 90 and found.shares == (("L", 1, 5_000_000),)


def test_a_person_is_known_in_other_spellings() -> None:
    company = pledge(donor_name="Công ty TNHH Xay xát Phú Hòa")
    (found,) = suggest_pledges(line(sender="CTY TNHH XAY XAT PHU HOA"), [company])
    assert "tên người chuyển trùng" in words(found)
    (found,) = suggest_pledges(line(sender="AN NGUYEN VAN"), [pledge(donor_name="Ông Nguyễn Văn An")])
    assert "tên người chuyển trùng" in words(found)
    (found,) = suggest_pledges(line(sender="NGUYEN VAN AN TPH"), [pledge()])
    assert "tên người chuyển gần giống: NGUYEN VAN AN TPH" in words(found)
    (found,) = suggest_pledges(line(sender=None, text="gd ong NGUYEN VAN AN ung ho"), [pledge()])
    assert "nội dung có tên người đăng ký" in words(found)


def test_an_amount_alone_is_never_much() -> None:
    (found,) = suggest_pledges(line(sender=None), [pledge()])
    assert found.confidence == MOST_UNNAMED and "không rõ tên người chuyển" in words(found)
    (other,) = suggest_pledges(line(sender="TRAN THI BINH"), [pledge()])
    assert other.confidence < MOST_UNNAMED and "tên người chuyển khác: TRAN THI BINH" in words(other)
    assert not suggest_pledges(line(sender="TRAN THI BINH", amount=4_000_000), [pledge()])


def test_the_number_of_the_pledge_may_stand_in_the_text() -> None:
    for text in ("DK 12/2026 ung ho", "Đk-0012/2026", "chuyen theo ĐK 0012 2026"):
        (found,) = suggest_pledges(line(sender=None, text=text), [pledge()])
        assert "nội dung nhắc số ĐK-0012/2026" in words(found) and found.confidence > MOST_UNNAMED
    (found,) = suggest_pledges(line(sender=None, text="DK 13/2026"), [pledge()])
    assert not any("ĐK-" in reason for reason in words(found))


@pytest.mark.parametrize(
    ("amount", "said", "speaks"),
    [
        (2_000_000, "đúng số tiền của đợt 15/11", True),
        (3_000_000, "đúng số tiền của đợt 15/01", True),
        (4_500_000, "đúng số tiền của 2 đợt đầu còn lại", True),
        (1_000_000, "ít hơn số còn lại 7.500.000 đ", None),
        (9_000_000, "nhiều hơn số còn lại 7.500.000 đ", False),
    ],
)
def test_instalments_are_known_by_amount_and_day(amount: int, said: str, speaks: bool | None) -> None:
    parts = (
        Due(date(2026, 11, 15), 2_000_000),
        Due(date(2026, 12, 15), 2_500_000),
        Due(date(2027, 1, 15), 3_000_000),
    )
    (found,) = suggest_pledges(line(amount=amount), [pledge(left=7_500_000, parts=parts)])
    (reason,) = [reason for reason in found.reasons if reason.text == said]
    assert reason.speaks is speaks and found.shares[0][2] == min(amount, 7_500_000)


def test_what_speaks_against_is_said() -> None:
    (found,) = suggest_pledges(line(day=date(2026, 10, 1), campaign_id=1), [pledge(campaign_id=2)])
    assert {"chuyển trước ngày đăng ký", "khác đợt vận động"} <= set(words(found)) and found.confidence < 60
    assert words(found)[-1] == "chuyển trước ngày đăng ký", "the heaviest against stands last"
    (found,) = suggest_pledges(line(campaign_id=2, day=date(2026, 12, 30)), [pledge(campaign_id=2)])
    assert {"cùng đợt vận động", "xa hạn 15/11/2026"} <= set(words(found))


def test_one_transfer_may_keep_several_pledges_of_one_giver() -> None:
    mine = [
        pledge(1, left=2_000_000, parts=()),
        pledge(2, left=3_000_000, parts=()),
        pledge(3, left=9_000_000, parts=()),
    ]
    others = [pledge(4, donor=8, donor_name="Lê Thị Bình", left=2_000_000, parts=())]
    best, *_ = suggest_pledges(line(), [*mine, *others])
    assert best.shares == (("L", 1, 2_000_000), ("L", 2, 3_000_000))
    assert "cộng đúng số tiền còn lại của 2 đăng ký cùng người" in words(best)
    assert not any(len(one.shares) > 1 for one in suggest_pledges(line(sender="LE THI HOA"), mine))


def test_givers_known_by_name_only_count_as_one() -> None:
    mine = [
        pledge(1, donor=None, left=2_000_000),
        pledge(2, donor=None, donor_name="Nguyen Van An", left=3_000_000),
    ]
    best, *_ = suggest_pledges(line(), mine)
    assert len(best.shares) == 2


def test_several_transfers_may_keep_one_pledge() -> None:
    came = [
        line(key="a", amount=2_000_000, day=date(2026, 11, 1)),
        line(key="b", amount=1_000_000, day=date(2026, 11, 5)),
        line(key="c", amount=3_000_000, day=date(2026, 11, 14)),
        line(key="d", amount=3_000_000, sender="TRAN THI BINH"),
    ]
    (found,) = suggest_lines(pledge(), came)
    assert found.shares == (("a", 1, 2_000_000), ("c", 1, 3_000_000))
    assert "2 lần chuyển cộng lại đúng số tiền còn lại 5.000.000 đ" in words(found)
    assert not suggest_lines(pledge(left=5_000_001), came)


def test_what_is_alike_is_doubtful() -> None:
    twins = [pledge(1), pledge(2, number=13)]
    one, other = suggest_pledges(line(), twins)
    assert one.confidence == other.confidence == 75
    assert "còn 1 cách ghép khác cũng giống như vậy" in words(one)


@given(
    st.lists(
        st.builds(
            pledge,
            key=st.integers(1, 99),
            donor=st.none() | st.integers(1, 3),
            donor_name=st.sampled_from(["Nguyễn Văn An", "Lê Thị Bình", "Công ty An Bình"]),
            left=st.integers(1, 20).map(lambda number: number * 500_000),
            campaign_id=st.none() | st.integers(1, 2),
        ),
        max_size=12,
        unique_by=lambda one: one.key,
    ),
    st.integers(1, 20).map(lambda number: number * 500_000),
    st.none() | st.sampled_from(["NGUYEN VAN AN", "LE THI BINH", "MOT NGUOI KHAC"]),
)
def test_shares_are_within_what_came_and_what_is_left(
    pledges: list[Candidate], amount: int, sender: str | None
) -> None:
    left = {one.key: one.left for one in pledges}
    found = suggest_pledges(line(amount=amount, sender=sender, campaign_id=1), pledges)
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    for one in found:
        assert 0 <= one.confidence <= MOST and one.reasons
        assert sum(share for _, _, share in one.shares) <= amount
        assert all(0 < share <= left[key] for _, key, share in one.shares)
        assert len({key for _, key, _ in one.shares}) == len(one.shares)
    assert all(one.confidence >= LEAST - 15 for one in found)
