"""Pure rules of good models: what a published story needs, what replication is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.kit.errors import Refused

FORMS = ("mô hình", "công trình", "câu lạc bộ", "tổ hợp tác")
DRAFT, ASKED, PUBLISHED = "draft", "asked", "published"
STATES = {DRAFT: "Chưa công bố", ASKED: "Chờ công bố", PUBLISHED: "Đã công bố"}
BADGES: dict[str, str | None] = {DRAFT: "neutral", ASKED: "warn", PUBLISHED: None}
UNTOLD = "Chưa có câu chuyện"
ROLES = {"before": "Trước khi có mô hình", "work": "Đang làm", "result": "Kết quả"}


def state_of(published_on: date | None, asked_by_id: int | None) -> str:
    """Where a story stands."""
    return PUBLISHED if published_on else ASKED if asked_by_id else DRAFT


def check_counts(values: Mapping[str, Any]) -> None:
    """Counts of those helped are missing or from 0 on, and no more people than there can be. Raises Refused."""
    for field, name in (("households", "Số hộ"), ("people", "Số người")):
        count = values.get(field)
        if count is not None and not 0 <= count <= 10_000_000:
            raise Refused(
                f"{name} được giúp không thể là {count}. Sửa lại, hoặc để trống khi chưa rõ.", field
            )


def check_told(story: str, results: str) -> None:
    """A story that everybody reads says how it is done and what came of it. Raises Refused at the field."""
    if len(story.split()) < 20:
        raise Refused(
            "Câu chuyện quá ngắn. Viết ít nhất vài câu: cách làm, ai tham gia, từ khi nào.", "story"
        )
    if not results.strip():
        raise Refused("Chưa ghi kết quả. Ghi kết quả cụ thể trước khi đề nghị công bố.", "results")


def check_replica(
    unit_id: int, own_unit_id: int, known: Mapping[int, str], since_on: date, today: date
) -> None:
    """Another unit, once, from a day that has come. Raises Refused at the field."""
    if unit_id == own_unit_id:
        raise Refused("Đây là đơn vị của chính mô hình. Chọn đơn vị khác đã làm theo.", "unit_id")
    if unit_id in known:
        raise Refused(f"{known[unit_id]} đã có trong danh sách nhân rộng. Không ghi hai lần.", "unit_id")
    if since_on > today:
        raise Refused("Ngày bắt đầu ở tương lai. Ghi khi đơn vị đã làm.", "since_on")
