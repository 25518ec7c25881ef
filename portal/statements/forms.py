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
    """Post what was checked; a statement that does not tie needs a reason (asked by the rule, not by the form)."""

    reason = NoteField("Lý do vẫn ghi sổ", max_length=1000)
