"""The lists of nominations and of candidates that a rule has found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from portal.emulation.lists_rewards import Link, by_form
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardCandidate, RewardForm
from portal.emulation.queries_nominations import LOADED, is_nominated
from portal.emulation.queries_rewards import standing_of
from portal.emulation.rules_nominations import BADGES, STATES, SUBJECTS
from portal.kit.filters import AmountFilter, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec


def listed_nominations(rows: Select[Any]) -> Select[Any]:
    """Nominations with form and unit."""
    return rows.options(*LOADED)


def nominations_list(forms: Sequence[RewardForm], row_url: Link) -> ListSpec:
    """The list of `listed_nominations`."""
    return ListSpec(
        noun="đề nghị",
        key=Nomination.id,
        default_sort="-so",
        title="Đề nghị khen thưởng",
        file_name="de-nghi-khen-thuong",
        nothing_yet="Chưa có đề nghị khen nào. Ghi đề nghị, hoặc lập danh sách theo quy tắc.",
        row_url=row_url,
        columns=[
            Col("so", "Số", "id", sort=Nomination.id, muted=True),
            Col("ten", "Người, tập thể", "name", kind="link", primary=True, sort=Nomination.name_key),
            Col("doi_tuong", "Đối tượng", lambda row: SUBJECTS[row.subject]),
            Col("hinh_thuc", "Hình thức", "form.name"),
            Col("thanh_tich", "Thành tích", "achievement"),
            Col("don_vi", "Đơn vị", "unit.name", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: STATES[row.state],
                kind="badge",
                badge=lambda row: BADGES.get(row.state),
            ),
            Col(
                "thuong",
                "Tiền thưởng (đ)",
                "prize",
                kind="amount",
                sort=Nomination.prize,
                total=Nomination.prize,
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: Nomination.state == state,
                choices=list(STATES.items()),
            ),
            by_form(forms, Nomination.form_id),
            SelectFilter(
                "doi_tuong",
                "Đối tượng",
                lambda key: Nomination.subject == key,
                choices=list(SUBJECTS.items()),
            ),
            TextFilter(
                "q",
                "Tên, thành tích",
                lambda text: or_(has_words(Nomination.name, text), has_words(Nomination.achievement, text)),
            ),
        ],
    )


def candidates_of(run_id: int) -> Select[Any]:
    """(RewardCandidate, nominated, stands đồng) of a run."""
    stands = standing_of(RewardCandidate.id).correlate(RewardCandidate).scalar_subquery()
    rows = select(RewardCandidate, is_nominated().label("nominated"), stands.label("stands"))
    return rows.where(RewardCandidate.run_id == run_id)


def _candidate_state(row: Any) -> str:
    if row.nominated:
        return "Đã đề nghị"
    return "Đã bỏ" if row.RewardCandidate.dropped else "Chờ chọn"


def candidates_list(kinds: dict[str, str], row_url: Link) -> ListSpec:
    """The list of `candidates_of`."""
    return ListSpec(
        noun="người",
        key=RewardCandidate.id,
        default_sort="-tien",
        title="Danh sách đề xuất khen",
        file_name="de-xuat-khen-thuong",
        nothing_yet="Không ai đạt mức của quy tắc trong kỳ này. Sửa mức hoặc kỳ rồi lập lại.",
        row_url=row_url,
        columns=[
            Col("ten", "Nhà hảo tâm", "RewardCandidate.name", kind="link", primary=True),
            Col("loai", "Loại", lambda row: kinds.get(row.RewardCandidate.kind, "")),
            Col("dia_chi", "Địa chỉ", "RewardCandidate.address", muted=True),
            Col("tinh_trang", "Tình trạng", _candidate_state),
            Col("lan", "Số lần", "RewardCandidate.times", kind="number", sort=RewardCandidate.times),
            Col("nam", "Số năm", "RewardCandidate.years", kind="number", sort=RewardCandidate.years),
            Col("nay", "Nay còn (đ)", lambda row: int(row.stands), kind="amount", muted=True),
            Col(
                "tien",
                "Số tiền khi lập (đ)",
                "RewardCandidate.amount",
                kind="amount",
                sort=RewardCandidate.amount,
                total=RewardCandidate.amount,
            ),
        ],
        filters=[
            TextFilter("q", "Tên", lambda text: has_words(RewardCandidate.name, text)),
            AmountFilter("tu_tien", "Từ số tiền", lambda amount: RewardCandidate.amount >= amount),
        ],
    )
