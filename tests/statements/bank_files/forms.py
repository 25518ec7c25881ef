"""The layouts as data: headings, how days and amounts are printed, what stands above and below the list."""

from dataclasses import dataclass

from tests.statements.bank_files.transfers import ACCOUNT

__all__ = ["ACCOUNT", "FORMS", "OPENING", "Form"]

OPENING = 1_250_000_000


@dataclass(frozen=True)
class Form:
    """A bank's form. `columns`: (what, heading); what is a key of `rows.CELLS`. `layout`: how it must be read."""

    key: str
    layout: str
    columns: tuple[tuple[str, str], ...]
    day: str = "dmy"  # see `rows.DAYS`
    mark: str = "."
    decimals: str = ""
    balance: str = "none"  # "row", "day" = only on a day's last row, "none"
    only_credits: bool = False  # outgoing rows show no amount
    numbers: bool = False  # amounts are numbers where the file has such
    above: str = "none"  # see `rows.ABOVE`
    below: str = "none"  # see `rows.BELOW`

    @property
    def is_2024(self) -> bool:
        """A list that prints nothing to tie to."""
        return self.balance == "none" and self.below == "none"


_VCB_DAY = "Ngày/\nTNX Date/ Số CT/ Doc No"
FORMS: dict[str, Form] = {}


def _add(key: str, layout: str, *columns: tuple[str, str], **how: object) -> None:
    FORMS[key] = Form(key, layout, columns, **how)  # type: ignore[arg-type]


_add(
    "vietcombank", "vietcombank",
    ("ordinal", "STT\nNo."), ("day_document", _VCB_DAY), ("debit", "Số tiền ghi nợ/ Debit"),
    ("credit", "Số tiền ghi có/ Credit"), ("balance", "Số dư/ Balance"),
    ("text", "Nội dung chi tiết/ Transactions in detail"),
    balance="day", above="vietcombank", below="vietcombank",
)  # fmt: skip
_add(
    "vietcombank-value-day", "vietcombank",
    ("ordinal", "STT\nNo."), ("day_document", _VCB_DAY), ("value_day", "Ngày hiệu lực/ Effective date"),
    ("debit", "Số tiền ghi nợ/ Debit"), ("credit", "Số tiền ghi có/ Credit"), ("balance", "Số dư/ Balance"),
    ("text", "Nội dung chi tiết/ Transactions in detail"),
    mark=",", decimals=".00", balance="row", above="vietcombank", below="vietcombank",
)  # fmt: skip
_add(
    "vietcombank-list", "vietcombank-list",
    ("day", "Ngày giao dịch"), ("reference", "Số tham chiếu"), ("debit", "Số tiền ghi nợ"),
    ("credit", "Số tiền ghi có"), ("text", "Mô tả"),
)  # fmt: skip
_add(
    "vietcombank-list-iso", "vietcombank-list",
    ("reference", "SỐ THAM CHIẾU"), ("day", "NGÀY GIAO DỊCH"), ("text", "MÔ TẢ"),
    ("credit", "SỐ TIỀN GHI CÓ"), ("debit", "SỐ TIỀN GHI NỢ"), day="iso", mark=",",
)  # fmt: skip
_add(
    "vietcombank-2024", "vietcombank-2024",
    ("ordinal", "STT"), ("day", "NGÀY GIAO DỊCH"), ("credit", "SỐ TIỀN"), ("text", "DIỄN GIẢI"),
    only_credits=True,
)  # fmt: skip
_add(
    "vietcombank-2024-later", "vietcombank-2024",
    ("ordinal", "STT"), ("day", "NGÀY GIAO DỊCH"), ("credit", "SỐ TIỀN"), ("text", "DIỄN GIẢI"),
    decimals=",00", only_credits=True,
)  # fmt: skip
_add(
    "vietinbank", "vietinbank",
    ("ordinal", "STT/No."), ("day", "Ngày hạch toán/Accounting date"),
    ("text", "Mô tả giao dịch/ Transaction description"), ("debit", "Nợ/ Debit"), ("credit", "Có / Credit"),
    ("balance", "Số dư TK/ Account Balance"), ("reference", "Số giao dịch/ Transaction number"),
    ("account", "Số tài khoản đối ứng/ Corresponsive account"),
    ("name", "Tên tài khoản đối ứng/ Corresponsive name"), ("bank", "Ngân hàng đối ứng/ Corresponsive bank"),
    day="dmy-time", mark=",", balance="row", numbers=True, above="vietinbank",
)  # fmt: skip
_add(
    "vietinbank-2024", "vietinbank-2024",
    ("ordinal", "STT"), ("day", "Ngày GD"), ("text", "Mô tả giao dịch"), ("credit", "Số tiền (Có)"),
    ("name_account", "Tên đối ứng"), day="dmy/line/time", only_credits=True,
)  # fmt: skip
_add(
    "bidv", "bidv",
    ("ordinal", "STT"), ("day", "Ngày GD"), ("value_day", "Ngày HL"), ("reference", "Số tham chiếu"),
    ("text", "Mô tả"), ("debit", "Ghi nợ"), ("credit", "Ghi có"), ("balance", "Số dư"),
    balance="row", above="bidv", below="bidv",
)  # fmt: skip
_add(
    "bidv-other-order", "bidv",
    ("ordinal", "STT"), ("day", "Ngày HL"), ("reference", "Số tham chiếu"), ("debit", "Phát sinh nợ"),
    ("credit", "Phát sinh có"), ("balance", "Số dư"), ("text", "Mô tả"),
    mark=",", balance="row", above="bidv", below="bidv",
)  # fmt: skip
_add(
    "bidv-2024", "bidv-2024",
    ("ordinal", "STT (No)"), ("day", "Ngày giao dịch (Trans.Date)"),
    ("credit", "Phát sinh có (Credit amount)"), ("text", "Diễn giải (Txn. Description)"),
    day="dmy time", only_credits=True,
)  # fmt: skip
_add(
    "bidv-2024-later", "bidv-2024",
    ("ordinal", "STT (No)"), ("day", "Ngày giao dịch (Trans.Date)"),
    ("credit", "Phát sinh có (Credit amount)"), ("text", "Diễn giải (Txn. Description)"),
    ("masked", "Số tài khoản (Account)"), day="loose", decimals=",00", only_credits=True,
)  # fmt: skip
_add(
    "agribank", "agribank",
    ("day", "Ngày/Date"), ("text", "Ghi chú/Remark"), ("debit", "Nợ/Dr"), ("credit", "Có/Cr"),
    ("balance", "Số dư/Balance"), ("some_reference", "Số tham chiếu/Ref. no"),
    mark=",", balance="row", above="agribank",
)  # fmt: skip
_add(
    "mb", "mb",
    ("ordinal", "STT"), ("value_day", "Ngày giao dịch"), ("day", "Ngày hạch toán/Posting date"), ("", ""),
    ("reference", "Số bút toán/Transaction No"), ("debit", "Phát sinh nợ/Debit"), ("", ""),
    ("credit", "Phát sinh có/Credit"), ("balance", "Số dư"), ("text", "Nội dung/Details"), ("", ""),
    ("name", "Đơn vị thụ hưởng/Đơn vị chuyển"), ("account", "Tài khoản"), ("bank", "Ngân hàng đối tác"),
    mark=",", decimals=".00", balance="row", above="mb", below="mb",
)  # fmt: skip
_add(
    "techcombank", "techcombank",
    ("value_day", "Ngày KH thực hiện/Requesting date"), ("day", "Ngày giao dịch/Transaction date"),
    ("reference", "Số bút toán/Reference number"), ("bank", "Ngân hàng đối tác"),
    ("account", "Tài khoản đích"), ("name", "Tên tài khoản đối ứng"), ("text", "Diễn giải/Description"),
    ("debit", "Nợ/Debit"), ("credit", "Có/Credit"), ("fee", "Phí/Lãi"), ("tax", "Thuế"),
    ("balance", "Số dư/Running balance"), day="iso", mark=",", balance="row", above="techcombank",
)  # fmt: skip
_add(
    "converted-vietcombank", "converted-vietcombank",
    ("page", "PageId"), ("day", "TNXDate"), ("document", "DocNo"), ("debit", "Debit"), ("credit", "Credit"),
    ("balance", "Balance"), ("text", "TransactionDetails"), balance="day",
)  # fmt: skip
_add(
    "converted-long", "converted-long",
    ("page", "PageId"), ("day", "Date"), ("time", "Time"), ("document", "DocumentNumber"),
    ("reference", "ReferenceNumber"), ("text", "TransactionDetails"), ("debit", "DebitAmount"),
    ("credit", "CreditAmount"), ("balance", "Balance"), ("account", "OffsetAccount"),
    mark=",", balance="row",
)  # fmt: skip
_add(
    "converted", "converted",
    ("day", "date"), ("credit", "money"), ("text", "content"), only_credits=True,
)  # fmt: skip
