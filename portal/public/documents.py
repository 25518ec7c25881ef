"""Public records → what a template, a JSON answer or a file needs: plain values, words, marked hits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from portal.bulletins.models import Bulletin
from portal.campaigns.models import Campaign
from portal.campaigns.rules import STATES, UNDER_WAY
from portal.donations.finding import PAGE_SIZE, Found
from portal.figures.goods import ItemSum
from portal.figures.values import FigureValue
from portal.kit.days import days_left, format_day, format_moment
from portal.kit.marking import pieces, places_of
from portal.kit.masking import mask_public
from portal.kit.vietnamese import LONGEST_TOKEN, fold
from portal.ledger.paying import Payment
from portal.public.documents_gifts import gift_json
from portal.public.gifts import Gift
from portal.public.progress import Progress, UnitResult
from portal.public.queries import Home
from portal.units.rules import LEVELS

moment_text = format_moment  # for the templates, which get this file as `documents`

PLEDGED = ("total", "fulfilled", "outstanding", "count")
PEOPLE_SHOWN = 3  # of a group, in one row of a search
CAMPAIGN_HEADS = ("Mã đợt", "Tên đợt", "Đơn vị", "Từ ngày", "Đến ngày", "Chỉ tiêu", "Đã nhận")
UNIT_HEADS = ("Đơn vị", "Chỉ tiêu", "Đã nhận")
BULLETIN_HEADS = ("Mã bản tin", "Tên bản tin", "Đơn vị", "Từ ngày", "Đến ngày", "Ngày phát hành")


@dataclass(frozen=True)
class Term:
    """One line of an equation: what is added or taken off, đồng."""

    label: str
    amount: int
    minus: bool = False


def equation(home: Home) -> list[Term]:
    """How the balance comes about: opening + received − refunded + other + allocations − spent (− untracked).

    Lines of 0 are left out, except what everybody asks for. The terms add up to the balance.
    """
    terms = [
        Term(f"đầu năm {home.start.year}", home.amount("balance.opening")),
        Term("đã nhận", home.amount("received.total")),
        Term("đã chi", home.amount("spent.total"), minus=True),
        Term("hoàn trả", home.amount("refunded.total"), minus=True),
        Term("phân bổ đến", home.amount("allocated.in")),
        Term("phân bổ đi", home.amount("allocated.out"), minus=True),
        Term("thu, chi khác", home.amount("other.total")),
        Term("tiền chưa rõ tài khoản", home.amount("balance.untracked_change"), minus=True),
    ]
    return [term for index, term in enumerate(terms) if index < 3 or term.amount]


def small(name: str) -> str:
    """A unit's name inside a sentence: "Xã Tân Phú Hòa" → "xã Tân Phú Hòa"."""
    return name[:1].lower() + name[1:] if name.lower().startswith(LEVELS) else name


def days_of(progress: Progress, today: date) -> str:
    """ "17/10/2026 – 18/11/2026 · còn 5 ngày"."""
    row = progress.campaign
    if row.ends_on is None:
        return f"từ {format_day(row.starts_on)} · {STATES[progress.state].lower()}"
    span = f"{format_day(row.starts_on)} – {format_day(row.ends_on)}"
    left = (
        days_left(row.ends_on, today=today) if progress.state == UNDER_WAY else STATES[progress.state].lower()
    )
    return f"{span} · {'hết hôm nay' if left == 'hôm nay' else left}"


def campaign_lead(campaign: Campaign) -> str:
    """ "Từ 17/10/2026 đến hết 18/11/2026. Căn cứ Kế hoạch số 34/KH-BVĐ."."""
    first, last = format_day(campaign.starts_on), campaign.ends_on
    span = f"Từ {first} đến hết {format_day(last)}" if last else f"Từ {first}, không định ngày kết thúc"
    basis = f" Căn cứ: {mask_public(campaign.legal_basis).rstrip('.')}." if campaign.legal_basis else ""
    return f"{campaign.unit.name}. {span}.{basis}"


def state_text(progress: Progress, today: date) -> str:
    """ "Đang vận động, còn 5 ngày"."""
    if progress.state != UNDER_WAY:
        return STATES[progress.state]
    if progress.campaign.ends_on is None:
        return "Đang vận động"
    left = days_left(progress.campaign.ends_on, today=today)
    return f"Đang vận động, {'hôm nay là ngày cuối' if left == 'hôm nay' else left}"


def small_figures(figures: Mapping[str, FigureValue]) -> list[tuple[str, int]]:
    """What a campaign's money came as; goods stand apart; forms that did not occur are left out."""
    labels = (
        ("received.bank", "Chuyển khoản"),
        ("received.cash", "Tiền mặt"),
        ("received.papers", "Giấy tờ có giá"),
        ("received.direct", "Nhà tài trợ trả thẳng"),
        ("received.goods", "Hiện vật, tính riêng"),
        ("received.count", "Số khoản"),
        ("received.donors", "Người ủng hộ"),
        ("spent.total", "Đã chi từ đợt này"),
    )
    always = ("received.bank", "received.cash", "received.count", "spent.total")
    values = [(key, label, int(figures[key].value or 0)) for key, label in labels]
    return [(label, value) for key, label, value in values if value or key in always]


def next_label(found: Found) -> str:
    """ "4 khoản tiếp theo"."""
    return f"{min(found.left, PAGE_SIZE)} khoản tiếp theo" if found.left else "Khoản tiếp theo"


def largest_share(rows: Iterable[UnitResult]) -> Fraction:
    """The largest received / target, at least 1: the scale of all bars of one table."""
    shares = [Fraction(row.received, row.target) for row in rows if row.target]
    return max([Fraction(1), *shares])


def marked(text: str, words: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is what was searched for."""
    wanted = fold(words).split()
    if not wanted:
        return [(text, False)]
    places = places_of(text)
    size = min(len(wanted), LONGEST_TOKEN)
    runs = {tuple(sorted(wanted[start : start + size])) for start in range(len(wanted) - size + 1)}
    hit = [False] * len(places)
    for start in range(len(places) - size + 1):
        if tuple(sorted(place[2] for place in places[start : start + size])) in runs:
            hit[start : start + size] = [True] * size
    return pieces(text, places, hit)


def search_json(found: Found, gifts: list[Gift], cursor: str | None) -> dict[str, Any]:
    """The answer of /tra-cuu.json. `count` 1000 with `count_is_exact` false says "more than 1.000"."""
    return {
        "rows": [gift_json(gift) for gift in gifts],
        "count": found.count,
        "count_is_exact": found.count_is_exact,
        "sum": found.total,
        "next": cursor,
    }


def figures_json(figures: Mapping[str, FigureValue]) -> dict[str, Any]:
    """Figures as `portal figures` prints them."""
    return {key: figure.as_json() for key, figure in figures.items()}


def campaign_json(row: Progress) -> dict[str, Any]:
    """One campaign; amounts in đồng."""
    campaign = row.campaign
    return {
        "code": campaign.code,
        "name": campaign.name,
        "unit": campaign.unit.code,
        "from": campaign.starts_on.isoformat(),
        "to": campaign.ends_on.isoformat() if campaign.ends_on else None,
        "target": row.target,
        "received": row.received,
        "state": row.state,
    }


def campaign_row(row: Progress) -> list[Any]:
    """One row of the file, under CAMPAIGN_HEADS."""
    item = row.campaign
    return [item.code, item.name, item.unit.name, item.starts_on, item.ends_on, row.target, row.received]


def unit_json(row: UnitResult) -> dict[str, Any]:
    """One unit's result in a campaign."""
    return {"unit": row.code, "name": row.name, "target": row.target, "received": row.received}


def unit_row(row: UnitResult) -> list[Any]:
    """One row of the file, under UNIT_HEADS."""
    return [row.name, row.target, row.received]


def campaign_page_json(
    row: Progress,
    figures: Mapping[str, FigureValue],
    units: list[UnitResult],
    gifts: list[Gift],
    goods: list[ItemSum],
    payment: Payment | None,
) -> dict[str, Any]:
    """A campaign with its figures, results by unit, newest gifts, goods by item, and how to give."""
    return {
        **campaign_json(row),
        "figures": figures_json(figures),
        "units": [unit_json(unit) for unit in units],
        "newest": [gift_json(gift) for gift in gifts],
        "goods": [item_json(item) for item in goods],
        "payment": payment_json(payment) if payment else None,
    }


def payment_json(payment: Payment) -> dict[str, Any]:
    """A transfer: `qr` is the text of its VietQR (null when the bank is not known to take one)."""
    return {
        "bank": payment.account.bank,
        "number": payment.account.number,
        "holder": payment.account.holder,
        "amount": payment.amount,
        "code": payment.code,
        "purpose": payment.purpose,
        "qr": payment.payload,
    }


def item_json(item: ItemSum) -> dict[str, Any]:
    """Goods of one kind: `quantity` in thousandths of the measure, `value` đồng of what is valued."""
    return {"item": item.name, "measure": item.measure, "thousandths": item.quantity, "value": item.value}


def whole_number(figures: Mapping[str, FigureValue], key: str) -> int:
    """A figure as a number; 0 while it is missing."""
    figure = figures.get(key)
    return int(figure.value or 0) if figure else 0


def pledged(figures: Mapping[str, FigureValue]) -> dict[str, int]:
    """What was promised, as totals: who promised is told to nobody here."""
    return {part: whole_number(figures, f"pledged.{part}") for part in PLEDGED}


def bulletin_json(bulletin: Bulletin) -> dict[str, Any]:
    """A bulletin without its content."""
    return {
        "code": bulletin.code,
        "title": bulletin.title,
        "unit": bulletin.unit.code,
        "from": bulletin.starts_on.isoformat(),
        "to": bulletin.ends_on.isoformat(),
        "issued_on": bulletin.issued_on.isoformat() if bulletin.issued_on else None,
        "as_of": bulletin.as_of,
    }


def bulletin_row(item: Bulletin) -> list[Any]:
    """One row of the file, under BULLETIN_HEADS."""
    return [item.code, item.title, item.unit.name, item.starts_on, item.ends_on, item.issued_on]


def home_json(home: Home) -> dict[str, Any]:
    """The start page."""
    return {
        "unit": home.unit.code if home.unit else None,
        "from": home.start.isoformat(),
        "to": home.end.isoformat(),
        "as_of": home.books.number,
        "figures": figures_json(home.figures),
        "campaigns": [campaign_json(row) for row in home.campaigns],
        "newest": [gift_json(gift) for gift in home.gifts],
        "bulletin": bulletin_json(home.bulletin) if home.bulletin else None,
    }
