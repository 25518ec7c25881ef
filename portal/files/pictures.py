"""A brought picture, made anew: decoded within bounds, upright, in plain colours, and without what it told of itself.

EXIF, GPS, thumbnails, comments and profiles stay behind, because only the dots are written again. Pillow
(MIT-CMU) decodes the kinds named here and no others.
"""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageFile

from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.money import format_amount

FORMATS = ("JPEG", "PNG", "WEBP")  # MPO, which phones write, is a JPEG with a second one behind it
PHOTO, SCAN = "photo", "scan"
LONG_SIDE = {PHOTO: 2400, SCAN: 3300}  # dots of the longer side: a full screen; A4 at 280 dots per inch
QUALITY = {PHOTO: 82, SCAN: 80}
JPEG = "image/jpeg"
MOST_PIXELS = 120_000_000  # of a plain JPEG, which is decoded at the size that is wanted
MOST_PIXELS_WHOLE = 40_000_000  # of what can only be decoded whole
MOST_BYTES = 20_000_000

NO_PICTURE = (
    "Tệp “{name}” không phải ảnh JPEG, PNG hoặc WEBP. Chọn tệp ảnh, hoặc mở tệp rồi lưu lại thành JPEG."
)
HEIC = (
    "Ảnh “{name}” ở dạng HEIC của điện thoại, cổng chưa đọc được. Gửi thẳng từ trình duyệt của điện thoại "
    "(máy tự đổi sang JPEG), hoặc mở ảnh rồi lưu lại thành JPEG."
)
TOO_LARGE = (
    "Ảnh “{name}” có hơn {most} triệu điểm ảnh: {wide} × {high} điểm ảnh. Thu nhỏ ảnh, hoặc chụp lại ở cỡ thường, "
    "rồi gửi lại."
)
BROKEN = "Ảnh “{name}” bị hỏng hoặc tải lên chưa hết nên không đọc được trọn vẹn. Chọn lại ảnh gốc rồi gửi lần nữa."
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    struct.error,
    zlib.error,
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_ORIENTATION, _EXIF, _TAKEN = 0x0112, 0x8769, 0x9003
warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bounds decide
_one_at_a_time = threading.Lock()  # a large picture takes memory while it is decoded: one, not one a thread


@dataclass(frozen=True)
class CleanPicture:
    """A picture as it may be kept: bytes of a JPEG, its size in dots, and the day its camera named."""

    data: bytes
    width: int
    height: int
    taken_on: date | None = None
    kind: str = JPEG


def clean(data: bytes, *, name: str = "ảnh", what: str = PHOTO) -> CleanPicture:
    """Make a picture anew from brought bytes. Raises Refused, with a sentence that names the file.

    Its size is judged by its header, before anything is decoded; of several frames the first is taken.
    """
    with _one_at_a_time:
        image = _opened(data, name)
        taken_on, turned = _told(image)
        try:
            image.thumbnail((LONG_SIDE[what], LONG_SIDE[what]), Image.Resampling.LANCZOS, reducing_gap=1.0)
            image.load()  # a small one was not decoded yet
            upright = _turned(image, turned)
        except _DAMAGE:
            raise Refused(BROKEN.format(name=name)) from None
        return encoded(_plain(upright), what=what, taken_on=taken_on)


def encoded(
    image: Image.Image, *, what: str, taken_on: date | None = None, comment: bytes = b""
) -> CleanPicture:
    """A decoded picture (L or RGB) as JPEG, with nothing but its dots (and a comment, when one is given)."""
    image.info = {}
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY[what], optimize=True, comment=comment)
    return CleanPicture(out.getvalue(), image.width, image.height, taken_on)


def decoded(data: bytes, side: int | None = None) -> Image.Image:
    """One of our own pictures (made by `clean`), ready to be drawn on; with `side` at the least size above it.

    Raises Refused when it is damaged.
    """
    _whole_ones_only()
    try:
        image = Image.open(BytesIO(data), formats=("JPEG",))
        if side and max(image.size) > side:
            share = side / max(image.size)
            image.draft(None, (round(image.width * share), round(image.height * share)))  # type: ignore[arg-type]
        image.load()
    except _DAMAGE:
        raise Refused(BROKEN.format(name="đã lưu")) from None
    return image


def _whole_ones_only() -> None:
    """Pillow fills what a cut file lacks with grey once WeasyPrint was imported, in the whole process: not here."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def _opened(data: bytes, name: str) -> Image.Image:
    """The picture with its header read and its size judged; nothing is decoded."""
    _whole_ones_only()
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise Refused(HEIC.format(name=name))
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused(_too_large(name, _size_told(data), MOST_PIXELS)) from None
    except Image.UnidentifiedImageError:
        known = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF"))
        raise Refused((BROKEN if known else NO_PICTURE).format(name=name)) from None
    except _DAMAGE:
        raise Refused(BROKEN.format(name=name)) from None
    small_at_once = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    most = MOST_PIXELS if small_at_once else MOST_PIXELS_WHOLE
    if image.width * image.height > most:
        raise Refused(_too_large(name, image.size, most))
    return image


def _size_told(data: bytes) -> tuple[int, int]:
    """What the header of a picture says that Pillow does not open for its size; nothing is decoded."""
    for kind in FORMATS:
        factory, accept = Image.OPEN[kind]
        if accept is None or accept(data[:16]):
            return factory(BytesIO(data), "").size
    raise ValueError("not a picture that was refused for its size")


def _too_large(name: str, size: tuple[int, int], most: int) -> str:
    wide, high = map(format_amount, size)
    return TOO_LARGE.format(name=name, wide=wide, high=high, most=most // 1_000_000)


def _told(image: Image.Image) -> tuple[date | None, int]:
    """(the day the picture was taken, how it must be turned), as its EXIF tells; a broken EXIF tells nothing."""
    taken: Any = None
    turned: Any = 1
    with suppress(*_DAMAGE, Image.DecompressionBombError):
        exif = image.getexif()
        turned = exif.get(_ORIENTATION, 1)
        taken = exif.get_ifd(_EXIF).get(_TAKEN)
    return _day(taken), turned if turned in _TURNS else 1


def _day(told: Any) -> date | None:
    try:
        day = date(*map(int, str(told)[:10].split(":")))
    except (ValueError, TypeError):
        return None
    return day if date(2000, 1, 1) <= day <= today_in_vietnam() else None


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turned(image: Image.Image, turned: int) -> Image.Image:
    """Upright, as the camera was held (EXIF 2.3, tag 0x0112)."""
    return image.transpose(_TURNS[turned]) if turned in _TURNS else image


def _plain(image: Image.Image) -> Image.Image:
    """Grey or sRGB, on white where it is transparent."""
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "LA"):
        image = _on_white(image)
    if image.mode.startswith("I"):  # 16 bits a dot
        image = _eight_bits(image)
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _in_srgb(image, profile)
    return image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    return image.convert("I").point(lambda dot: dot / 256).convert("L")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """In the colours that every screen takes for granted; a profile that cannot be read is left out."""
    with suppress(ImageCms.PyCMSError, *_DAMAGE):
        theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
        ours = ImageCms.createProfile("sRGB")
        found = ImageCms.profileToProfile(image, theirs, ours, outputMode="RGB")
        if found is not None:
            return found
    return image
