"""What must agree of pictures: what everybody sees was looked at, under consent, as a copy of its own."""

from __future__ import annotations

from portal.operate.verify_check import Check

FILES: tuple[Check, ...] = (
    Check(
        "Ảnh công khai đã có người xem, có sự đồng ý, và là bản riêng",
        """
        SELECT picture.id AS number, unit.name AS unit
          FROM picture JOIN unit ON unit.id = picture.unit_id
         WHERE picture.public_sha IS NOT NULL
           AND (picture.people_shown IS NULL
                OR (picture.people_shown AND TRIM(COALESCE(picture.consent, '')) = '')
                OR picture.withdrawn IS NOT NULL
                OR picture.published_by_id IS NULL
                OR picture.public_sha IN (SELECT file_sha FROM picture))
         ORDER BY picture.id
        """,
        "Ảnh số {number}, {unit}: đang công khai mà chưa ai xem, thiếu sự đồng ý, đã rút, hoặc là chính bản gốc.",
    ),
)
