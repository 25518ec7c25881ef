"""Decisions on screen: written without a script, brought as a file, issued by another person, withdrawn."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import event, select

from portal.kit import tables
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.spending.actions import change_decision, issue_decision, rows_of, withdraw_decision
from portal.spending.models import Decision
from portal.spending.models_others import DecisionText
from portal.spending.rules import Wanted
from tests.cast import make_campaign, make_fund, sign_in
from tests.reading import errors_at
from tests.spending.builders import make_decision, make_money, make_payment, make_row

LIST = "/quan-ly/chi/van-ban/"
NEW = f"{LIST}moi"


@pytest.fixture
def campaign(db_session, commune):
    return make_campaign(unit=commune, code="XUAN")


@pytest.fixture
def writer(client, cast, campaign):
    return sign_in(client, cast.accountant)


@pytest.fixture
def issuer(app, cast, writer):
    return sign_in(app.test_client(), cast.chair)


def typed(cast: Any, *rows: dict[str, str], **head: Any) -> dict[str, Any]:
    """A filled form with these rows of cells."""
    usual = {
        "unit_id": cast.commune.id,
        "fund_id": make_fund().id,
        "kind": "decision",
        "decided_on": "10/11/2024",
        "subject": "Về việc hỗ trợ hộ nghèo",
        "articles": "Hỗ trợ [số dòng] hộ",
        "so_dong": str(len(rows)),
    }
    cells = {f"r{place}-{key}": text for place, row in enumerate(rows, 1) for key, text in row.items()}
    return {**usual, **cells, **head}


ROW = {"receiver": "Hộ bà Trần Thị Mẫu", "amount": "500.000", "purpose": "Trao quà, trợ cấp khó khăn"}


def test_from_the_form_to_force(writer, issuer, cast, db_session) -> None:
    sent = typed(cast, ROW, {}, {**ROW, "amount": "1,5tr", "campaign": "xuan", "level": "tỉnh"}, keep="y")
    answer = writer.post(NEW, data=sent)
    assert answer.status_code == 303
    decision = db_session.scalars(select(Decision)).one()
    assert [(row.amount, row.campaign_id is None) for row in decision.rows] == [
        (500_000, True),
        (1_500_000, False),
    ]
    assert db_session.scalars(select(DecisionText.articles)).one() == "Hỗ trợ [số dòng] hộ"
    page = writer.get(f"{LIST}{decision.id}").text
    assert "Bạn là người soạn" in page and "Hộ bà Trần Thị Mẫu" in page and "2.000.000" in page
    assert writer.post(f"{LIST}{decision.id}/ban-hanh", data={"number": "5/QĐ"}).status_code == 403
    missing = issuer.post(f"{LIST}{decision.id}/ban-hanh", data={"number": ""})
    assert missing.status_code == 422 and "number" in errors_at(missing.text)
    assert issuer.post(f"{LIST}{decision.id}/ban-hanh", data={"number": "5/ QĐ-MTTQ"}).status_code == 303
    db_session.rollback()
    assert (decision.state, decision.number) == ("issued", "5/QĐ-MTTQ")
    assert writer.get(f"{LIST}{decision.id}/sua").status_code == 403
    reason = issuer.post(f"{LIST}{decision.id}/thu-hoi", data={"reason": " "})
    assert reason.status_code == 422 and "reason" in errors_at(reason.text)
    assert issuer.post(f"{LIST}{decision.id}/thu-hoi", data={"reason": "Sai mức"}).status_code == 303
    assert "Đã thu hồi: Sai mức" in writer.get(f"{LIST}{decision.id}").text


def test_a_bad_cell_keeps_everything_and_writes_nothing(writer, cast, db_session) -> None:
    sent = typed(cast, ROW, {**ROW, "amount": "2.50"}, number="7/QĐ", subject="")
    answer = writer.post(NEW, data=sent)
    found = errors_at(answer.text)
    assert answer.status_code == 422 and "subject" in found and "r2-amount" in found
    assert 'value="2.50"' in answer.text and 'value="7/QĐ"' in answer.text
    assert "Dòng 2, số tiền (đ)" in found[""]
    assert db_session.scalar(select(Decision.id)) is None


@pytest.mark.parametrize("then", ["lines", "texts", "bank", "paste"])
def test_the_form_changes_its_shape_without_a_script(writer, cast, db_session, then) -> None:
    sent = typed(
        cast,
        ROW,
        then=then,
        kind="submission",
        pasted="Hộ ông Dán\tấp 3\tQuà\tTrao quà, trợ cấp khó khăn\t\t\t\t1\t1tr",
    )
    answer = writer.post(NEW, data=sent)
    assert answer.status_code == 200 and "Hộ bà Trần Thị Mẫu" in answer.text
    assert ('id="r7-receiver"' in answer.text) == (then == "lines")
    assert ("Kính gửi: Ban" in answer.text) == (then == "texts")
    assert ('id="r1-account_number"' in answer.text) == (then == "bank")
    assert ('value="Hộ ông Dán"' in answer.text) == (then == "paste")
    assert db_session.scalar(select(Decision.id)) is None
    nothing = writer.post(NEW, data=typed(cast, ROW, then="paste", pasted=" "))
    assert nothing.status_code == 422 and "pasted" in errors_at(nothing.text)


def draft(cast: Any, **more: Any) -> Decision:
    usual = {"unit": cast.commune, "maker": cast.accountant, "issuer": None, "rows": [make_row()]}
    made = make_decision(**{**usual, **more})
    db.session.commit()
    return made


def workbook(*rows: list[Any]) -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    tables.write_xlsx(["STT", "Họ và tên chủ hộ", "Địa chỉ", "Mục đích", "Đợt", "Số tiền"], rows, out)
    out.seek(0)
    return out, "danh-sach.xlsx"


def test_a_file_replaces_the_rows_or_nothing(writer, cast, db_session) -> None:
    one = draft(cast)
    url = f"{LIST}{one.id}/danh-sach"
    good = [[n, f"Hộ {n}", "ấp 3", "Xây, sửa nhà", "XUAN", 500_000] for n in range(1, 4)]
    bad = writer.post(url, data={"file": workbook(*good, [4, "Hộ 4", "", "Du lịch", "", "x"])})
    assert bad.status_code == 422 and {"r4-purpose", "r4-amount"} <= set(errors_at(bad.text))
    assert 'value="Hộ 4"' in bad.text and len(one.rows) == 1
    none = writer.post(url, data={"file": (io.BytesIO(b"PK\x03\x04 no"), "a.xlsx")})
    assert none.status_code == 422 and "không" in none.text
    assert writer.post(url, data={}).status_code == 422
    sums = [None, "Tổng cộng", None, None, None, 1_500_000]
    assert writer.post(url, data={"file": workbook(*good, sums)}).status_code == 303
    db_session.rollback()
    assert [row.receiver for row in one.rows] == ["Hộ 1", "Hộ 2", "Hộ 3"]
    taken = writer.get(f"{url}.xlsx")  # what is taken away can be brought again
    again = writer.post(url, data={"file": (io.BytesIO(taken.data), "lai.xlsx")})
    assert again.status_code == 303
    db_session.rollback()
    assert [row.amount for row in one.rows] == [500_000] * 3 and one.rows[0].campaign.code == "XUAN"
    assert writer.get(f"{LIST}mau-danh-sach.xlsx").data.startswith(b"PK")


def test_a_long_list_is_kept_while_its_head_is_changed(writer, cast, db_session) -> None:
    one = draft(cast, rows=[make_row(receiver=f"Hộ {n}") for n in range(250)])
    assert "250 dòng, nhiều hơn" in writer.get(f"{LIST}{one.id}/sua").text
    sent = typed(cast, subject="Về việc khác")
    assert writer.post(f"{LIST}{one.id}/sua", data=sent).status_code == 303
    db_session.rollback()
    assert one.subject == "Về việc khác" and len(one.rows) == 250
    many = [[n, f"Hộ {n}", "", "Du lịch", "", 1000] for n in range(300)]
    told = writer.post(f"{LIST}{one.id}/danh-sach", data={"file": workbook(*many)})
    assert told.status_code == 422 and "300 ô sai" in told.text


@pytest.mark.parametrize("field", ["grounds", "articles", "recipients"])
def test_words_that_nobody_fills_in_are_refused_at_their_field(writer, cast, db_session, field) -> None:
    answer = writer.post(
        f"{LIST}moi", data=typed(cast, ROW, **{field: "Hỗ trợ [số dòng] trường hợp [số người]"})
    )
    said = errors_at(answer.text)[field]
    assert (
        answer.status_code == 422
        and "[số người]" in said
        and "[số dòng], [số hộ], [mức hỗ trợ], [tổng số tiền]" in said
    )
    assert db_session.scalars(select(Decision)).all() == []


def test_who_may_what(writer, issuer, app, cast, db_session) -> None:
    one = draft(cast)
    outside, auditor = (sign_in(app.test_client(), user) for user in (cast.outsider, cast.auditor))
    for path in ("", "/sua", ".pdf", "/danh-sach.xlsx"):
        assert outside.get(f"{LIST}{one.id}{path}").status_code == 404
    assert auditor.get(f"{LIST}{one.id}").status_code == 200 and auditor.get(NEW).status_code == 403
    assert auditor.post(f"{LIST}{one.id}/xoa").status_code == 403
    assert issuer.post(f"{LIST}{one.id}/xoa").status_code == 403
    url = f"{LIST}{one.id}"
    assert writer.post(f"{url}/xoa").status_code == 303
    assert writer.get(url).status_code == 404


def test_whoever_changed_a_draft_does_not_issue_it(cast, db_session) -> None:
    one = draft(cast)
    head = {name: getattr(one, name) for name in ("kind", "number", "decided_on", "subject")}
    change_decision(one, rows=rows_of(one), by=cast.chair, **head)
    with pytest.raises(Refused, match="phải khác người lập"):
        issue_decision(one, by=cast.chair)
    issue_decision(one, by=cast.accountant)
    with pytest.raises(Refused, match="phải khác người lập"):
        withdraw_decision(one, reason="Sai", by=cast.chair)


def test_the_list_filters_sums_and_counts_its_statements(writer, cast, campaign, db_session) -> None:
    make_money(campaign=campaign, amount=5_000_000)
    rows = [make_row(campaign=campaign, amount=2_000_000, receiver="Hộ ông Lê Văn Ẩn"), make_row()]
    paid = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)

    wanted = [Wanted(paid.rows[0].id, 1_500_000)]
    make_payment(decision=paid, maker=cast.accountant, approver=cast.chair, wanted=wanted)
    draft(cast, number="13/QĐ", subject="Về việc khác", rows=[make_row(purpose="housing", amount=7_000_000)])
    whole = writer.get(LIST).text
    assert "10.000.000" in whole and "1.500.000" in whole
    for query, here, there in (
        ("q=le+van+an", "12/QĐ", "13/QĐ"),
        ("muc_dich=housing", "13/QĐ", "12/QĐ"),
        (f"dot={campaign.id}", "12/QĐ", "13/QĐ"),
        ("tinh_trang=draft", "13/QĐ", "12/QĐ"),
        ("loai=minutes", "Không có", "12/QĐ"),
        ("tu=11/11/2026", "Không có", "12/QĐ"),
    ):
        found = writer.get(f"{LIST}?{query}").text
        assert here in found and there not in found, query
    assert writer.get(f"{LIST}?tu=31/02/2026").status_code == 422
    assert writer.get(f"{LIST}?xuat=xlsx").data.startswith(b"PK")
    fragment = writer.get(LIST, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment and "12/QĐ" in fragment
    page = writer.get(f"{LIST}{paid.id}").text
    assert "Phiếu theo văn bản này" in page and "PC-0001/2026" in page and "500.000" in page

    def statements() -> int:
        seen = []
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        writer.get(LIST)
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    few = statements()
    for number in range(20, 25):
        draft(cast, number=f"{number}/QĐ")
    assert statements() == few
