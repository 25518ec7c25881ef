"""Pure rules of house projects: states and their order, what each needs, sources against the cost, tranches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.vietnamese import nfc

OPENED, SURVEYED, APPROVED = "opened", "surveyed", "approved"
STARTED, ROOFED, FINISHED, HANDED_OVER = "started", "roofed", "finished", "handed_over"
STOPPED = "stopped"
STATES = {
    OPENED: "Chờ khảo sát",
    SURVEYED: "Đã khảo sát",
    APPROVED: "Đã duyệt",
    STARTED: "Đã khởi công",
    ROOFED: "Đã lợp mái",
    FINISHED: "Đã hoàn thành",
    HANDED_OVER: "Đã bàn giao",
    STOPPED: "Đang dừng",
}
BADGES: dict[str, str | None] = {
    OPENED: "neutral", SURVEYED: "warn", APPROVED: "neutral", STARTED: "neutral", ROOFED: "neutral",
    FINISHED: "warn", HANDED_OVER: None, STOPPED: "bad",
}  # fmt: skip
ORDER = (OPENED, SURVEYED, APPROVED, STARTED, ROOFED, FINISHED, HANDED_OVER)
WORKING = (STARTED, ROOFED, FINISHED)  # begun, not handed over
OPEN = (OPENED, SURVEYED, APPROVED, *WORKING)
BY_HAND = (STARTED, ROOFED, FINISHED)  # steps that somebody says with a day
STAGES = {name: STATES[name] for name in (APPROVED, STARTED, ROOFED, FINISHED)}
"""When a tranche may be due: the fund has paid before it hands over."""
STEP_NAMES = {STARTED: "Khởi công", ROOFED: "Lợp mái", FINISHED: "Hoàn thành", HANDED_OVER: "Bàn giao"}

STEP_WORDS = {
    SURVEYED: "khảo sát", APPROVED: "duyệt", STARTED: "khởi công", ROOFED: "lợp mái", FINISHED: "hoàn thành",
    HANDED_OVER: "bàn giao",
}  # fmt: skip

BUILT, REPAIRED = "built", "repaired"
COUNTS_AS = {BUILT: "Xây mới", REPAIRED: "Sửa chữa"}
PRIORITIES = {1: "Cấp bách", 2: "Ưu tiên", 3: "Theo thứ tự"}
SELF, CONTRACTOR = "self", "contractor"
BUILDERS = {SELF: "Gia đình tự làm", CONTRACTOR: "Thuê thầu, thợ nhận khoán"}
ENOUGH, NOT_ENOUGH = "enough", "not_enough"
CONCLUSIONS = {ENOUGH: "Đủ điều kiện hỗ trợ", NOT_ENOUGH: "Chưa đủ điều kiện hỗ trợ"}

FUND, STATE, SPONSOR, FAMILY, LABOUR, OTHER = "fund", "state", "sponsor", "family", "labour", "other"
SOURCES = {
    FUND: "Quỹ",
    STATE: "Ngân sách",
    SPONSOR: "Nhà tài trợ trả thẳng",
    FAMILY: "Gia đình đối ứng",
    LABOUR: "Ngày công",
    OTHER: "Nguồn khác",
}
EVIDENCE = {
    "filed": "Giấy tờ trong hồ sơ",
    "survey": "Phiếu khảo sát",
    "budget": "Dự toán đủ nguồn",
    "decision": "Quyết định hỗ trợ đã ban hành",
    "check": "Biên bản kiểm tra hoàn thành đạt, đã ký",
    "money": "Tiền Quỹ quyết định đã chi đủ, biên bản bàn giao tiền đã ký",
    "house": "Biên bản bàn giao nhà đã ký",
    "before": "Ảnh trước khi làm",
    "started": "Ảnh khi khởi công",
    "roofed": "Ảnh khi lợp mái",
    "after": "Ảnh sau khi hoàn thành",
}
PHOTOS = {"before": "Trước khi làm", "started": "Khởi công", "roofed": "Lợp mái", "after": "Sau khi hoàn thành",
          "handover": "Lúc bàn giao", "paper": "Giấy tờ", "other": "Khác"}  # fmt: skip
PHOTO_OF = {
    APPROVED: "before",
    STARTED: "started",
    ROOFED: "roofed",
    FINISHED: "after",
    HANDED_OVER: "handover",
}
"""The photo that shows the stage of a tranche."""
ALWAYS = {FINISHED: (), HANDED_OVER: ("check", "house")}
"""What no catalogue can take away."""

PREPARED, SIGNED, VOID = "prepared", "signed", "void"
MINUTES = {PREPARED: "Chờ ký", SIGNED: "Đã ký", VOID: "Không còn hiệu lực"}
MONEY, HOUSE = "money", "house"
WHATS = {MONEY: "Bàn giao tiền", HOUSE: "Bàn giao nhà"}
DRAFT, ISSUED, WITHDRAWN = "draft", "issued", "withdrawn"  # of a decision
MOST_DAYS = 10_000


class Required(NamedTuple):
    """A requirement as plain values."""

    name: str
    step: str
    source: str
    evidence: str
    key: int = 0


def reached(state: str, step: str) -> bool:
    """Whether a project in `state` (for a stopped one, where it stopped) has come as far as `step`."""
    return ORDER.index(state) >= ORDER.index(step)


def due_by(step: str, rows: Iterable[Required], sources: Iterable[str]) -> list[Required]:
    """What must be there at `step`: what it and every earlier step ask, for the kinds of money that are in it."""
    kinds = set(sources)
    asked = [
        one
        for one in rows
        if ORDER.index(one.step) <= ORDER.index(step) and (not one.source or one.source in kinds)
    ]
    named = {one.evidence for one in asked}
    more = [Required(EVIDENCE[name], step, "", name) for name in ALWAYS.get(step, ()) if name not in named]
    return [*asked, *more]


def lacking(required: Iterable[Required], shown: Iterable[str], filed: Iterable[int]) -> list[Required]:
    """Which of them are neither shown by the portal (`shown` evidence) nor filed (keys of requirements)."""
    shows, keys = set(shown), set(filed)
    return [
        one
        for one in required
        if (one.key not in keys if one.evidence == "filed" else one.evidence not in shows)
    ]


def check_complete(step: str, missing: Sequence[Required]) -> None:
    """Raises Refused naming every paper that is missing before a step."""
    if missing:
        names = "; ".join(one.name for one in missing)
        raise Refused(
            f"Chưa đủ hồ sơ để ghi “{STATES[step].lower()}”. Còn thiếu: {names}. Bổ sung rồi ghi lại."
        )


def check_next(state: str, step: str) -> None:
    """Steps follow one another; a repair may be finished without a roof. Raises Refused."""
    if state == STOPPED:
        raise Refused("Công trình đang dừng. Chọn “Làm tiếp” trước rồi ghi bước này.")
    place = ORDER.index(state)
    allowed = {ORDER[place + 1]} if place + 1 < len(ORDER) else set()
    if state == STARTED:
        allowed.add(FINISHED)
    if step not in allowed:
        after = (
            f"Bước sau là “{STATES[ORDER[place + 1]].lower()}”."
            if place + 1 < len(ORDER)
            else "Đã xong mọi bước."
        )
        raise Refused(
            f"Công trình “{STATES[state].lower()}”, chưa tới bước “{STATES[step].lower()}”. {after}"
        )


def check_may(state: str, wanted: Iterable[str], what: str) -> None:
    """Only what is a legal next step. Raises Refused."""
    if state not in wanted:
        raise Refused(
            f"Công trình này “{STATES[state].lower()}” nên không {what} được. Tải lại trang để xem việc còn lại."
        )


def check_builder(builder: str | None, name: str | None) -> None:
    """A contractor has a name. Raises Refused."""
    if builder not in BUILDERS:
        raise Refused("Chưa chọn ai làm nhà. Chọn gia đình tự làm hoặc thuê thầu.", "builder")
    if builder == CONTRACTOR and not nfc(name):
        raise Refused("Chưa ghi tên thầu, thợ nhận khoán. Ghi tên như trong giấy khoán.", "builder_name")


def check_hard(needed: bool, passed: bool, hard: Mapping[str, bool]) -> None:
    """ "3 cứng": a house that passes has hard foundation, roof and walls where its kind asks so. Raises Refused."""
    missing = [name for name, is_hard in hard.items() if not is_hard]
    if needed and passed and missing:
        raise Refused(
            f"Loại nhà này phải đủ “3 cứng”, còn thiếu: {', '.join(missing)}. Ghi kết luận chưa đạt, sửa xong kiểm tra lại.",
            "passed",
        )


def days_late(state: str, start_by: date | None, finish_by: date | None, today: date) -> int:
    """How many days a project is behind: not begun by `start_by`, or not handed over by `finish_by`."""
    if state in (HANDED_OVER, STOPPED):
        return 0
    dues = [finish_by] if state in WORKING else [start_by, finish_by]
    return max((max((today - due).days, 0) for due in dues if due is not None), default=0)


def parse_area(text: str | None, field: str = "area") -> int | None:
    """ "45,5" → 4550 hundredths of m²; None when nothing is written. Raises Refused."""
    said = nfc(text).lower().removesuffix("m2").removesuffix("m²").strip().replace(" ", "")
    if not said:
        return None
    whole, _, part = said.replace(".", ",").partition(",")
    if not whole.isdecimal() or (part and (not part.isdecimal() or len(part) > 2)) or len(whole) > 4:
        raise Refused(f"“{said[:20]}” không phải số m². Gõ như 45 hoặc 45,5.", field)
    area = int(whole) * 100 + int((part + "00")[:2])
    if not area:
        raise Refused("Diện tích phải lớn hơn 0. Gõ như 45 hoặc 45,5.", field)
    return area


def format_area(area: int | None) -> str | None:
    """4550 → "45,5"."""
    if area is None:
        return None
    whole, part = divmod(area, 100)
    return f"{format_amount(whole)},{part:02d}".rstrip("0").rstrip(",") if part else format_amount(whole)


def code_of(project_id: int) -> str:
    """The code of a project on papers and public pages: 12 → "NH000012"."""
    return f"NH{project_id:06d}"


def id_of_code(text: str) -> int | None:
    """The number in such a code, or None."""
    said = nfc(text).upper().replace(" ", "")
    digits = said.removeprefix("NH")
    return int(digits) if said.startswith("NH") and digits.isdecimal() and len(digits) <= 15 else None


def steps_of(state: str) -> list[dict[str, Any]]:
    """The step line of a project that is (or stopped) at `state`: done, now, next."""
    here = ORDER.index(state)
    names = ("Khảo sát", "Duyệt", "Khởi công", "Lợp mái", "Hoàn thành", "Bàn giao")
    return [
        {"label": name, "state": "done" if place <= here else "now" if place == here + 1 else "next"}
        for place, name in enumerate(names, start=1)
    ]
