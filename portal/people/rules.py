"""Rules about people, over plain values."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from portal.kit.errors import Refused

LINK_LASTS = timedelta(hours=48)
MIN_PASSWORD, MAX_PASSWORD = 10, 200
COMMON_PASSWORDS = frozenset(
    {
        *("1234567890", "12345678910", "0123456789", "0987654321", "123456789a", "a123456789", "abcd123456"),
        *("1q2w3e4r5t", "qwertyuiop", "asdfghjkl1", "password12", "password123", "iloveyou123"),
        *("matkhau123", "matkhau1234", "matkhau12345", "matkhau123456", "vietnam123", "anhyeuem123"),
        *("vinguoingheo", "mattranquoc", "mattran123"),
    }
)
_EMAIL = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[^\s@<>()\",;:.]{2,}")


def check_second_person(maker_id: int | None, second_id: int) -> None:
    """Raises Refused when the person who answers for a paper also made it (None: the command line)."""
    if maker_id is not None and maker_id == second_id:
        raise Refused("Người duyệt phải khác người lập. Nhờ một người có quyền duyệt khác mở việc này.")


def check_password_choice(password: str, *, email: str) -> None:
    """Raises Refused (field "password") when a new password is too short, too long or too easily guessed."""
    if len(password) < MIN_PASSWORD:
        raise Refused(
            f"Mật khẩu mới có {len(password)} ký tự, cần ít nhất {MIN_PASSWORD}. Gõ một cụm từ dài, dễ nhớ.",
            "password",
        )
    if len(password) > MAX_PASSWORD:
        raise Refused(f"Mật khẩu dài quá {MAX_PASSWORD} ký tự. Gõ ngắn lại.", "password")
    plain = "".join(password.lower().split())
    if plain in COMMON_PASSWORDS or len(set(plain)) < 4 or plain in (email, email.split("@")[0]):
        raise Refused("Mật khẩu này dễ đoán. Chọn một cụm từ khác, chỉ riêng mình biết.", "password")


def tidy_email(text: str) -> str:
    """The address as it is kept: lower case. Raises Refused (field "email") for what is no address."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 200:
        raise Refused("Địa chỉ thư điện tử chưa đúng. Gõ lại, ví dụ ten@coquan.gov.vn.", "email")
    return email


def hash_of_secret(secret: str) -> str:
    """What is kept of the secret of a one-time link."""
    return hashlib.sha256(secret.encode()).hexdigest()
