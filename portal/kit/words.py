"""Amounts in Vietnamese words, as receipts and vouchers print them."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def in_words(n: int, *, zero_word: str = "lẻ", thousand: str = "nghìn", four: str = "tư") -> str:
    """An amount in đồng in words: 2054000000 → "Hai tỷ không trăm năm mươi bốn triệu đồng".

    The unit's settings choose "lẻ" or "linh", "nghìn" or "ngàn", "tư" or "bốn". `four` is said after "hai
    mươi" only: 24 "hai mươi tư", but 54 "năm mươi bốn". Every group after the first is read with its hundreds
    ("không trăm"). Raises ValueError below 0.
    """
    if n < 0:
        raise ValueError("an amount in words cannot be negative")
    words = _number(n, zero_word, thousand, four) if n else ["không"]
    text = " ".join([*words, "đồng"])
    return text[0].upper() + text[1:]


def _number(n: int, zero_word: str, thousand: str, four: str, *, full: bool = False) -> list[str]:
    """n > 0 in words; `full` when something greater stands before it, so that its hundreds are said."""
    if n >= 10**9:
        high, low = divmod(n, 10**9)
        words = [*_number(high, zero_word, thousand, four, full=full), "tỷ"]
        return words + (_number(low, zero_word, thousand, four, full=True) if low else [])
    words = []
    for scale, name in ((10**6, "triệu"), (10**3, thousand), (1, "")):
        group = n // scale % 1000
        if group:
            words += _group(group, zero_word, four, full=full or bool(words))
            words += [name] if name else []
    return words


def _group(n: int, zero_word: str, four: str, *, full: bool) -> list[str]:
    """A group of three digits, n in 1…999."""
    hundreds, rest = divmod(n, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    tens, ones = divmod(rest, 10)
    if tens == 0:
        lone = [zero_word] if words else []
        return words + ([*lone, _DIGITS[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    return words + ([_ones(tens, ones, four)] if ones else [])


def _ones(tens: int, ones: int, four: str) -> str:
    if ones == 5:
        return "lăm"
    if tens > 1 and ones == 1:
        return "mốt"
    return four if tens == 2 and ones == 4 else _DIGITS[ones]
