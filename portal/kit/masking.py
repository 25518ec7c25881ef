"""What residents may read of a bank's text: account numbers and phone-like digits are masked.

The mask is always "••••", because a run of dots would give the length away. An account number keeps its last
four digits, so that its owner finds the gift again; phones, identity numbers, the bank's ids keep nothing.
Dates, grouped amounts ("500.000"), numbers of papers ("2757/QD") and runs of up to 5 digits stay.
A text is masked before it enters a public search index, otherwise a search would answer who owns a phone.
"""

import re

from portal.kit.vietnamese import fold

MASK = "••••"

_GAP = r"(?:[\s.\-–()_]{1,3}(?=\d\d))"  # between groups of at least two digits
_START, _END = r"(?<![\d•])", r"(?!\d)"
_DATE = r"(?<!\d)(?:[0-3]?\d(?P<cut>[/.-])[01]?\d(?P=cut)(?:19|20)\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)"
_MILLIONS = r"(?!84(?:[.,]\d{3})*[.,]000(?!\d))"  # 84.500.000.000 is an amount, 84.912.345.678 a phone
_PHONE = "|".join(
    [rf"\(?0\d\d(?:{_GAP}?\d){{{more}}}{_END}" for more in (7, 8, 6)]
    + [rf"\(?\+\s?84\)?[\s.\-–()]{{0,3}}\d(?:{_GAP}?\d){{{more}}}{_END}" for more in (8, 9, 7)]
    + [rf"{_MILLIONS}84{_GAP}?[235789](?:{_GAP}?\d){{8}}{_END}"]
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
_PHONE_LIKE = re.compile(r"^(?:0\d{8,10}|84\d{9,10}|\d{9})$")


def mask_public(text: str | None) -> str:
    """The text as everybody may read it. No run of six digits is left; masking twice changes nothing."""
    masked = text or ""
    while (again := _mask_once(masked)) != masked:
        masked = again
    return masked


def _mask_once(text: str) -> str:
    """One pass. The large pattern is tried only where a number begins: several times faster than a search."""
    parts, done, at = [], 0, 0
    while start := _BEGIN.search(text, at):
        found = _NUMBER.match(text, start.start())
        if not found:
            at = start.end()
            continue
        at = found.end()
        if not (found["date"] or found["amount"]):
            parts += [text[done : found.start()], _mask_of(found)]
            done = at
    return "".join([*parts, text[done:]])


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
