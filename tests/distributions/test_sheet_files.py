"""A long list is printed in the background, piece by piece; its file is its person's own."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from portal.distributions import sheet_files
from portal.distributions.models_handover import Sheet
from portal.jobs import worker
from portal.kit.db import db
from tests.cast import sign_in
from tests.distributions.released import make_released


def test_a_long_print_is_made_in_pieces(client, cast, monkeypatch) -> None:
    monkeypatch.setattr(sheet_files, "AT_ONCE", 10)
    monkeypatch.setattr(sheet_files, "PIECE", 1)
    made = make_released(cast, names=[f"Nguyễn Thị Mẫu {number:02d}" for number in range(1, 31)])
    sign_in(client, cast.officer)
    url = f"/quan-ly/trao-qua/{made.id}/to-ky-nhan"
    answer = client.post(url, data={})
    assert answer.status_code == 303 and "Chờ tới lượt" in client.get(answer.location).text
    assert worker.work_once()
    assert "Mở bản in" in client.get(answer.location).text
    file = client.get(f"{answer.location}/tep")
    pages = PdfReader(BytesIO(file.data)).pages
    assert file.mimetype == "application/pdf" and len(pages) == db.session.query(Sheet).count() > 1
    assert "30" in pages[-1].extract_text() and "Cộng 30 hộ" in pages[-1].extract_text()
    sign_in(client, cast.accountant)
    assert client.get(answer.location).status_code == 404
    assert client.get(f"{answer.location}/tep").status_code == 404
