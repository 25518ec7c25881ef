"""Words by which names in banks' texts are told from what is none. Compared folded, so accents are for readers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.kit.vietnamese import fold


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


AGENTS = _folded((
    "Acc", "MoMo", "MoMoIBFT", "Ví MoMo", "M Service", "Công ty cổ phần dịch vụ di động trực tuyến",
    "ZaloPay", "Zion", "Công ty cổ phần Zion", "Công ty CP Zion", "VNPay", "Viettel Money", "ViettelPay",
    "ShopeePay", "AirPay", "VNPT Money", "Payoo", "Napas", "IBFT", "Ngân hàng", "NHTM", "MBBank",
    "MB Bank", "Vietcombank", "VietinBank", "BIDV", "Agribank", "Techcombank", "ACB", "VPBank", "TPBank",
    "Sacombank", "HDBank", "VIB", "SHB", "MSB", "SeABank", "OCB", "Eximbank", "LPBank",
))  # fmt: skip
"""Wallets and banks, which pass money on for others, and their mere phrases: no donors."""

FAMILIES = _folded((
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
    "Dương", "Lý", "Đinh", "Đoàn", "Lâm", "Trịnh", "Mai", "Đào", "Tô", "Trương", "Cao", "Hà", "Lương",
    "Lưu", "Phùng", "Vương", "Triệu", "Tạ", "Thái", "Tống", "Nghiêm", "Quách", "Kiều", "La",
    "Mạc", "Ninh", "Nông", "Phí", "Quan", "Sầm", "Tăng", "Thạch", "Thân", "Tiêu", "Vi",
    "Viên", "Bạch", "Cù", "Danh", "Diệp", "Doãn", "Giang", "Hứa", "Khổng", "Khuất", "Lại", "Lục", "Lò",
    "Lường", "Mã", "Mông", "Ngụy", "Nhâm", "Phó", "Quàng", "Sơn", "Tòng", "Trang", "Ứng", "Uông", "Âu",
    "Bành", "Biện", "Đàm", "Đồng", "Đường", "Hàn", "Hồng", "Kim",
))  # fmt: skip

BODIES = _folded((
    "công ty", "cty", "ct tnhh", "ctcp", "dntn", "htx", "hợp tác xã", "doanh nghiệp", "tập đoàn", "trường",
    "hội", "chi hội", "chi bộ", "đoàn thanh niên", "chùa", "giáo xứ", "bệnh viện", "trạm", "lớp",
    "câu lạc bộ", "clb",
))  # fmt: skip
"""How the names of companies, schools, groups begin."""

LEADING = _folded((
    "gđ", "ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cháu", "con", "tôi", "từ",
    "đến", "quỹ", "tiền", "số", "các", "mọi",
))  # fmt: skip
"""Words before a name; inside one they may be part of it ("Anh Tú", "Quý")."""

_PHRASES = _folded((
    "ủng hộ", "chuyển tiền", "chuyển khoản", "đóng góp", "quyên góp", "gửi tặng", "trao tặng", "hỗ trợ",
    "giúp đỡ", "giúp", "chia sẻ", "gửi", "góp", "ck", "quỹ vì người nghèo", "vì người nghèo",
    "người nghèo", "hộ nghèo", "đồng bào", "bà con", "miền bắc", "miền trung", "miền nam", "vùng lũ",
    "bão lụt", "lũ lụt", "bão lũ", "thiên tai", "khắc phục", "mặt trận tổ quốc", "mttq", "việt nam",
    "trung ương", "xin", "cho", "của", "và", "tên là", "nội dung", "nd", "nhân dân", "gia đình", "cảm ơn", "mong",
    "với", "khó khăn", "một chút", "tấm lòng", "chuyển nhầm", "chuyển trả", "xin lại tiền", "trả lại tiền",
    "hoàn lại tiền",
))  # fmt: skip
BREAK = re.compile(rf"\b(?:{'|'.join(sorted(_PHRASES, key=len, reverse=True))})\b")
"""Phrases that stand before and behind names, never in them."""
