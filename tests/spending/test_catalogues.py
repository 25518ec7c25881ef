"""Purposes and levels as data; the budget beside what was spent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.errors import Refused
from portal.kit.numbers import last_number
from portal.spending import queries, queries_budget
from portal.spending.actions_catalogues import add_name, end, rename, set_budget
from portal.spending.queries_budget import Asked
from tests.cast import make_campaign, make_fund, make_user, sign_in
from tests.printed import text_of_pdf
from tests.reading import errors_at
from tests.spending.builders import DAY, make_decision, make_money, make_payment, make_row

PURPOSES, BUDGET = "/quan-ly/chi/danh-muc/", "/quan-ly/chi/du-toan/"


def test_a_purpose_keeps_its_key_and_gives_its_name_to_the_figure(db_session, cast, commune) -> None:
    made = add_name("muc-dich", "Hỗ trợ nước sạch")
    assert made.key == "ho_tro_nuoc_sach"
    rename(made, "Nước sạch nông thôn")
    campaign = make_campaign(unit=commune)
    make_money(campaign=campaign)
    rows = [make_row(campaign=campaign, purpose=made.key), make_row(campaign=campaign, amount=5)]
    decision = make_decision(unit=commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    make_payment(decision=decision, maker=cast.accountant, approver=cast.chair)
    found = compute(Scope(commune, DAY.replace(day=1), DAY))
    assert found["spent.ho_tro_nuoc_sach"].label == "Chi nước sạch nông thôn"
    rename(next(item for item in queries.purposes() if item.key == "gifts"), "Chi quà Tết")
    assert compute(Scope(commune, DAY, DAY), ["spent.gifts"])["spent.gifts"].label == "Chi quà Tết"
    end(made, date(2026, 1, 1))
    assert made not in queries.purposes() and made in queries.purposes(ended=True)
    with pytest.raises(Refused, match="chưa chọn mục đích"):
        make_decision(unit=commune, maker=cast.accountant, issuer=None, rows=rows, number="2/QĐ")
    with pytest.raises(Refused, match="đã có trong danh mục"):
        add_name("muc-dich", "NƯỚC SẠCH nông thôn")
    assert add_name("muc-dich", "Total").key == "total_2"  # spent.total is another figure
    assert add_name("cap", "Liên xã").key == "lien_xa"


def test_only_an_administrator_of_all_changes_the_catalogues(client, app, db_session, cast) -> None:
    admin = sign_in(client, cast.administrator)
    assert admin.post(f"{PURPOSES}muc-dich", data={"name": "Nước sạch"}).status_code == 303
    twice = admin.post(f"{PURPOSES}muc-dich", data={"name": "nước sạch"})
    assert twice.status_code == 422 and "them-muc-dich" in errors_at(twice.text)
    assert admin.post(f"{PURPOSES}muc-dich/nuoc_sach/ten", data={"name": "Nước"}).status_code == 303
    blank = admin.post(f"{PURPOSES}muc-dich/nuoc_sach/ten", data={"name": ""})
    assert blank.status_code == 422 and "ten-muc-dich-nuoc_sach" in errors_at(blank.text)
    assert admin.post(f"{PURPOSES}cap/direct/ngung", data={"valid_to": "31/02/2026"}).status_code == 422
    assert admin.post(f"{PURPOSES}cap/direct/ngung", data={"valid_to": "01/02/2026"}).status_code == 303
    assert "Đã ngừng" in admin.get(PURPOSES).text
    assert admin.post(f"{PURPOSES}cap/direct/dung-lai").status_code == 303
    assert admin.post(f"{PURPOSES}cap/khong_co/ten", data={"name": "A"}).status_code == 404
    here = make_user(role="administrator", unit=cast.commune)
    local = sign_in(app.test_client(), here)
    assert local.get(PURPOSES).status_code == 200
    assert local.post(f"{PURPOSES}muc-dich", data={"name": "B"}).status_code == 403
    assert sign_in(app.test_client(), cast.accountant).get(PURPOSES).status_code == 403


def plan(cast: Any, **planned: int | None) -> Any:
    owner = {"unit_id": cast.commune.id, "fund_id": make_fund().id, "campaign_id": None, "year": 2026}
    return set_budget(**owner, planned=planned, by=cast.accountant)


def test_a_budget_is_versioned_and_stands_beside_the_books(db_session, cast, commune) -> None:
    assert plan(cast, gifts=5_000_000, housing=2_000_000).new == 2
    first = last_number()
    assert plan(cast, gifts=5_000_000, housing=2_000_000, medical=None).duplicates == 2
    assert last_number() == first
    assert plan(cast, gifts=1_000_000, housing=None).changed == 2
    asked = Asked(commune.id, make_fund().id, None, 2026)
    assert queries_budget.planned_of(asked) == {"gifts": 1_000_000}
    assert queries_budget.planned_of(asked, as_of=first) == {"gifts": 5_000_000, "housing": 2_000_000}
    make_money(campaign=make_campaign(unit=commune), amount=1, day=date(2026, 11, 2))
    give = make_campaign(unit=commune)
    make_money(campaign=give, amount=9_000_000)
    rows = [make_row(campaign=give, amount=3_000_000), make_row(campaign=give, amount=7, purpose="medical")]
    decision = make_decision(unit=commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    make_payment(decision=decision, maker=cast.accountant, approver=cast.chair)
    assert queries_budget.spent_of(asked) == {}  # the campaign's money is not the common money
    of_campaign = Asked(commune.id, make_fund().id, give.id, None)
    set_budget(**vars(of_campaign), planned={"gifts": 2_000_000}, by=cast.accountant)
    lines = {line.purpose: line for line in queries_budget.lines_of(of_campaign)}
    assert lines["gifts"].is_over and lines["gifts"].left == -1_000_000 and lines["medical"].is_unplanned
    total = queries_budget.total_of(lines.values())
    assert (total.planned, total.spent) == (2_000_000, 3_000_007)
    assert [entry.what for entry in queries_budget.changes_of(of_campaign)] == ["budget"]


def test_the_budget_on_screen_and_paper(client, app, db_session, cast) -> None:
    writer = sign_in(client, cast.accountant)
    assert "Chưa ghi dự toán" in writer.get(BUDGET).text
    wrong = writer.post(f"{BUDGET}sua", data={"p_gifts": "2.50", "p_housing": "5tr"})
    assert wrong.status_code == 422 and "p_gifts" in errors_at(wrong.text) and 'value="5tr"' in wrong.text
    assert writer.post(f"{BUDGET}sua", data={"p_gifts": "200tr", "p_housing": ""}).status_code == 303
    page = writer.get(BUDGET).text
    assert "200.000.000" in page and "Lê Thị Toán" in page
    assert writer.get(f"{BUDGET}?xuat=xlsx").data.startswith(b"PK")
    assert "200.000.000" in text_of_pdf(writer.get(f"{BUDGET}du-toan.pdf").data)
    assert writer.get(f"{BUDGET}?nguon=khong-co").status_code == 422
    assert writer.get(f"{BUDGET}?don_vi={cast.other_commune.id}").status_code == 422
    auditor = sign_in(app.test_client(), cast.auditor)
    assert auditor.get(BUDGET).status_code == 200 and auditor.get(f"{BUDGET}sua").status_code == 403
