"""What a statement line is, which account it faces in the books, and how rules tell. Pure.

Every line ends as one of KINDS. What nobody is sure of waits: credits in suspense, debits in transit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from portal.kit.errors import Refused
from portal.kit.vietnamese import fold

BANK = "bank"  # the purpose of what was received by transfer
DONATION, OWN, FEE, INTEREST = "donation", "own", "fee", "interest"
SPENDING, REFUND, UNCLEAR = "spending", "refund", "unclear"
KINDS = {
    DONATION: "Ủng hộ",
    OWN: "Chuyển giữa tài khoản của Quỹ",
    FEE: "Phí ngân hàng",
    INTEREST: "Lãi tiền gửi",
    SPENDING: "Chi hỗ trợ",
    REFUND: "Tiền trả lại",
    UNCLEAR: "Chưa rõ",
}
IN, OUT = "in", "out"
DIRECTIONS = {IN: "Tiền vào (ghi có)", OUT: "Tiền ra (ghi nợ)"}
ALLOWED = {
    IN: (DONATION, OWN, INTEREST, REFUND, FEE, UNCLEAR),
    OUT: (SPENDING, OWN, FEE, REFUND, UNCLEAR),
}
"""Money back in is a returned payment or a fee that the bank gives back; money out never is a gift."""

AROUND = timedelta(days=5)  # a paper and its line lie so near to each other


@dataclass(frozen=True)
class Rule:
    """A person's rule; amounts in đồng, inclusive; `words` folded, any of them as whole words, () = any text."""

    id: int
    name: str
    direction: str
    words: tuple[str, ...]
    least: int | None
    most: int | None
    kind: str
    campaign_id: int | None = None

    def fits(self, direction: str, amount: int, padded: str) -> bool:
        """`padded`: the folded text with a space at both ends."""
        if direction != self.direction:
            return False
        if (self.least is not None and amount < self.least) or (self.most is not None and amount > self.most):
            return False
        for word in self.words:  # asked of every line: a generator would take three times as long
            if word in padded:
                return True
        return not self.words


@dataclass(frozen=True)
class KnownCode:
    """A code that the fund has given out: for a pledge, a campaign, or the fund itself (both None)."""

    kind: str
    campaign_id: int | None = None
    pledge_id: int | None = None
    fits: bool = True  # may money on this account be counted there


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is. `campaign_id` counts for donations only; `doubt`: why it waits for a person, in words."""

    kind: str
    campaign_id: int | None = None
    rule_id: int | None = None
    pledge_id: int | None = None
    doubt: str | None = None

    @property
    def leads_to(self) -> tuple[int | None, int | None, int | None]:
        """Campaign, rule, pledge: as the line keeps them."""
        return self.campaign_id, self.rule_id, self.pledge_id


class LineClass(NamedTuple):
    """What lines were judged to be; only gifts tell campaigns apart."""

    kind: str
    direction: str
    campaign_id: int | None


@dataclass
class Classes:
    """What the new lines of a statement are: [count, đồng] by class and the bank's day, doubts by their reason."""

    by_day: dict[tuple[LineClass, date], list[int]] = field(default_factory=dict)
    doubts: Counter[str] = field(default_factory=Counter)
    pledged: int = 0  # lines with the code of a pledge

    def add(self, verdict: Verdict, day: date, signed: int) -> None:
        """Count a line of `signed` đồng, out negative."""
        campaign_id = verdict.campaign_id if verdict.kind == DONATION else None
        judged = LineClass(verdict.kind, IN if signed > 0 else OUT, campaign_id)
        sums = self.by_day.setdefault((judged, day), [0, 0])
        sums[0] += 1
        sums[1] += abs(signed)
        if verdict.doubt:
            self.doubts[verdict.doubt] += 1
        self.pledged += verdict.pledge_id is not None

    def gifts(self) -> dict[date, tuple[int, int]]:
        """(count, đồng) of the gifts by the bank's day."""
        total: dict[date, tuple[int, int]] = {}
        for (judged, day), (count, amount) in self.by_day.items():
            if judged.kind == DONATION:
                before, sums = total.get(day, (0, 0))
                total[day] = (before + count, sums + amount)
        return total

    def most_first(self) -> list[LineClass]:
        """The classes that were met, the one with the most lines first."""
        counted: Counter[LineClass] = Counter()
        for (judged, _), (count, _) in self.by_day.items():
            counted[judged] += count
        return [judged for judged, _ in counted.most_common()]

    def sums(self) -> list[tuple[str, str, int, int]]:
        """(kind, direction, count, đồng) in the order of KINDS, money in first; campaigns and days together."""
        total: dict[tuple[str, str], list[int]] = {}
        for (judged, _), (count, amount) in self.by_day.items():
            sums = total.setdefault((judged.direction, judged.kind), [0, 0])
            sums[0] += count
            sums[1] += amount
        order = [(direction, kind) for direction in DIRECTIONS for kind in KINDS]
        return [
            (kind, way, total[way, kind][0], total[way, kind][1])
            for way, kind in order
            if (way, kind) in total
        ]


TWO_CODES = "nội dung có nhiều mã chuyển khoản"
FOREIGN_CODE = "mã chuyển khoản của đơn vị khác tuyến"
MAY_BE_TYPED = "có chứng từ cùng số tiền đang chờ sao kê"


@dataclass
class Classifier:
    """Tells lines of one statement apart. `campaign_id`: where its credits go when nothing says otherwise.

    `papers`: đồng → days of gifts, deposits and returns typed from paper that wait for their line.
    """

    rules: Sequence[Rule]
    has_campaign: bool
    campaign_id: int | None
    papers: Mapping[int, Sequence[date]]

    def __post_init__(self) -> None:
        self._of = {way: [rule for rule in self.rules if rule.direction == way] for way in DIRECTIONS}
        self._usual = Verdict(DONATION, self.campaign_id) if self.has_campaign else Verdict(UNCLEAR)

    def judge(
        self, day: date, signed: int | None, folded: str, codes: Sequence[KnownCode] = ()
    ) -> Verdict | None:
        """The verdict on a line of `signed` đồng (out negative); None for an unknown amount, which posts nothing."""
        if not signed:
            return None
        direction, amount = (IN, signed) if signed > 0 else (OUT, -signed)
        padded = f" {folded} "
        for rule in self._of[direction]:
            if rule.fits(direction, amount, padded):
                return self._by_rule(rule, codes)
        return self._credit(day, amount, codes) if direction == IN else Verdict(UNCLEAR)

    def _by_rule(self, rule: Rule, codes: Sequence[KnownCode]) -> Verdict:
        if rule.kind != DONATION:
            return Verdict(rule.kind, rule_id=rule.id, doubt=rule.name if rule.kind == UNCLEAR else None)
        if rule.campaign_id is not None:
            return Verdict(DONATION, rule.campaign_id, rule.id)
        if len(codes) == 1 and codes[0].fits:
            return Verdict(DONATION, codes[0].campaign_id, rule.id, codes[0].pledge_id)
        if self.has_campaign:
            return Verdict(DONATION, self.campaign_id, rule.id)
        return Verdict(UNCLEAR, rule_id=rule.id)

    def _credit(self, day: date, amount: int, codes: Sequence[KnownCode]) -> Verdict:
        if any(abs(when - day) <= AROUND for when in self.papers.get(amount, ())):
            return Verdict(UNCLEAR, doubt=MAY_BE_TYPED)
        if len(codes) > 1:
            return Verdict(UNCLEAR, doubt=TWO_CODES)
        if codes:
            code = codes[0]
            if not code.fits:
                return Verdict(UNCLEAR, doubt=FOREIGN_CODE)
            return Verdict(DONATION, code.campaign_id, pledge_id=code.pledge_id)
        return self._usual


def words_of(text: str) -> tuple[str, ...]:
    """The phrases of a rule as they are compared, each with a space at both ends."""
    return tuple(f" {folded} " for part in text.split(";") if (folded := fold(part)))


def contra(kind: str, direction: str) -> str:
    """The kind of account that a line faces when it is posted."""
    if kind == DONATION:
        return "received"
    if kind in (FEE, INTEREST):
        return "other"
    if kind == UNCLEAR and direction == IN:
        return "suspense"
    return "transit"


def purpose_of(kind: str, campaign_id: int | None) -> tuple[str, int | None]:
    """(purpose, campaign) of the account that a line of this kind faces."""
    if kind == DONATION:
        return BANK, campaign_id
    return (kind if kind in (FEE, INTEREST) else ""), None


def check_rule(
    *, direction: str, words: str, least: int | None, most: int | None, kind: str, campaign_id: int | None
) -> None:
    """A rule says what it looks for and what the line then is. Raises Refused at its field."""
    if kind not in ALLOWED[direction]:
        names = ", ".join(KINDS[one].lower() for one in ALLOWED[direction])
        raise Refused(f"{DIRECTIONS[direction]} không thể là loại này. Chọn một trong: {names}.", "kind")
    if not words_of(words) and least is None and most is None:
        raise Refused("Chưa nêu từ ngữ hay số tiền. Ghi ít nhất một điều để quy tắc nhận ra dòng.", "words")
    if least is not None and most is not None and least > most:
        raise Refused("Số tiền “đến” nhỏ hơn số tiền “từ”. Sửa lại hai số.", "most")
    if campaign_id is not None and kind != DONATION:
        raise Refused("Chỉ khoản ủng hộ mới thuộc đợt vận động. Để trống đợt.", "campaign_id")
