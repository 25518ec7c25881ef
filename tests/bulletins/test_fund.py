"""The fund's part of a bulletin: refunds in the equation, goods by item, promises apart."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from portal.bulletins import documents
from portal.bulletins.fund import fund
from portal.figures.scope import Scope
from portal.figures.values import DONG, FigureValue
from tests.cast import Cast
from tests.figures.books import Books

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def told(material) -> str:
    return json.dumps(fund(material), ensure_ascii=False)


def figure(key: str, label: str, unit: str, value: int | Decimal) -> FigureValue:
    return FigureValue(key, label, unit, "", value)


def test_refunds_stand_in_the_table(cast: Cast, db_session) -> None:
    books = Books(cast.commune)
    books.receive(500_000)
    books.use("refunded", 200_000)
    text = told(documents.gather(Scope(cast.commune, *YEAR), YEAR[1]))
    assert "Hoàn trả người ủng hộ" in text and "200.000" in text
    assert "Ngoài sổ quỹ" not in text and "gồm" not in text


def test_goods_by_item_and_promises_stand_apart(cast: Cast, db_session) -> None:
    material = documents.gather(Scope(cast.commune, *YEAR), YEAR[1])
    more = [
        figure("goods.received.gao", "Gạo tẻ, đã nhận", "kg", Decimal("2500.5")),
        figure("goods.received.mi", "Mì gói, đã nhận", "thùng", 40),
        figure("received.goods_unvalued", "Hiện vật chưa quy đổi", "phần", 3),
        figure("pledged.total", "Đã đăng ký", DONG, 9_000_000),
        figure("pledged.fulfilled", "Đã chuyển", DONG, 4_000_000),
        figure("pledged.outstanding", "Còn lại", DONG, 5_000_000),
        figure("pledged.count", "Lượt", "lượt", 2),
    ]
    material.figures.update({one.key: one for one in more})
    text = told(material)
    assert "Hiện vật nhận trong kỳ gồm gạo tẻ 2.500,5 kg, mì gói 40 thùng." in text
    assert "Có 03 phần hiện vật đã nhận mà chưa quy đổi ra tiền." in text
    assert "trong kỳ có 02 lượt đăng ký ủng hộ, số tiền 9.000.000 đồng; đã chuyển 4.000.000 đồng" in text
    assert "lời hứa, chưa phải tiền của Quỹ" in text
    assert "tiếp nhận trong kỳ 0 đồng" in text, "a promise is never received"
    material.figures["received.introduced"] = figure("received.introduced", "Giới thiệu", DONG, 700_000)
    assert "do đơn vị giới thiệu ủng hộ 700.000 đồng" in told(material)
    many = [figure(f"goods.received.mon_{n}", f"Món {n}, đã nhận", "cái", n) for n in range(1, 12)]
    material.figures.update({one.key: one for one in many})
    assert "và 05 mặt hàng khác." in told(material)
