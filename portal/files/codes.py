"""QR codes found in a picture of paper: turned, leaning, small, grey, badly lit.

zxing-cpp (Apache-2.0) finds and reads them; what it does not see at once is shown to it again, evenly lit,
sharper, smoother, larger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from math import log

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from portal.files.pictures import CleanPicture

_LARGE = 2600  # dots: a picture below this is also looked at larger
_SMALL = 1000  # … and above this also smaller
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


def codes_in(picture: CleanPicture | bytes, wanted: Callable[[str], bool] = bool) -> list[str]:
    """The texts of the QR codes in a clean picture, each once; [] when none can be read.

    `wanted` says whether a text is of the kind that is looked for: the first look that finds one is the last.
    """
    data = picture if isinstance(picture, bytes) else picture.data
    seen: dict[str, None] = {}
    for image in _looks(Image.open(BytesIO(data), formats=("JPEG",)).convert("L")):
        for binarizer in _BINARIZERS:
            for found in zxingcpp.read_barcodes(image, _QR, binarizer=binarizer):
                seen.setdefault(found.text)
            if any(wanted(text) for text in seen):
                return list(seen)
    return list(seen)


def _looks(image: Image.Image) -> Iterator[Image.Image]:
    """The picture in the ways that help, the cheapest first."""
    yield image
    clear = ImageOps.autocontrast(image, cutoff=1)
    yield clear
    even = _evenly_lit(image)
    yield even
    yield even.filter(ImageFilter.GaussianBlur(1.2))  # taken in poor light: dots of noise
    yield even.filter(ImageFilter.MedianFilter(3))
    yield even.filter(ImageFilter.UnsharpMask(radius=3, percent=250, threshold=0))  # shaken
    if min(image.size) > _SMALL:
        yield even.reduce(2)
    if max(image.size) < _LARGE:
        larger = clear.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
        yield larger
        yield larger.filter(ImageFilter.UnsharpMask(radius=5, percent=300, threshold=0))


_LOGARITHM = [round(255 * log(1 + dot) / log(256)) for dot in range(256)]


def _evenly_lit(image: Image.Image) -> Image.Image:
    """Ink by how much darker it is than the paper around it, so that a shadow over the sheet does not matter."""
    told = image.point(_LOGARITHM)
    paper = told.reduce(8).filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MaxFilter(9))
    paper = paper.filter(ImageFilter.GaussianBlur(4)).resize(image.size, Image.Resampling.BILINEAR)
    return ImageOps.autocontrast(ImageChops.subtract(told, paper, 1, 255), cutoff=1)
