"""The layouts of bank statements as data: which header words mean which column. A new one is a row here.

"Ghi có / Credit" on a statement is money IN to the fund's account, "Ghi nợ / Debit" is money out.
"""

from portal.statements.headers import (
    BALANCE,
    COUNTERPARTY,
    COUNTERPARTY_ACCOUNT,
    COUNTERPARTY_BOTH,
    CREDIT,
    DAY,
    DAY_AND_REFERENCE,
    DEBIT,
    DOCUMENT,
    FEE,
    OTHER,
    REFERENCE,
    TAX,
    TEXT,
    TIME,
    VALUE_DAY,
    Column,
    Layout,
)

__all__ = ["LAYOUTS"]

_ORDINAL = Column(OTHER, ("STT",), required=False)

LAYOUTS = (
    Layout(
        "vietcombank",
        (
            _ORDINAL,
            Column(VALUE_DAY, ("Ngày hiệu lực", "Effective date"), required=False),
            Column(DAY_AND_REFERENCE, ("TNX Date", "Ngày Số CT", "Ngày giao dịch Số CT", "Date Doc No")),
            Column(DEBIT, ("ghi nợ", "Debit")),
            Column(CREDIT, ("ghi có", "Credit")),
            Column(BALANCE, ("Số dư", "Balance"), required=False),
            Column(TEXT, ("Nội dung", "Transactions in detail")),
        ),
    ),
    Layout(
        "vietcombank-list",
        (
            _ORDINAL,
            Column(DAY, ("Ngày giao dịch",)),
            Column(REFERENCE, ("Số tham chiếu",)),
            Column(DEBIT, ("Số tiền ghi nợ",)),
            Column(CREDIT, ("Số tiền ghi có",)),
            Column(TEXT, ("Mô tả",)),
        ),
    ),
    Layout(
        "vietcombank-2024",
        (
            _ORDINAL,
            Column(DAY, ("Ngày giao dịch",)),
            Column(CREDIT, ("Số tiền",)),
            Column(TEXT, ("Diễn giải",)),
        ),
        exact=True,
    ),
    Layout(
        "vietinbank",
        (
            Column(REFERENCE, ("Số giao dịch", "Transaction number"), required=False),
            _ORDINAL,
            Column(COUNTERPARTY_ACCOUNT, ("Số tài khoản đối ứng", "Corresponsive account"), required=False),
            Column(COUNTERPARTY, ("Tên tài khoản đối ứng", "Corresponsive name"), required=False),
            Column(OTHER, ("đối ứng", "Corresponsive"), required=False),
            Column(DAY, ("Ngày hạch toán", "Accounting date")),
            Column(BALANCE, ("Số dư", "Balance"), required=False),
            Column(TEXT, ("Mô tả giao dịch", "Transaction description")),
            Column(DEBIT, ("Nợ", "Debit")),
            Column(CREDIT, ("Có", "Credit")),
        ),
    ),
    Layout(
        "vietinbank-2024",
        (
            _ORDINAL,
            Column(DAY, ("Ngày GD", "Ngày giao dịch")),
            Column(CREDIT, ("Số tiền (Có)",)),
            Column(TEXT, ("Mô tả giao dịch",)),
            Column(COUNTERPARTY_BOTH, ("Tên đối ứng",), required=False),
        ),
        exact=True,
    ),
    Layout(
        "mb",
        (
            Column(REFERENCE, ("Số bút toán", "Transaction No"), required=False),
            _ORDINAL,
            Column(DAY, ("Ngày hạch toán", "Posting date")),
            Column(VALUE_DAY, ("Ngày giao dịch", "Transaction date"), required=False),
            Column(DEBIT, ("Phát sinh nợ", "Debit")),
            Column(CREDIT, ("Phát sinh có", "Credit")),
            Column(BALANCE, ("Số dư", "Balance"), required=False),
            Column(TEXT, ("Nội dung", "Details")),
            Column(COUNTERPARTY, ("Đơn vị thụ hưởng", "Đơn vị chuyển"), required=False),
            Column(OTHER, ("Ngân hàng",), required=False),
            Column(COUNTERPARTY_ACCOUNT, ("Tài khoản",), required=False),
        ),
    ),
    Layout(
        "bidv",
        (
            _ORDINAL,
            Column(DAY, ("Ngày GD", "Ngày giao dịch")),
            Column(VALUE_DAY, ("Ngày HL", "Ngày hiệu lực"), required=False),
            Column(REFERENCE, ("Số tham chiếu", "Số CT"), required=False),
            Column(TEXT, ("Mô tả", "Diễn giải", "Nội dung")),
            Column(DEBIT, ("Ghi nợ", "Phát sinh nợ")),
            Column(CREDIT, ("Ghi có", "Phát sinh có")),
            Column(BALANCE, ("Số dư",), required=False),
        ),
        day_may_be=VALUE_DAY,
    ),
    Layout(
        "bidv-2024",
        (
            _ORDINAL,
            Column(DAY, ("Ngày giao dịch", "Trans Date")),
            Column(CREDIT, ("Phát sinh có", "Credit amount")),
            Column(TEXT, ("Diễn giải", "Txn Description")),
            Column(COUNTERPARTY_ACCOUNT, ("Số tài khoản", "Tài khoản", "Account"), required=False),
        ),
    ),
    Layout(
        "agribank",
        (
            Column(REFERENCE, ("Số tham chiếu", "Ref no", "Ref"), required=False),
            _ORDINAL,
            Column(BALANCE, ("Số dư", "Balance"), required=False),
            Column(TEXT, ("Ghi chú", "Remark")),
            Column(DEBIT, ("Dr",)),
            Column(CREDIT, ("Cr",)),
            Column(DAY, ("Ngày", "Date")),
        ),
    ),
    Layout(
        "techcombank",
        (
            Column(OTHER, ("Ngày KH thực hiện", "Requesting date"), required=False),
            Column(DAY, ("Ngày giao dịch", "Transaction date")),
            Column(REFERENCE, ("Số bút toán", "Reference number")),
            Column(OTHER, ("Ngân hàng đối tác",), required=False),
            Column(FEE, ("Phí Lãi", "Fee Interest", "Phí"), required=False),
            Column(TAX, ("Thuế", "Tax", "VAT"), required=False),
            Column(COUNTERPARTY, ("Tên tài khoản đối ứng",), required=False),
            Column(COUNTERPARTY_ACCOUNT, ("Tài khoản đích",), required=False),
            Column(TEXT, ("Diễn giải", "Description")),
            Column(BALANCE, ("Số dư", "Running balance"), required=False),
            Column(DEBIT, ("Nợ", "Debit")),
            Column(CREDIT, ("Có", "Credit")),
        ),
    ),
    Layout(
        "converted-vietcombank",
        (
            Column(OTHER, ("PageId",), required=False),
            Column(DAY, ("TNXDate",)),
            Column(REFERENCE, ("DocNo",)),
            Column(DEBIT, ("Debit",)),
            Column(CREDIT, ("Credit",)),
            Column(BALANCE, ("Balance",), required=False),
            Column(TEXT, ("TransactionDetails",)),
        ),
        exact=True,
    ),
    Layout(
        "converted-long",
        (
            Column(OTHER, ("PageId",), required=False),
            Column(DAY, ("Date",)),
            Column(TIME, ("Time",), required=False),
            Column(DOCUMENT, ("DocumentNumber",), required=False),
            Column(REFERENCE, ("ReferenceNumber",), required=False),
            Column(TEXT, ("TransactionDetails",)),
            Column(DEBIT, ("DebitAmount",)),
            Column(CREDIT, ("CreditAmount",)),
            Column(BALANCE, ("Balance",), required=False),
            Column(COUNTERPARTY_ACCOUNT, ("OffsetAccount",), required=False),
        ),
        exact=True,
    ),
    Layout(
        "converted",
        (Column(DAY, ("date",)), Column(CREDIT, ("money",)), Column(TEXT, ("content",))),
        exact=True,
    ),
)
