"""What machines read: the shape of the answers, figures as everywhere, nothing that is not for everybody."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from portal.figures import registry
from portal.figures.scope import Scope
from portal.kit.db import db
from portal.public import views
from tests.cast import make_account, make_campaign, make_donation

DAY = date(2026, 11, 2)


@pytest.fixture
def campaign(db_session, commune):
    return make_campaign(unit=commune, code="TCD26")


def give(campaign, name="Nguyễn Văn An", **more):
    return make_donation(campaign=campaign, donor_name=name, **{"shown_as": "name", **more})


def test_the_search_answers_in_its_fixed_shape(client, campaign):
    gift = give(campaign, amount=500_000, day=DAY)
    answer = client.get("/tra-cuu.json?q=nguyen+van+an").json
    assert answer == {
        "rows": [
            {
                "code": gift.code,
                "date": "2026-11-02",
                "amount": 500_000,
                "text": "Phiếu thu 0001/2026: Nguyễn Văn An",
                "campaign": "TCD26",
            }
        ],
        "count": 1,
        "count_is_exact": True,
        "sum": 500_000,
        "next": None,
    }


def test_the_cursor_reaches_every_gift_once(client, campaign, monkeypatch):
    monkeypatch.setattr(views, "JSON_ROWS", 3)
    for number in range(8):
        give(campaign, amount=1_000 + number)
    codes, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/tra-cuu.json?q=an&sau={cursor}").json
        assert answer["count"] == 8 and answer["sum"] == 8_028
        codes += [row["code"] for row in answer["rows"]]
        cursor = answer["next"]
    assert len(codes) == len(set(codes)) == 8


def test_filters_work_in_the_address(client, campaign, commune):
    account = make_account(unit=commune, code="VCB1")
    give(campaign, amount=100_000, day=date(2026, 11, 1))
    give(campaign, amount=200_000, day=DAY, form="bank", bank_account=account)

    def amounts(query):
        return [row["amount"] for row in client.get(f"/tra-cuu.json?{query}").json["rows"]]

    assert amounts("") == [200_000, 100_000]
    assert amounts("tu=02/11/2026") == amounts("tai_khoan=VCB1") == amounts("tu_tien=150.000") == [200_000]
    assert amounts("den=2026-11-01") == amounts("den_tien=150k") == [100_000]
    assert amounts("dot=TCD26&tu_tien=0&q=an") == [200_000, 100_000]


@pytest.mark.parametrize(
    "query, field",
    [
        ("tu=31/02/2026", "tu"),
        ("den=hom+qua", "den"),
        ("tu_tien=1.234,5", "tu_tien"),
        ("tu_tien=-5", "tu_tien"),
        ("dot=KHONGCO", "dot"),
        ("tai_khoan=KHONGCO", "tai_khoan"),
        ("tu=02/11/2026&den=01/11/2026", "den"),
        ("tu_tien=200&den_tien=100", "den_tien"),
        ("q=" + "a+" * 150, "q"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(client, campaign, query, field):
    answer = client.get(f"/tra-cuu.json?{query}")
    assert answer.status_code == 422 and list(answer.json["fields"]) == [field]
    page = client.get(f"/tra-cuu?{query}")
    assert page.status_code == 422 and answer.json["error"].split("“")[0] in page.text
    assert client.get(f"/tra-cuu.csv?{query}").status_code == 422


ODD = [
    "\x00",
    "a\x00b",
    "'\"",
    "%",
    "_",
    "*",
    "NEAR(",
    '"',
    "AND",
    "a" * 5000,
    "٣٤",
    "🙂",
    "đ" * 199,
    "--",
    "\u202e",
]


CODES = [*ODD, "20261102-0", "20261102-99999999", "99999999-1", "9" * 40, "..", "a.json"]


def test_odd_queries_never_fail(client, campaign):
    give(campaign)
    for name in ("q", "tu", "den", "tu_tien", "den_tien", "dot", "tai_khoan", "sau"):
        for odd in ODD:
            for kind in ("", ".json", ".csv") if name == "q" else ("",):
                answer = client.get(f"/tra-cuu{kind}", query_string={name: odd})
                assert answer.status_code in (200, 422), (kind, name, odd)


def test_odd_addresses_are_not_found(client, campaign):
    for odd in CODES:
        for room in ("khoan-ung-ho", "dot-van-dong", "ban-tin"):
            for kind in ("", ".json"):
                answer = client.get(f"/{room}/{odd}{kind}")
                assert answer.status_code in (404, 308), (room, odd, kind)
        for name in ("don_vi", "tu", "den"):
            assert client.get("/tong-hop.json", query_string={name: odd}).status_code in (200, 422), odd


def test_the_file_holds_every_row_and_no_formula(client, campaign):
    give(campaign, amount=1_000)
    give(campaign, None, form="bank", text="=HYPERLINK(1)", amount=2_000)
    text = client.get("/tra-cuu.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Số tiền"], row["Nội dung"]) for row in rows] == [
        ("2000", "'=HYPERLINK(1)"),
        ("1000", "Phiếu thu 0001/2026: Nguyễn Văn An"),
    ]


def test_figures_are_the_same_object_everywhere(app, client, campaign, cast):
    give(campaign, amount=700_000, day=DAY)
    give(campaign, amount=300_000, day=DAY, form="bank")
    address = "/tong-hop.json?don_vi=TPH&tu=2026-01-01&den=2026-12-31"
    answer = client.get(address).json
    scope = Scope(cast.commune, date(2026, 1, 1), date(2026, 12, 31))
    assert answer == {key: figure.as_json() for key, figure in registry.compute(scope).items()}
    assert answer["received.total"]["value"] == 1_000_000
    assert client.get("/tong-hop.json?don_vi=KHONGCO").status_code == 422
    assert client.get("/tong-hop.json?tu=2026-12-31&den=2026-01-01").status_code == 422


PRIVATE = ("0912345678", "0912 345 678", "1903456789012", "Rạch Tre", "Bí Mật", "BI MAT", "ghi chú riêng")


def test_nothing_personal_is_anywhere(client, campaign, commune):
    account = make_account(unit=commune)
    hidden = make_account(unit=commune, published=False, number="7777888899990")
    shared = {"address": "Số 12 ấp Rạch Tre", "note": "ghi chú riêng", "day": DAY}
    gifts = [
        give(campaign, "Lê Bí Mật", shown_as="anonymous", **shared),
        give(campaign, "Lê Bí Mật", shown_as=None, **shared),
        give(campaign, "Lê Bí Mật 0912345678", shown_as="initials", **shared),
        give(campaign, "Nguyễn Văn An 0912 345 678", **shared),
        give(
            campaign,
            "Lê Bí Mật",
            shown_as="anonymous",
            form="bank",
            text="LE BI MAT gui",
            bank_account=account,
            **shared,
        ),
        give(
            campaign,
            None,
            form="bank",
            text="NGUYEN VAN AN 0912345678 tu 1903456789012",
            bank_account=account,
            **shared,
        ),
        give(campaign, None, form="bank", text="LE BI MAT", bank_account=hidden, **shared),
    ]
    codes = [gift.code for gift in gifts]
    db.session.commit()
    pages = ["/", "/.json", "/dot-van-dong/", "/dot-van-dong/TCD26", "/dot-van-dong/TCD26.json"]
    pages += ["/tra-cuu", "/tra-cuu.json", "/tra-cuu.csv", "/tong-hop.json"]
    pages += [f"/khoan-ung-ho/{code}{kind}" for code in codes for kind in ("", ".json")]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = answer.text if "json" not in answer.mimetype else str(answer.json)
        for secret in (*PRIVATE, "7777888899990"):
            assert secret not in body, (address, secret)
        assert "Set-Cookie" not in answer.headers
    for words in ("le bi mat", "bi mat", "rach tre", "0912345678"):
        assert client.get("/tra-cuu.json", query_string={"q": words}).json["count"] == 0, words
