"""Days, moments, periods."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.days import (
    EARLIEST,
    VIETNAM,
    Period,
    day_or_time,
    days_left,
    format_day,
    format_moment,
    long_day,
    month_end,
    month_start,
    now_in_vietnam,
    parse_day,
    today_in_vietnam,
)
from portal.kit.errors import Refused

TODAY = date(2026, 10, 19)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19/10/2026", date(2026, 10, 19)), ("3/8/2026", date(2026, 8, 3)),
        ("03-08-2026", date(2026, 8, 3)),
        ("03.08.2026", date(2026, 8, 3)), ("2026-08-03", date(2026, 8, 3)),
        ("29/02/2024", date(2024, 2, 29)),
        (" 19/10/2026\u00a0", date(2026, 10, 19)), ("03/09/2024 06:59:55", date(2024, 9, 3)),
        ("19/9/2024 9:24:52", date(2024, 9, 19)), ("2026-08-03T10:11:12", date(2026, 8, 3)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (datetime(2026, 1, 2, 23, 30), date(2026, 1, 2)),  # noqa: DTZ001
        (datetime(2026, 1, 2, 23, 30, tzinfo=UTC), date(2026, 1, 3)),
    ],
)  # fmt: skip
def test_days_are_read(text, day):
    assert parse_day(text, today=TODAY) == day
    assert type(parse_day(text, today=TODAY)) is date


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("19/10", TODAY, date(2026, 10, 19)), ("19/11", TODAY, date(2026, 11, 19)),
        ("20/11", TODAY, date(2025, 11, 20)),
        ("28/12", date(2026, 1, 5), date(2025, 12, 28)), ("5-1", date(2026, 12, 20), date(2027, 1, 5)),
        ("29/2", date(2024, 3, 1), date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_a_day_without_year_is_the_latest_not_far_ahead(text, today, day):
    assert parse_day(text, today=today) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/09/2026", "Ngày 31/09/2026 không có. Tháng 9 chỉ có 30 ngày. Gõ lại ngày, ví dụ 30/09/2026."),
        (
            "31/02",
            "Ngày 31/02/2026 không có. Tháng 2 năm 2026 chỉ có 28 ngày. Gõ lại ngày, ví dụ 28/02/2026.",
        ),
        ("0/1/2026", "Ngày 00/01/2026 không có. Tháng 1 chỉ có 31 ngày. Gõ lại ngày, ví dụ 31/01/2026."),
        ("1/13/2026", "Tháng 13 không có. Gõ ngày/tháng/năm, ví dụ 19/10/2026."),
        ("1/1/0026", "Năm 0026 nằm ngoài khoảng 1900 đến 2200. Gõ lại năm."),
        ("1/2/26", "“1/2/26” chưa rõ năm nào. Gõ đủ bốn chữ số của năm, ví dụ 19/10/2026."),
        ("mai", "“mai” không phải là ngày. Gõ ngày/tháng/năm, ví dụ 19/10/2026."),
        ("19/10-2026", "“19/10-2026” không phải là ngày. Gõ ngày/tháng/năm, ví dụ 19/10/2026."),
        ("", "Chưa có ngày. Gõ ngày/tháng/năm, ví dụ 19/10/2026."),
        (None, "Chưa có ngày. Gõ ngày/tháng/năm, ví dụ 19/10/2026."),
    ],
)
def test_what_is_no_day_is_refused_with_advice(text, sentence):
    with pytest.raises(Refused) as refused:
        parse_day(text, today=TODAY, field="on")
    assert (refused.value.text, refused.value.field) == (sentence, "on")


days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(days)
def test_what_is_printed_can_be_read(day):
    assert parse_day(format_day(day), today=TODAY) == day
    assert parse_day(day.isoformat(), today=TODAY) == day


@given(days, st.dates(date(1901, 1, 1), date(2199, 1, 1)))
def test_a_day_without_year_lies_in_the_year_up_to_a_month_ahead(day, today):
    try:
        read = parse_day(f"{day.day}/{day.month}", today=today)
    except Refused:
        assert (day.day, day.month) == (29, 2)
        return
    limit = today + timedelta(days=31)
    assert (read.day, read.month) == (day.day, day.month)
    assert limit - timedelta(days=366) < read <= limit


@given(st.text(alphabet="0123456789/-.: T", max_size=20))
def test_reading_answers_or_refuses(text):
    try:
        assert isinstance(parse_day(text, today=TODAY), date)
    except Refused as refused:
        assert refused.text.endswith(".")


def test_days_are_printed():
    assert format_day(date(2026, 3, 9)) == "09/03/2026"
    assert format_day(None) == format_day(EARLIEST) == format_moment(None) == "—"
    assert format_moment(datetime(2026, 10, 19, 2, 42, tzinfo=UTC)) == "09:42 ngày 19/10/2026"
    assert format_moment(datetime(2026, 10, 19, 9, 42)) == "09:42 ngày 19/10/2026"  # noqa: DTZ001
    assert long_day(date(2026, 3, 9)) == "ngày 09 tháng 3 năm 2026"
    assert long_day(date(2026, 2, 20)) == "ngày 20 tháng 02 năm 2026"
    assert long_day(date(2026, 12, 31)) == "ngày 31 tháng 12 năm 2026"


def test_how_far_a_day_is():
    assert days_left(date(2026, 10, 24), today=TODAY) == "còn 5 ngày"
    assert days_left(TODAY, today=TODAY) == "hôm nay"
    assert days_left(date(2026, 10, 16), today=TODAY) == "quá 3 ngày"


def test_months():
    assert month_start(date(2024, 2, 17)) == date(2024, 2, 1)
    assert month_end(date(2024, 2, 17)) == date(2024, 2, 29)


def test_now_is_in_vietnam():
    assert now_in_vietnam().utcoffset() == timedelta(hours=7)
    assert abs(datetime.now(UTC) - now_in_vietnam()) < timedelta(minutes=1)
    assert abs(today_in_vietnam() - datetime.now(VIETNAM).date()) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "end", "label", "before"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), "năm 2020", "năm 2019"),
        (date(2026, 7, 1), date(2026, 9, 30), "quý III năm 2026", "quý II năm 2026"),
        (date(2026, 1, 1), date(2026, 3, 31), "quý I năm 2026", "quý IV năm 2025"),
        (date(2026, 10, 1), date(2026, 10, 31), "tháng 10 năm 2026", "tháng 9 năm 2026"),
        (date(2024, 3, 1), date(2024, 3, 31), "tháng 3 năm 2024", "tháng 2 năm 2024"),
        (date(2026, 10, 19), date(2026, 10, 19), "ngày 19/10/2026", "ngày 18/10/2026"),
        (
            date(2021, 1, 1), date(2023, 12, 31),
            "từ ngày 01/01/2021 đến ngày 31/12/2023", "từ ngày 01/01/2018 đến ngày 31/12/2020",
        ),
        (
            date(2026, 10, 17), date(2026, 11, 18),
            "từ ngày 17/10/2026 đến ngày 18/11/2026", "từ ngày 14/09/2026 đến ngày 16/10/2026",
        ),
    ],
)  # fmt: skip
def test_periods_name_themselves_and_the_one_before(start, end, label, before):
    period = Period(start, end)
    assert period.label == label
    assert period.previous().label == before
    assert start in period
    assert end in period
    assert end + timedelta(days=1) not in period


@given(days, days)
def test_the_period_before_touches_this_one(first, second):
    period = Period(min(first, second), max(first, second))
    assert period.previous().end + timedelta(days=1) == period.start
    assert period.days() == sum(1 for _ in range(period.start.toordinal(), period.end.toordinal() + 1))


def test_a_period_has_its_end_after_its_start():
    with pytest.raises(Refused, match="trước ngày đầu"):
        Period(date(2026, 2, 1), date(2026, 1, 1))
    assert Period(EARLIEST, date(2023, 12, 31)).label == "đến ngày 31/12/2023"
    with pytest.raises(Refused, match="Không có kỳ trước"):
        Period(EARLIEST, date(2023, 12, 31)).previous()


def test_a_moment_of_today_is_its_time() -> None:
    moment = datetime(2026, 10, 19, 2, 5, tzinfo=UTC)
    assert day_or_time(moment, date(2026, 10, 19)) == "09:05"
    assert day_or_time(moment, date(2026, 10, 20)) == "19/10/2026"
