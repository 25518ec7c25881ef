"""Days, moments and periods as Vietnamese offices write them. Pure: the caller says what today is."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from portal.kit.errors import Refused

EARLIEST = date.min
"""Stands for "always", where a table says that no first day was given."""

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has kept +07:00 without summer time since 1975, so that no time zone database is needed."""

_AHEAD = timedelta(days=31)
_TIME = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY_FIRST = re.compile(rf"^(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}){_TIME}$", re.A)
_YEAR_FIRST = re.compile(rf"^(\d{{4}})([/-])(\d{{1,2}})\2(\d{{1,2}}){_TIME}(?:Z|[+-]\d\d:?\d\d)?$", re.A)
_NO_YEAR = re.compile(r"^(\d{1,2})[/-](\d{1,2})$", re.A)
_SHORT_YEAR = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{1,3}$", re.A)
_QUARTERS = ("I", "II", "III", "IV")


def now_in_vietnam() -> datetime:
    """This moment, aware, in Vietnam's time."""
    return datetime.now(VIETNAM)


def today_in_vietnam() -> date:
    """The day on the calendar in Vietnam."""
    return now_in_vietnam().date()


def parse_day(text: str | date | None, *, today: date, field: str | None = None) -> date:
    """A day from what a person typed or a spreadsheet holds.

    Accepts dd/mm/yyyy (also with - or .), ISO, both with a time behind them, dates and datetimes, and dd/mm:
    the latest such day that is not later than 31 days after `today`. Raises Refused (with `field`) otherwise.
    """
    if isinstance(text, datetime):
        return _local(text).date()
    if isinstance(text, date):
        return text
    cleaned = " ".join(str("" if text is None else text).split())
    if not cleaned:
        raise Refused("Chưa có ngày. Gõ ngày/tháng/năm, ví dụ 19/10/2026.", field)
    if match := _DAY_FIRST.match(cleaned):
        return _day(int(match[4]), int(match[3]), int(match[1]), field)
    if match := _YEAR_FIRST.match(cleaned):
        return _day(int(match[1]), int(match[3]), int(match[4]), field)
    if match := _NO_YEAR.match(cleaned):
        return _day_without_year(int(match[2]), int(match[1]), today, field)
    shown = cleaned if len(cleaned) <= 30 else cleaned[:29] + "…"
    if _SHORT_YEAR.match(cleaned):
        raise Refused(f"“{shown}” chưa rõ năm nào. Gõ đủ bốn chữ số của năm, ví dụ 19/10/2026.", field)
    raise Refused(f"“{shown}” không phải là ngày. Gõ ngày/tháng/năm, ví dụ 19/10/2026.", field)


def format_day(day: date | None) -> str:
    """dd/mm/yyyy; "—" for a missing day and for EARLIEST."""
    if day is None or (day.year, day.month, day.day) == (1, 1, 1):
        return "—"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_moment(moment: datetime | None) -> str:
    """ "09:42 ngày 19/10/2026" in Vietnam's time, as which a moment without a zone is taken; None → "—"."""
    if moment is None:
        return "—"
    local = _local(moment)
    return f"{local.hour:02d}:{local.minute:02d} ngày {format_day(local.date())}"


def day_or_time(moment: datetime, today: date) -> str:
    """ "09:42" for a moment of today, else its day."""
    local = _local(moment)
    return f"{local.hour:02d}:{local.minute:02d}" if local.date() == today else format_day(local.date())


def long_day(day: date) -> str:
    """ "ngày 09 tháng 3 năm 2026": days below 10 and months 1, 2 take a zero (Nghị định 30/2020/NĐ-CP)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def day_of_week(day: date) -> str:
    """ "Thứ Sáu 16/10/2026"."""
    return f"{WEEKDAYS[day.weekday()]} {format_day(day)}"


def days_left(day: date, *, today: date) -> str:
    """How far a due day is: "còn 5 ngày", "hôm nay", "quá 3 ngày"."""
    left = (day - today).days
    if left == 0:
        return "hôm nay"
    return f"còn {left} ngày" if left > 0 else f"quá {-left} ngày"


def month_start(day: date) -> date:
    """The first day of the month."""
    return date(day.year, day.month, 1)


def month_end(day: date) -> date:
    """The last day of the month."""
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both inclusive. Raises Refused when the end lies before the start."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            first, last = format_day(self.start), format_day(self.end)
            raise Refused(f"Ngày cuối {last} trước ngày đầu {first}. Sửa lại một trong hai ngày.")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """In words: "năm 2020", "quý III năm 2026", "tháng 10 năm 2026", "từ ngày … đến ngày …"."""
        start, year = self.start, self.start.year
        if self.start == EARLIEST:
            return f"đến ngày {format_day(self.end)}"
        if self.start == self.end:
            return f"ngày {format_day(self.start)}"
        months = self._whole_months()
        if months == 12 and start.month == 1:
            return f"năm {year}"
        if months == 3 and start.month % 3 == 1:
            return f"quý {_QUARTERS[start.month // 3]} năm {year}"
        if months == 1:
            return f"tháng {start.month} năm {year}"
        return f"từ ngày {format_day(self.start)} đến ngày {format_day(self.end)}"

    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    def previous(self) -> "Period":
        """The period just before, as long: in whole months where it has whole months, else in days.

        Raises Refused where the calendar has nothing before it.
        """
        months = self._whole_months()
        first = self.start.year * 12 + self.start.month - 1 - months
        if self.start == EARLIEST or first < 12 or self.start.toordinal() <= self.days():
            raise Refused("Không có kỳ trước của khoảng ngày này. Chọn ngày đầu muộn hơn.")
        end = self.start - timedelta(days=1)
        if months:
            return Period(date(first // 12, first % 12 + 1, 1), end)
        return Period(self.start - timedelta(days=self.days()), end)

    def _whole_months(self) -> int:
        """The number of months when the period is made of whole ones, else 0."""
        if self.start != month_start(self.start) or self.end != month_end(self.end):
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1


def _local(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(VIETNAM)


def _day_without_year(month: int, day: int, today: date, field: str | None) -> date:
    """The latest such day not after today + 31 days; a 29/02 that year does not have is refused."""
    limit = today + _AHEAD
    year = limit.year if (month, day) <= (limit.month, limit.day) else limit.year - 1
    return _day(year, month, day, field)


def _day(year: int, month: int, day: int, field: str | None) -> date:
    """The date, or Refused naming what the calendar lacks."""
    if not 1900 <= year <= 2200:
        raise Refused(f"Năm {year:04d} nằm ngoài khoảng 1900 đến 2200. Gõ lại năm.", field)
    if not 1 <= month <= 12:
        raise Refused(f"Tháng {month} không có. Gõ ngày/tháng/năm, ví dụ 19/10/2026.", field)
    last = monthrange(year, month)[1]
    if 1 <= day <= last:
        return date(year, month, day)
    named = f"Tháng {month} năm {year}" if month == 2 else f"Tháng {month}"
    text = f"Ngày {day:02d}/{month:02d}/{year} không có. {named} chỉ có {last} ngày."
    raise Refused(f"{text} Gõ lại ngày, ví dụ {last}/{month:02d}/{year}.", field)
