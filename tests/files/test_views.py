"""Pictures on screen: brought, described, judged, covered, published, taken back; nobody reaches another unit's."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from portal.files.models import Picture, PictureLink, StoredFile
from portal.files.rules import MOST_BOXES
from portal.kit import access
from portal.kit.db import db
from portal.kit.storage import present_storage
from tests.cast import Cast, make_unit, make_user, sign_in
from tests.files.albums import HOME, files, make_photo, public_records, send  # noqa: F401
from tests.files.photos import bomb, jpeg, photo, scene
from tests.households.builders import make_household
from tests.reading import errors_at, typed_in

pytestmark = pytest.mark.usefixtures("public_records")
MIDDLE = ["25", "25", "50", "50,0"]
LOOKED = {"people_shown": "khong", "consent": "", "boxes": MIDDLE}


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def fresh(picture_id: int) -> Picture:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Picture, picture_id)


def test_several_photos_are_brought_at_once(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    sign_in(client, cast.officer)
    form = client.get(f"{HOME}them/test/{household.id}").text
    assert "multiple" in form and 'enctype="multipart/form-data"' in form and "<option selected" in form
    answer = send(client, household.id, photo(), jpeg(scene(300, 200)), caption="Sửa mái")
    assert answer.status_code == 303 and answer.location.endswith(f"/ho-dan/{household.id}")
    assert count(Picture) == 2 and count(PictureLink) == 2 and count(StoredFile) == 2
    kept = db.session.scalars(select(Picture).order_by(Picture.id)).all()
    assert [one.caption for one in kept] == ["Sửa mái", "Sửa mái"]
    assert all(one.public_sha is None and one.people_shown is None for one in kept)
    listed = client.get(HOME).text
    assert "Sửa mái" in listed and "Chưa ai xem" in listed
    assert client.get(f"{HOME}?xem=chua&xuat=csv").status_code == 200


def test_the_same_photo_sent_again_is_one(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    sign_in(client, cast.officer)
    for _ in range(2):
        assert send(client, household.id, photo()).status_code == 303
    assert count(Picture) == 1 and count(PictureLink) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bomb(), "hơn 120 triệu điểm ảnh"),
        (photo()[:4000], "bị hỏng hoặc tải lên chưa hết"),
        (b"khong phai anh", "không phải ảnh"),
        (b"", "không có nội dung"),
    ],
)
def test_what_is_no_good_picture_is_refused_at_its_field(
    cast: Cast, client: FlaskClient, data: bytes, sentence: str
) -> None:
    household = make_household(unit=cast.commune)
    answer = send(sign_in(client, cast.officer), household.id, data, caption="Mái nhà")
    assert answer.status_code == 422
    assert sentence in errors_at(answer.text)["files"]
    assert typed_in(answer.text)["caption"] == "Mái nhà"
    assert count(Picture) == 0 and count(StoredFile) == 0


def test_good_ones_are_kept_and_bad_ones_told_by_name(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    answer = send(sign_in(client, cast.officer), household.id, photo(), b"%PDF-1.7 no")
    assert answer.status_code == 303 and count(Picture) == 1
    page = client.get(answer.location).text
    assert "Đã tải 1 ảnh" in page and "“anh.jpg” không phải ảnh" in page


def test_an_empty_file_among_good_ones_refuses_itself_only(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    answer = send(sign_in(client, cast.officer), household.id, photo(), b"")
    assert answer.status_code == 303 and count(Picture) == 1
    page = client.get(answer.location).text
    assert "Đã tải 1 ảnh" in page and "“anh.jpg” không có nội dung" in page


@pytest.mark.parametrize(
    ("told", "field"),
    [({"role": ""}, "role"), ({"taken_on": "31/02/2026"}, "taken_on"), ({"role": "x"}, "role")],
)
def test_what_is_said_wrong_comes_back(
    cast: Cast, client: FlaskClient, told: dict[str, str], field: str
) -> None:
    household = make_household(unit=cast.commune)
    answer = send(sign_in(client, cast.officer), household.id, photo(), **told)
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {field} and count(Picture) == 0


def test_nothing_chosen_and_a_foreign_ending(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    address = f"{HOME}them/test/{household.id}"
    none = sign_in(client, cast.officer).post(address, data={"role": "before"})
    assert none.status_code == 422 and "Chưa chọn ảnh" in errors_at(none.text)["files"]
    wrong = client.post(address, data={"role": "before", "files": files(b"x", name="a.gif")})
    assert "không đúng loại" in errors_at(wrong.text)["files"]


def test_one_picture_is_shown_with_its_home(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    page = sign_in(client, cast.chair).get(f"{HOME}{picture.id}").text
    assert "Sửa nhà" in page and "Nguyễn Văn Sáu" in page and "Hộ, Trước" in page and "20/11/2026" in page
    assert "Chưa ai xem ảnh này" in page and "/cong-khai" not in page
    for what in ("tep", "nho", "vua", "xem-truoc"):
        answer = client.get(f"{HOME}{picture.id}/{what}")
        assert answer.mimetype == "image/jpeg" and answer.headers["Cache-Control"] == "no-store"
    assert max(Image.open(BytesIO(client.get(f"{HOME}{picture.id}/nho").data)).size) <= 480


def test_caption_and_day_are_changed_by_one_at_a_time(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    address = f"{HOME}{picture.id}/sua"
    sign_in(client, cast.officer)
    told = typed_in(client.get(address).text) | {"form_key": ""}
    assert client.post(address, data=told | {"caption": "Mái mới"}).status_code == 303
    late = client.post(address, data=told | {"caption": "Mái cũ", "taken_on": "01/11/2026"})
    assert late.status_code == 409 and "Mái mới" in late.text
    assert fresh(picture.id).caption == "Mái mới"
    future = client.post(address, data={"caption": "x", "taken_on": "01/01/2030"})
    assert future.status_code == 422 and "tương lai" in errors_at(future.text)["taken_on"]


def test_nothing_is_ticked_before_somebody_has_looked(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    form = sign_in(client, cast.officer).get(f"{HOME}{picture.id}/che").text
    assert " checked" not in form
    answer = client.post(f"{HOME}{picture.id}/che", data={"boxes": MIDDLE})
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {"people_shown"}
    assert 'value="50,0"' in answer.text and fresh(picture.id).people_shown is None


def test_rectangles_are_typed_without_javascript(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    address = f"{HOME}{picture.id}/che"
    sign_in(client, cast.officer)
    assert client.post(address, data=LOOKED | {"boxes": [*MIDDLE, "", "", "", ""]}).status_code == 303
    assert fresh(picture.id).redactions == [[0.25, 0.25, 0.5, 0.5]]
    form = client.get(address).text
    assert form.count('name="boxes"') == 16 and 'x="25.0"' in form and 'value="25"' in form


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["a", "0", "1", "1"], "Ô che thứ 1, mục “trái”"),
        (["0", "0", "101", "1"], "mục “rộng”"),
        (["0", "-1", "1", "1"], "mục “trên”"),
        (["10", "", "5", "5"], "mục “trên”"),
        (["10", "10", "0", "5"], "không có bề rộng"),
        (["1", "1", "1", "1"] * (MOST_BOXES + 1), "Gộp các ô"),
    ],
)
def test_rectangles_that_cannot_be_come_back(
    cast: Cast, client: FlaskClient, cells: list[str], sentence: str
) -> None:
    picture = make_photo(cast)
    told = LOOKED | {"boxes": cells, "consent": "Ông Ba"}
    answer = sign_in(client, cast.officer).post(f"{HOME}{picture.id}/che", data=told)
    assert answer.status_code == 422 and sentence in errors_at(answer.text)["boxes"]
    assert typed_in(answer.text)["consent"] == "Ông Ba" and fresh(picture.id).people_shown is None


def test_a_published_copy_is_covered_and_the_only_thing_outside(
    cast: Cast,
    client: FlaskClient,
    public_records: set[int],  # noqa: F811
) -> None:
    picture = make_photo(cast)
    number = picture.id
    home = db.session.scalar(select(PictureLink.subject_id)) or 0
    sign_in(client, cast.chair)
    assert client.post(f"{HOME}{number}/che", data=LOOKED).status_code == 303
    assert client.post(f"{HOME}{number}/cong-khai").status_code == 303
    shown = fresh(number)
    outside = client.application.test_client()
    address = f"/anh/{shown.public_sha}.jpg"
    assert outside.get(address).status_code == 404, "its record is not public yet"
    public_records.add(home)
    answer = outside.get(address)
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert "Set-Cookie" not in answer.headers
    assert max(Image.open(BytesIO(answer.data)).getpixel((400, 300))) < 60  # type: ignore[type-var,arg-type]
    little = outside.get(address.replace("/anh/", "/anh/nho/"))
    assert max(Image.open(BytesIO(little.data)).size) <= 480 and len(little.data) < len(answer.data)
    assert outside.get(f"/anh/{shown.file_sha}.jpg").status_code == 404, "the original is never public"
    assert outside.get(f"/anh/nho/{shown.file_sha}.jpg").status_code == 404
    assert outside.get("/anh/abc.jpg").status_code == 404
    assert client.post(f"{HOME}{number}/go").status_code == 303
    assert (
        outside.get(address).status_code
        == outside.get(address.replace("/anh/", "/anh/nho/")).status_code
        == 404
    )
    assert client.post(f"{HOME}{number}/cong-khai").status_code == 303
    assert fresh(number).public_sha and fresh(number).public_sha not in address
    with client.application.app_context():
        assert present_storage().size(address[5:-4]) is None


def test_faces_are_public_only_with_consent(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    sign_in(client, cast.chair)
    client.post(f"{HOME}{picture.id}/che", data={"people_shown": "co", "boxes": []})
    assert fresh(picture.id).people_shown is True
    page = client.get(f"{HOME}{picture.id}").text
    assert "chưa ghi ai đồng ý" in page and "/cong-khai" not in page
    answer = client.post(f"{HOME}{picture.id}/cong-khai", follow_redirects=True)
    assert "chưa ghi ai đồng ý" in answer.text and fresh(picture.id).public_sha is None
    told = {"people_shown": "co", "consent": "Bà Tư ký giấy ngày 20/11/2026", "boxes": []}
    client.post(f"{HOME}{picture.id}/che", data=told)
    client.post(f"{HOME}{picture.id}/cong-khai")
    assert fresh(picture.id).public_sha


def test_looking_again_takes_the_public_copy_down(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    sign_in(client, cast.chair)
    client.post(f"{HOME}{picture.id}/che", data=LOOKED)
    client.post(f"{HOME}{picture.id}/cong-khai")
    old = str(fresh(picture.id).public_sha)
    answer = client.post(f"{HOME}{picture.id}/che", data=LOOKED | {"boxes": []}, follow_redirects=True)
    assert "Bản công khai cũ đã gỡ" in answer.text and fresh(picture.id).public_sha is None
    with client.application.app_context():
        assert present_storage().size(old) is None


def test_a_withdrawn_picture_shows_its_reason_and_nothing_else(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    address = f"{HOME}{picture.id}"
    sign_in(client, cast.officer)
    blank = client.post(f"{address}/rut", data={"reason": ""})
    assert blank.status_code == 422 and set(errors_at(blank.text)) == {"reason"}
    assert client.post(f"{address}/rut", data={"reason": "Tải nhầm"}).status_code == 303
    page = client.get(address).text
    assert "Tải nhầm" in page and "/tep" not in page
    for what in ("tep", "nho", "vua", "xem-truoc", "sua", "che", "rut"):
        assert client.get(f"{address}/{what}").status_code == 404
    assert "Đã rút" in client.get(f"{HOME}?xem=da-rut").text
    again = send(client, db.session.scalar(select(PictureLink.subject_id)) or 0, photo())
    assert again.status_code == 303 and count(Picture) == 2


def test_a_lost_file_is_said(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    with client.application.app_context():
        present_storage().drop(picture.file_sha)
    sign_in(client, cast.officer)
    assert "không còn trong kho" in client.get(f"{HOME}{picture.id}").text
    assert client.get(f"{HOME}{picture.id}/tep").status_code == 404


PAGES = ("", "/tep", "/nho", "/vua", "/xem-truoc", "/sua", "/che", "/rut")
POSTS = ("/sua", "/che", "/rut", "/cong-khai", "/go")


def test_nobody_of_another_unit_reaches_a_picture(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    home = db.session.scalar(select(PictureLink.subject_id))
    other = make_unit(name="Xã Khác", parent=cast.province)
    for role in (access.RECORDER, access.ACCOUNTANT, access.APPROVER, access.AUDITOR):
        sign_in(client, make_user(role=role, unit=other))
        for page in PAGES:
            wanted = {404, 403} if page in ("/sua", "/che", "/rut") else {404}
            assert client.get(f"{HOME}{picture.id}{page}").status_code in wanted
        for page in POSTS:
            assert client.post(f"{HOME}{picture.id}{page}").status_code in (403, 404)
        assert client.get(f"{HOME}them/test/{home}").status_code in (403, 404)
        assert "Sửa nhà" not in client.get(HOME).text + client.get(f"{HOME}?xuat=csv").text
    assert fresh(picture.id).withdrawn is None


def test_roles(cast: Cast, client: FlaskClient) -> None:
    """Users' keepers see nothing, auditors change nothing, recorders do not publish."""
    picture = make_photo(cast)
    address = f"{HOME}{picture.id}"
    sign_in(client, make_user(role=access.ADMINISTRATOR))
    assert client.get(address).status_code == 403 and client.get(f"{address}/tep").status_code == 403
    sign_in(client, make_user(role=access.AUDITOR, unit=cast.commune))
    assert client.get(address).status_code == 200
    assert all(client.post(f"{address}{page}").status_code == 403 for page in POSTS)
    sign_in(client, make_user(role=access.RECORDER, unit=cast.commune))
    assert client.post(f"{address}/che", data=LOOKED).status_code == 303
    assert client.post(f"{address}/cong-khai").status_code == 403
    assert "Kế toán hoặc người duyệt" in client.get(address).text


def test_unseen_photos_wait_on_the_start_page(cast: Cast, client: FlaskClient) -> None:
    picture = make_photo(cast)
    page = sign_in(client, cast.officer).get("/quan-ly/").text
    assert "Ảnh chưa ai xem" in page and f"{HOME}{picture.id}/che" in page
    make_photo(cast, width=640)
    assert f"{HOME}?xem=chua" in client.get("/quan-ly/").text
    client.post(f"{HOME}{picture.id}/che", data=LOOKED)
    assert f"{HOME}?xem=chua" not in client.get("/quan-ly/").text


def test_unknown_kinds_of_records_have_no_album(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.officer)
    assert client.get(f"{HOME}them/khongco/1").status_code == 404
    assert client.get(f"{HOME}them/test/999999").status_code == 404
