"""Text typed in fonts of the time before Unicode, read as Latin-1: TCVN3 (ABC) and VNI.

Which one it is shows in the words: the reading that makes more Vietnamese syllables than the text as it is.
"""

import re
import unicodedata

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"

# Code positions in the order: huyền, hỏi, ngã, sắc, nặng; the source is the standard TCVN 5712:1993, table 3.
_TCVN3_TONES = {
    "a": "µ¶·¸¹", "ă": "»¼½¾Æ", "â": "ÇÈÉÊË", "e": "ÌÎÏÐÑ", "ê": "ÒÓÔÕÖ", "i": "×ØÜÝÞ",
    "o": "ßáâãä", "ô": "åæçèé", "ơ": "êëìíî", "u": "ïñòóô", "ư": "õö÷øù", "y": "úûüýþ",
}  # fmt: skip
_TCVN3_LETTERS = dict(zip("¨©ª«¬\u00ad®¡¢£¤¥¦§", "ăâêôơưđĂÂÊÔƠƯĐ", strict=True))

# VNI writes the letter, then a mark; marks of â (also ê, ô) and ă carry their tone with them.
_VNI_MARKS = {
    "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ù": _ACUTE, "ï": _DOT, "â": "\u0302", "à": "\u0302" + _GRAVE,
    "å": "\u0302" + _HOOK, "ã": "\u0302" + _TILDE, "á": "\u0302" + _ACUTE, "ä": _DOT + "\u0302",
}  # fmt: skip
_VNI_BREVE = {
    "ê": "\u0306", "è": "\u0306" + _GRAVE, "ú": "\u0306" + _HOOK, "ü": "\u0306" + _TILDE,
    "é": "\u0306" + _ACUTE, "ë": _DOT + "\u0306",
}  # fmt: skip
_VNI_LETTERS = dict(zip("ìæóíòôöîñ", "ìỉĩíịơưỵđ", strict=True))
_VNI_BASES = {
    "a": "âàåãáäøûõùï", "e": "âàåãáäøûõùï", "o": "âàåãáäøûõùï",
    "u": "øûõùï", "y": "øûõù", "ô": "øûõùï", "ö": "øûõùï",
}  # fmt: skip

_ONSET = "(?:ngh?|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
_OPEN = (
    "a|ai|ao|au|ay|âu|ây|e|eo|ê|êu|i|ia|iêu|iu|o|oa|oai|oao|oay|oe|oeo|oi|ô|ôi|ơ|ơi|u|ua|uây|uê|ui|uôi|uơ|uy|uya|uyu"
    "|ư|ưa|ưi|ươi|ươu|ưu|y|yêu"
)
_CLOSED = "a|ă|â|e|ê|i|iê|o|oa|oă|oe|oo|ô|ơ|u|uâ|uê|uô|uy|uyê|ư|ươ|y|yê"
_SYLLABLE = re.compile(rf"^{_ONSET}(?:(?:{_OPEN})|(?:{_CLOSED})(?:ch|ng|nh|[cmnpt]))$")
_TONE_MARKS = re.compile(f"[{_GRAVE}{_HOOK}{_TILDE}{_ACUTE}{_DOT}]")
_UNICODE_ONLY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
_TOKEN = re.compile(r"[A-Za-z\u00a1-\u00ff]{2,}")


def detect_legacy(text: str | None) -> str | None:
    """ "TCVN3", "VNI" or None. Ask before `nfc`, and better about a whole column than a cell."""
    if not text or text.isascii():
        return None
    composed = unicodedata.normalize("NFC", text)
    if _UNICODE_ONLY.search(composed):
        return None
    words = [word for word in _TOKEN.findall(composed) if not word.isascii()]
    found = {kind: _syllables(words, kind) for kind in (None, "TCVN3", "VNI")}
    return max(
        found, key=lambda kind: found[kind]
    )  # the first wins a tie: text that reads as it stands is left alone


def convert_legacy(text: str, kind: str | None) -> str:
    """The text in Unicode; unchanged for None. Raises ValueError for an unknown kind."""
    if kind is None:
        return text
    if kind == "TCVN3":
        return re.sub(r"\S+", lambda word: _tcvn3_word(word[0]), text)
    if kind == "VNI":
        return _VNI.sub(lambda found: _VNI_TABLE[found[0]], text)
    raise ValueError(f"unknown legacy encoding: {kind}")


def _syllables(words: list[str], kind: str | None) -> int:
    return sum(1 for word in words if _is_syllable(convert_legacy(word, kind)))


def _is_syllable(word: str) -> bool:
    """Whether the letters could be one Vietnamese syllable with at most one tone."""
    split = unicodedata.normalize("NFD", word.lower())
    plain, tones = _TONE_MARKS.subn("", split)
    return tones <= 1 and bool(_SYLLABLE.match(unicodedata.normalize("NFC", plain)))


def _tcvn3_word(word: str) -> str:
    """One word; a word in capitals keeps them, for the capital font used the codes of small letters."""
    plain = [c for c in word if c.isascii() and c.isalpha()]
    turned = "".join(_TCVN3.get(c, c) for c in word)
    return turned.upper() if len(plain) > 1 and all(c.isupper() for c in plain) else turned


def _compose(base: str, marks: str) -> str:
    return unicodedata.normalize("NFC", base + marks)


def _tcvn3_table() -> dict[str, str]:
    table = dict(_TCVN3_LETTERS)
    for letter, codes in _TCVN3_TONES.items():
        for code, tone in zip(codes, (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT), strict=True):
            table[code] = _compose(letter, tone)
    return table


def _vni_table() -> dict[str, str]:
    """Letter + mark in small, capital and mixed writing, and the letters that stand alone."""
    pairs = dict(_VNI_LETTERS)
    for base, marks in _VNI_BASES.items():
        letter = _VNI_LETTERS.get(base, base)
        pairs |= {base + mark: _compose(letter, _VNI_MARKS[mark]) for mark in marks}
    pairs |= {"a" + mark: _compose("a", marks) for mark, marks in _VNI_BREVE.items()}
    capitals = {code.upper(): letter.upper() for code, letter in pairs.items()}
    mixed = {code[0].upper() + code[1:]: letter.upper() for code, letter in pairs.items() if len(code) > 1}
    return mixed | pairs | capitals


_TCVN3 = _tcvn3_table()
_VNI_TABLE = _vni_table()
_VNI = re.compile("|".join(sorted(map(re.escape, _VNI_TABLE), key=len, reverse=True)))
