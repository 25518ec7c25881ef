"""The lists of movements, criteria, registrations, published ranks and good models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel
from portal.emulation.models_movements import Movement, MovementCriterion, MovementEntry, MovementRound
from portal.emulation.models_scoring import RankRow, ScoreStep
from portal.emulation.queries_initiatives import replica_count
from portal.emulation.queries_movements import ENTRY_LOADED
from portal.emulation.rules_initiatives import BADGES as MODEL_BADGES
from portal.emulation.rules_initiatives import STATES as MODEL_STATES
from portal.emulation.rules_initiatives import UNTOLD, state_of
from portal.emulation.rules_movements import KINDS, UNIT, result_text
from portal.emulation.rules_scoring import BADGES, DONE, STATES, format_points
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.kit.filters import SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.units.models import Unit

Link = Callable[[Any], str | None]
Choices = Sequence[tuple[Any, str]]
YES, NO = "có", "không"


def movements_list(row_url: Link) -> ListSpec:
    """Movements, the newest first."""
    return ListSpec(
        noun="phong trào",
        key=Movement.id,
        default_sort="-tu",
        title="Phong trào thi đua",
        file_name="phong-trao-thi-dua",
        nothing_yet="Chưa có phong trào nào. Ghi phong trào đầu tiên.",
        row_url=row_url,
        columns=[
            Col("ten", "Phong trào", "name", kind="link", primary=True, sort=Movement.name),
            Col("khac", "Tên gọi khác", lambda row: "; ".join(row.other_names), muted=True),
            Col("tu", "Từ ngày", "starts_on", kind="day", sort=Movement.starts_on),
            Col("den", "Đến ngày", "ends_on", kind="day"),
            Col("don_vi", "Đơn vị phát động", lambda row: row.unit.name if row.unit else "Toàn quốc"),
            Col("can_cu", "Căn cứ", "basis", muted=True),
        ],
        filters=[
            TextFilter(
                "q", "Tên", lambda text: has_words(Movement.name, text) | has_words(Movement.aliases, text)
            )
        ],
    )


def criteria_list(one: MovementRound, row_url: Link) -> ListSpec:
    """Criteria of a year; the exported file is a valid import."""
    total = func.coalesce(MovementCriterion.points, 0)
    return ListSpec(
        noun="tiêu chí",
        key=MovementCriterion.id,
        default_sort="thu_tu",
        page_size=200,
        title="Bảng tiêu chí",
        file_name=f"tieu-chi-{one.code}",
        nothing_yet="Chưa có tiêu chí nào. Thêm từng tiêu chí, hoặc nạp từ bảng Excel.",
        row_url=row_url,
        columns=[
            Col("ky", "Mã kỳ", lambda row: one.code, muted=True),
            Col("thu_tu", "Mã tiêu chí", "code", sort=MovementCriterion.position),
            Col("phan", "Phần", "part", muted=True),
            Col("ten", "Tiêu chí", "text", kind="link", primary=True, sort=MovementCriterion.text),
            Col("diem", "Điểm chuẩn", lambda row: format_points(row.points), kind="number", sort=total),
            Col("thuong", "Điểm thưởng", lambda row: format_points(row.bonus), kind="number"),
            Col("han", "Hạn", "due_on", kind="day", sort=MovementCriterion.due_on),
            Col("minh_chung", "Minh chứng", lambda row: YES if row.needs_evidence else NO),
        ],
        filters=[TextFilter("q", "Nội dung", lambda text: has_words(MovementCriterion.text, text))],
    )


def _total() -> Any:
    """The total that was handed on last and holds, hundredths."""
    mine = ScoreStep.entry_id == MovementEntry.id, ScoreStep.void.is_(False), ScoreStep.returned.is_(False)
    newest = select(ScoreStep.points).where(*mine).order_by(ScoreStep.id.desc()).limit(1)
    return newest.correlate(MovementEntry).scalar_subquery()


TOTAL = _total()
NAME = case(
    (MovementEntry.kind == UNIT, Unit.name),
    else_=func.coalesce(MovementEntry.person_name, Household.name),
)


def entries_listed(entries: Select[Any], round_id: int) -> Select[Any]:
    """Registrations of a year with their names and totals (None = nothing was handed on yet)."""
    rows = entries.where(MovementEntry.round_id == round_id).join(Unit, Unit.id == MovementEntry.unit_id)
    rows = rows.outerjoin(Household, Household.id == MovementEntry.household_id)
    return rows.with_only_columns(MovementEntry, NAME.label("name"), TOTAL.label("total")).options(
        *ENTRY_LOADED
    )


def state_text(entry: MovementEntry) -> str:
    """Where a registration stands, in words."""
    if entry.ended:
        return "Đã rút"
    return STATES[entry.at or DONE] if entry.kind == UNIT else result_text(entry.achieved)


def _badge(entry: MovementEntry) -> str | None:
    if entry.ended:
        return "neutral"
    if entry.kind == UNIT:
        return BADGES[entry.at or DONE]
    return "warn" if entry.achieved is None else None if entry.achieved else "bad"


def _state(state: str) -> Any:
    if state == "rut":
        return MovementEntry.ended.is_not(None)
    runs = MovementEntry.ended.is_(None)
    if state in ("dat", "khong_dat"):
        return runs & MovementEntry.achieved.is_(state == "dat")
    if state == "chua_xet":
        return runs & (MovementEntry.kind != UNIT) & MovementEntry.achieved.is_(None)
    return runs & (MovementEntry.at == state)


OTHER_STATES = (("dat", "Đạt"), ("khong_dat", "Không đạt"), ("chua_xet", "Chưa xét"), ("rut", "Đã rút"))


def entries_list(one: MovementRound, row_url: Link) -> ListSpec:
    """The list of `entries_listed`."""
    return ListSpec(
        noun="đăng ký",
        key=MovementEntry.id,
        default_sort="ten",
        title="Đăng ký thi đua",
        file_name=f"dang-ky-{one.code}",
        nothing_yet="Chưa có đăng ký nào. Ghi đăng ký đầu tiên của đơn vị, hộ hoặc cá nhân.",
        row_url=row_url,
        columns=[
            Col("ten", "Đăng ký", "name", kind="link", primary=True, sort=NAME),
            Col("loai", "Đối tượng", lambda row: KINDS[row.MovementEntry.kind]),
            Col("noi", "Đơn vị", lambda row: unit_text(row.MovementEntry.unit), muted=True),
            Col("cum", "Cụm", "MovementEntry.cluster.name", muted=True),
            Col(
                "ngay",
                "Ngày đăng ký",
                "MovementEntry.registered_on",
                kind="day",
                sort=MovementEntry.registered_on,
            ),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: state_text(row.MovementEntry),
                kind="badge",
                badge=lambda row: _badge(row.MovementEntry),
            ),
            Col(
                "diem",
                "Điểm đã gửi",
                lambda row: format_points(row.total) if row.MovementEntry.kind == UNIT else None,
                kind="number",
                sort=TOTAL,
            ),
        ],
        filters=[
            SelectFilter(
                "loai", "Đối tượng", lambda key: MovementEntry.kind == key, choices=list(KINDS.items())
            ),
            SelectFilter("tinh_trang", "Tình trạng", _state, choices=[*STATES.items(), *OTHER_STATES]),
            SelectFilter(
                "cum",
                "Cụm",
                lambda key: MovementEntry.cluster_id == key,
                choices=[(cluster.id, cluster.name) for cluster in one.clusters],
            ),
            TextFilter(
                "q",
                "Tên",
                lambda text: (
                    has_words(Unit.name, text)
                    | has_words(MovementEntry.person_name, text)
                    | has_words(Household.name, text)
                ),
            ),
        ],
    )


def ranks_list(code: str) -> ListSpec:
    """Rows of a published ranking."""
    total = RankRow.points + RankRow.bonus
    return ListSpec(
        noun="đơn vị",
        key=RankRow.id,
        default_sort="hang",
        page_size=500,
        title="Bảng xếp hạng",
        file_name=f"xep-hang-{code}",
        columns=[
            Col("hang", "Hạng", lambda row: str(row.place), sort=RankRow.place),
            Col("ten", "Đơn vị", "unit_name", primary=True, sort=RankRow.unit_name),
            Col("cum", "Cụm", "cluster_name", muted=True),
            Col("hang_cum", "Hạng trong cụm", lambda row: str(row.place_in_cluster or ""), kind="number"),
            Col("diem", "Điểm", lambda row: format_points(row.points), kind="number", sort=RankRow.points),
            Col("thuong", "Điểm thưởng", lambda row: format_points(row.bonus), kind="number"),
            Col("tong", "Tổng điểm", lambda row: format_points(row.total), kind="number", sort=total),
            Col("xep_loai", "Xếp loại", lambda row: row.class_name or "Không xếp loại"),
        ],
        filters=[TextFilter("q", "Đơn vị", lambda text: has_words(RankRow.unit_name, text))],
    )


def _model_state(row: Any) -> str:
    if row.GoodModel is None:
        return UNTOLD
    return MODEL_STATES[state_of(row.GoodModel.published_on, row.GoodModel.asked_by_id)]


def _model_filter(state: str) -> Any:
    return {
        "untold": GoodModel.id.is_(None),
        "draft": GoodModel.published_on.is_(None)
        & GoodModel.asked_by_id.is_(None)
        & GoodModel.id.is_not(None),
        "asked": GoodModel.asked_by_id.is_not(None),
        "published": GoodModel.published_on.is_not(None),
    }[state]


def models_list(row_url: Link) -> ListSpec:
    """Initiatives as they are now, with or without a story."""
    return ListSpec(
        noun="mô hình",
        key=Initiative.id,
        default_sort="ten",
        title="Mô hình hay",
        file_name="mo-hinh-hay",
        nothing_yet="Chưa có mô hình nào. Ghi mô hình đầu tiên, hoặc nạp bảng “Mô hình hay”.",
        row_url=row_url,
        columns=[
            Col("ten", "Mô hình", "Initiative.name", kind="link", primary=True, sort=Initiative.name),
            Col("hinh_thuc", "Hình thức", "Initiative.form", sort=Initiative.form),
            Col("don_vi", "Đơn vị", "Initiative.unit.name", sort=Unit.name),
            Col("tu", "Từ ngày", "Initiative.starts_on", kind="day", sort=Initiative.starts_on),
            Col("den", "Đến ngày", "Initiative.ends_on", kind="day"),
            Col(
                "nhan_rong",
                "Nhân rộng",
                lambda row: str(row.replicas) if row.GoodModel else None,
                kind="number",
                sort=replica_count(),
            ),
            Col(
                "tinh_trang",
                "Tình trạng",
                _model_state,
                kind="badge",
                badge=lambda row: (
                    MODEL_BADGES[state_of(row.GoodModel.published_on, row.GoodModel.asked_by_id)]
                    if row.GoodModel
                    else "neutral"
                ),
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang", "Tình trạng", _model_filter, choices=[("untold", UNTOLD), *MODEL_STATES.items()]
            ),
            TextFilter(
                "q",
                "Tên, hình thức",
                lambda text: has_words(Initiative.name, text) | has_words(Initiative.form, text),
            ),
        ],
    )


def models_listed(models: Select[Any]) -> Select[Any]:
    """`models_for` with how many units do the same."""
    return models.add_columns(replica_count().label("replicas"))
