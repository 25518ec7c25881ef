"""The lists of councils, decisions and rewards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.emulation.models_certificates import Reward, RewardDecision, RewardDecisionRow
from portal.emulation.models_nominations import RewardCouncil, RewardCouncilRow
from portal.emulation.models_rewards import RewardForm
from portal.emulation.rules_nominations import DECISION_STATES, DRAFT, WHATS
from portal.kit.check_codes import read_check_code
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.units.models import Unit

Link = Callable[[Any], str]
STANDS = {"con": "Còn hiệu lực", "thu_hoi": "Đã thu hồi"}


def by_form(forms: Sequence[RewardForm], column: Any) -> SelectFilter:
    """The filter by form of reward."""
    choices = [(one.id, one.name) for one in forms]
    return SelectFilter("hinh_thuc", "Hình thức", lambda key: column == key, choices=choices)


def listed_councils(rows: Select[Any]) -> Select[Any]:
    """(RewardCouncil, count)."""
    count = (
        select(func.count()).where(RewardCouncilRow.council_id == RewardCouncil.id).correlate(RewardCouncil)
    )
    return rows.join(Unit, Unit.id == RewardCouncil.unit_id).add_columns(
        count.scalar_subquery().label("count")
    )


def councils_list(row_url: Link) -> ListSpec:
    """The list of `listed_councils`."""
    return ListSpec(
        noun="cuộc họp",
        key=RewardCouncil.id,
        default_sort="-ngay",
        title="Họp xét khen thưởng",
        file_name="hop-xet-khen-thuong",
        nothing_yet="Chưa có cuộc họp nào. Chọn các đề nghị rồi lập cuộc họp xét.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày họp", "RewardCouncil.met_on", kind="day", sort=RewardCouncil.met_on),
            Col("chu_tri", "Chủ trì", "RewardCouncil.chair", kind="link", primary=True),
            Col("don_vi", "Đơn vị", "RewardCouncil.unit.name", muted=True),
            Col("so_de_nghi", "Số đề nghị", "count", kind="number"),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: "Đã chốt" if row.RewardCouncil.closed else "Đang ghi",
                kind="badge",
                badge=lambda row: None if row.RewardCouncil.closed else "warn",
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda key: RewardCouncil.closed.is_(key == "chot"),
                choices=[("chot", "Đã chốt"), ("dang_ghi", "Đang ghi")],
            ),
            DayFilter("tu", "Từ ngày", lambda day: RewardCouncil.met_on >= day),
            DayFilter("den", "Đến ngày", lambda day: RewardCouncil.met_on <= day),
        ],
    )


def _unnumbered(one: RewardDecision) -> str:
    return "chưa có số" if one.state == DRAFT else "không có số"


def listed_decisions(rows: Select[Any]) -> Select[Any]:
    """(RewardDecision, count)."""
    count = (
        select(func.count())
        .where(RewardDecisionRow.decision_id == RewardDecision.id)
        .correlate(RewardDecision)
    )
    rows = rows.join(Unit, Unit.id == RewardDecision.unit_id)
    return rows.add_columns(count.scalar_subquery().label("count"))


def decisions_list(forms: Sequence[RewardForm], row_url: Link) -> ListSpec:
    """The list of `listed_decisions`."""
    return ListSpec(
        noun="quyết định",
        key=RewardDecision.id,
        default_sort="-ngay",
        title="Quyết định khen thưởng",
        file_name="quyet-dinh-khen-thuong",
        nothing_yet="Chưa có quyết định khen nào. Soạn quyết định từ các đề nghị đã được xét.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày", "RewardDecision.decided_on", kind="day", sort=RewardDecision.decided_on),
            Col(
                "so",
                "Số",
                lambda row: row.RewardDecision.number or _unnumbered(row.RewardDecision),
                kind="link",
                primary=True,
                sort=RewardDecision.number,
            ),
            Col("loai", "Loại", lambda row: WHATS[row.RewardDecision.what]),
            Col("hinh_thuc", "Hình thức", "RewardDecision.form.name"),
            Col("don_vi", "Đơn vị", "RewardDecision.unit.name", muted=True),
            Col("so_nguoi", "Số người", "count", kind="number"),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: DECISION_STATES[row.RewardDecision.state],
                kind="badge",
                badge=lambda row: "warn" if row.RewardDecision.state == DRAFT else None,
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: RewardDecision.state == state,
                choices=list(DECISION_STATES.items()),
            ),
            SelectFilter(
                "loai", "Loại", lambda what: RewardDecision.what == what, choices=list(WHATS.items())
            ),
            by_form(forms, RewardDecision.form_id),
            DayFilter("tu", "Từ ngày", lambda day: RewardDecision.decided_on >= day),
            DayFilter("den", "Đến ngày", lambda day: RewardDecision.decided_on <= day),
            TextFilter(
                "q",
                "Số, trích yếu",
                lambda text: has_words(
                    func.coalesce(RewardDecision.number, "") + " " + RewardDecision.subject, text
                ),
            ),
        ],
    )


def _found(text: str) -> Any:
    code = read_check_code(text)
    return (
        Reward.code == code
        if code
        else or_(has_words(Reward.name, text), has_words(Reward.achievement, text))
    )


def rewards_list(forms: Sequence[RewardForm], row_url: Link) -> ListSpec:
    """Every reward of the person's units, by number, name or code."""
    return ListSpec(
        noun="phần thưởng",
        key=Reward.id,
        default_sort="-ngay",
        title="Khen thưởng",
        file_name="khen-thuong",
        nothing_yet="Chưa khen ai. Đi từ quy tắc hoặc đề nghị, qua hội đồng, đến quyết định.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày", "decided_on", kind="day", sort=Reward.decided_on),
            Col("ten", "Người, tập thể", "name", kind="link", primary=True, sort=Reward.name),
            Col("hinh_thuc", "Hình thức", "form.name"),
            Col("so", "Số giấy", "number", sort=Reward.series_no),
            Col("quyet_dinh", "Quyết định", lambda row: row.decision.number or "—"),
            Col("thanh_tich", "Thành tích", "achievement", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: STANDS["thu_hoi" if row.until else "con"],
                kind="badge",
                badge=lambda row: "bad" if row.until else None,
            ),
            Col("thuong", "Tiền thưởng (đ)", "prize", kind="amount", sort=Reward.prize, total=Reward.prize),
        ],
        filters=[
            by_form(forms, Reward.form_id),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda key: Reward.until.is_(None) if key == "con" else Reward.until.is_not(None),
                choices=list(STANDS.items()),
            ),
            DayFilter("tu", "Từ ngày", lambda day: Reward.decided_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Reward.decided_on <= day),
            TextFilter("q", "Tên, thành tích, mã xác minh", _found),
        ],
    )
