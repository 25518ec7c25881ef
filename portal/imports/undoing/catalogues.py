"""Catalogue rows of an import: changed ones get their old values back, new ones go unless something uses them.

What a changed row held before stands in the audit. Who uses a new row is asked of every foreign key there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from portal.campaigns.models import Campaign, CampaignTarget
from portal.donors import search
from portal.donors.models import Donor
from portal.emulation.models_movements import MovementCriterion
from portal.goods.models import Item, Pack, StockMovement
from portal.households.models_change import HouseholdChange
from portal.households.models_private import HouseholdPrivate
from portal.households.models_registry import (
    Household,
    HouseholdLack,
    HouseholdMember,
    HouseholdNeed,
    HouseholdStatus,
    HouseholdYear,
)
from portal.housing.models_closing import HousePast
from portal.imports.models import ImportRun, ImportRunUnit
from portal.imports.tracing import Ranges, keys_of
from portal.imports.undoing import changes
from portal.kit.days import format_day
from portal.kit.db import db
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.units.models import Unit, UnitSuccession

SHOWN = 50
PER_STATEMENT = 100  # [first, last] pairs in one condition
# in the order in which new rows may go: who points first
OF_HOUSEHOLDS: tuple[Any, ...] = (
    HouseholdChange,
    HouseholdPrivate,
    HouseholdNeed,
    HouseholdLack,
    HouseholdStatus,
    HouseholdYear,
    HouseholdMember,
    Household,
)
CATALOGUES: tuple[Any, ...] = (
    HousePast,
    *OF_HOUSEHOLDS,
    MovementCriterion,
    UnitSuccession,
    Pack,
    Campaign,
    BankAccount,
    Item,
    Donor,
    Unit,
)
STANDS_ALONE: tuple[Any, ...] = (HousePast,)
"""Nothing points to such a row, so only its own changes say that somebody has worked on it since."""
# what points to a new row without using it: kept by the database itself, by the run, or answered by its reversals
NO_USE = {
    ("import_run_unit", "unit_id"),
    ("campaign_target", "campaign_id"),
    ("ledger_account", "bank_account_id"),
    ("stock_balance", "item_id"),
    ("stock_movement", "item_id"),
    ("stock_document", "item_id"),
    ("item_lot", "item_id"),
    ("audit_entry", "unit_id"),
    ("household_access", "household_id"),
}
CALLED = {
    "donation": "khoản ủng hộ",
    "ledger_posting": "chứng từ",
    "ledger_account": "số liệu trong sổ",
    "pledge": "đăng ký ủng hộ",
    "pledge_terms": "đăng ký ủng hộ",
    "group_member": "danh sách nhóm",
    "direct_aid": "hỗ trợ trao trực tiếp",
    "donor_merge": "việc gộp nhà hảo tâm",
    "donor": "nhà hảo tâm",
    "unit": "đơn vị cấp dưới",
    "unit_succession": "quan hệ kế thừa",
    "role_grant": "người dùng",
    "campaign": "đợt vận động",
    "campaign_target": "chỉ tiêu",
    "bank_account": "tài khoản",
    "statement": "sao kê",
    "store": "kho",
    "item_kit_part": "suất quà",
    "gift_batch": "đợt nhập",
    "gift_draft": "dòng đang nhập",
    "bulletin": "bản tin",
    "poverty_review": "số rà soát",
    "programme_result": "kết quả chương trình",
    "initiative": "mô hình",
    "item_pack": "quy cách",
    "stock_count": "kiểm kê kho",
    "house_past": "nhà đã bàn giao trước đây",
    "house_project": "hồ sơ nhà ở",
    "household": "hộ đã gộp vào",
    "household_change": "thay đổi hoặc đề nghị sửa",
    "household_private": "thông tin riêng",
    "household_need": "nhu cầu",
    "household_lack": "chỉ số thiếu hụt",
    "household_status": "nhóm hộ",
    "household_year": "kết quả rà soát",
    "household_member": "thành viên",
    "household_assignment": "người giúp đỡ",
    "household_helper": "việc giúp đỡ hộ",
    "household_visit": "lần thăm",
    "household_aid": "phần nhận từ nguồn khác",
    "household_twin": "kết luận hộ trùng",
    "score_line": "phiếu chấm điểm",
    "movement": "phong trào thi đua",
    "movement_round": "kỳ chấm thi đua",
    "movement_entry": "đăng ký thi đua",
    "movement_rank": "bảng xếp hạng",
    "good_model": "câu chuyện mô hình",
    "model_replica": "việc nhân rộng mô hình",
}
NOUNS = {
    Campaign: "Đợt",
    BankAccount: "Tài khoản",
    Item: "Mặt hàng",
    Donor: "Nhà hảo tâm",
    Unit: "Đơn vị",
    Pack: "Quy cách",
    MovementCriterion: "Tiêu chí",
    UnitSuccession: "Quan hệ kế thừa",
    HouseholdChange: "Lịch sử của một hộ",
    HouseholdPrivate: "Thông tin riêng của một hộ",
    HouseholdNeed: "Nhu cầu của một hộ",
    HouseholdLack: "Chỉ số thiếu hụt của một hộ",
    HouseholdStatus: "Nhóm của một hộ",
    HouseholdYear: "Kết quả rà soát của một hộ",
    HouseholdMember: "Thành viên",
    Household: "Hộ",
    HousePast: "Căn nhà",
}


def obstacles(run: ImportRun) -> list[str]:
    """New rows that something uses or somebody has put right, changed rows that somebody has changed again."""
    found = []
    for model in CATALOGUES:
        rows = changes.changed_since(run, model)
        if model in STANDS_ALONE:
            rows += changes.changed_after(run, model)
        found += [f"{_named(model, row)} đã được sửa sau lần nhập này" for row in rows[:SHOWN]]
        for what, key in _uses(run, model):
            row = db.session.get_one(model, key)
            found.append(f"{_named(model, row)} đang có {what}")
    return found


def _named(model: Any, row: Any) -> str:
    if model is HousePast:
        return _named_house(row)
    name = getattr(row, "name", None) or getattr(row, "code", None)
    return f"{NOUNS[model]} “{name}”" if name else NOUNS[model]


def _named_house(house: HousePast) -> str:
    """The house of a name and its day, or a total by its period: names alone are not unique."""
    if house.head_name:
        return f"{NOUNS[HousePast]} của hộ “{house.head_name}”, bàn giao {format_day(house.ends_on)}"
    return f"Tổng số nhà từ {format_day(house.starts_on)} đến {format_day(house.ends_on)}"


def _new(run: ImportRun, model: Any) -> Ranges:
    return run.trace.get("new", {}).get(model.__tablename__, [])


def _within(column: Any, ranges: Ranges) -> Iterator[ColumnElement[bool]]:
    """Conditions "lies in one of these pairs", a hundred pairs at a time."""
    for start in range(0, len(ranges), PER_STATEMENT):
        yield or_(*(column.between(first, last) for first, last in ranges[start : start + PER_STATEMENT]))


def _uses(run: ImportRun, model: Any) -> list[tuple[str, int]]:
    """(what uses it, key) of the run's new rows that something outside the run points to."""
    found: dict[tuple[str, int], None] = {}
    for inside in _within(model.__table__.c.id, _new(run, model)):
        for name, table, column in _pointers(model):
            rows = select(model.__table__.c.id).where(inside).join(table, model.__table__.c.id == column)
            for own in _own_rows(run, name, table):
                rows = rows.where(~own)
            for key in db.session.scalars(rows.distinct().limit(SHOWN)):
                found[CALLED.get(name, "số liệu khác"), key] = None
        for what, rows in _moved(run, model, inside):
            found |= {(what, key): None for key in db.session.scalars(rows.limit(SHOWN))}
    return list(found)[:SHOWN]


def _pointers(model: Any) -> Iterator[tuple[str, Any, Any]]:
    """(name, table, column) of every column that points to the model's key; a table may point to itself."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is model.__table__.c.id and (table.name, key.parent.name) not in NO_USE:
                other = table.alias("pointing")
                yield table.name, other, other.c[key.parent.name]


def _own_rows(run: ImportRun, name: str, table: Any) -> Iterator[ColumnElement[bool]]:
    """Rows of the table that the run has made itself."""
    ranges = run.trace.get("new", {}).get(name, [])
    if ranges and "id" in table.c:
        yield from _within(table.c.id, ranges)


def _moved(run: ImportRun, model: Any, inside: ColumnElement[bool]) -> Iterator[tuple[str, Any]]:
    """Money on a new account, goods of a new item, that the run's own documents have not brought."""
    first, last = run.first_entry or 0, run.last_entry or -1
    answers = func.coalesce(Posting.reverses, 0)  # NULL would make the whole condition unknown
    own = or_(Posting.number.between(first, last), answers.between(first, last))
    if model is BankAccount:
        rows = select(BankAccount.id).where(inside).join(Account, Account.bank_account_id == BankAccount.id)
        rows = rows.join(Transfer, or_(Transfer.debit_id == Account.id, Transfer.credit_id == Account.id))
        yield (
            "số phát sinh",
            rows.join(Posting, Posting.number == Transfer.posting_number).where(~own).distinct(),
        )
    if model is Item:
        rows = select(Item.id).where(inside).join(StockMovement, StockMovement.item_id == Item.id)
        yield (
            "nhập xuất kho",
            rows.join(Posting, Posting.number == StockMovement.posting_number).where(~own).distinct(),
        )


def restore(run: ImportRun) -> None:
    """Give changed rows what they held before; row by row, so that the audit sees it."""
    for model in CATALOGUES:
        rows = changes.put_back(run, model)
        db.session.flush()
        if model is Donor and rows:
            search.index_donors(rows)


def withdraw(run: ImportRun) -> None:
    """Take the run's new rows out: with a mark where the table has one, else they go (the audit note names the run).

    An account whose opening balance was posted and reversed stays, because the books speak of it.
    """
    for model in CATALOGUES:
        for inside in _within(model.__table__.c.id, _new(run, model)):
            _take_out(model, inside)
    search.take_out(keys_of(_new(run, Donor)))
    db.session.expire_all()


def _take_out(model: Any, inside: ColumnElement[bool]) -> None:
    options = {"synchronize_session": False}
    if hasattr(model, "withdrawn"):
        db.session.execute(update(model).where(inside).values(withdrawn=True), execution_options=options)
        return
    keys = select(model.id).where(inside).scalar_subquery()
    if model is Campaign:
        db.session.execute(
            delete(CampaignTarget).where(CampaignTarget.campaign_id.in_(keys)), execution_options=options
        )
    if model is Unit:
        db.session.execute(
            delete(ImportRunUnit).where(ImportRunUnit.unit_id.in_(keys)), execution_options=options
        )
    gone = inside
    if model is BankAccount:
        in_books = select(Account.id).where(Account.bank_account_id == BankAccount.id)
        gone = and_(inside, ~in_books.exists())
    db.session.execute(delete(model).where(gone), execution_options=options)
