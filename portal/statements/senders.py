"""Who sent a transfer, and which words, as far as a bank's text tells: explicit, probable, or not known.

"Không rõ tên" is a normal answer. Wallets and banks pass money on: they are no donors. Texts are cut and mangled, so
a name is explicit only where the bank's own phrase or column ends it; everything else is at most probable.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from portal.kit.vietnamese import fold, nfc
from portal.statements.sender_words import AGENTS, BODIES, BREAK, FAMILIES, LEADING

EXPLICIT, PROBABLE, NONE = "explicit", "probable", "none"
CUT_AT = 200  # characters: in longer texts what stands at the end may be cut

_ID = r"(?:[A-Z]{0,8}\d[0-9A-Z]{5,}|\d{4,})"
_TRANSFER = re.compile(
    r"[.\s]*\bCT\s+tu\s+(?P<account>\d[\d ]{4,24})\s+(?P<name>[^\d]*?)(?P<end>\s+(?:toi|den)\s+\d.*|\s*$)",
    re.IGNORECASE | re.DOTALL,
)
_BY_ORDER = re.compile(r"\bBO:(?P<name>.*?)\.?\s*(?:\bRemark:(?P<message>.*)|$)", re.IGNORECASE | re.DOTALL)
_HEADS = (
    re.compile(rf"^\s*(?:[A-Z]*VCB|IBVCB|MBVCB)\.{_ID}\.", re.IGNORECASE),
    re.compile(rf"^\s*PARTNER\.DIRECT_DEBITS_VCB\.[A-Z]+\.{_ID}\.?", re.IGNORECASE),
    re.compile(rf"^\s*(?:SHGD:{_ID}\.?)?(?:DD:\d{{6}}\.?)?", re.IGNORECASE),
    re.compile(rf"^\s*(?:{_ID}\.)+(?=\S)", re.IGNORECASE),
)
_TAILS = (
    re.compile(
        r"\s*\bqua\s+(?:vi\s+)?(?:MoMo|ZaloPay|VNPAY|ViettelPay|ShopeePay)\b.*$", re.IGNORECASE | re.DOTALL
    ),
    re.compile(r"[\s.;-]*\bFT\d{14}\b.*$", re.IGNORECASE | re.DOTALL),
    re.compile(r"[\s.;-]*\b(?:Trace|Ma GD|So GD)\b.*$", re.IGNORECASE | re.DOTALL),
)
_BY_WALLET = re.compile(
    r"^\s*(?:MOMOIBFT|MBBANK IBFT|IBFT|CONG TY CO PHAN ZION|ACC)\b[\s.:-]*", re.IGNORECASE
)
_ACCOUNT_BEHIND = re.compile(r"\s+[–—-]\s*[\dXx*•][\dXx*• ]*$")
_WORDS = re.compile(r"[^\W\d_]+(?:[ ]+[^\W\d_]+)*")


@dataclass(frozen=True)
class Sender:
    """`name` None = not known (kind NONE); `message` what the donor wrote, "" for nothing."""

    name: str | None
    message: str
    kind: str


def sender_of(text: str, counterparty: str | None = None, *, agents: Collection[str] = AGENTS) -> Sender:
    """The sender and the message of a bank's text; `counterparty` is what the bank's own column says.

    `agents`: folded names that are no donors.
    """
    plain = nfc(html.unescape(text))
    message, said, ended = _parts(plain)
    named = _tidy(_ACCOUNT_BEHIND.sub("", nfc(counterparty)))
    if named and not is_agent(named, agents):
        return Sender(named, message, EXPLICIT)
    if said and not is_agent(said, agents):
        return Sender(said, message, EXPLICIT if ended else PROBABLE)
    if (name := _probable(message, agents)) is not None:
        return Sender(name, message, PROBABLE)
    return Sender(None, message, NONE)


def is_agent(name: str, agents: Collection[str] = AGENTS) -> bool:
    """Whether a name is a wallet's, a bank's, or a mere phrase of theirs."""
    words = fold(name)
    return not words or any(words == agent or words.startswith(f"{agent} ") for agent in agents)


def _parts(plain: str) -> tuple[str, str, bool]:
    """(message, the name that the bank's own phrase gives or "", whether that name is wholly there)."""
    if order := _BY_ORDER.search(plain):
        return _bare(order["message"] or ""), _tidy(order["name"]), order["message"] is not None
    transfer = _TRANSFER.search(plain)
    if transfer is None:
        return _bare(plain), "", False
    whole = bool(transfer["end"].strip()) or len(plain) < CUT_AT
    return _bare(plain[: transfer.start()]), _tidy(transfer["name"]), whole


def _bare(message: str) -> str:
    """What the donor wrote, without the banks' numbers before and behind it."""
    for tail in _TAILS:
        message = tail.sub("", message)
    for head in _HEADS:
        message = head.sub("", message, count=1)
    return _BY_WALLET.sub("", message).strip(" .;:-–")


def _tidy(name: str) -> str:
    return " ".join(name.split()).strip(" .,;:-–")


def _probable(message: str, agents: Collection[str]) -> str | None:
    """The one name that stands in a message between words that are none; None for none and for several."""
    found: dict[str, str] = {}
    for run in _WORDS.finditer(message):
        for part in _between(run[0]):
            if _looks_like_name(fold(part)) and not is_agent(part, agents):
                found.setdefault(fold(part), part)
    return next(iter(found.values())) if len(found) == 1 else None


def _between(words: str) -> list[str]:
    """What is left of a run of words without the phrases that are no part of a name, each piece as it was written."""
    each = words.split()
    folded = " ".join(fold(word) or "-" for word in each)
    if len(folded.split()) != len(each):
        return []
    kept = BREAK.sub(lambda match: " ".join("|" for _ in match[0].split()), folded).split()
    pieces: list[list[str]] = [[]]
    for word, mark in zip(each, kept, strict=True):
        if mark == "|":
            pieces.append([])
        elif pieces[-1] or mark not in LEADING:
            pieces[-1].append(word)
    return [" ".join(piece) for piece in pieces if piece]


def _looks_like_name(folded: str) -> bool:
    """Two to five words, the first a family's; or what begins as the names of bodies do."""
    words = folded.split()
    if any(folded.startswith(f"{body} ") for body in BODIES):
        return 2 <= len(words) <= 12
    return 2 <= len(words) <= 5 and words[0] in FAMILIES
