"""Numbers as offices print them: dots for thousands, a decimal comma, a real minus, "—" for missing."""

from decimal import Decimal
from fractions import Fraction


def format_amount(n: int | None) -> str:
    """1234567 → "1.234.567"; a real minus; None → "—"."""
    if n is None:
        return "—"
    return ("−" if n < 0 else "") + f"{abs(n):,}".replace(",", ".")


def format_dong(n: int | None) -> str:
    """1234567 → "1.234.567 đồng"; None → "—"."""
    return "—" if n is None else f"{format_amount(n)} đồng"


def format_short(n: int | None) -> str:
    """The shortest exact form: "22,7 tỷ", "610,201 triệu"; in full when three decimals would not be exact."""
    if n is None:
        return "—"
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu")):
        if abs(n) >= scale and n % (scale // 1000) == 0:
            return f"{_decimal_text(Fraction(n, scale), 3, strip=True)} {name}"
    return format_dong(n)


def format_rate(numerator: int | Decimal | None, denominator: int | Decimal | None) -> str:
    """A rate as percent, always two decimals, half up: "0,90%"; "—" when a part is missing or the base 0."""
    share = _share(numerator, denominator)
    return "—" if share is None else _decimal_text(share, 2) + "%"


def format_percent(numerator: int | Decimal | None, denominator: int | Decimal | None) -> str:
    """A percent of a plan, at most two decimals, no trailing zeros: "107%", "239,3%", "100,97%"."""
    share = _share(numerator, denominator)
    return "—" if share is None else _decimal_text(share, 2, strip=True) + "%"


def format_points(change: Decimal | Fraction | int | None) -> str:
    """A change of a rate, in percentage points: "−0,22 điểm %", "+0,22 điểm %"; None → "—"."""
    if change is None:
        return "—"
    text = _decimal_text(_exact(change), 2)
    plus = "+" if change > 0 and text.strip("0,") else ""
    return f"{plus}{text} điểm %"


def ratio(numerator: int | Decimal | None, denominator: int | Decimal | None) -> Decimal | None:
    """numerator ÷ denominator × 100, half up to 4 places; None when a part is missing or the base 0."""
    share = _share(numerator, denominator)
    return None if share is None else Decimal(_half_up(share, 4)).scaleb(-4)


def pad_count(n: int | None) -> str:
    """A count in a report: 8 → "08", 1361 → "1.361", 0 → "0", None → "—"."""
    return f"{n:02d}" if n is not None and 0 < n < 10 else format_amount(n)


def _exact(value: int | Decimal | Fraction) -> Fraction:
    if isinstance(value, float):
        raise TypeError("a float is not an exact figure")
    return Fraction(value)


def _share(numerator: int | Decimal | None, denominator: int | Decimal | None) -> Fraction | None:
    if numerator is None or denominator is None or denominator == 0:
        return None
    return _exact(numerator) * 100 / _exact(denominator)


def _half_up(value: Fraction, places: int) -> int:
    """value × 10^places, rounded to the nearest integer, halves away from zero."""
    scaled = abs(value) * 10**places
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -rounded if value < 0 else rounded


def _decimal_text(value: Fraction, places: int, *, strip: bool = False) -> str:
    scaled = _half_up(value, places)
    whole, rest = divmod(abs(scaled), 10**places)
    decimals = f"{rest:0{places}d}"
    if strip:
        decimals = decimals.rstrip("0")
    sign = "−" if scaled < 0 else ""
    return sign + format_amount(whole) + ("," + decimals if decimals else "")
