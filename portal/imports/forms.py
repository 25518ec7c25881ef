"""The forms that bring a table, write it, and answer for undoing it."""

from portal.imports.modes import BOTH, LABELS
from portal.kit.forms import ChoiceField, FileField, PortalForm, ReasonForm

EXTENSIONS = ("xlsx", "xls", "csv")


class ModeField(ChoiceField):
    """How rows are taken in; there is always one way."""

    blank_label = ""


class TableForm(PortalForm):
    """One file. Its kind is told by what is inside, not by its name alone."""

    file = FileField(
        "Tệp bảng",
        extensions=EXTENSIONS,
        required="Chưa chọn tệp. Chọn tệp Excel (.xlsx, .xls) hoặc CSV rồi kiểm tra.",
    )
    mode = ModeField("Cách nạp", choices=list(LABELS.items()), coerce=str, required=False, default=BOTH)


class WriteForm(PortalForm):
    """Nothing but its keys: what is written was uploaded and checked before."""


class UndoForm(ReasonForm):
    """Why a whole import should be undone."""
