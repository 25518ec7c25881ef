"""Who pays for a house: sources of the budget, what came from outside, the fund's decision. Flushes; the caller commits.

Money leaves by vouchers of the decision (spending): no second door here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.housing import queries, queries_money, queries_papers, rules, rules_money
from portal.housing.actions import note, numbered_moment, stage_of, take
from portal.housing.actions_survey import PURPOSE, norm_for
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseDecision, HouseDecisionRow, HouseOutside, HouseSource
from portal.kit.checks import check_not_before, check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import nfc
from portal.ledger.models import Fund
from portal.people.models import User
from portal.spending.actions import RowFields, draft_decision
from portal.spending.models import Decision
from portal.spending.queries_decisions import texts_for
from portal.units.models import Unit

SUBJECT = "Về việc hỗ trợ {kind} nhà ở ({programme})"


def add_source(
    project: HouseProject, values: Mapping[str, Any], *, campaign: Campaign | None = None, by: User
) -> HouseSource:
    """One more source: `kind`, `name`, `amount` (labour: `days` × `day_value`). Raises Refused at the field."""
    take(project)
    _check_open(project)
    source = HouseSource(project_id=project.id, project=project, kind="", amount=0)
    with db.session.no_autoflush:
        _write_source(source, values, campaign)
    db.session.add(source)
    db.session.flush()
    note(project, f"Thêm nguồn: {queries_money.source_name(source)}, {format_dong(source.amount)}.", by)
    return source


def change_source(
    source: HouseSource, values: Mapping[str, Any], *, campaign: Campaign | None = None, by: User
) -> None:
    """Put a source right; the fund's never below what is decided of it. Raises Refused."""
    take(source.project)
    _check_open(source.project)
    before = queries_money.source_name(source)
    used = _used(source)
    if used and (values.get("kind"), campaign.id if campaign else None) != (source.kind, source.campaign_id):
        raise Refused(
            "Nguồn này đã có quyết định hoặc đã nhận, không đổi loại, đợt được. Thêm một nguồn khác.", "kind"
        )
    with db.session.no_autoflush:
        _write_source(source, values, campaign)
        if source.amount < used:
            raise Refused(
                f"Nguồn này đã quyết định hoặc đã nhận {format_dong(used)}. Không ghi thấp hơn.", "amount"
            )
    db.session.flush()
    note(source.project, f"Sửa nguồn {before}: {format_dong(source.amount)}.", by)


def drop_source(source: HouseSource, *, reason: str | None, by: User) -> None:
    """A source that brings nothing after all. Raises Refused once something was decided or came."""
    take(source.project)
    _check_open(source.project)
    said = check_text(reason, "reason", "lý do")
    if _used(source):
        raise Refused(
            "Nguồn này đã có quyết định hoặc đã nhận. Thu hồi quyết định, rút phần đã nhận trước.", "reason"
        )
    source.withdrawn = True
    db.session.flush()
    note(source.project, f"Bỏ nguồn {queries_money.source_name(source)}.", by, f"Lý do: {said}")


def _check_open(project: HouseProject) -> None:
    if project.state == rules.HANDED_OVER or queries.check_in_force(project) is not None:
        raise Refused("Đã chốt giá trị ở biên bản kiểm tra hoàn thành. Hủy biên bản đó trước rồi sửa nguồn.")


def _used(source: HouseSource) -> int:
    """What is decided (drafts too) or has come of a source, đồng."""
    share = next(one for one in queries_money.cost_of(source.project).shares if one.source.id == source.id)
    drafts = [
        row
        for made in queries_money.decisions_of(source.project)
        if made.decision.state == rules.DRAFT
        for row in rows_of(made)
        if row.source_id == source.id
    ]
    return share.counted + sum(one.row.amount for one in drafts)


def rows_of(made: HouseDecision) -> list[HouseDecisionRow]:
    """The rows of a house's decision."""
    rows = db.session.query(HouseDecisionRow).filter_by(decision_id=made.decision_id)
    return list(rows.order_by(HouseDecisionRow.decision_row_id))


def _write_source(source: HouseSource, values: Mapping[str, Any], campaign: Campaign | None) -> None:
    kind, name = values.get("kind"), nfc(values.get("name"))
    if kind not in rules.SOURCES:
        raise Refused("Chưa chọn loại nguồn. Chọn một loại.", "kind")
    if kind != rules.FUND and campaign is not None:
        raise Refused("Đợt vận động chỉ đi với nguồn Quỹ. Để trống, hoặc chọn loại nguồn Quỹ.", "campaign_id")
    if kind in (rules.SPONSOR, rules.OTHER) and not name:
        raise Refused("Chưa ghi tên nhà tài trợ hoặc tên nguồn. Ghi tên.", "name")
    source.kind, source.name = kind, name
    source.campaign_id, source.campaign = (campaign.id, campaign) if campaign else (None, None)
    source.days = source.day_value = None
    amount = values.get("amount")
    if kind == rules.LABOUR:
        source.days, source.day_value = values.get("days"), values.get("day_value")
        amount = rules_money.labour_amount(source.days, source.day_value)
    if not amount:
        raise Refused("Chưa ghi số tiền của nguồn. Gõ số đồng, ví dụ 20.000.000.", "amount")
    source.amount = amount
    others = queries_money.sources_of([source.project.id]).get(source.project.id, [])
    of_all = [amount, *(one.amount for one in others if one.id != source.id)]
    twin = [one for one in others if one.id != source.id and (one.kind, one.name, one.campaign_id) ==
            (kind, name, source.campaign_id)]  # fmt: skip
    if twin:
        raise Refused("Nguồn này đã có trong dự toán. Sửa nguồn đã ghi thay vì thêm.", "kind")
    rules_money.check_within(source.project.estimate, of_all, "days" if kind == rules.LABOUR else "amount")


def record_outside(
    project: HouseProject, source: HouseSource, values: Mapping[str, Any], *, by: User
) -> HouseOutside:
    """Something came without passing through the fund: `happened_on`, `amount` or `days`. Raises Refused."""
    take(project)
    _check_open(project)
    if source.kind == rules.FUND:
        raise Refused(
            "Tiền Quỹ chi bằng phiếu chi của quyết định, không ghi ở đây. Chọn nguồn khác.", "source_id"
        )
    if not rules.reached(stage_of(project), rules.APPROVED):
        raise Refused("Căn nhà chưa duyệt nên chưa ghi phần đã nhận. Duyệt trước.", "source_id")
    check_past(values["happened_on"], today_in_vietnam(), "happened_on")
    days, amount = values.get("days"), values.get("amount")
    if source.kind == rules.LABOUR:
        amount = amount or rules_money.labour_amount(days, source.day_value)
    if not amount:
        raise Refused("Chưa ghi trị giá. Gõ số đồng.", "amount")
    share = next(one for one in queries_money.cost_of(project).shares if one.source.id == source.id)
    if share.come + amount > source.amount:
        left = format_dong(max(source.amount - share.come, 0))
        raise Refused(
            f"Nguồn này theo dự toán chỉ còn {left}. Sửa số này, hoặc sửa dự toán của nguồn trước.", "amount"
        )
    one = HouseOutside(
        project_id=project.id, source_id=source.id, source=source, amount=amount, days=days, by_id=by.id
    )
    one.happened_on, one.paper, one.note = (
        values["happened_on"],
        nfc(values.get("paper")) or None,
        nfc(values.get("note")) or None,
    )
    one.at = numbered_moment(by)
    db.session.add(one)
    db.session.flush()
    note(project, f"Ngoài Quỹ: {queries_money.source_name(source)}, {format_dong(amount)}.", by, one.paper)
    return one


def withdraw_outside(one: HouseOutside, project: HouseProject, *, reason: str | None, by: User) -> None:
    """It was recorded wrongly. Raises Refused once the value of the house stands in a signed check."""
    take(project)
    db.session.refresh(one)
    _check_open(project)
    if one.withdrawn_at is not None:
        raise Refused("Khoản này đã rút. Tải lại trang.")
    one.withdrawn_reason, one.withdrawn_at = check_text(reason, "reason", "lý do"), numbered_moment(by)
    db.session.flush()
    note(project, f"Rút khoản ngoài Quỹ {format_dong(one.amount)}.", by, f"Lý do: {one.withdrawn_reason}")


def draft_house_decision(
    project: HouseProject,
    *,
    unit: Unit,
    fund: Fund,
    decided_on: date,
    amounts: Mapping[int, int],
    number: str | None = None,
    subject: str | None = None,
    over_norm: str | None = None,
    in_spite: str | None = None,
    by: User,
) -> Decision:
    """Draft the decision: đồng by id of the fund's sources. A second person issues it. Raises Refused.

    More than the norm of that day (with what was decided before) needs `over_norm`; papers must be complete.
    """
    take(project)
    rules.check_may(project.state, (rules.SURVEYED, rules.APPROVED, *rules.WORKING), "trình quyết định")
    if any(one.decision.state == rules.DRAFT for one in queries_money.decisions_of(project)):
        raise Refused("Đã có một quyết định đang soạn. Ban hành hoặc xóa bản đó trước.")
    survey = queries.survey_of(project)
    if survey is None:
        raise Refused("Chưa có phiếu khảo sát. Ghi khảo sát trước khi trình quyết định.")
    if survey.conclusion == rules.NOT_ENOUGH and not nfc(in_spite):
        raise Refused(
            "Khảo sát kết luận chưa đủ điều kiện. Khảo sát lại, hoặc ghi lý do vẫn hỗ trợ.", "in_spite"
        )
    check_not_before(decided_on, survey.surveyed_on, "ngày khảo sát", "decided_on")
    chosen = _chosen(project, amounts)
    norm = norm_for(project, decided_on)
    cost = queries_money.cost_of(project)
    before = sum(one.decided for one in cost.shares)
    rules_money.check_norm(before + sum(chosen.values()), norm, over_norm)
    _check_papers(project)
    decision = draft_decision(
        unit=unit,
        fund=fund,
        rows=[_row(project, source, amount) for source, amount in chosen.items()],
        by=by,
        kind="decision",
        number=number,
        decided_on=decided_on,
        subject=nfc(subject) or subject_of(project),
        **vars(texts_for(unit, "decision", decided_on)),
    )
    made = HouseDecision(
        decision_id=decision.id, project_id=project.id, norm=norm, over_norm=nfc(over_norm) or None
    )
    db.session.add(made)
    db.session.flush()
    for row, source in zip(decision.rows, chosen, strict=True):
        db.session.add(HouseDecisionRow(decision_row_id=row.id, decision_id=decision.id, source_id=source.id))
    db.session.flush()
    said = [in_spite and f"Vẫn hỗ trợ vì: {in_spite}", over_norm and f"Vượt mức vì: {over_norm}"]
    note(
        project,
        f"Soạn quyết định {format_dong(sum(chosen.values()))}.",
        by,
        " ".join(one for one in said if one),
    )
    return decision


def subject_of(project: HouseProject) -> str:
    """What the decision is about, as the form proposes it."""
    return SUBJECT.format(kind=project.kind.name.lower(), programme=project.programme.name.lower())


def _chosen(project: HouseProject, amounts: Mapping[int, int]) -> dict[HouseSource, int]:
    """The fund's sources with what is decided of each now. Raises Refused (amount_<id>, rows)."""
    shares = {
        one.source.id: one for one in queries_money.cost_of(project).shares if one.source.kind == rules.FUND
    }
    wanted = {key: amount for key, amount in amounts.items() if amount}
    if not wanted:
        raise Refused(
            "Chưa ghi số tiền nào. Thêm nguồn Quỹ vào dự toán, rồi ghi số quyết định của nguồn.", "rows"
        )
    for key, amount in wanted.items():
        share = shares.get(key)
        if share is None:
            raise Refused("Nguồn này không thuộc căn nhà. Tải lại trang.", "rows")
        if amount > share.planned - share.decided:
            left = format_dong(max(share.planned - share.decided, 0))
            raise Refused(
                f"Nguồn này theo dự toán chỉ còn {left}. Giảm số này, hoặc sửa dự toán của nguồn.",
                f"amount_{key}",
            )
    return {shares[key].source: amount for key, amount in wanted.items()}


def _check_papers(project: HouseProject) -> None:
    """Everything that the approval asks for but the decision itself. Raises Refused."""
    missing = [
        one for one in queries_papers.missing_for(project, rules.APPROVED) if one.evidence != "decision"
    ]
    rules.check_complete(rules.APPROVED, missing)


def _row(project: HouseProject, source: HouseSource, amount: int) -> RowFields:
    household = project.household
    return RowFields(
        receiver=f"Hộ {project.head}",
        address=(project.address or queries.address_of(household))[:300] or None,
        content=f"{project.kind.name}, {project.programme.name}",
        purpose=PURPOSE,
        campaign_id=source.campaign_id,
        households=1,
        amount=amount,
        bank=household.bank_name,
        account_number=household.bank_number,
        account_holder=household.bank_holder,
    )
