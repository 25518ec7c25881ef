"""Words of banks' texts: the set phrase that a rule may look for, and where a rule's phrases stand in a text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kit.marking import pieces, places_of
from portal.kit.vietnamese import key_of
from portal.statements.senders import sender_of

MOST_WORDS = 6


def set_phrase(text: str, counterparty: str | None = None) -> str:
    """The longest run of plain words in a text: without numbers, ids and the sender's name; "" when none is left."""
    sender = sender_of(text, counterparty)
    plain = f" {key_of(sender.message or text).replace('_', ' ')} "
    for name in filter(None, (sender.name, counterparty)):
        plain = plain.replace(f" {key_of(name).replace('_', ' ')} ", " | ")
    runs: list[list[str]] = [[]]
    for word in plain.split():
        if word == "|" or any(sign.isdigit() for sign in word):
            runs.append([])
        else:
            runs[-1].append(word)
    return " ".join(max(runs, key=len)[:MOST_WORDS])


def marked(text: str, phrases: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a phrase of a rule (as `classes.words_of` gives them)."""
    places = places_of(text)
    words = [folded for _, _, folded in places]
    hit = [False] * len(words)
    for phrase in phrases:
        wanted = phrase.split()
        for start in range(len(words) - len(wanted) + 1):
            if words[start : start + len(wanted)] == wanted:
                hit[start : start + len(wanted)] = [True] * len(wanted)
    return pieces(text, places, hit)
