"""What is decided for a case and given on it: the urgent decision, goods out of the store. Flushes; the caller commits.

Money leaves by vouchers of the decision (spending), goods by issues of a store (goods): no second door here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.cases import queries, rules
from portal.cases.actions import note, settle, take, told_of
from portal.cases.actions_survey import check_surveyed, norm_for_case
from portal.cases.models import CaseDecision, CaseGoods, CaseItem, SupportCase
from portal.goods.models import Item, Store
from portal.goods.rules import SlipRow, format_quantity
from portal.goods.slips import issue
from portal.kit.checks import check_not_before
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.ledger.models import Fund, Posting
from portal.people.models import User
from portal.spending.actions import RowFields, draft_decision
from portal.spending.models import Decision
from portal.spending.queries_decisions import texts_for
from portal.spending.rules import ISSUED
from portal.units.models import Unit

SUBJECT = "Về việc hỗ trợ khẩn cấp trường hợp {field}"


def draft_case_decision(
    case: SupportCase,
    *,
    unit: Unit,
    fund: Fund,
    decided_on: date,
    amount: int | None,
    items: Mapping[int, int],
    campaign: Campaign | None = None,
    number: str | None = None,
    subject: str | None = None,
    over_norm: str | None = None,
    in_spite: str | None = None,
    by: User,
) -> Decision:
    """Draft the urgent decision: `amount` đồng and/or `items` (thousandths by item id). A second person issues it.

    A survey that says "not enough" needs `in_spite`, more than the norm `over_norm`. Raises Refused.
    """
    take(case)
    rules.check_may(case.state, (rules.SURVEYED, rules.GIVEN, rules.DONE), "trình quyết định")
    survey = check_surveyed(case)
    if survey.conclusion == rules.NOT_ENOUGH and not (in_spite or "").strip():
        raise Refused(
            "Khảo sát kết luận chưa đủ điều kiện. Khảo sát lại, chọn “Không hỗ trợ”, hoặc ghi lý do vẫn hỗ trợ.",
            "in_spite",
        )
    if amount is None and not items:
        raise Refused("Chưa ghi tiền hay hiện vật. Ghi ít nhất một.", "amount")
    check_not_before(decided_on, survey.surveyed_on, "ngày khảo sát", "decided_on")
    if amount is not None:
        rules.check_norm(amount, norm_for_case(case, decided_on), over_norm or survey.over_norm)
    decision = draft_decision(
        unit=unit,
        fund=fund,
        rows=[_row(case, amount or 0, goods_told(items), campaign)],
        by=by,
        kind="decision",
        number=number,
        decided_on=decided_on,
        subject=subject or SUBJECT.format(field=case.field.name.lower()),
        **vars(texts_for(unit, "decision", decided_on)),
    )
    db.session.add(CaseDecision(decision_id=decision.id, case_id=case.id))
    db.session.flush()
    db.session.add_all(
        CaseItem(decision_id=decision.id, item_id=item_id, quantity=quantity)
        for item_id, quantity in items.items()
    )
    settle(case)
    said = [in_spite and f"Vẫn hỗ trợ vì: {in_spite}", over_norm and f"Vượt mức vì: {over_norm}"]
    note(case, f"Soạn quyết định: {told_of(decision)}.", by, " ".join(part for part in said if part))
    return decision


def _row(case: SupportCase, amount: int, goods: str | None, campaign: Campaign | None) -> RowFields:
    household = case.household
    for_whom = "" if case.person_name == household.name else f" cho {case.person_name}"
    return RowFields(
        receiver=f"Hộ {household.name}",
        address=", ".join(part for part in (household.address, household.unit.name) if part)[:300] or None,
        content=f"{case.field.name}{for_whom}",
        purpose=case.field.purpose,
        campaign_id=campaign.id if campaign else None,
        households=1,
        amount=amount,
        goods=goods,
        bank=household.bank_name,
        account_number=household.bank_number,
        account_holder=household.bank_holder,
    )


def goods_told(items: Mapping[int, int]) -> str | None:
    """ "10 kg gạo, 2 thùng mì": goods in words, as a decision's row keeps them."""
    if not items:
        return None
    known = {item.id: item for item in db.session.scalars(select(Item).where(Item.id.in_(items)))}
    if len(known) != len(items):
        raise Refused("Mặt hàng không có trong danh mục. Chọn lại.", "rows")
    told = [f"{format_quantity(items[key])} {known[key].measure} {known[key].name}" for key in items]
    return ", ".join(told)[:500]


def left_in_goods(case: SupportCase, made: CaseDecision) -> dict[int, int]:
    """Thousandths decided that no issue has taken yet, by item id."""
    issued = queries.issued_of(case)
    return {
        item.item_id: item.quantity - issued.get((made.decision_id, item.item_id), 0) for item in made.items
    }


def open_goods(case: SupportCase) -> CaseDecision | None:
    """The first decision in force whose goods have not all left the store."""
    for made in queries.decisions_of(case):
        if made.decision.state == ISSUED and any(left > 0 for left in left_in_goods(case, made).values()):
            return made
    return None


def issue_goods(
    case: SupportCase, *, store: Store, rows: Sequence[SlipRow], day: date, receiver: str | None, by: User
) -> Posting:
    """Goods of the decision leave a store of the deciding unit and fund. Raises Refused, also when too much."""
    take(case)
    made = open_goods(case)
    if made is None:
        raise Refused("Không còn hiện vật nào theo quyết định. Tải lại trang.", "rows")
    decision = made.decision
    if (store.unit_id, store.fund_id) != (decision.unit_id, decision.fund_id):
        raise Refused("Kho này không thuộc đơn vị và quỹ của quyết định. Chọn kho khác.", "store_id")
    check_not_before(day, decision.decided_on, "ngày quyết định", "day")
    left = left_in_goods(case, made)
    wanted: dict[int, int] = defaultdict(int)
    for row in rows:
        wanted[row.item_id] += row.quantity
    for item_id, quantity in wanted.items():
        if quantity > left.get(item_id, 0):
            item = db.session.get_one(Item, item_id)
            rest = format_quantity(max(left.get(item_id, 0), 0))
            raise Refused(f"{item.name}: quyết định chỉ còn {rest} {item.measure}. Sửa số lượng.", "rows")
    campaign = next((row.campaign for row in decision.rows if row.campaign), None)
    posting = issue(
        store=store,
        rows=rows,
        day=day,
        by=by,
        campaign=campaign,
        partner=(receiver or "").strip() or case.household.name,
        partner_address=case.household.unit.name,
        remark=f"Theo quyết định số {decision.number}: {case.field.name}",
    )
    db.session.add(CaseGoods(posting_number=posting.number, case_id=case.id, decision_id=made.decision_id))
    settle(case)
    note(case, f"Xuất kho theo phiếu {posting.paper_number}.", by)
    return posting


def usual_amount(case: SupportCase) -> str | None:
    """What the survey proposed, in words, for the form."""
    survey = queries.survey_of(case)
    if survey is None:
        return None
    money = format_dong(survey.amount) if survey.amount else None
    return ", ".join(part for part in (money, survey.goods) if part) or None
