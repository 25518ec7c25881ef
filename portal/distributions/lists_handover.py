"""The rows of a list at its hand-over, with what became of each; portions that are kept for who was absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement

from portal.distributions import queries_handover as queries
from portal.distributions import queries_verify as follow
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.rules import HANDED, OUTCOMES, PROXY
from portal.distributions.rules_handover import Told
from portal.kit.filters import SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec

OPEN, SETTLED, UNSETTLED = "open", "settled", "unsettled"


def told_words(row: DistributionRow) -> str:
    """What was told of a row beside its outcome: who took it, why not; "" without."""
    if row.outcome is None or not (row.proxy_name or row.outcome_note):
        return ""
    if row.outcome != PROXY:
        return row.outcome_note or ""
    told = Told(row.outcome, row.outcome_on, row.proxy_name, row.proxy_relation, row.outcome_note)
    return told.words.removeprefix(f"{OUTCOMES[PROXY]}: ")


def _of_outcome(key: str) -> ColumnElement[bool]:
    return DistributionRow.outcome.is_(None) if key == OPEN else DistributionRow.outcome == key


def _of_settling(key: str) -> ColumnElement[bool]:
    return queries.in_live_settlement() if key == SETTLED else ~queries.in_live_settlement()


def rows_list(distribution: Distribution, row_url: Callable[[Any], str]) -> ListSpec:
    """Rows that were not refused."""
    hamlets = [(one.name, one.name or "Chưa rõ thôn") for one in queries.hamlets_of(distribution)]
    return ListSpec(
        noun="hộ",
        key=DistributionRow.id,
        default_sort="stt",
        title=f"Kết quả trao, {distribution.name}"[:60],
        file_name=f"ket-qua-trao-{distribution.id}",
        nothing_yet="Đợt này chưa có hộ nào được duyệt.",
        row_url=row_url,
        columns=[
            Col("stt", "STT", "ordinal", sort=DistributionRow.ordinal),
            Col("ten", "Họ và tên", "receiver", kind="link", primary=True),
            Col("thon", "Thôn, ấp", "hamlet", muted=True, sort=DistributionRow.hamlet),
            Col("nhom", "Đối tượng", "group_name", muted=True),
            Col("hang", "Hiện vật", "goods"),
            Col(
                "ket_qua",
                "Kết quả",
                lambda row: OUTCOMES[row.outcome] if row.outcome else "Chưa ghi",
                kind="badge",
                badge=lambda row: None if row.outcome in HANDED else "warn" if row.outcome else "neutral",
            ),
            Col("ghi_chu", "Ghi chú", told_words, muted=True),
            Col("ngay", "Ngày trao", "outcome_on", kind="day", sort=DistributionRow.outcome_on),
            Col("tien", "Số tiền (đ)", "amount", kind="amount", total=DistributionRow.amount),
        ],
        filters=[
            SelectFilter("ket_qua", "Kết quả", _of_outcome, choices=[(OPEN, "Chưa ghi"), *OUTCOMES.items()]),
            SelectFilter("thon", "Thôn, ấp", lambda name: DistributionRow.hamlet == name, choices=hamlets),
            SelectFilter(
                "thanh_toan",
                "Thanh toán",
                _of_settling,
                choices=[(SETTLED, "Đã đưa vào thanh toán"), (UNSETTLED, "Chưa thanh toán")],
            ),
            TextFilter("q", "Họ tên", lambda text: has_words(DistributionRow.receiver, text)),
        ],
    )


def _waiting_words(row: Any) -> str:
    parts = [word for word, there in (("tiền", row.money_waits), ("hàng", row.goods_wait)) if there]
    if parts:
        return f"Còn giữ {' và '.join(parts)}"
    return "Đã xong" if row.settled else "Chưa thanh toán"


def _of_waiting(key: str) -> ColumnElement[bool]:
    if key == "waiting":
        return follow.waits()
    return ~follow.waits() & follow.settled() if key == "done" else ~follow.settled()


def absent_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries_verify.absent_for`."""
    return ListSpec(
        noun="hộ vắng mặt",
        key=DistributionRow.id,
        default_sort="-ngay",
        title="Theo dõi hộ vắng mặt",
        file_name="ho-vang-mat",
        nothing_yet="Chưa có hộ nào vắng mặt khi trao quà.",
        row_url=row_url,
        columns=[
            Col(
                "ngay", "Ngày trao", "DistributionRow.outcome_on", kind="day", sort=DistributionRow.outcome_on
            ),
            Col("ten", "Họ và tên", "DistributionRow.receiver", kind="link", primary=True),
            Col("thon", "Thôn, ấp", "DistributionRow.hamlet", muted=True),
            Col("dot", "Danh sách", "Distribution.name", muted=True),
            Col("hang", "Hiện vật", "DistributionRow.goods"),
            Col(
                "con",
                "Còn giữ",
                _waiting_words,
                kind="badge",
                badge=lambda row: None if row.settled and not (row.money_waits or row.goods_wait) else "warn",
            ),
            Col(
                "tien",
                "Số tiền (đ)",
                "DistributionRow.amount",
                kind="amount",
                total=DistributionRow.amount,
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                _of_waiting,
                choices=[
                    ("waiting", "Còn giữ tiền hoặc hàng"),
                    ("unsettled", "Chưa thanh toán"),
                    ("done", "Đã xong"),
                ],
            ),
            TextFilter("q", "Họ tên", lambda text: has_words(DistributionRow.receiver, text)),
        ],
    )
