"""Forms: the shape of what people type. A field keeps what was typed and answers with what to do.

    class DonationForm(PortalForm):
        donor_name = TextField("Họ tên", required="Chưa nhập họ tên. Gõ tên, hoặc chọn “Không rõ tên”.")
        amount = AmountField("Số tiền")
        donated_on = DayField("Ngày", default=days.today_in_vietnam)
        campaign_id = ChoiceField("Đợt vận động", choices=[(3, "Tháng cao điểm 2026")], required=False)

    form = DonationForm()
    if form.validate_on_submit():
        try:
            action(form.values())
            …commit and go
        except Refused as refused:
            form.add_refusal(refused)
    return page("….html", form=form, status=form.status)

The hidden keys (CSRF, double submit) are drawn by `ui.form_keys()`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField as WerkzeugFileField
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from portal.kit import days, money, vietnamese
from portal.kit.errors import Refused
from portal.kit.form_messages import OurToken, VietnameseMessages
from portal.kit.seen import opened_text

MEGABYTE = 1_000_000


class PortalForm(FlaskForm):
    """The base of every form: Vietnamese sentences, parsed values, the domain's refusals at their field."""

    class Meta(FlaskForm.Meta):
        """CSRF as in FlaskForm, with our own sentences."""

        csrf_class = OurToken

        def get_translations(self, form: Any) -> VietnameseMessages:
            """Our sentences."""
            return VietnameseMessages()

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Say `aria-required`: for `required` a browser would speak first, in its own language."""
            if field.flags.required:
                render_kw = {"required": False, "aria-required": "true", **render_kw}
            return super().render_field(field, render_kw)

    def values(self) -> dict[str, Any]:
        """The parsed values by field name, without the hidden keys."""
        return {field.short_name: field.data for field in self if not isinstance(field, CSRFTokenField)}

    def add_refusal(self, refused: Refused) -> None:
        """Put a sentence of the domain at its field, or on top of the form when it has none here."""
        if refused.field and refused.field in self:
            self[refused.field].errors = [*self[refused.field].errors, refused.text]
        else:
            self.form_errors.append(refused.text)  # type: ignore[has-type]

    @property
    def opened_with(self) -> str:
        """What the record behind it holds now, for the hidden field of `ui.meanwhile`."""
        return opened_text(self)

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form: 422 when it came back with errors."""
        return 422 if self.errors else 200


class _Required:
    """Shared by all fields: `required` is True, False, or the sentence to say when nothing was given."""

    verb = "nhập"
    drawn_as: str | None = None  # the name under which `ui.form_field` knows the field
    flags: Any
    label: Any
    data: Any

    def __init__(self, label: str, *, required: bool | str = True, **kwargs: Any):
        super().__init__(label, **kwargs)  # type: ignore[call-arg]
        self.required = required
        self.type = self.drawn_as or type(self).__name__
        if required:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation for a blank required field, and after a text that could not be read."""
        if self.process_errors:  # type: ignore[attr-defined]
            raise StopValidation
        if self.required and self.is_blank():
            raise StopValidation(self.required if isinstance(self.required, str) else self.blank_text())

    def is_blank(self) -> bool:
        """Whether nothing was given."""
        return self.data is None or self.data == ""

    def blank_text(self) -> str:
        """What is said of a blank required field."""
        name = self.label.text
        return f"Chưa {self.verb} {name[:1].lower()}{name[1:]}. {self.verb.capitalize()} rồi ghi lại."


class TextField(_Required, StringField):
    """One line of text in NFC; None when blank. Control characters, which nobody can see, are dropped."""

    def __init__(self, label: str, *, max_length: int = 200, **kwargs: Any):
        super().__init__(label, **kwargs)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with our sentence, which WTForms puts at the field."""
        text = self.tidy(valuelist[0]) if valuelist else ""
        self.data = None  # also when the text cannot be read
        if text:
            self.data = self.parse(text)

    def tidy(self, typed: str) -> str:
        """What was typed, without what nobody can see."""
        return vietnamese.nfc(typed)

    def parse(self, text: str) -> Any:
        """The value of a text. Raises ValueError."""
        if len(text) > self.max_length:
            raise ValueError(f"Đang dài {len(text)} ký tự, nhiều nhất là {self.max_length}. Viết ngắn lại.")
        return text

    def _value(self) -> str:
        """What stands in the field: what was typed, else the value as people write it."""
        if self.raw_data:
            return self.tidy(self.raw_data[0])
        return "" if self.data is None else self.shown(self.data)

    def shown(self, value: Any) -> str:
        """A value as people write it."""
        return str(value)


class NoteField(TextField, TextAreaField):
    """Several lines of text in NFC; None when blank."""

    drawn_as = "TextAreaField"
    widget = TextAreaField.widget

    def __init__(self, label: str, *, max_length: int = 1000, required: bool | str = False, **kwargs: Any):
        super().__init__(label, max_length=max_length, required=required, **kwargs)

    def tidy(self, typed: str) -> str:
        """Line by line, so that the lines stay."""
        return "\n".join(vietnamese.nfc(line) for line in typed.splitlines()).strip()


class _ParsedField(TextField):
    """A line that is read as something else; an unreadable one keeps what was typed."""

    def parse(self, text: str) -> Any:
        """Raises ValueError with the sentence of the parser."""
        try:
            return self.read(text)
        except Refused as refused:
            raise ValueError(refused.text) from refused

    def read(self, text: str) -> Any:
        """The value. Raises Refused."""
        raise NotImplementedError


class AmountField(_ParsedField):
    """An amount of money; `data` is int đồng."""

    def read(self, text: str) -> int:
        """Đồng. Raises Refused."""
        return money.parse_amount(text, field=self.short_name)

    def shown(self, value: int) -> str:
        """With dots for thousands."""
        return money.format_amount(value)


class DayField(_ParsedField):
    """A day, dd/mm/yyyy; `data` is a date."""

    def read(self, text: str) -> Any:
        """The day. Raises Refused."""
        return days.parse_day(text, today=days.today_in_vietnam(), field=self.short_name)

    def shown(self, value: Any) -> str:
        """dd/mm/yyyy."""
        return days.format_day(value)


class SecretField(_Required, PasswordField):
    """A password: not trimmed, never shown again."""

    drawn_as = "PasswordField"


CheckField = BooleanField  # it has no message of its own


class _Choice(_Required):
    """Shared by the kinds of choice. `choices`: (value, label) pairs or a function giving them."""

    verb = "chọn"
    blank_label: str | None = None

    def __init__(self, label: str, *, choices: Any = (), coerce: Callable[[Any], Any] = int, **kwargs: Any):
        super().__init__(label, choices=list, coerce=_or_none(coerce), **kwargs)
        self.offer(choices)

    def offer(self, choices: Any) -> None:
        """Set the choices of this one form, when they depend on who asks."""
        self.choices = lambda: self._offered(choices)

    def _offered(self, choices: Any) -> list[SelectChoice]:
        pairs = choices() if callable(choices) else choices
        blank = [("", self.blank_label)] if self.blank_label else []
        return [SelectChoice(value=value, label=name) for value, name in [*blank, *pairs]]

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation for nothing chosen, ValidationError for what is not offered."""
        super().pre_validate(form)
        if not self.is_blank() and not any(choice.selected for choice in self.iter_choices()):  # type: ignore[attr-defined]
            raise ValidationError(self.gettext("Not a valid choice."))  # type: ignore[attr-defined]


class ChoiceField(_Choice, SelectField):
    """A drop-down; starts with nothing chosen."""

    drawn_as = "SelectField"
    blank_label = "Chọn"


class ChoiceRadio(_Choice, RadioField):
    """Choices side by side, for what a person must decide: never ticked beforehand."""

    drawn_as = "RadioField"

    def __init__(self, label: str, **kwargs: Any):
        if "default" in kwargs:
            raise TypeError("a ChoiceRadio is never ticked beforehand")
        super().__init__(label, **{"coerce": str, **kwargs})


def _or_none(coerce: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value in (None, "") else coerce(value)


class FileField(_Required, WerkzeugFileField):
    """A file; `data` is a werkzeug FileStorage at its beginning. kit.tables judges what is inside."""

    verb = "chọn"

    def __init__(
        self, label: str, *, extensions: tuple[str, ...] = (), max_bytes: int = 20 * MEGABYTE, **kwargs: Any
    ):
        super().__init__(label, **kwargs)
        self.extensions = extensions
        self.max_bytes = max_bytes

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation with what to do about a missing, foreign, empty or large file."""
        super().pre_validate(form)
        if not self.data:
            return
        name = vietnamese.nfc(self.data.filename)
        size = self.data.stream.seek(0, 2)
        self.data.stream.seek(0)
        if self.extensions and not name.lower().endswith(tuple(f".{end}" for end in self.extensions)):
            raise StopValidation(
                f"Tệp “{name}” không đúng loại. Chọn tệp {', '.join(self.extensions).upper()}."
            )
        if not size:
            raise StopValidation(f"Tệp “{name}” không có nội dung. Kiểm tra tệp trên máy rồi chọn lại.")
        if size > self.max_bytes:
            heavy = f"nặng {-(-size // MEGABYTE)} MB, quá {self.max_bytes // MEGABYTE} MB"
            raise StopValidation(f"Tệp “{name}” {heavy}. Chia nhỏ tệp rồi gửi từng phần.")


class ReasonForm(PortalForm):
    """The form of every confirm that needs a reason (reversal, going back a step)."""

    reason = NoteField(
        "Lý do", required="Chưa nêu lý do. Ghi một câu để người sau hiểu vì sao.", max_length=500
    )
