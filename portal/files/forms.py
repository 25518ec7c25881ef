"""The shape of pictures on screen: files that are brought, what is said of one, rectangles to be covered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import Field
from wtforms.validators import StopValidation

from portal.kit import vietnamese
from portal.kit.forms import (
    MEGABYTE,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
    _Required,
)

PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MOST_FILES = 40
YES, NO = "co", "khong"
BLANK_ROWS = 3  # for who has no JavaScript
_NAMES = ("trái", "trên", "rộng", "cao")


class FilesField(_Required, MultipleFileField):
    """Several files; `data` is a list of werkzeug FileStorage at their beginning.

    `each`: the good ones are taken, a sentence about every other one stands in `refused`; without any good one, as
    errors. Otherwise one bad file refuses all.
    """

    verb = "chọn"
    drawn_as = "FilesField"

    def __init__(
        self,
        label: str,
        *,
        extensions: tuple[str, ...] = (),
        max_bytes: int = 20 * MEGABYTE,
        most: int = MOST_FILES,
        each: bool = False,
        **kwargs: Any,
    ):
        super().__init__(label, **kwargs)
        self.extensions, self.max_bytes, self.most = extensions, max_bytes, most
        self.each = each
        self.refused: list[str] = []

    def is_blank(self) -> bool:
        """Whether no file was chosen."""
        return not self.data

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation for none, too many, empty, foreign and large files, naming the first (or each)."""
        self.data = [one for one in self.data or () if one and one.filename]
        super().pre_validate(form)
        if len(self.data) > self.most:
            raise StopValidation(
                f"Đang chọn {len(self.data)} tệp, mỗi lần nhiều nhất {self.most}. Chia thành nhiều lần gửi."
            )
        if not self.each:
            for one in self.data:
                self._check(vietnamese.nfc(one.filename), _size(one))
            return
        self.data = [one for one in self.data if self._is_good(one)]
        if not self.data:
            *others, last = self.refused
            self.errors = [*self.errors, *others]  # type: ignore[has-type]
            raise StopValidation(last)

    def _is_good(self, one: Any) -> bool:
        """Whether the file may be taken; otherwise the sentence about it is kept."""
        try:
            self._check(vietnamese.nfc(one.filename), _size(one))
        except StopValidation as stopped:
            self.refused.append(str(stopped))
            return False
        return True

    def _check(self, name: str, size: int) -> None:
        if self.extensions and not name.lower().endswith(self.extensions):
            kinds = ", ".join(end.removeprefix(".").upper() for end in self.extensions)
            raise StopValidation(f"Tệp “{name}” không đúng loại. Chọn tệp {kinds}.")
        if not size:
            raise StopValidation(f"Tệp “{name}” không có nội dung. Kiểm tra tệp trên máy rồi chọn lại.")
        if size > self.max_bytes:
            heavy = f"nặng {-(-size // MEGABYTE)} MB, quá {self.max_bytes // MEGABYTE} MB"
            raise StopValidation(f"Tệp “{name}” {heavy}. Thu nhỏ hoặc chia nhỏ tệp rồi gửi lại.")


def _size(file: Any) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return int(size)


class BoxesField(Field):
    """Rectangles, four numbers in per cent each (left, top, width, height); `data` is fractions.

    Rows stand under one name, so that a page without JavaScript sends the same.
    """

    typed: list[list[str]] = []

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Raises ValueError with our sentence."""
        self.typed = [list(valuelist[at : at + 4]) for at in range(0, len(valuelist) - 3, 4)]
        self.data = [
            self._box(number, row) for number, row in enumerate(self.typed, 1) if any(map(str.strip, row))
        ]

    def rows(self) -> list[list[str]]:
        """What stands in the rows: what was typed, or the present rectangles; then blank ones."""
        if self.raw_data is None:
            kept = [[_per_cent(side) for side in box] for box in self.data or ()]
        else:
            kept = self.typed
        filled = [row for row in kept if any(cell.strip() for cell in row)]
        return filled + [["", "", "", ""]] * BLANK_ROWS

    def _box(self, number: int, row: Sequence[str]) -> list[float]:
        return [_fraction(number, name, cell) for name, cell in zip(_NAMES, row, strict=True)]


def _fraction(number: int, name: str, cell: str) -> float:
    text = cell.strip().removesuffix("%").strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise ValueError(f"Ô che thứ {number}, mục “{name}”: gõ phần trăm từ 0 đến 100, ví dụ 12,5.")
    return value / 100


def _per_cent(side: float) -> str:
    return f"{side * 100:.3f}".rstrip("0").rstrip(".").replace(".", ",")


class UploadForm(PortalForm):
    """Photos of one record. The view offers the parts that its album has."""

    files = FilesField("Ảnh", extensions=PICTURE_ENDINGS, each=True)
    role = ChoiceField("Ảnh chụp lúc nào", coerce=str)
    caption = TextField("Chú thích", max_length=300, required=False)
    taken_on = DayField("Ngày chụp", required=False)


class DescribeForm(PortalForm):
    """What is said of a picture."""

    caption = TextField("Chú thích", max_length=300, required=False)
    taken_on = DayField("Ngày chụp", required=False)


class LookForm(PortalForm):
    """Whether faces are on it, under whose consent, and what is covered. Nothing is ticked beforehand."""

    people_shown = ChoiceRadio(
        "Có mặt người được giúp mà người xem nhận ra được",
        choices=[(YES, "Có"), (NO, "Không có, hoặc đã che hết")],
        required="Chưa trả lời ảnh có mặt người được giúp hay không. Xem ảnh rồi chọn một trong hai.",
    )
    consent = NoteField("Ai đồng ý, ngày nào, theo giấy nào", max_length=500)
    boxes = BoxesField("Các ô che")


class WithdrawForm(PortalForm):
    """Why nobody may see the picture any more."""

    reason = NoteField(
        "Lý do rút ảnh",
        required="Chưa nêu lý do. Ghi một câu để người sau hiểu vì sao ảnh được rút.",
        max_length=300,
    )
