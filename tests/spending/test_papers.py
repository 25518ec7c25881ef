"""The papers of decisions, as their words are read out of the PDF."""

from __future__ import annotations

import pytest

from portal.spending.actions import withdraw_decision
from portal.spending.queries_decisions import texts_for
from tests.cast import make_campaign, sign_in
from tests.printed import text_of_pdf
from tests.spending.builders import DAY, make_decision, make_row


@pytest.fixture
def reader(client, cast, db_session):
    return sign_in(client, cast.accountant)


def words(reader, decision) -> str:
    answer = reader.get(f"/quan-ly/chi/van-ban/{decision.id}.pdf")
    assert answer.mimetype == "application/pdf"
    return text_of_pdf(answer.data)


def made(cast, kind: str = "decision", issuer=None, **more):
    head = {**vars(texts_for(cast.commune, kind, DAY)), "subject": "Về việc hỗ trợ hộ nghèo", "kind": kind}
    head["signer_title"] = (
        "TM. BAN THƯỜNG TRỰC\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH" if kind == "decision" else "CHỦ TỊCH"
    )
    return make_decision(
        unit=cast.commune,
        maker=cast.accountant,
        issuer=issuer,
        **{**head, "signer_name": "Lê Văn Mẫu", **more},
    )


DECISION = """ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA BAN THƯỜNG TRỰC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc Tân Phú Hòa, ngày 10 tháng 11 năm 2026 Số: 12/QĐ-MTTQ-BTT QUYẾT ĐỊNH
Về việc hỗ trợ hộ nghèo BAN THƯỜNG TRỰC ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA
Căn cứ Thông tư số 41/2022/TT-BTC của Bộ Tài chính về quản lý tài chính các cuộc vận động;
Căn cứ Quy chế vận động, quản lý và sử dụng Quỹ “Vì người nghèo”; Xét đề nghị của Ban vận động Quỹ “Vì người nghèo”.
QUYẾT ĐỊNH: Điều 1. Hỗ trợ 02 trường hợp với tổng số tiền là 3.500.000 đồng (ba triệu năm trăm nghìn đồng) từ
Quỹ “Vì người nghèo”, theo danh sách kèm theo Quyết định này. Điều 2. Kế toán, thủ quỹ của Ban vận động
Quỹ “Vì người nghèo” chi trả đúng đối tượng, đúng số tiền và thanh quyết toán theo quy định.
Điều 3. Ban Thường trực Ủy ban MTTQ Việt Nam xã Tân Phú Hòa, Ban vận động Quỹ “Vì người nghèo” và các cá nhân, đơn vị
có tên trong danh sách chịu trách nhiệm thi hành Quyết định này. Quyết định có hiệu lực kể từ ngày ký./.
Nơi nhận: - Như Điều 3; - Ban vận động Quỹ cấp trên (để báo cáo); - Lưu: VT.
TM. BAN THƯỜNG TRỰC KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lê Văn Mẫu"""
ANNEX = """DANH SÁCH HỖ TRỢ
(Kèm theo Quyết định số 12/QĐ-MTTQ-BTT ngày 10 tháng 11 năm 2026 của Ủy ban MTTQ Việt Nam xã Tân Phú Hòa)"""


def test_a_decision_with_its_annex(reader, cast) -> None:
    campaign = make_campaign(unit=cast.commune, name="Xuân sum vầy")
    rows = [
        make_row(
            amount=1_000_000, address="ấp 3", level="province", campaign=campaign, account_number="0123456789"
        ),
        make_row(amount=2_500_000, receiver="Hộ ông Lê Văn Ẩn", content="Sửa nhà", households=2),
    ]
    text = words(reader, made(cast, issuer=cast.chair, rows=rows))
    assert text.startswith(" ".join(DECISION.split()) + " 2 " + " ".join(ANNEX.split()))
    for said in ("Xuân sum vầy", "Nguồn chung", "Tỉnh", "Sửa nhà", "Trao quà, trợ cấp khó khăn", "Tổng cộng"):
        assert said in text
    assert "Tổng số tiền bằng chữ: Ba triệu năm trăm nghìn đồng." in text
    assert "0123456789" not in text and "DỰ THẢO" not in text and "None" not in text


def test_submission_minutes_and_their_marks(reader, cast) -> None:
    asked = words(reader, made(cast, "submission", rows=[make_row()], number=None))
    assert "TỜ TRÌNH" in asked and "Kính gửi: Ban Thường trực Ủy ban MTTQ Việt Nam xã Tân Phú Hòa" in asked
    assert "DỰ THẢO" in asked and "xem xét, quyết định./." in asked and "DANH SÁCH ĐỀ NGHỊ HỖ TRỢ" in asked
    minutes = words(reader, made(cast, "minutes", issuer=cast.chair, rows=[make_row()], number="3/BB"))
    assert "BIÊN BẢN" in minutes and "THƯ KÝ" in minutes and "Nơi nhận" not in minutes
    bare = words(reader, made(cast, rows=[], number=None))
    assert "DANH SÁCH" not in bare and "……" in bare
    gone = made(cast, issuer=cast.chair, rows=[make_row()], number="4/QĐ")
    withdraw_decision(gone, reason="Trùng với Quyết định số 3", by=cast.chair)
    text = words(reader, gone)
    assert "ĐÃ THU HỒI" in text and "Trùng với Quyết định số 3" in text


def test_a_long_list_repeats_its_head_and_ends_with_its_sum(reader, cast) -> None:
    rows = [make_row(receiver=f"Hộ thứ {number}", amount=100_000) for number in range(1, 121)]
    text = words(reader, made(cast, issuer=cast.chair, rows=rows))
    assert text.count("Người, nơi nhận") >= 4 and "Hộ thứ 120" in text
    last = text.rsplit("Người, nơi nhận", 1)[1]
    assert "Hộ thứ 120" in last and "Tổng cộng" in last and "12.000.000" in last and "NGƯỜI LẬP" in last
