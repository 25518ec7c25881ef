"""What residents may read of a bank's text: account numbers and phone-like digits are masked.

The mask is always "••••", because a run of dots would give the length away. An account number keeps its last
four digits, so that its owner finds the gift again; phones (also 1900…, 1800…), identity numbers and any other run
of six digits and more keep nothing, whether glued to words or parted by spaces, dots, commas or dashes. What somebody
has masked already ("xxxxxx4417") gets the same mask. Dates, grouped amounts ("500.000"), numbers of papers
("2757/QD", "5254 - 05356") and runs of up to 5 digits stay.

A bank's own reference of a transaction stays whole, so that its sender can search for it. It is one by its shape alone:
* `FT` and exactly 14 digits, as sending banks write it;
* the number right behind `MBVCB.`, `MSE.` or `SHGD:`, 6 to 14 digits (SHGD: up to 20), and the day behind `DD:`;
* the interbank trace that stands free, `020097` and 10 to 20 digits more: longer than any identity number.
Behind such a prefix a number that begins with 0, or with +84's digits like a mobile phone, is masked all the same: in
doubt the person goes before the reference.

A text is masked before it enters a public search index, otherwise a search would answer who owns a phone.
"""

import re

from portal.kit.vietnamese import fold

MASK = "••••"

_GAP = r"(?:[\s.,\-–()_\u200b-\u200d]{1,3}(?=\d\d))"  # between groups of at least two digits
_START, _END = r"(?<![\d•])", r"(?!\d)"
_DATE = r"(?<!\d)(?:[0-3]?\d(?P<cut>[/.-])[01]?\d(?P=cut)(?:19|20)\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)"
_MILLIONS = r"(?!84(?:[.,]\d{3})*[.,]000(?!\d))"  # 84.500.000.000 is an amount, 84.912.345.678 a phone
_PHONE = "|".join(
    [rf"0\d\d(?:[\s.\-]\d{{3}}){{3}}{_END}"]
    + [rf"\(?0\d\d(?:{_GAP}?\d){{{more}}}{_END}" for more in (7, 8, 6)]
    + [rf"\(?\+\s?84\)?[\s.\-–()]{{0,3}}\d(?:{_GAP}?\d){{{more}}}{_END}" for more in (8, 9, 7)]
    + [rf"{_MILLIONS}84{_GAP}?[235789](?:{_GAP}?\d){{8}}{_END}"]
    + [rf"1[89]00[\s.\-]?(?:\d\d(?:[\s.\-]?\d\d){{1,2}}|\d{{3}}[\s.\-]?\d{{3}}|\d{{5}}){_END}"]
    + [rf"0(?:[\s.\-]\d){{8,10}}{_END}"]
)
_AMOUNT = r"(?<!\d)(?<!\d[.,])[1-9]\d{0,2}(?P<dot>[.,])\d{3}(?:(?P=dot)\d{3})*(?:[.,]\d{1,2})?(?!\d)"
_GROUPS = rf"(?=(?:[\s.-]?\d){{10,19}}{_END})\d{{3,6}}(?:[\s.-]\d{{3,6}}){{1,5}}{_END}"
_NUMBER = re.compile(
    rf"(?P<date>{_DATE})|{_START}(?:{_PHONE})|(?P<amount>{_AMOUNT})|{_START}{_GROUPS}|\d{{6,}}"
)
_BEGIN = re.compile(r"(?<!\d)\d|[(+](?=[\s\d(+])")
_ACCOUNT_WORD = re.compile(
    r"(?:^| )(?:s?tk(?: so)?|tai khoan(?: so)?|so tk|a c|acc(?:ount)?(?: no)?|ct (?:tu|den))$"
)
_FROM_TO = re.compile(r"(?:^| )(?:tu|toi|den)$")
_TRANSFER = re.compile(r"(?:^| )ct (?:tu|den)(?: |$)")
_SPOKEN = re.compile(
    r"(?:^| )(?:s?dt|so dt|so dien thoai|dien thoai|tel|phone|zalo|hotline|cmnd|cmt|cccd|can cuoc|ho chieu)(?: so| la)?$"
)
_LOOSE = re.compile(
    rf"\d(?:[\s.,\-–()]{{0,3}}\d){{5,18}}{_END}"
)  # behind such a word any digits are a number
_HIDDEN = re.compile(
    r"(?:(?<!\d)(?P<head>\d+)|(?<![^\W_]))(?:[xX]{3,}(?P<tail>\d*)|\*{2,}(?P<rest>\d{2,}(?!\d|[.,]\d)))"
)
_BEHIND = re.compile(r"(?:^|[^A-Za-z0-9])(FT|MBVCB\.|MSE\.|SHGD:\s?|DD:)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_REFERENCE = {
    "FT": re.compile(r"\d{14}"),
    "MBVCB.": re.compile(r"[1-9]\d{5,13}"),
    "MSE.": re.compile(r"[1-9]\d{5,13}"),
    "SHGD:": re.compile(r"[1-9]\d{5,19}"),
    "DD:": re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
}
_TRACE = re.compile(r"020097\d{10,20}")
_MOBILE = re.compile(r"84[235789]\d{8}")
_PERSONAL = re.compile(r"0\d{8,10}|84\d{9,10}|0\d{11}|1[89]00\d{4,6}")
_PHONE_LIKE = re.compile(r"^(?:0\d{8,10}|84\d{9,10}|1[89]00\d{4,6}|\d{9})$")


def mask_public(text: str | None) -> str:
    """The text as everybody may read it. No run of six digits is left but references; twice changes nothing."""
    masked = _HIDDEN.sub(_hidden, text or "")
    while (again := _mask_once(masked)) != masked:
        masked = again
    return masked


def mask_reference(reference: str | None) -> str:
    """The reference or document number that a bank prints in a column of its own: whole, unless it reads as a phone
    or as an identity number.
    """
    known = (reference or "").strip()
    return mask_public(known) if _PERSONAL.fullmatch(re.sub(r"[\s.+\-]", "", known)) else known


def _hidden(found: re.Match) -> str:
    """What somebody has masked in part: the last four digits stay where nothing stood before the mask."""
    tail = found["tail"] or found["rest"] or ""
    if not found["head"] and not tail:
        return found[0]
    return MASK + tail if len(tail) == 4 and not found["head"] else MASK


def _mask_once(text: str) -> str:
    """One pass. The large pattern is tried only where a number begins: several times faster than a search."""
    parts, done, at = [], 0, 0
    while start := _BEGIN.search(text, at):
        if end := _reference_end(text, start.start()):
            at = end
            continue
        found = _NUMBER.match(text, start.start())
        if not found or found["date"] or found["amount"]:
            spoken = _spoken(text, start.start(), found)
            if spoken is None:
                at = found.end() if found else start.end()
                continue
            found = spoken
        at = found.end()
        parts += [text[done : found.start()], MASK if found.re is _LOOSE else _mask_of(found)]
        done = at
    return "".join([*parts, text[done:]])


def _spoken(text: str, at: int, number: re.Match | None) -> re.Match | None:
    """A number in any grouping behind a word such as "SDT" or "CCCD"; a date, or an amount behind "DT", is none."""
    if number and number["date"]:
        return None
    found = _LOOSE.match(text, at)
    if not found or not (word := _SPOKEN.search(fold(text[max(0, at - 24) : at]))):
        return None
    return None if number and word[0].strip() == "dt" else found


def _reference_end(text: str, at: int) -> int | None:
    """Where a bank's reference ends whose digits begin at `at`; None for every other number."""
    digits = _DIGITS.match(text, at)
    if digits is None:
        return None
    prefix = _BEHIND.search(text, max(0, at - 12), at)
    if prefix is None:
        whole = (at == 0 or not text[at - 1].isalnum()) and _TRACE.fullmatch(digits[0])
        return digits.end() if whole else None
    kept = _REFERENCE[prefix[1].strip().upper()].fullmatch(digits[0]) and not _MOBILE.fullmatch(digits[0])
    return digits.end() if kept else None


def _mask_of(found: re.Match) -> str:
    """The mask of one number, with its last four digits when it is an account."""
    digits = "".join(c for c in found[0] if c.isdigit())
    before, after = found.string[: found.start()], found.string[found.end() :]
    if 8 <= len(digits) <= 19 and _is_account(digits, before, after):
        return MASK + digits[-4:]
    return MASK


def _is_account(digits: str, before: str, after: str) -> bool:
    """Whether the number is an account by the words before it, or stands free and is as long as one.

    "tu" and "toi" also mean "from" and "I": before a number that could be a phone they count only in a bank's
    phrase ("CT tu … toi …").
    """
    words = fold(before[-120:])
    if _ACCOUNT_WORD.search(words):
        return True
    if _FROM_TO.search(words) and (not _PHONE_LIKE.match(digits) or _TRANSFER.search(words)):
        return True
    part_of_id = before[-1:].isalnum() or after[:1].isalpha() or before[-1:] in tuple(".:_/#-")
    return not part_of_id and len(digits) >= 10 and digits[0] != "0" and not _PHONE_LIKE.match(digits)
