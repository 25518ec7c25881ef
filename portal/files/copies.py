"""The copy that everybody may see: made anew from the original, with rectangles burnt in, under a name of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from PIL import Image, ImageDraw

from portal.files.pictures import PHOTO, CleanPicture, decoded, encoded
from portal.files.rules import Box, dots_of

PUBLIC_SIDE = 1600  # dots of the longer side
COVER = 40  # a dark grey, told apart from a black picture's own dots by nobody


def public_copy(original: bytes, boxes: Sequence[Box]) -> CleanPicture:
    """What lies under a rectangle is not in the copy at all: it is painted over before the copy is made smaller.

    A random word in its comment gives each copy another SHA-256: its address can be guessed by nobody, not even
    by who has the original, and ends with the copy. Raises Refused for a damaged original.
    """
    image = _covered(decoded(original), boxes)
    image.thumbnail((PUBLIC_SIDE, PUBLIC_SIDE), Image.Resampling.LANCZOS)
    return encoded(image, what=PHOTO, comment=secrets.token_hex(16).encode())


def small(original: bytes, side: int) -> bytes:
    """A small picture for a list. Raises Refused for a damaged original."""
    image = decoded(original, side)
    image.thumbnail((side, side), Image.Resampling.BICUBIC)
    return encoded(image, what=PHOTO).data


def _covered(image: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    draw = ImageDraw.Draw(image)
    colour = COVER if image.mode == "L" else (COVER,) * 3
    for box in boxes:
        draw.rectangle(dots_of(box, image.width, image.height), fill=colour)
    return image
