"""Forms about people."""

from __future__ import annotations

from portal.kit.access import ROLE_NAMES
from portal.kit.forms import ChoiceField, PortalForm, SecretField, TextField

WHOLE = 0  # stands for the whole installation among the units


class SignInForm(PortalForm):
    """The address and the password."""

    email = TextField("Thư điện tử", required="Chưa nhập thư điện tử. Gõ địa chỉ mà người quản trị đã ghi.")
    password = SecretField("Mật khẩu", required="Chưa nhập mật khẩu. Gõ mật khẩu rồi đăng nhập lại.")


class NewPasswordForm(PortalForm):
    """A password, twice."""

    password = SecretField("Mật khẩu mới")
    password_again = SecretField("Gõ lại mật khẩu mới")

    def validate_on_submit(self, extra_validators: object = None) -> bool:
        """Also refuses two passwords that differ."""
        if not super().validate_on_submit(extra_validators):
            return False
        if self.password.data != self.password_again.data:
            self.password_again.errors = ["Hai lần gõ chưa giống nhau. Gõ lại cả hai ô."]
            return False
        return True


class SetupForm(NewPasswordForm):
    """What the first administrator tells."""

    name = TextField("Họ tên")
    email = TextField("Thư điện tử", required="Chưa nhập thư điện tử. Địa chỉ này dùng để đăng nhập.")
    password = SecretField("Mật khẩu mới")
    password_again = SecretField("Gõ lại mật khẩu mới")


class ChangePasswordForm(NewPasswordForm):
    """The old password stands for the person."""

    old_password = SecretField("Mật khẩu đang dùng")
    password = SecretField("Mật khẩu mới")
    password_again = SecretField("Gõ lại mật khẩu mới")


class NameForm(PortalForm):
    """The person's own name."""

    name = TextField("Họ tên")


class RoleForm(PortalForm):
    """A role in a unit; which units depends on who asks (`offer`)."""

    role = ChoiceField("Vai trò", choices=list(ROLE_NAMES.items()), coerce=str)
    unit = ChoiceField("Đơn vị")


class NewUserForm(PortalForm):
    """A new person with a first role; the fields stand in this order in the list of what is to be mended."""

    name = TextField("Họ tên")
    email = TextField("Thư điện tử")
    role = ChoiceField("Vai trò", choices=list(ROLE_NAMES.items()), coerce=str)
    unit = ChoiceField("Đơn vị")
