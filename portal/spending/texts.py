"""What a unit's decisions, submissions and minutes begin with, and the words that the list fills in. Pure.

Layout and blocks: Nghị định 30/2020/NĐ-CP. In square brackets stand words that are filled in when the paper is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.kit.errors import Refused

ROWS, SUPPORT, SUM, WORDS, HOUSEHOLDS, FUND = (
    "số dòng",
    "mức hỗ trợ",
    "tổng số tiền",
    "bằng chữ",
    "số hộ",
    "tên quỹ",
)
BLANK = "……"
FILLED = (ROWS, HOUSEHOLDS, SUPPORT, SUM, WORDS, FUND)
_FILLED = re.compile(r"\[([^\[\]\n]{1,40})\]")
_ARTICLE = re.compile(r"^(Điều\s+\d+\s*[.:])\s*(.*)$", re.S | re.I)


@dataclass(frozen=True)
class Texts:
    """The texts of one paper, as `Decision` keeps them: lines and paragraphs parted by newlines."""

    grounds: str
    articles: str
    recipients: str
    signer_title: str
    signer_name: str


def default_texts(kind: str, *, owner: str, place: str, title: str, name: str) -> Texts:
    """The texts of a unit that has kept none of its own. `owner`: "Ủy ban MTTQ Việt Nam xã …"; `title`: "CHỦ TỊCH"."""
    signer = f"TM. BAN THƯỜNG TRỰC\n{title}"
    if kind == "submission":
        return Texts(_GROUNDS, _SUBMISSION.format(owner=owner), _SUBMITTED, signer, name)
    if kind == "minutes":
        return Texts("", _MINUTES.format(owner=owner, place=place), "", "CHỦ TỌA", name)
    return Texts(_GROUNDS + "\n" + _ADVISED, _DECISION.format(owner=owner), _DECIDED, signer, name)


_GROUNDS = (
    "Căn cứ Thông tư số 41/2022/TT-BTC của Bộ Tài chính về quản lý tài chính các cuộc vận động\n"
    "Căn cứ Quy chế vận động, quản lý và sử dụng [tên quỹ]"
)
_ADVISED = "Xét đề nghị của Ban vận động [tên quỹ]"
_DECISION = (
    "Hỗ trợ [số dòng] trường hợp với [mức hỗ trợ] từ [tên quỹ], "
    "theo danh sách kèm theo Quyết định này.\n"
    "Kế toán, thủ quỹ của Ban vận động [tên quỹ] chi trả đúng đối tượng, đúng số tiền và thanh quyết toán theo quy định.\n"
    "Ban Thường trực {owner}, Ban vận động [tên quỹ] và các cá nhân, đơn vị có tên trong danh sách "
    "chịu trách nhiệm thi hành Quyết định này. Quyết định có hiệu lực kể từ ngày ký"
)
_DECIDED = "Như Điều 3\nBan vận động Quỹ cấp trên (để báo cáo)\nLưu: VT"
_SUBMISSION = (
    "Kính gửi: Ban Thường trực {owner}\n"
    "Ban vận động [tên quỹ] đã khảo sát, bình xét các trường hợp cần hỗ trợ. "
    "Kết quả có [số dòng] trường hợp đủ điều kiện.\n"
    "Ban vận động đề nghị hỗ trợ với [mức hỗ trợ] từ [tên quỹ], "
    "theo danh sách kèm theo Tờ trình này.\n"
    "Kính đề nghị Ban Thường trực xem xét, quyết định"
)
_SUBMITTED = "Như trên\nLưu: VT"
_MINUTES = (
    "Thời gian: …… giờ …… phút, tại {place}.\n"
    "Thành phần: Ban Thường trực {owner}; Ban vận động [tên quỹ]; đại diện các chi hội, ấp, khóm.\n"
    "Nội dung: họp bình xét các trường hợp đề nghị hỗ trợ từ [tên quỹ].\n"
    "Kết quả: cuộc họp thống nhất đề nghị hỗ trợ [số dòng] trường hợp với [mức hỗ trợ], "
    "theo danh sách kèm theo Biên bản này.\n"
    "Biên bản đã được đọc cho mọi người cùng nghe, thống nhất và ký tên"
)


def support_in_words(total: str, words: str, *, goods: bool) -> str:
    """What the list gives, for the sentence that grants it: money ("……" = not known yet), goods, or both."""
    money = f"tổng số tiền là {total} đồng ({words})"
    if not goods:
        return money
    return f"{money} và hiện vật" if total != BLANK else "hiện vật"


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its bracketed words filled in; unknown ones stay as they are."""
    return _FILLED.sub(lambda found: values.get(found[1].strip().lower(), found[0]), text)


def words_in(text: str) -> list[str]:
    """The bracketed words of a text, as they are written."""
    return [str(word) for word in _FILLED.findall(text)]


def check_words(text: str, known: Iterable[str], field: str) -> None:
    """Every word in [brackets] is one that is filled in: any other would be printed as it stands. Raises Refused."""
    names = list(known)
    for word in words_in(text):
        if word.strip().lower() not in names:
            offered = ", ".join(f"[{name}]" for name in names)
            raise Refused(
                f"Không có chữ [{word}] để điền, giấy sẽ in nguyên như vậy. Dùng một trong các chữ {offered}, hoặc bỏ "
                "ngoặc vuông.",
                field,
            )


def lines_of(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def bare(line: str) -> str:
    """A line without the sign at its end: papers set it themselves."""
    return line.rstrip(" .;/")


def grounds_of(text: str) -> list[str]:
    """Căn cứ, one a line: a semicolon after each, a full stop after the last (Nghị định 30/2020/NĐ-CP)."""
    lines = [bare(line) for line in lines_of(text)]
    return [line + (";" if place < len(lines) else ".") for place, line in enumerate(lines, start=1)]


def articles_of(text: str) -> list[tuple[str, str]]:
    """(Điều n., text): paragraphs are numbered unless they number themselves; the last ends "./."."""
    found = []
    for number, line in enumerate(lines_of(text), start=1):
        own = _ARTICLE.match(line)
        found.append((own[1], own[2]) if own else (f"Điều {number}.", line))
    return [(head, _ended(line, last=place == len(found))) for place, (head, line) in enumerate(found, 1)]


def paragraphs_of(text: str) -> tuple[str | None, list[str]]:
    """(whom a submission is sent to, its paragraphs); the last ends "./."."""
    lines = lines_of(text)
    to = None
    if lines and lines[0].lower().startswith("kính gửi"):
        to = bare(lines.pop(0))
    return to, [_ended(line, last=place == len(lines)) for place, line in enumerate(lines, start=1)]


def recipients_of(text: str) -> list[str]:
    """Nơi nhận: "- Như Điều 3;" … "- Lưu: VT."."""
    lines = [bare(line.removeprefix("-").strip()) for line in lines_of(text)]
    return [f"- {line}" + (";" if place < len(lines) else ".") for place, line in enumerate(lines, start=1)]


def _ended(line: str, *, last: bool) -> str:
    if last:
        return bare(line) + "./."
    return line if line.endswith((".", ":", ";")) else line + "."
