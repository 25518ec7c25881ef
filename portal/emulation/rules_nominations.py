"""Pure rules of nominations, councils, decisions on rewards: who may do what when, and what the public reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.masking import mask_public
from portal.kit.money import format_dong
from portal.kit.vietnamese import initials, key_of
from portal.spending.texts import filled

COLLECTIVE, PERSON, HOUSEHOLD, COMPANY = "collective", "person", "household", "company"
SUBJECTS = {
    COLLECTIVE: "Tập thể",
    PERSON: "Cá nhân",
    HOUSEHOLD: "Hộ gia đình",
    COMPANY: "Doanh nghiệp",
}
SUBJECT_OF = {
    "person": PERSON,
    "household": HOUSEHOLD,
    "company": COMPANY,
}  # kinds of donors; others are collectives
PERSONAL = (PERSON, HOUSEHOLD)

OPEN, IN_COUNCIL, APPROVED, AGAINST, POSTPONED = "open", "council", "approved", "against", "postponed"
DRAFTED, REWARDED, DROPPED = "drafted", "rewarded", "dropped"
STATES = {
    OPEN: "Mới đề nghị",
    IN_COUNCIL: "Hội đồng đang xét",
    APPROVED: "Hội đồng đồng ý",
    POSTPONED: "Để lại xét sau",
    AGAINST: "Hội đồng không đồng ý",
    DRAFTED: "Đang soạn quyết định",
    REWARDED: "Đã khen",
    DROPPED: "Đã rút",
}
BADGES = {
    OPEN: "neutral",
    IN_COUNCIL: "neutral",
    APPROVED: "warn",
    POSTPONED: "warn",
    AGAINST: "bad",
    DRAFTED: "warn",
}
CHANGEABLE = (OPEN, POSTPONED)
LIVE = (OPEN, IN_COUNCIL, APPROVED, POSTPONED, DRAFTED)  # may still become a reward

FOR, VOTE_AGAINST, LATER = "for", "against", "postponed"
VERDICTS = {FOR: "Đồng ý", VOTE_AGAINST: "Không đồng ý", LATER: "Để lại"}
AFTER = {FOR: APPROVED, VOTE_AGAINST: AGAINST, LATER: POSTPONED}

AWARD, WITHDRAWAL = "award", "withdrawal"
WHATS = {AWARD: "Quyết định khen thưởng", WITHDRAWAL: "Quyết định thu hồi"}
DRAFT, ISSUED = "draft", "issued"
DECISION_STATES = {DRAFT: "Đang soạn", ISSUED: "Đã ban hành"}
MOST_ROWS = 2_000

NAME, INITIALS, HIDDEN = "name", "initials", "anonymous"
UNNAMED = {
    PERSON: "Cá nhân (không nêu tên)",
    HOUSEHOLD: "Hộ gia đình (không nêu tên)",
    COLLECTIVE: "Tập thể (không nêu tên)",
    COMPANY: "Doanh nghiệp (không nêu tên)",
}


def public_name(name: str, subject: str, shown_as: str | None) -> str:
    """How everybody reads whom a reward was given to: people only as they have agreed, households as well."""
    if shown_as == NAME or (shown_as is None and subject not in PERSONAL):
        return mask_public(name)
    return initials(name) if shown_as == INITIALS else UNNAMED[subject]


def searched_words(name: str, subject: str, shown_as: str | None, achievement: str, number: str) -> str:
    """What everybody may look for of a reward: folded, and only of what the public page shows of it."""
    return key_of(f"{public_name(name, subject, shown_as)} {mask_public(achievement)} {number}")


def check_shown(subject: str, shown_as: str | None, consent: str | None) -> None:
    """A person's or household's name stands in public only under a recorded consent. Raises Refused."""
    if shown_as not in (None, NAME, INITIALS, HIDDEN):
        raise Refused("Chưa chọn cách nêu tên. Chọn họ tên, viết tắt hoặc không nêu tên.", "shown_as")
    if subject in PERSONAL and shown_as in (NAME, INITIALS) and not (consent or "").strip():
        raise Refused(
            "Nêu tên cá nhân, hộ gia đình thì cần lời đồng ý. Ghi ai đồng ý, ngày nào, giấy giữ ở đâu.",
            "consent",
        )


def check_span(starts_on: date, ends_on: date, *, today: date) -> None:
    """The days of an achievement are in order and have begun. Raises Refused."""
    if ends_on < starts_on:
        raise Refused(f"“Đến ngày” trước ngày {format_day(starts_on)}. Sửa lại ngày.", "ends_on")
    if starts_on > today:
        raise Refused("Thời gian lập thành tích chưa tới. Sửa lại ngày.", "starts_on")


def check_state(state: str, wanted: Iterable[str], verb: str, field: str | None = None) -> None:
    """A nomination in this state may do this. Raises Refused."""
    if state not in wanted:
        raise Refused(f"Đề nghị này ở tình trạng “{STATES[state]}”, không {verb} được. Tải lại trang.", field)


def check_level(level: str, levels: str, name: str, unit: str) -> None:
    """Only units of the form's levels issue it (none named = every unit). Raises Refused."""
    allowed = [line.strip().lower() for line in levels.splitlines() if line.strip()]
    if allowed and level.strip().lower() not in allowed:
        raise Refused(
            f"{unit} không thuộc cấp tặng “{name}” ({', '.join(allowed)}). "
            "Chọn hình thức khác, hoặc đề nghị lên đơn vị cấp trên ra quyết định.",
            "unit_id",
        )


def check_verdicts(verdicts: Mapping[str, str | None]) -> None:
    """The council has said something about everybody (names → verdict). Raises Refused."""
    if not verdicts:
        raise Refused("Cuộc họp chưa có đề nghị nào để xét. Thêm đề nghị trước.", "rows")
    missing = [name for name, verdict in verdicts.items() if verdict not in VERDICTS]
    if missing:
        more = f" và {len(missing) - 3} người khác" if len(missing) > 3 else ""
        raise Refused(
            f"Chưa ghi kết quả xét của {', '.join(missing[:3])}{more}. "
            "Chọn đồng ý, không đồng ý hoặc để lại cho từng dòng.",
            "rows",
        )


def check_draft(state: str) -> None:
    """Only a draft changes. Raises Refused."""
    if state != DRAFT:
        raise Refused(
            "Quyết định đã ban hành nên tên và nội dung không sửa được nữa. "
            "Sai thì ra quyết định thu hồi, rồi khen lại bằng quyết định mới."
        )


def words_of(
    *,
    achievement: str,
    movement: str | None,
    campaign: str | None,
    span: str,
    unit: str,
    prize: int | None,
) -> dict[str, str]:
    """What the words in [brackets] of a certificate stand for."""
    return {
        "thành tích": achievement.rstrip(" ."),
        "phong trào": movement or "",
        "đợt": campaign or "",
        "kỳ": span,
        "đơn vị": unit,
        "tiền thưởng": format_dong(prize) if prize else "",
    }


def certificate_text(text: str, words: Mapping[str, str]) -> str:
    """The words of a certificate; a blank word leaves no double space behind."""
    return " ".join(filled(text, words).split())


def span_text(starts_on: date, ends_on: date) -> str:
    """ "năm 2026", "từ ngày 01/10/2026 đến ngày 18/11/2026"."""
    whole = (starts_on.month, starts_on.day, ends_on.month, ends_on.day) == (1, 1, 12, 31)
    if whole and starts_on.year == ends_on.year:
        return f"năm {starts_on.year}"
    if whole:
        return f"giai đoạn {starts_on.year}–{ends_on.year}"
    return f"từ ngày {format_day(starts_on)} đến ngày {format_day(ends_on)}"


def check_back(amount: int, left: int) -> None:
    """Not more prize money comes back than was paid, đồng. Raises Refused."""
    if amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng đã thu lại.", "amount")
    if amount > left:
        raise Refused(
            f"Tiền thưởng đã chi chỉ còn {format_dong(max(left, 0))} chưa thu lại. Gõ số nhỏ hơn.", "amount"
        )


def count_in_words(found: Iterable[Any]) -> str:
    """ "Trần A, Lê B và 3 người khác": some names of many."""
    names = [str(one) for one in found]
    rest = f" và {len(names) - 3} người khác" if len(names) > 3 else ""
    return ", ".join(names[:3]) + rest
