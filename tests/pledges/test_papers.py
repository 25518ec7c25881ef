"""What the slip and the letter say, read back from their PDF; what verify finds wrong."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.operate.verify import first_problem
from portal.pledges import actions, documents, queries
from tests.cast import Cast, make_account, make_campaign, make_donation, sign_in
from tests.pledges.books import make_pledge
from tests.printed import text_of_pdf

LIST = "/quan-ly/dang-ky/"


def words_of(pdf: bytes) -> str:
    """Line by line, single spaces."""
    return " ".join(text_of_pdf(pdf, "-layout").split())


def test_the_slip(client: FlaskClient, cast: Cast) -> None:
    pledge = make_pledge(
        unit=cast.commune, by=cast.officer, shown_as="initials", phone="0912 000 111", address="Xóm 3",
        instalments=[(date(2026, 12, 15), 2_000_000), (date(2027, 1, 15), 3_000_000)],
    )  # fmt: skip
    sign_in(client, cast.auditor)
    answer = client.get(f"{LIST}{pledge.id}/phieu.pdf")
    assert answer.mimetype == "application/pdf"
    assert words_of(answer.data) == (
        "ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA Số: ĐK-0001/2026 BAN VẬN ĐỘNG QUỸ “VÌ NGƯỜI NGHÈO” "
        f"Mã chuyển khoản: {pledge.transfer_code} "
        "PHIẾU ĐĂNG KÝ ỦNG HỘ Ngày 02 tháng 11 năm 2026 Họ và tên hoặc đơn vị đăng ký: Nguyễn Văn An "
        "Địa chỉ: Xóm 3 Điện thoại: 0912 000 111 Đăng ký ủng hộ: Quỹ “Vì người nghèo” Số tiền: 5.000.000 đồng "
        "Viết bằng chữ: Năm triệu đồng Thời gian thực hiện: 15/12/2026: 2.000.000 đồng; 15/01/2027: 3.000.000 đồng "
        "Hiển thị tên trên trang công khai: Họ tên Viết tắt Nhà hảo tâm NGƯỜI ĐĂNG KÝ NGƯỜI GHI (Ký, họ tên) "
        "(Ký, họ tên) Phạm Văn Ghi Đăng ký là lời hứa tự nguyện, không phải biên lai. Khi chuyển tiền hoặc hiện "
        "vật, người ủng hộ nhận phiếu thu hoặc phiếu nhập kho."
    )
    page = client.get(f"{LIST}{pledge.id}/phieu").get_data(as_text=True)
    assert page.count('aria-label="có"') == 1 and page.count('aria-label="không"') == 2
    actions.cancel_pledge(pledge, reason="Xin rút", by=cast.officer)
    assert "Đăng ký này đã hủy ngày" in words_of(client.get(f"{LIST}{pledge.id}/phieu.pdf").data)
    assert "ĐÃ HỦY" in client.get(f"{LIST}{pledge.id}/phieu").get_data(as_text=True)


def test_a_letter_thanks_first_and_asks_kindly(client: FlaskClient, cast: Cast) -> None:
    make_account(unit=cast.commune, number="113366668888", holder="QUY VI NGUOI NGHEO")
    campaign = make_campaign(unit=cast.commune)
    pledge = make_pledge(
        unit=cast.commune, campaign=campaign, donor_kind="company", donor_name="Công ty An Bình",
        address="Số 12 Trần Phú", instalments=[(date(2026, 11, 10), 2_000_000), (date(2027, 1, 15), 3_000_000)],
    )  # fmt: skip
    gift = make_donation(campaign=campaign, amount=1_000_000, by=cast.officer)
    actions.fulfil(pledge, posting_number=gift.posting_number, ordinal=1, amount=1_000_000, by=None)
    sign_in(client, cast.officer)
    sent = client.post(f"{LIST}thu-nhac?so={pledge.id}")
    said = words_of(client.get(sent.location).data)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Kính gửi: Công ty An Bình",
        "quý đơn vị đã đăng ký ủng hộ 5.000.000 đồng (năm triệu đồng) cho đợt Tháng cao điểm Vì người nghèo",
        "trân trọng cảm ơn tấm lòng",
        "Quỹ đã nhận 1.000.000 đồng; phần còn lại là 4.000.000 đồng, theo các đợt dưới đây",
        "10/11/2026 1.000.000 15/01/2027 3.000.000 Cộng 4.000.000",
        "số 113366668888, Vietcombank, chủ tài khoản QUY VI NGUOI NGHEO, "
        f"nội dung “{pledge.transfer_code} ung ho” (mã {pledge.transfer_code} đứng đầu)",
        "Đăng ký ủng hộ là tự nguyện",
        "TM. BAN VẬN ĐỘNG",
    ):
        assert words in said, said
    for harsh in ("nợ", "yêu cầu", "chậm nhất", "vi phạm", "phải nộp", "quá hạn"):
        assert not re.search(rf"\b{harsh}\b", said, re.IGNORECASE), harsh
    more = make_donation(campaign=campaign, amount=4_000_000, by=cast.officer)
    actions.fulfil(pledge, posting_number=more.posting_number, ordinal=1, amount=4_000_000, by=None)
    assert "4.000.000 đồng" in words_of(client.get(sent.location).data), "the letter stays as it was sent"


@pytest.mark.parametrize(
    "changes", [{"kind": "goods", "content": "tấn gạo", "quantity": "2", "amount": None}, {}]
)
def test_letters_of_people_and_of_goods(cast: Cast, changes: dict[str, Any]) -> None:
    terms = queries.terms_of(make_pledge(unit=cast.commune, donor_kind="person", **changes))
    letter = documents.letter_of(terms, on=today_in_vietnam(), left=documents.left_of(terms))
    said = " ".join([letter.to, *letter.paragraphs, *letter.closing])
    assert letter.to == "Ông (Bà) Nguyễn Văn An" and "None" not in said and " 0 đồng" not in said
    assert ("2 tấn gạo" in said) is bool(changes)


def test_verify_finds_a_match_beyond_its_gift(cast: Cast) -> None:
    due = date(2026, 11, 2) + timedelta(days=9)
    pledge = make_pledge(unit=cast.commune, instalments=[(due, None)])
    gift = make_donation(campaign=make_campaign(unit=cast.commune), amount=900_000, by=cast.officer)
    row = actions.fulfil(pledge, posting_number=gift.posting_number, ordinal=1, amount=900_000, by=None)
    assert first_problem(db.session.connection()) is None
    for wrong, words in (
        (f"UPDATE pledge_fulfilment SET amount = 900001 WHERE id = {row.id}", "đã ghép 900.001"),
        (
            f"UPDATE pledge_instalment SET amount = 7 WHERE terms_id = {queries.terms_of(pledge).id}",
            "cộng lại 7",
        ),
        (f"UPDATE pledge_terms SET until = since WHERE pledge_id = {pledge.id}", "có 0 bản hiện hành"),
    ):
        with db.session.begin_nested() as point:
            db.session.execute(text(wrong))
            found = first_problem(db.session.connection())
            assert found is not None and words in found
            point.rollback()
