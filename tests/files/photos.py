"""Pictures for tests, drawn here: photos with and without what cameras write into them, sheets with a QR."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import segno
from PIL import Image, ImageChops, ImageDraw

GPS = 0x8825
EXIF = 0x8769


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """A picture as JPEG."""
    out = BytesIO()
    image.save(out, "JPEG", **{"quality": 85, **options})
    return out.getvalue()


def scene(width: int = 800, height: int = 600) -> Image.Image:
    """Something that JPEG cannot make tiny: red on the left, blue on the right, a gradient over both."""
    image = Image.new("RGB", (width, height), (200, 40, 40))
    image.paste((40, 40, 200), (width // 2, 0, width, height))
    shade = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    return Image.blend(image, shade, 0.2)


def photo(width: int = 800, height: int = 600, *, turned: int = 1, **options: Any) -> bytes:
    """A photo as a phone writes it: turned, with a place and a day."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "Hãng Máy Ảnh"
    exif[GPS] = {1: "N", 2: (10.0, 2.0, 3.5), 3: "E", 4: (106.0, 4.0, 5.0)}
    exif.get_ifd(EXIF)[0x9003] = "2026:11:20 08:15:00"
    return jpeg(scene(width, height), exif=exif, comment=b"So dien thoai 0900000000", **options)


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes whose header promises this many dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def sheet(text: str, dots: int = 150, millimetres: float = 18.0) -> Image.Image:
    """A landscape A4 sheet with a table and a QR in its corner."""
    width, height = int(11.69 * dots), int(8.27 * dots)
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    for row in range(25):
        y = int(height * (0.18 + 0.03 * row))
        draw.line((40, y, width - 40, y), fill=0, width=2)
        draw.text((60, y + 4), f"{row} Nguyen Van Thu   Ap Phu Loi   500.000    ky nhan", fill=30)
    for column in range(12):
        x = int(40 + (width - 80) * column / 11)
        draw.line((x, int(height * 0.18), x, int(height * 0.9)), fill=0, width=2)
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    side = int(millimetres / 25.4 * dots)
    code = Image.open(out).convert("L").resize((side, side), Image.Resampling.BILINEAR)
    image.paste(code, (width - side - 50, 40))
    return image


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """The sheet lying askew on a grey table."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=110)


def leaning(image: Image.Image, share: float = 0.1) -> Image.Image:
    """The sheet seen from one side, as a phone sees it."""
    w, h = image.size
    to = [
        (w * share, h * share * 0.6),
        (w * (1 - share * 0.3), 0.0),
        (float(w), float(h)),
        (0.0, h * (1 - share)),
    ]
    numbers = _perspective(to, [(0.0, 0.0), (float(w), 0.0), (float(w), float(h)), (0.0, float(h))])
    return image.transform(
        (w, h), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor=90
    )


def badly_lit(image: Image.Image) -> Image.Image:
    """A shadow over half of the sheet, and the noise of a small camera."""
    width, height = image.size
    shadow = Image.linear_gradient("L").rotate(90).resize((width, height)).point(lambda dot: 70 + dot * 0.5)
    noise = Image.effect_noise((width, height), 14)
    return ImageChops.add(ImageChops.multiply(image, shadow), noise, 1, -128)


def _perspective(to: list[tuple[float, float]], source: list[tuple[float, float]]) -> list[float]:
    """The eight numbers of Pillow's PERSPECTIVE, by elimination."""
    rows, right = [], []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    for i in range(8):
        best = max(range(i, 8), key=lambda row: abs(rows[row][i]))
        rows[i], rows[best], right[i], right[best] = rows[best], rows[i], right[best], right[i]
        for other in (row for row in range(8) if row != i):
            share = rows[other][i] / rows[i][i]
            rows[other] = [a - share * b for a, b in zip(rows[other], rows[i], strict=True)]
            right[other] -= share * right[i]
    return [right[i] / rows[i][i] for i in range(8)]
