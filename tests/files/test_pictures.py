"""A brought picture is made anew: bounded, upright, without what its camera wrote into it."""

from __future__ import annotations

import tracemalloc
from datetime import date
from io import BytesIO

import pytest
from PIL import Image, ImageCms, ImageFile

from portal.files import pictures
from portal.files.pictures import LONG_SIDE, PHOTO, SCAN, CleanPicture, clean
from portal.kit.errors import Refused
from tests.files.photos import bomb, jpeg, photo, scene


def opened(picture: CleanPicture) -> Image.Image:
    return Image.open(BytesIO(picture.data))


def test_place_camera_and_comment_are_gone() -> None:
    brought = photo()
    assert Image.open(BytesIO(brought)).getexif().get_ifd(0x8825)
    found = clean(brought)
    image = opened(found)
    assert not dict(image.getexif())
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Exif" not in found.data and b"GPS" not in found.data and b"0900000000" not in found.data


def test_the_day_of_the_camera_is_kept_beside() -> None:
    assert clean(photo()).taken_on == date(2026, 11, 20)
    assert clean(jpeg(scene())).taken_on is None


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_stands_upright(turned: int) -> None:
    """The eight ways of EXIF: what the camera calls the left edge is red."""
    upright = scene(400, 300)
    back = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[turned]
    exif = Image.Exif()
    exif[0x0112] = turned
    found = opened(clean(jpeg(back, exif=exif)))
    assert found.size == (400, 300)
    left, right = found.getpixel((20, 150)), found.getpixel((380, 150))
    assert left[0] > left[2] and right[2] > right[0]  # type: ignore[index]


@pytest.mark.parametrize("what", [PHOTO, SCAN])
def test_the_longer_side_is_bounded(what: str) -> None:
    found = clean(jpeg(scene(5000, 3000)), what=what)
    assert (found.width, found.height) == (LONG_SIDE[what], LONG_SIDE[what] * 3 // 5)
    assert opened(found).size == (found.width, found.height)
    small = clean(jpeg(scene(100, 80)), what=what)
    assert (small.width, small.height) == (100, 80)


def test_a_bomb_is_refused_by_its_header() -> None:
    """50.000 × 50.000 dots would be 7,5 GB: nothing of it is decoded."""
    tracemalloc.start()
    with pytest.raises(Refused, match="“lon.png” có hơn 120 triệu điểm ảnh: 50.000 × 50.000 điểm ảnh"):
        clean(bomb(), name="lon.png")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_what_is_decoded_whole_may_have_fewer_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS_WHOLE", 100_000)
    with pytest.raises(Refused, match="triệu điểm ảnh: 1.000 × 1.000 điểm ảnh"):
        clean(bomb(1000, 1000))
    assert clean(jpeg(scene(1000, 1000))).width == 1000
    with pytest.raises(Refused, match="triệu điểm ảnh"):
        clean(jpeg(scene(1000, 1000), progressive=True))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("printed", [False, True], ids=["", "after-a-paper"])
def test_a_truncated_jpeg_is_refused_in_words(share: float, printed: bool, monkeypatch) -> None:
    """Also once WeasyPrint was imported, which makes Pillow take cut files in the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", printed)
    whole = photo(1600, 1200)
    with pytest.raises(Refused, match="“nha.jpg” bị hỏng hoặc tải lên chưa hết"):
        clean(whole[: int(len(whole) * share)], name="nha.jpg")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "không phải ảnh"),
        (b"PK\x03\x04 not a picture", "không phải ảnh"),
        (b"GIF89a" + bytes(40), "không phải ảnh"),
        (b"%PDF-1.7", "không phải ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không phải ảnh"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "bị hỏng"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "bị hỏng"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        clean(data, name="tệp")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparent_places_are_white(kind: str) -> None:
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    found = opened(clean(saved(image, kind)))
    assert found.mode == "RGB" and min(found.getpixel((30, 20))) > 250  # type: ignore[type-var,arg-type]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_dots_becomes_grey_or_colour(mode: str) -> None:
    found = opened(clean(saved(Image.new(mode, (60, 40)), "PNG")))
    assert found.mode in ("L", "RGB")


def test_sixteen_bits_keep_their_light() -> None:
    found = opened(clean(saved(Image.new("I;16", (60, 40), 32768), "PNG")))
    assert abs(found.getpixel((30, 20)) - 128) <= 2  # type: ignore[operator]


def test_of_an_animation_the_first_picture_is_taken() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    for kind in ("WEBP", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        dot = opened(clean(data)).getpixel((30, 20))
        assert dot[0] > 200 and dot[2] < 60  # type: ignore[index]


def test_colours_of_another_space_are_brought_to_the_one_of_screens() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    with_profile = clean(jpeg(scene(), icc_profile=lab))
    assert "icc_profile" not in opened(with_profile).info
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = opened(clean(jpeg(scene(), icc_profile=srgb))).getpixel((20, 300))
    plain = opened(clean(jpeg(scene()))).getpixel((20, 300))
    assert all(abs(a - b) <= 3 for a, b in zip(same, plain, strict=True))  # type: ignore[arg-type]
    broken = clean(jpeg(scene(), icc_profile=b"not a profile" * 20))
    assert opened(broken).size == (800, 600)


def test_the_same_bytes_make_the_same_picture() -> None:
    """So that a form sent twice keeps one file."""
    assert clean(photo()).data == clean(photo()).data
