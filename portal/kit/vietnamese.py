"""Vietnamese text: one normal form on input, folding for search, order of names, tokens of the search index.

Fonts of the time before Unicode (TCVN3, VNI) live in `legacy_text.py` and are offered here as well.
"""

import re
import unicodedata

from portal.kit.legacy_text import convert_legacy, detect_legacy

__all__ = [
    "capital_first", "convert_legacy", "detect_legacy", "fold", "initials", "key_of", "natural_key", "nfc",
    "query_tokens", "search_tokens", "sort_key",
]  # fmt: skip

LONGEST_TOKEN = 4
"""Words in the longest token of the search index."""

_DROPPED = ("Cf", "Cc", "Cs", "Co", "Cn")
_OTHER_LETTERS = str.maketrans({
    "đ": "d", "ð": "d", "ɖ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i",
})  # fmt: skip
_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CONSONANT = "[b-df-hj-np-tv-xz]"
_LONE_Y = re.compile(  # looks for the letter first and back from there: seven times as fast as the other way round
    rf"y\b(?:(?<=\bquy)|(?<=\by)|(?<=\b{_CONSONANT}y)|(?<=\b{_CONSONANT}{{2}}y)|(?<=\b{_CONSONANT}{{3}}y))"
)
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306": "1", "\u0302": "2", "\u031b": "3"}
_PIECE = re.compile(r"\d+|[^\W\d_]")


def nfc(text: str | None) -> str:
    """The form in which every input is kept: NFC, trimmed, any run of Unicode spaces one plain space.

    Control and zero-width characters, unseen but able to break comparisons or the database, are dropped.
    Texts in a legacy font must be converted before (TCVN3 writes "ư" as a soft hyphen).
    """
    if not text:
        return ""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept = "".join(c for c in unicodedata.normalize("NFC", spaced) if unicodedata.category(c) not in _DROPPED)
    return " ".join(kept.split())


def fold(text: str | None) -> str:
    """The form in which texts are compared: ASCII, lower case, no accents, đ → d, words parted by one space.

    y becomes i where it alone is the vowel at a word's end ("Mỹ" = "Mĩ", "Lý" = "Lí", "Quý" = "Quí",
    "y tế" = "i tế"), which is where spelling varies. It stays in "hay", "Thúy", "yên", for "hai" and "Thúi"
    differ. So "kỳ" folds to "ki": compare folded with folded, never with a literal written by hand.
    """
    plain = _fold_letters(text)
    return _LONE_Y.sub("i", plain) if "y " in plain or plain.endswith("y") else plain


def ascii_text(text: str | None) -> str:
    """The text without accents, letters as they are written ("Trần Đức" → "Tran Duc"); other signs are dropped."""
    plain = unicodedata.normalize("NFD", text or "").replace("đ", "d").replace("Đ", "D")
    return plain.replace("–", "-").encode("ascii", "ignore").decode()


def key_of(text: str | None) -> str:
    """The key made from a name: "tín dụng" → "tin_dung", "Y tế" → "y_te". People read keys: y stays y."""
    return _fold_letters(text).replace(" ", "_")


def sort_key(name: str | None) -> str:
    """A text that sorts people's names by given name, family name, middle names, in Vietnamese order.

    Only a–z and 0–9 occur, and digits sort before letters everywhere: every database collation agrees.
    Within each part letters decide (a ă â b c d đ e ê …), then tones (ngang huyền hỏi ngã sắc nặng).
    """
    words = _words(name)
    parts = (words[-1:], words[:1] if len(words) > 1 else [], words[1:-1])
    return "".join(_ordered(part) for part in parts)


def natural_key(text: str | None) -> str:
    """A text that sorts as people count: "Xóm 2" < "Xóm 10"; alphabet and collation as in `sort_key`."""
    return _ordered(_words(text))


def initials(name: str | None) -> str:
    """ "Nguyễn Thị Nhung" → "N.T.N."."""
    return "".join(f"{word[0].upper()}." for word in _words(name))


def capital_first(text: str) -> str:
    """The first letter a capital, the rest as it was."""
    return text[:1].upper() + text[1:]


def search_tokens(text: str | None) -> list[str]:
    """The tokens under which a text is found: every 1 to 4 adjacent words, sorted, joined by "_", once each.

    Because the words of a token are sorted, "Nguyễn Văn A" and "A Nguyễn Văn" share "a_nguyen_van".
    """
    words = fold(text).split()
    tokens = dict.fromkeys(words)
    for size in range(2, LONGEST_TOKEN + 1):
        runs = zip(*(words[start:] for start in range(size)), strict=False)
        tokens.update(dict.fromkeys("_".join(sorted(run)) for run in runs))
    return list(tokens)


def query_tokens(query: str | None) -> list[str]:
    """The tokens a text must all have to match: one for up to 4 words, else one per chunk; [] for none."""
    words = fold(query).split()
    if not words:
        return []
    chunks = -(-len(words) // LONGEST_TOKEN)
    cuts = [len(words) * i // chunks for i in range(chunks + 1)]
    return list(dict.fromkeys(_token(words[a:b]) for a, b in zip(cuts, cuts[1:], strict=False)))


def _token(words: list[str]) -> str:
    return "_".join(sorted(words))


def _fold_letters(text: str | None) -> str:
    """`fold` without the equality of i and y."""
    if not text:
        return ""
    if text.isascii():  # nearly all lines of statements: a table is several times faster than an expression
        return " ".join(text.translate(_ASCII_WORDS).split())
    split = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in split if unicodedata.category(c) not in ("Mn", "Cf"))
    text = text.casefold().translate(_OTHER_LETTERS)
    return _NOT_WORD.sub(" ", text.lower()).strip()


def _words(text: str | None) -> list[str]:
    """The words of a text with their accents: runs of letters and digits."""
    return re.findall(r"[^\W_]+", nfc(text))


def _ordered(words: list[str]) -> str:
    """Two characters a letter, then "00", then one tone a word: equal letters mean as many tones."""
    pieces, tones = [], []
    for word in words:
        letters, tone = _ranked(word.lower())
        pieces.append(letters)
        tones.append(str(tone))
    return "01".join(pieces) + "00" + "".join(tones)


def _ranked(word: str) -> tuple[str, int]:
    """A word's letters as sortable pairs and its tone; a number by its length, then its digits."""
    ranks, tone = [], 0
    for piece in _PIECE.findall(word):
        if piece[0].isdigit():
            digits = "".join(str(unicodedata.digit(c, 0)) for c in piece).lstrip("0") or "0"
            ranks.append(f"1{min(len(digits), 99):02d}{digits}")
            continue
        base, *marks = list(unicodedata.normalize("NFD", piece))
        tone = max([tone, *(_TONES.get(mark, 0) for mark in marks)])
        shape = next((_SHAPES[mark] for mark in marks if mark in _SHAPES), "0")
        ranks.append({"đ": "d1"}.get(base) or (base + shape if "a" <= base <= "z" else f"zz{ord(base):06d}"))
    return "".join(ranks), tone
