"""The list of gifts as a file that “Nhập bảng” takes again: codes of unit, campaign and account, one row per part."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.donations.lists import STATES, receipt_label
from portal.donations.models import Donation
from portal.donations.rules import FORMS, SHOWN_AS
from portal.donors.queries import kind_name
from portal.kit.listing import Col, ListSpec
from portal.ledger.models import Account, BankAccount, Transfer


def with_account(rows: Select[Any]) -> Select[Any]:
    """The rows of a list with their unit and the code of the bank account that a transfer went to."""
    code = (
        select(BankAccount.code)
        .join(Account, Account.bank_account_id == BankAccount.id)
        .join(Transfer, Transfer.debit_id == Account.id)
        .where(Transfer.posting_number == Donation.posting_number, Transfer.ordinal == Donation.ordinal)
    )
    account = code.correlate(Donation).scalar_subquery().label("account")
    return rows.add_columns(account).options(joinedload(Donation.unit))


COLUMNS = [
    Col("ma", "Mã khoản", "Donation.code"),
    Col("ngay", "Ngày", "Donation.donated_on", kind="day", sort=Donation.id),
    Col("so", "Số phiếu", lambda row: receipt_label(row.Donation)),
    Col("don_vi", "Mã đơn vị", "Donation.unit.code"),
    Col("dot", "Mã đợt", "Donation.campaign.code"),
    Col("tai_khoan", "Tài khoản", "account"),
    Col("ten", "Người ủng hộ", "Donation.donor_name", sort=Donation.donor_name),
    Col("loai", "Loại", lambda row: kind_name(row.Donation.donor_kind)),
    Col("dia_chi", "Địa chỉ", "Donation.address"),
    Col("hinh_thuc", "Hình thức", lambda row: FORMS[row.Donation.form]),
    Col("tien", "Số tiền", lambda row: row.Donation.amount or None, kind="amount", sort=Donation.amount),
    Col("hien_vat", "Hiện vật", "Donation.goods"),
    Col("so_luong", "Số lượng", "Donation.quantity"),
    Col("dvt", "Đơn vị tính", "Donation.measure"),
    Col("hien_thi", "Cách hiển thị", lambda row: SHOWN_AS.get(row.Donation.shown_as or "")),
    Col("ghi_chu", "Ghi chú", "Donation.note"),
    Col("noi_dung", "Nội dung chuyển khoản", "Donation.text"),
    Col("nguoi_ghi", "Người ghi", "Donation.posting.entry.by_name"),
    Col("tinh_trang", "Tình trạng", lambda row: STATES[row.state]),
]


def gifts_file(shown: ListSpec) -> ListSpec:
    """The file of a list of gifts: the same filters and order, with the columns of the import."""
    return ListSpec(
        noun=shown.noun,
        key=shown.key,
        default_sort=shown.default_sort,
        title=shown.title,
        file_name=shown.file_name,
        columns=COLUMNS,
        filters=shown.filters,
    )
