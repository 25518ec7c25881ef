"""The sample's reviews, programme results and good models, brought as tables; and one issued bulletin."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from portal.bulletins.actions import draft_bulletin, issue_bulletin
from portal.imports.engine import Order, carry_out
from portal.imports.kinds import KINDS
from portal.imports.loading import load
from portal.kit.days import month_start
from portal.people.models import User
from portal.sample.names import HAMLETS
from portal.sample.province import COMMUNES
from portal.units.models import Unit

STANDARD = "Quốc gia 2022-2025"
MODELS = (
    ("Sinh kế trao tay, vững bước thoát nghèo", "mô hình"),
    ("Câu lạc bộ Phụ nữ giúp nhau làm kinh tế", "câu lạc bộ"),
    ("Tổ hợp tác đan lục bình", "tổ hợp tác"),
    ("Đỡ đầu học sinh nghèo hiếu học", "mô hình"),
    ("Hũ gạo tình thương", "mô hình"),
)


def import_reports(today: date, chance: random.Random) -> None:
    """Reviews, results and models of every commune, up to the last full month. RuntimeError if refused."""
    start, end = reported_period(today)
    _bring("reviews", _reviews(start, end, chance))
    _bring("results", _results(start, end, chance))
    _bring("initiatives", _models())


def reported_period(today: date) -> tuple[date, date]:
    """From 1 January to the end of the last full month."""
    end = month_start(today) - timedelta(days=1)
    return date(end.year, 1, 1), end


def issue_sample_bulletin(unit: Unit, today: date, *, made_by: User, issued_by: User) -> None:
    """One bulletin of the province, drafted by the accountant and issued by the chair."""
    start, end = reported_period(today)
    draft = draft_bulletin(unit=unit, starts_on=start, ends_on=end, by=made_by)
    issue_bulletin(
        draft, by=issued_by, day=max(month_start(today), today - timedelta(days=7)), is_sample=True
    )


def _bring(kind_name: str, rows: Iterable[Sequence[object]]) -> None:
    kind = KINDS[kind_name]
    text = io.StringIO()
    csv.writer(text).writerows([kind.column_names, *rows])
    name = f"minh-hoa-{kind_name}.csv"
    outcome = carry_out(load(text.getvalue().encode("utf-8-sig"), kind.columns, filename=name), Order(kind))
    if not outcome.accepted:
        raise RuntimeError(f"sample {kind_name} refused: {outcome.messages[:3]}")


def _reviews(start: date, end: date, chance: random.Random) -> Iterable[Sequence[object]]:
    for code, _name, _level in COMMUNES:
        households = chance.randint(4_800, 7_200)
        for group, opening in (
            ("Hộ nghèo", chance.randint(60, 130)),
            ("Hộ cận nghèo", chance.randint(110, 220)),
        ):
            increase, decrease = chance.randint(1, 6), chance.randint(12, 30)
            yield [
                code, STANDARD, f"{start:%d/%m/%Y}", f"{end:%d/%m/%Y}", group, "",
                opening, increase, decrease, opening + increase - decrease, households, households + 14,
            ]  # fmt: skip


def _results(start: date, end: date, chance: random.Random) -> Iterable[Sequence[object]]:
    days = [f"{start:%d/%m/%Y}", f"{end:%d/%m/%Y}"]
    for code, _name, _level in COMMUNES:
        loans, cards, trained = chance.randint(20, 60), chance.randint(90, 300), chance.randint(15, 40)
        houses, gifts = chance.randint(1, 4), chance.randint(60, 140)
        bank = "Ngân hàng Chính sách xã hội"
        for row in (
            (f"Vay {bank}", "tín dụng", bank, "", "", "", loans, "", loans * 50_000_000),
            ("Tặng thẻ bảo hiểm y tế", "bảo hiểm", "", cards - 10, cards, "thẻ", "", cards, ""),
            ("Dạy nghề cho lao động nghèo", "dạy nghề", "", 30, trained, "lao động", "", "", ""),
            ("Nhà Đại đoàn kết", "xây nhà", "Ngoài Quỹ", "", houses, "căn", houses, "", houses * 80_000_000),
            ("Chăm lo quà Tết", "quà", "Đoàn thể", "", gifts, "suất", gifts, "", gifts * 400_000),
        ):
            yield [code, *days, *row, "", "trong kỳ", ""]


def _models() -> Iterable[Sequence[object]]:
    for place, (name, form) in enumerate(MODELS):
        yield [COMMUNES[place % len(COMMUNES)][0], name, form, "", "", f"Bắt đầu từ {HAMLETS[place]}"]
