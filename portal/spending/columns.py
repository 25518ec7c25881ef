"""The columns of a decision's list: their names, the names they go by in people's own lists. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kit.pasted import Grid
from portal.kit.tables import ColumnSpec
from portal.kit.vietnamese import fold

RECEIVER, ADDRESS, CONTENT, PURPOSE, CAMPAIGN = "receiver", "address", "content", "purpose", "campaign"
LEVEL, SOURCE, HOUSEHOLDS, AMOUNT = "level", "source", "households", "amount"
BANK, ACCOUNT, HOLDER = "bank", "account_number", "account_holder"
GRID_ROWS = 200  # of a list that is typed on the screen; a longer one comes as a file


@dataclass(frozen=True)
class Column:
    """One column. `also`: headings under which people keep it; `hint` stands in the template file."""

    key: str
    label: str
    hint: str
    also: tuple[str, ...] = ()
    limit: int = 200
    right: bool = False
    banking: bool = False


COLUMNS = (
    Column(
        RECEIVER,
        "Người, nơi nhận",
        "Bắt buộc. Họ tên chủ hộ, hoặc tên đơn vị nhận.",
        (
            "Người nhận",
            "Họ và tên",
            "Họ tên",
            "Họ tên chủ hộ",
            "Họ và tên chủ hộ",
            "Chủ hộ",
            "Tên hộ",
            "Đơn vị nhận",
            "Nơi nhận",
            "Tên",
        ),
    ),
    Column(
        ADDRESS,
        "Địa chỉ",
        "Ấp, khóm, xã; không bắt buộc.",
        ("Nơi ở", "Chỗ ở", "Thôn", "Ấp", "Khóm", "Khóm, ấp", "Địa chỉ/đơn vị"),
        300,
    ),
    Column(
        CONTENT,
        "Nội dung",
        "Hỗ trợ việc gì; không bắt buộc.",
        ("Nội dung hỗ trợ", "Diễn giải", "Ghi chú"),
        500,
    ),
    Column(
        PURPOSE,
        "Mục đích",
        "Tên trong danh mục mục đích chi; để trống thì theo mục đích chung đã chọn.",
        ("Mục đích chi",),
    ),
    Column(
        CAMPAIGN,
        "Đợt",
        "Mã hoặc tên đợt; “chung” là nguồn chung; để trống thì theo đợt đã chọn.",
        ("Đợt vận động", "Mã đợt", "Nguồn quỹ"),
    ),
    Column(
        LEVEL, "Cấp", "Trung ương, tỉnh, xã hoặc trực tiếp; có thể để trống.", ("Cấp hỗ trợ", "Nguồn cấp"), 60
    ),
    Column(SOURCE, "Nguồn", "Ai tài trợ, nếu có ghi.", ("Nguồn hỗ trợ", "Nhà tài trợ", "Đơn vị tài trợ")),
    Column(
        HOUSEHOLDS, "Số hộ", "Số hộ được giúp; không rõ thì để trống.", ("Hộ", "Số hộ hưởng"), 20, right=True
    ),
    Column(
        AMOUNT,
        "Số tiền (đ)",
        "Bắt buộc. Số đồng, ví dụ 500.000.",
        ("Số tiền", "Số tiền (đồng)", "Số tiền (VNĐ)", "Thành tiền", "Mức hỗ trợ", "Mức chi", "Tiền"),
        60,
        right=True,
    ),
    Column(
        BANK,
        "Ngân hàng",
        "Chỉ khi chuyển khoản cho người nhận.",
        ("Tên ngân hàng", "Tại ngân hàng"),
        100,
        banking=True,
    ),
    Column(
        ACCOUNT,
        "Số tài khoản",
        "Chỉ khi chuyển khoản; để định dạng chữ để không mất số 0 đầu.",
        ("Số TK", "STK", "Tài khoản"),
        40,
        banking=True,
    ),
    Column(
        HOLDER,
        "Chủ tài khoản",
        "Chỉ khi khác tên người nhận.",
        ("Tên tài khoản", "Tên chủ tài khoản"),
        banking=True,
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
HEADINGS = {fold(word): column.key for column in COLUMNS for word in (*column.also, column.label)}
SPECS = tuple(ColumnSpec(column.label, column.also, column.key in (RECEIVER, AMOUNT)) for column in COLUMNS)
PASTE = Grid(
    HEADINGS,
    RECEIVER,
    GRID_ROWS,
    f"Bảng dán có {{count}} dòng; trên trang này gõ nhiều nhất {GRID_ROWS} dòng. "
    "Ghi bản nháp trước, rồi nạp danh sách bằng tệp Excel ở trang của văn bản.",
)


def shown_columns(*, banking: bool) -> list[Column]:
    """The usual columns, and those of the receivers' accounts where they are wanted."""
    return [column for column in COLUMNS if banking or not column.banking]
