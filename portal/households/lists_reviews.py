"""The list of households that came into a group or left it in a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import true

from portal.households.models_registry import Household
from portal.households.queries import groups
from portal.households.queries_registry import unit_text
from portal.households.queries_reviews import Moves
from portal.households.rules_registry import code_of
from portal.households.rules_reviews import CAME, LEFT, MOVES
from portal.kit.columns import Col
from portal.kit.filters import SelectFilter
from portal.kit.listing import ListSpec

WAYS = {"tang": "Tăng", "giam": "Giảm"}


def moves_list(
    moves: Moves,
    units: Sequence[tuple[int, str]],
    years: Sequence[int],
    row_url: Callable[[Any], str | None],
) -> ListSpec:
    """Rows (Household, group_name, move); unit and year are asked before the rows are made, here they only stay."""
    return ListSpec(
        noun="lượt",
        key=moves.key,
        default_sort="ten",
        title="Hộ tăng, giảm trong năm",
        file_name="ho-tang-giam",
        nothing_yet="Trong năm này chưa có hộ nào vào hoặc ra khỏi một nhóm theo sổ hộ.",
        row_url=row_url,
        columns=[
            Col("ten", "Chủ hộ", "Household.name", kind="link", sort=Household.sort_key, primary=True),
            Col("noi", "Thôn, ấp, khu phố", lambda row: unit_text(row.Household.unit), muted=True),
            Col("nhom", "Nhóm hộ", "group_name", primary=True),
            Col("chieu", "Tăng, giảm", lambda row: WAYS["tang" if row.move in CAME else "giam"]),
            Col("ly_do", "Thế nào", lambda row: MOVES[row.move], sort=moves.move),
            Col("ma", "Mã hộ", lambda row: code_of(row.Household.id), muted=True),
        ],
        filters=[
            SelectFilter("don_vi", "Đơn vị", lambda _: true(), choices=units),
            SelectFilter("nam", "Năm", lambda _: true(), choices=[(year, str(year)) for year in years]),
            SelectFilter("nhom", "Nhóm hộ", lambda group: moves.group_id == group, choices=_groups),
            SelectFilter(
                "chieu", "Tăng, giảm", lambda way: moves.move.in_(CAME if way == "tang" else LEFT),
                choices=list(WAYS.items()),
            ),
        ],
    )  # fmt: skip


def _groups() -> list[tuple[int, str]]:
    return [(group.id, group.name) for group in groups() if group.exclusive]
