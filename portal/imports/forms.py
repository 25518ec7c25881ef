"""The form that brings a table."""

from portal.kit.forms import FileField, PortalForm

EXTENSIONS = ("xlsx", "xls", "csv")


class TableForm(PortalForm):
    """One file. Its kind is told by what is inside, not by its name alone."""

    file = FileField(
        "Tệp bảng",
        extensions=EXTENSIONS,
        required="Chưa chọn tệp. Chọn tệp Excel (.xlsx, .xls) hoặc CSV rồi kiểm tra.",
    )


class WriteForm(PortalForm):
    """Nothing but its keys: what is written was uploaded and checked before."""
