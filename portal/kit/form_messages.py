"""The sentences of WTForms and Flask-WTF in Vietnamese: each says what to do. A test finds missing ones."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

STALE_FORM = "Trang này mở đã lâu nên chưa ghi được. Những gì đã gõ vẫn còn; bấm ghi lại lần nữa."

_NUMBER = "Chỗ này phải là một con số. Gõ lại bằng chữ số."
_DAY = "Ngày chưa đúng. Gõ theo kiểu ngày/tháng/năm, ví dụ 19/10/2026."
_CHOICE = "Lựa chọn này không còn trong danh sách. Chọn lại một mục khác."
_MISSING = "Chưa nhập ô này. Nhập rồi ghi lại."
_SHAPE = "Nội dung chưa đúng dạng. Kiểm tra rồi gõ lại."

MESSAGES = {
    "This field is required.": _MISSING,
    "Invalid input.": _SHAPE,
    "Not a valid choice.": _CHOICE,
    "Invalid Choice: could not coerce.": _CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOICE,
    "Choices cannot be None.": "Danh sách để chọn đang trống. Báo người quản trị để bổ sung danh mục.",
    "'%(value)s' is not a valid choice for this field.": "“%(value)s” không có trong danh sách. Chọn lại.",
    "'%(value)s' are not valid choices for this field.": "“%(value)s” không có trong danh sách. Chọn lại.",
    "Not a valid integer value.": _NUMBER,
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Not a valid datetime value.": _DAY,
    "Not a valid date value.": _DAY,
    "Not a valid time value.": "Giờ chưa đúng. Gõ giờ và phút, ví dụ 14:30.",
    "Not a valid week value.": "Tuần chưa đúng. Chọn lại một tuần trong năm.",
    "Invalid field name '%s'.": _SHAPE,
    "Field must be equal to %(other_name)s.": "Hai ô chưa giống nhau. Gõ lại cho khớp.",
    "Field must be at least %(min)d character long.": "Ngắn quá. Gõ ít nhất %(min)d ký tự.",
    "Field must be at least %(min)d characters long.": "Ngắn quá. Gõ ít nhất %(min)d ký tự.",
    "Field cannot be longer than %(max)d character.": "Dài quá. Gõ nhiều nhất %(max)d ký tự.",
    "Field cannot be longer than %(max)d characters.": "Dài quá. Gõ nhiều nhất %(max)d ký tự.",
    "Field must be exactly %(max)d character long.": "Gõ đúng %(max)d ký tự.",
    "Field must be exactly %(max)d characters long.": "Gõ đúng %(max)d ký tự.",
    "Field must be between %(min)d and %(max)d characters long.": "Gõ từ %(min)d đến %(max)d ký tự.",
    "Number must be at least %(min)s.": "Gõ số từ %(min)s trở lên.",
    "Number must be at most %(max)s.": "Gõ số không quá %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Gõ số từ %(min)s đến %(max)s.",
    "Date must be at least %(min)s.": "Chọn ngày từ %(min)s trở đi.",
    "Date must be at most %(max)s.": "Chọn ngày không sau %(max)s.",
    "Date must be between %(min)s and %(max)s.": "Chọn ngày từ %(min)s đến %(max)s.",
    "Invalid email address.": "Địa chỉ thư điện tử chưa đúng. Gõ lại, ví dụ ten@coquan.gov.vn.",
    "Invalid IP address.": _SHAPE,
    "Invalid Mac address.": _SHAPE,
    "Invalid URL.": "Địa chỉ trang chưa đúng. Chép lại cả địa chỉ từ trình duyệt.",
    "Invalid UUID.": _SHAPE,
    "Invalid value, must be one of: %(values)s.": "Chỉ nhận một trong: %(values)s. Chọn lại.",
    "Invalid value, can't be any of: %(values)s.": "Không nhận: %(values)s. Gõ giá trị khác.",
    "This field cannot be edited.": "Ô này không sửa được. Tải lại trang để xem nội dung đang có.",
    "This field is disabled and cannot have a value.": "Ô này đang khóa. Tải lại trang rồi ghi lại.",
    "CSRF token missing.": STALE_FORM,
    "CSRF failed.": STALE_FORM,
    "CSRF token expired.": STALE_FORM,
    "Invalid CSRF Token.": STALE_FORM,
    "File does not have an approved extension: {extensions}": "Tệp không đúng loại. Chọn tệp {extensions}.",
    "File does not have an approved extension.": "Tệp không đúng loại. Chọn tệp khác.",
    "File must be between {min_size} and {max_size} bytes.": "Tệp quá nặng. Chia nhỏ rồi gửi lại.",
}


class VietnameseMessages:
    """What WTForms takes for its translations. An unknown sentence becomes a general one, never English."""

    def gettext(self, text: str) -> str:
        """The sentence for a message of WTForms."""
        return MESSAGES.get(text, _SHAPE)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Vietnamese has one form for all numbers."""
        return self.gettext(plural)


class OurToken(FlaskForm.Meta.csrf_class):  # type: ignore[name-defined]
    """The CSRF token of Flask-WTF; its English reasons go to the log only."""

    def setup_form(self, form: Any) -> list[Any]:
        """Give the hidden field a name that people may read in a summary of errors."""
        fields = super().setup_form(form)
        for _, unbound in fields:
            unbound.kwargs["label"] = "Phiên làm việc"
        return fields

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Raises ValidationError with what the person can do."""
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(STALE_FORM) from error
