"""The columns of a table of gifts, other names they go by, and what belongs in each."""

from __future__ import annotations

from portal.donations.rules import TYPED_FORMS
from portal.kit.tables import ColumnSpec

DAY, UNIT, CAMPAIGN, ACCOUNT = "Ngày", "Mã đơn vị", "Mã đợt", "Tài khoản"
DONOR, DONOR_KIND, ADDRESS, FORM, AMOUNT = "Người ủng hộ", "Loại", "Địa chỉ", "Hình thức", "Số tiền"
GOODS_NAME, QUANTITY, MEASURE = "Hiện vật", "Số lượng", "Đơn vị tính"
SHOWN, RECEIPT, NOTE = "Cách hiển thị", "Số phiếu", "Ghi chú"
ITEM, STORE, DOCUMENT, CODE = "Mã hàng", "Kho", "Mã chứng từ", "Mã khoản"
FORM_NAMES = {name.lower(): key for key, name in TYPED_FORMS.items()}
SHOWN_NAMES = {"họ tên": "name", "viết tắt": "initials", "ẩn danh": "anonymous", "nhà hảo tâm": "anonymous"}

COLUMNS = (
    ColumnSpec(DAY, ("Ngày nhận", "Ngày ủng hộ", "Ngày tháng"), required=True),
    ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị")),
    ColumnSpec(CAMPAIGN, ("Mã đợt vận động", "Đợt")),
    ColumnSpec(ACCOUNT, ("Mã tài khoản", "Mã TK")),
    ColumnSpec(DONOR, ("Họ tên", "Họ và tên", "Tên người ủng hộ", "Nhà hảo tâm")),
    ColumnSpec(DONOR_KIND, ("Loại người ủng hộ", "Đối tượng ủng hộ")),
    ColumnSpec(ADDRESS, ("Nơi ở", "Địa chỉ/đơn vị")),
    ColumnSpec(FORM, ("Hình thức ủng hộ",), required=True),
    ColumnSpec(AMOUNT, ("Số tiền (đồng)", "Giá trị", "Số tiền (đ)"), required=True),
    ColumnSpec(GOODS_NAME, ("Tên hiện vật",)),
    ColumnSpec(QUANTITY, ("SL",)),
    ColumnSpec(MEASURE, ("ĐVT",)),
    ColumnSpec(SHOWN, ("Hiển thị",)),
    ColumnSpec(RECEIPT, ("Số biên lai", "Số CT", "Số chứng từ")),
    ColumnSpec(NOTE, ("Ghi chú thêm", "Nội dung")),
    ColumnSpec(ITEM, ("Mã mặt hàng",)),
    ColumnSpec(STORE, ("Mã kho",)),
    ColumnSpec(DOCUMENT, ("Mã tạm",)),
    ColumnSpec(CODE, ("Mã khoản ủng hộ",)),
)
HINTS = {
    DAY: "Bắt buộc. Ngày nhận, ngày/tháng/năm.",
    UNIT: "Đơn vị nhận; để trống là đơn vị của đợt vận động.",
    CAMPAIGN: "Mã đợt; để trống là ủng hộ thường xuyên, khi đó phải có mã đơn vị.",
    ACCOUNT: "Chỉ cho chuyển khoản: mã tài khoản nhận. Để trống là chưa rõ, không tính vào số dư.",
    DONOR: "Để trống là không rõ tên.",
    DONOR_KIND: "Chọn trong danh sách; có thể để trống.",
    ADDRESS: "Không bắt buộc, không hiện trên trang công khai.",
    FORM: f"Bắt buộc. Một trong: {', '.join(FORM_NAMES)}.",
    AMOUNT: "Bắt buộc với tiền. Số đồng, ví dụ 1.500.000; hiện vật chưa rõ giá trị thì để trống.",
    GOODS_NAME: "Tên hiện vật; bắt buộc khi hình thức là hiện vật.",
    QUANTITY: "Ví dụ 20.",
    MEASURE: "Ví dụ kg, thùng, suất.",
    SHOWN: "họ tên, viết tắt, ẩn danh; để trống khi chưa hỏi người ủng hộ.",
    RECEIPT: "Số phiếu thu trên giấy, nếu có; nạp lại cùng số phiếu không ghi thêm.",
    NOTE: "Không bắt buộc.",
    ITEM: "Mã trong danh mục hàng; có mã thì hàng vào kho.",
    STORE: "Mã kho nhận hàng; để trống khi đơn vị chỉ có một kho.",
    DOCUMENT: "Các dòng cùng mã là một khoản trên một phiếu, ví dụ vừa tiền vừa hiện vật. Mã tự đặt.",
    CODE: "Mã trong danh sách đã xuất; để trống khi ghi mới.",
}
