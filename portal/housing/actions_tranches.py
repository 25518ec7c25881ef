"""Tranches of the fund's money for a house, and the vouchers that pay them. Flushes; the caller commits."""

from __future__ import annotations

from portal.housing import queries, queries_money, rules, rules_money
from portal.housing.actions import note, take
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseDecisionRow, HouseTranche
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.people.models import User
from portal.spending import rules as spending
from portal.spending.models import Voucher, VoucherRow

UNPLANNED = (
    "Tiền của căn nhà chi theo đợt gắn với từng bước. Không có đợt nào chưa chi đúng {amount} của dòng này; xem các đợt ở "
    "trang của căn nhà, chia hoặc sửa đợt trước."
)


def add_tranche(
    project: HouseProject, decided: HouseDecisionRow, *, stage: str, amount: int, by: User
) -> HouseTranche:
    """One more tranche of a decision in force, due at `stage`. Raises Refused (stage, amount, row)."""
    take(project)
    if decided.decision_row_id not in {one.decision_row_id for one in queries_money.decided_rows(project)}:
        raise Refused("Dòng này không thuộc quyết định còn hiệu lực của căn nhà. Chọn lại.", "row")
    if stage not in rules.STAGES:
        raise Refused("Chưa chọn cấp khi nào. Chọn một bước.", "stage")
    others = [
        one.amount
        for one in queries_money.tranches_of(project)
        if one.decision_row_id == decided.decision_row_id
    ]
    rules_money.check_tranches(decided.row.amount, others, amount)
    tranche = HouseTranche(
        project_id=project.id,
        project=project,
        decision_row_id=decided.decision_row_id,
        stage=stage,
        amount=amount,
    )
    db.session.add(tranche)
    db.session.flush()
    note(project, f"Thêm đợt cấp {format_dong(amount)} khi {rules.STAGES[stage].lower()}.", by)
    return tranche


def drop_tranche(tranche: HouseTranche, *, reason: str | None, by: User) -> None:
    """A tranche that is planned otherwise. Raises Refused while a voucher pays it."""
    take(tranche.project)
    db.session.refresh(tranche)
    said = rules.check_text(reason, "reason", "lý do")
    if tranche.withdrawn:
        raise Refused("Đợt này đã bỏ. Tải lại trang.")
    if queries_money.voucher_of(tranche) is not None:
        raise Refused("Đợt này đã có phiếu chi. Hủy hoặc đảo phiếu trước rồi bỏ đợt.", "reason")
    tranche.withdrawn = True
    db.session.flush()
    note(tranche.project, f"Bỏ đợt cấp {format_dong(tranche.amount)}.", by, f"Lý do: {said}")


def match_voucher(voucher: Voucher) -> None:
    """Each row of a new voucher is one open tranche, at its stage, to the đồng. Raises Refused (rows, what)."""
    made = queries_money.house_decision(voucher.decision_id)
    if made is None:
        return
    if voucher.what != spending.PAYMENT:
        raise Refused(
            "Tiền của một căn nhà chi thẳng theo đợt, không tạm ứng, không phân bổ. Chọn “Chi cho người nhận”; cán bộ mang "
            "tiền đi thì chi từ tiền cán bộ đang giữ.",
            "what",
        )
    project = made.project
    db.session.refresh(project)
    photos = queries.photos_of([project.id]).get(project.id, {})
    for row in voucher.rows:
        tranche = _open_tranche(project, row)
        rules_money.check_stage(project.state, tranche.stage, photos)
        tranche.voucher_row_id, tranche.voucher_row = row.id, row
        db.session.flush()
    note(project, f"Lập phiếu chi {format_dong(voucher.amount)}, chờ duyệt.", voucher.prepared_by)


def _open_tranche(project: HouseProject, row: VoucherRow) -> HouseTranche:
    same = [one for one in queries_money.tranches_of(project) if one.decision_row_id == row.decision_row_id]
    free = [one for one in same if queries_money.voucher_of(one) is None and one.amount == row.amount]
    due = [one for one in free if project.state != rules.STOPPED and rules.reached(project.state, one.stage)]
    if not free:
        raise Refused(UNPLANNED.format(amount=format_dong(row.amount)), "rows")
    return (due or free)[0]


def check_paying(voucher: Voucher) -> None:
    """What was true when the voucher was prepared still is when its money leaves. Raises Refused."""
    made = queries_money.house_decision(voucher.decision_id)
    if made is None:
        return
    project = made.project
    photos = queries.photos_of([project.id]).get(project.id, {})
    held = {one.voucher_row_id: one for one in queries_money.tranches_of(project) if one.voucher_row_id}
    for row in voucher.live_rows:
        tranche = held.get(row.id)
        if tranche is None or tranche.amount != row.amount:
            raise Refused(UNPLANNED.format(amount=format_dong(row.amount)), "rows")
        rules_money.check_stage(project.state, tranche.stage, photos)
