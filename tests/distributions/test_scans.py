"""Scans of signed sheets: filed by their code, several at once, PDFs of many pages; foreign, twice, unreadable."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from portal.distributions.models_handover import Sheet, SheetScan
from portal.distributions.queries_scans import handed_without_paper, pages_missing
from portal.files.models import Picture
from portal.jobs import worker
from portal.jobs.models import Job
from portal.kit.db import db
from tests.cast import make_user, sign_in
from tests.distributions.released import make_released
from tests.distributions.test_settling import settled
from tests.reading import errors_at

HOME = "/quan-ly/trao-qua"
NAMES = [f"Nguyễn Thị Mẫu {number:02d}" for number in range(1, 41)]


def pages_of(pdf: bytes, folder: Path) -> list[Image.Image]:
    """A printed paper as a scanner sees it."""
    folder.mkdir(exist_ok=True)
    command = ["pdftoppm", "-r", "110", "-png", "-", f"{folder}/p"]
    subprocess.run(command, input=pdf, check=True)  # noqa: S603
    return [Image.open(path).convert("RGB") for path in sorted(folder.iterdir())]


def as_bytes(image: Image.Image, form: str = "JPEG") -> bytes:
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()


def as_pdf(images: list[Image.Image]) -> bytes:
    out = BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=110)
    return out.getvalue()


def send(client, distribution_id, *files):
    """Upload (name, bytes) pairs and let the worker read them; the lines of its result."""
    data = {"files": [(BytesIO(content), name) for name, content in files]}
    url = f"{HOME}/{distribution_id}/ban-quet"
    answer = client.post(url, data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, errors_at(answer.text)
    assert worker.work_once()
    job = db.session.query(Job).filter(Job.kind == "signed_scans").order_by(Job.id.desc()).first()
    assert job.state == "done", job.message
    page = client.get(answer.location)
    assert page.status_code == 200
    return [(line["what"], line["text"]) for line in job.result["lines"]]


@pytest.fixture
def printed(cast, client, tmp_path):
    """(a list of three pages, its pages as a scanner sees them)."""
    made = make_released(cast, names=NAMES)
    sign_in(client, cast.officer)
    pdf = client.post(f"{HOME}/{made.id}/to-ky-nhan", data={}).data
    return made, pages_of(pdf, tmp_path / "pages")


def test_pages_file_themselves(client, printed, officer) -> None:
    made, pages = printed
    assert len(pages) > 2 and pages_missing(made.distribution) == list(range(1, len(pages) + 1))
    turned = pages[0].rotate(90, expand=True)
    told = send(client, made.id, ("trang-mot.jpg", as_bytes(turned)), ("con-lai.pdf", as_pdf(pages[1:])))
    assert [what for what, _ in told] == ["filed"] * len(pages)
    assert told[1][1].startswith("con-lai.pdf, trang 1: xếp vào trang 2/")
    db.session.expire_all()
    assert pages_missing(made.distribution) == []
    page = client.get(f"{HOME}/{made.id}/ban-quet").text
    assert f"Đủ {len(pages)} trang đã ký" in page and "trang-mot.jpg" in page
    again = send(client, made.id, ("trang-mot.jpg", as_bytes(turned)))
    assert again[0][0] == "twice" and db.session.query(SheetScan).count() == len(pages)


def test_a_page_without_code_is_filed_by_hand(client, printed) -> None:
    made, pages = printed
    covered = pages[0].copy()
    draw = ImageDraw.Draw(covered)
    draw.rectangle((0, covered.height * 0.84, covered.width * 0.2, covered.height), fill="white")
    told = send(client, made.id, ("mo.png", as_bytes(covered, "PNG")))
    assert told[0][0] == "by_hand" and "Không đọc được mã vuông" in told[0][1]
    scan, sheet = db.session.query(SheetScan).one(), db.session.query(Sheet).first()
    assert f"/quan-ly/anh/{scan.picture_id}/nho" in client.get(f"{HOME}/{made.id}/ban-quet").text
    wrong = client.post(f"{HOME}/ban-quet/{scan.id}/xep", data={"sheet_id": ""})
    assert wrong.status_code == 422 and "Chưa chọn trang" in wrong.text
    assert client.post(f"{HOME}/ban-quet/{scan.id}/xep", data={"sheet_id": sheet.id}).status_code == 303
    db.session.expire_all()
    assert scan.by_hand and pages_missing(made.distribution)[:1] == [2]
    assert client.post(f"{HOME}/ban-quet/{scan.id}/bo", data={"reason": ""}).status_code == 422
    assert client.post(f"{HOME}/ban-quet/{scan.id}/bo", data={"reason": "Chụp mờ"}).status_code == 303
    db.session.expire_all()
    assert pages_missing(made.distribution)[:1] == [1] and db.session.get(Picture, scan.picture_id)


def test_a_page_of_another_list_goes_there_or_is_refused(client, cast, printed) -> None:
    made, pages = printed
    other = make_released(cast, code="2")
    sign_in(client, cast.officer)
    told = send(client, other.id, ("nham.jpg", as_bytes(pages[0])))
    assert told[0][0] == "elsewhere" and f"của đợt “{made.distribution.name}”" in told[0][1]
    db.session.expire_all()
    assert 1 not in pages_missing(made.distribution)
    assert db.session.query(SheetScan).one().sheet.distribution_id == made.id
    foreign = make_user(name="Ngô Văn Khác", role="recorder", unit=cast.other_commune)
    own = make_released(cast, code="3")
    own.distribution.unit_id = cast.other_commune.id
    db.session.commit()
    sign_in(client, foreign)
    told = send(client, own.id, ("la.jpg", as_bytes(pages[1])))
    assert told[0][0] == "refused" and "ngoài phạm vi được giao" in told[0][1]
    assert made.distribution.name + "”" not in told[0][1]
    assert db.session.query(SheetScan).count() == 1
    scan = db.session.query(SheetScan).one()
    assert client.post(f"{HOME}/ban-quet/{scan.id}/bo", data={"reason": "x"}).status_code == 404


def test_bad_files_are_told_and_the_good_ones_stay(client, printed) -> None:
    made, pages = printed
    whole = as_bytes(pages[0])
    told = send(
        client,
        made.id,
        ("cut.jpg", whole[: len(whole) // 3]),
        ("khong-phai.pdf", b"%PDF-1.4 x"),
        ("tot.jpg", whole),
    )
    assert told[0][0] in ("refused", "by_hand")  # what is left of a cut picture is shown to a person
    assert [what for what, _ in told[1:]] == ["refused", "filed"]
    url = f"{HOME}/{made.id}/ban-quet"
    assert client.post(url, data={}).status_code == 422
    typed = {"files": [(BytesIO(b"x"), "bang.xlsx")]}
    answer = client.post(url, data=typed, content_type="multipart/form-data")
    assert answer.status_code == 422 and "bang.xlsx" in answer.text


def test_an_empty_file_refuses_itself_only(client, printed) -> None:
    """Twenty good photos are not chosen again because one is empty; what is wrong is told file by file."""
    made, pages = printed
    told = send(
        client,
        made.id,
        ("rong.jpg", b""),
        ("tot.jpg", as_bytes(pages[0])),
        ("bang.xlsx", b"x"),
        ("2.png", b""),
    )
    assert [what for what, _ in told] == ["refused", "refused", "refused", "filed"]
    for (_, text), name in zip(told, ("rong.jpg", "bang.xlsx", "2.png"), strict=False):
        assert f"Tệp “{name}”" in text
    url = f"{HOME}/{made.id}/ban-quet"
    typed = {"files": [(BytesIO(b""), "rong.jpg"), (BytesIO(b"x"), "bang.xlsx")]}
    answer = client.post(url, data=typed, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "rong.jpg" in answer.text and "bang.xlsx" in answer.text


def test_an_old_edition_still_counts(client, printed) -> None:
    made, pages = printed
    made.rows[-1].refused = "Đã chuyển đi"
    db.session.commit()
    client.post(f"{HOME}/{made.id}/to-ky-nhan", data={})
    told = send(client, made.id, ("cu.pdf", as_pdf(pages)))
    assert {what for what, _ in told} == {"filed"}
    db.session.expire_all()
    assert pages_missing(made.distribution) == []


def test_the_list_closes_when_sheets_are_back_too(client, cast, tmp_path, chair) -> None:
    made = make_released(cast)
    settled(made, cast.officer, chair)
    sign_in(client, cast.officer)
    pdf = client.post(f"{HOME}/{made.id}/to-ky-nhan", data={}).data
    assert handed_without_paper(made.distribution) == 3
    send(client, made.id, ("da-ky.pdf", as_pdf(pages_of(pdf, tmp_path / "one"))))
    sign_in(client, chair)
    assert client.post(f"{HOME}/{made.id}/khoa").status_code == 303
    db.session.expire_all()
    assert made.distribution.state == "closed" and made.distribution.closed_by_id == chair.id
    page = client.get(f"{HOME}/{made.id}/doi-chieu").text
    assert "Đợt đã khóa" in page and "Lệch" not in page
    assert client.post(f"{HOME}/{made.id}/mo-lai", data={"reason": ""}).status_code == 422
    assert client.post(f"{HOME}/{made.id}/mo-lai", data={"reason": "Ghi sót"}).status_code == 303
    db.session.expire_all()
    assert made.distribution.state == "released"
