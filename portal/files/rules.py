"""Pure rules of pictures: what may be covered, and when a picture may be shown to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portal.kit.errors import Refused

MOST_BOXES = 40
LEAST_SIDE = 0.002  # of the picture: less is a slip of the mouse
_DIGITS = 5

NOBODY_LOOKED = (
    "Chưa ai xem ảnh này có mặt người được giúp hay không. Xem ảnh, trả lời câu hỏi đó, rồi công khai."
)
NO_CONSENT = (
    "Ảnh có mặt người được giúp mà chưa ghi ai đồng ý, ngày nào, theo giấy nào. "
    "Ghi sự đồng ý, hoặc che mặt rồi chọn “Không”."
)
NOT_COVERED = "Bản quét có tên, chữ ký, số giấy tờ của người được giúp. Che các chỗ đó trước, rồi mới công khai bản đã che."
NOT_SAID = "Chưa trả lời ảnh có mặt người được giúp hay không. Chọn một trong hai."
GONE = "Ảnh này đã rút, không ai được xem nữa. Tải ảnh khác lên."


class Box(NamedTuple):
    """A rectangle to be covered, in fractions of the picture: from the left, from the top, width, height."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        """In words, for who changes the same picture at once."""
        left, top, width, height = (f"{side * 100:.0f}%" for side in self)
        return f"ô {width} × {height} cách trái {left}, cách trên {top}"


def boxes_of(found: Iterable[Sequence[float]] | None) -> list[Box]:
    """Rectangles as they are kept, as rectangles."""
    return [Box(*map(float, one)) for one in found or ()]


def checked_boxes(boxes: Iterable[Sequence[float]]) -> list[Box]:
    """The parts of the rectangles that lie on the picture, rounded. Raises Refused (field boxes)."""
    kept = []
    for left, top, width, height in boxes:
        right, bottom = min(left + width, 1.0), min(top + height, 1.0)
        left, top = max(left, 0.0), max(top, 0.0)
        if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
            raise Refused(
                "Có ô che nằm ngoài ảnh hoặc không có bề rộng. Sửa bốn số của ô đó, hoặc xóa ô.", "boxes"
            )
        kept.append(Box(*(round(side, _DIGITS) for side in (left, top, right - left, bottom - top))))
    if len(kept) > MOST_BOXES:
        raise Refused(f"Ảnh có {len(kept)} ô che, nhiều nhất là {MOST_BOXES}. Gộp các ô gần nhau.", "boxes")
    return kept


def dots_of(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """The corners in dots, rounded outwards: (left, top, right, bottom), all inside."""
    left, top = int(box.left * width), int(box.top * height)
    right = min(width - 1, -int(-(box.left + box.width) * width // 1))
    bottom = min(height - 1, -int(-(box.top + box.height) * height // 1))
    return left, top, max(left, right), max(top, bottom)


def check_shown(
    people_shown: bool | None, consent: str | None, *, is_scan: bool = False, boxes: Sequence[Box] = ()
) -> None:
    """Whether everybody may see the picture. Raises Refused (fields people_shown, consent, boxes)."""
    if people_shown is None:
        raise Refused(NOBODY_LOOKED, "people_shown")
    if people_shown and not (consent or "").strip():
        raise Refused(NO_CONSENT, "consent")
    if is_scan and not boxes:
        raise Refused(NOT_COVERED, "boxes")
