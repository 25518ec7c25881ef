"""Tranches of the fund's money for a house, and the papers that pay them: vouchers, or what a sponsor paid directly.

One rule for both. Flushes; the caller commits.
"""

from __future__ import annotations

from datetime import date

from portal.housing import queries, queries_money, rules, rules_money
from portal.housing.actions import note, take
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseDecisionRow, HouseTranche
from portal.kit.checks import check_text
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.people.models import User
from portal.spending import rules as spending
from portal.spending.models import Voucher
from portal.spending.models_others import InAndOut

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
    """A tranche that is planned otherwise. Raises Refused while a paper pays it."""
    take(tranche.project)
    db.session.refresh(tranche)
    said = check_text(reason, "reason", "lý do")
    if tranche.withdrawn:
        raise Refused("Đợt này đã bỏ. Tải lại trang.")
    if queries_money.is_taken(tranche):
        raise Refused(
            "Đợt này đã có phiếu chi hoặc ghi thu – ghi chi. Hủy hoặc đảo chứng từ đó trước rồi bỏ đợt.",
            "reason",
        )
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
    for row in voucher.rows:
        tranche = _due_tranche(made.project, row.decision_row_id, row.amount, "rows")
        tranche.voucher_row_id, tranche.voucher_row = row.id, row
        db.session.flush()
    note(made.project, f"Lập phiếu chi {format_dong(voucher.amount)}, chờ duyệt.", voucher.prepared_by)


def match_direct(entry: InAndOut) -> None:
    """What a sponsor paid directly is one open tranche, as a voucher's row is. Raises Refused (amount, happened_on)."""
    made = queries_money.house_decision(entry.decision_row.decision_id)
    if made is None:
        return
    tranche = _due_tranche(made.project, entry.decision_row_id, entry.amount, "amount")
    _check_day(tranche, entry.happened_on, "happened_on")
    tranche.in_and_out_id, tranche.in_and_out = entry.id, entry
    db.session.flush()
    told = f"Đề nghị ghi thu, ghi chi {format_dong(entry.amount)} do {entry.donor_name} trả thẳng, chờ duyệt."
    note(made.project, told, entry.requested_by)


def _due_tranche(project: HouseProject, decision_row_id: int, amount: int, field: str) -> HouseTranche:
    """The open tranche of a decision's row that so much (đồng) pays now. Raises Refused at `field`."""
    db.session.refresh(project)
    same = [one for one in queries_money.tranches_of(project) if one.decision_row_id == decision_row_id]
    free = [one for one in same if not queries_money.is_taken(one) and one.amount == amount]
    if not free:
        raise Refused(UNPLANNED.format(amount=format_dong(amount)), field)
    due = [one for one in free if project.state != rules.STOPPED and rules.reached(project.state, one.stage)]
    tranche = (due or free)[0]
    _check_stage(tranche, field)
    return tranche


def _check_stage(tranche: HouseTranche, field: str) -> None:
    project = tranche.project
    photos = queries.photos_of([project.id]).get(project.id, {})
    rules_money.check_stage(project.state, tranche.stage, photos, field)


def _check_day(tranche: HouseTranche, day: date, field: str) -> None:
    days = queries.days_of([tranche.project_id]).get(tranche.project_id, {})
    rules_money.check_paid_on(day, tranche.stage, days, field)


def check_paying(voucher: Voucher, paid_on: date) -> None:
    """What was true when the voucher was prepared still is when its money leaves. Raises Refused (rows, paid_on)."""
    made = queries_money.house_decision(voucher.decision_id)
    if made is None:
        return
    held = {one.voucher_row_id: one for one in queries_money.tranches_of(made.project) if one.voucher_row_id}
    for row in voucher.live_rows:
        _check_held(held.get(row.id), row.amount, paid_on, ("rows", "paid_on"))


def check_direct(entry: InAndOut) -> None:
    """What was true when it was asked for still is when it comes into the books. Raises Refused."""
    made = queries_money.house_decision(entry.decision_row.decision_id)
    if made is None:
        return
    tranches = queries_money.tranches_of(made.project)
    tranche = next((one for one in tranches if one.in_and_out_id == entry.id), None)
    _check_held(tranche, entry.amount, entry.happened_on, ("amount", "happened_on"))


def _check_held(tranche: HouseTranche | None, amount: int, day: date, fields: tuple[str, str]) -> None:
    """A paper still pays its tranche to the đồng, at its stage, not before its day. `fields`: of amount and day."""
    if tranche is None or tranche.amount != amount:
        raise Refused(UNPLANNED.format(amount=format_dong(amount)), fields[0])
    _check_stage(tranche, fields[0])
    _check_day(tranche, day, fields[1])
