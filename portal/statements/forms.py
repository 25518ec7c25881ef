"""The shape of what is typed when a statement is brought."""

from __future__ import annotations

from portal.kit.forms import ChoiceField, FileField, NoteField, PortalForm

TABLES = ("csv", "xlsx", "xls")


class UploadForm(PortalForm):
    """A statement's file, its account, and the campaign its gifts belong to; the view offers both."""

    account = ChoiceField("Tài khoản", coerce=str)
    campaign = ChoiceField("Đợt vận động nhận tiền", coerce=str, required=False)
    file = FileField("Tệp sao kê", extensions=TABLES)


class PostForm(PortalForm):
    """Post what was checked."""


class OverrideForm(PostForm):
    """Post a statement that does not tie: somebody has to say why."""

    reason = NoteField(
        "Lý do vẫn ghi sổ",
        required="Chưa nêu lý do. Ghi vì sao vẫn ghi sổ sao kê không khớp này.",
        max_length=1000,
    )
