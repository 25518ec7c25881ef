"""Pure rules of sensitive fields and of whoever reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc

FIELDS = {"cccd": "Số căn cước", "health": "Sức khỏe", "ethnicity": "Dân tộc", "religion": "Tôn giáo"}
LONGEST = {"health": 500, "ethnicity": 60, "religion": 60}
SHORTEST_PURPOSE = 8


def check_cccd(text: str | None) -> str | None:
    """Twelve digits without spaces. Raises Refused (field cccd)."""
    digits = re.sub(r"[\s.\-]", "", nfc(text))
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{12}", digits):
        count = sum(c.isdigit() for c in digits)
        raise Refused(
            f"Số căn cước có 12 chữ số, ở đây có {count}. Xem lại trên thẻ rồi gõ lại, hoặc để trống.", "cccd"
        )
    return digits


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The sensitive columns out of plain values, blank ones None. Raises Refused at the field."""
    row = {field: nfc(values.get(field)) or None for field in FIELDS}
    row["cccd"] = check_cccd(row["cccd"])
    for field, longest in LONGEST.items():
        if len(row[field] or "") > longest:
            raise Refused(f"{FIELDS[field]} dài quá {longest} ký tự. Viết ngắn lại.", field)
    return row


def check_purpose(text: str | None) -> str:
    """Why somebody reads sensitive fields. Raises Refused (field purpose)."""
    purpose = nfc(text)
    if len(purpose) < SHORTEST_PURPOSE:
        raise Refused(
            "Chưa nêu rõ xem để làm gì. Ghi một câu, ví dụ: lập hồ sơ thẻ bảo hiểm y tế.", "purpose"
        )
    return purpose[:300]
