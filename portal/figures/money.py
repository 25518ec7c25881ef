"""Figures of the ledger: each is a sum of parts of the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.allocations.rules import OTHER, OTHER_PURPOSES
from portal.figures.parts import BEFORE, DURING, THROUGH, Part, Turnover, part_rows, turnovers_of
from portal.figures.scope import Scope
from portal.figures.values import DONG, Definition, FigureValue, answered
from portal.ledger.rules import (
    CLAIMS,
    GOODS,
    GOODS_PLACES,
    MONEY_PLACES,
    MOVED_FREED,
    MOVED_IN,
    MOVED_OUT,
    ON_THE_WAY,
    SOURCES,
    UNTRACKED,
)
from portal.spending.rules_others import CAUSES

OTHER_NAMES = {**CAUSES, OTHER_PURPOSES[OTHER]: "Chênh lệch phân bổ"}
_MOVED = (MOVED_IN, MOVED_OUT, MOVED_FREED)


@dataclass(frozen=True)
class MoneyFigure:
    """A figure of the ledger. `of_campaign` replaces the parts in a campaign; None = missing there."""

    definition: Definition
    parts: tuple[Part, ...]
    of_campaign: tuple[Part, ...] | None = ()
    same_for_campaign: bool = True

    def parts_for(self, scope: Scope) -> tuple[Part, ...] | None:
        """The parts that count in this scope."""
        return self.parts if scope.campaign is None or self.same_for_campaign else self.of_campaign


def _source(key: str, label: str, sentence: str, *parts: Part) -> MoneyFigure:
    return MoneyFigure(Definition(key, label, DONG, sentence), parts)


def _place(
    key: str, label: str, sentence: str, parts: tuple[Part, ...], of_campaign: tuple[Part, ...] | None
) -> MoneyFigure:
    return MoneyFigure(Definition(key, label, DONG, sentence), parts, of_campaign, same_for_campaign=False)


def _moved(side: str, **which: Any) -> Part:
    """Money moved in the period to or from units outside the scope."""
    return Part(("moved",), side, DURING, from_outside=True, **which)


_HELD = (*MONEY_PLACES, *CLAIMS)
_RECEIVED_FORMS = (
    ("cash", "Tiền mặt đã nhận", "Tiền mặt nhận ủng hộ trong kỳ, trừ phần đã đảo."),
    ("bank", "Chuyển khoản đã nhận", "Tiền ủng hộ qua ngân hàng trong kỳ, trừ phần đã đảo."),
    ("papers", "Giấy tờ có giá đã nhận", "Giấy tờ có giá nhận ủng hộ trong kỳ, theo mệnh giá."),
    (
        "direct",
        "Nhà tài trợ trả thẳng",
        "Tiền nhà tài trợ trả thẳng cho bên cung cấp, ghi thu và ghi chi cùng lúc trong kỳ; có trong đã nhận và đã chi.",
    ),
    (GOODS, "Hiện vật đã nhận", "Hiện vật nhận ủng hộ trong kỳ, quy đổi; không cộng vào tiền."),
)
_SPENT_PURPOSES = (
    (GOODS, "Hiện vật đã xuất", "Hiện vật xuất cho mục đích của quỹ trong kỳ, quy đổi; không cộng vào tiền."),
    ("gifts", "Chi trao quà, trợ cấp", "Tiền quỹ chi trao quà, trợ cấp khó khăn trong kỳ."),
    ("housing", "Chi xây, sửa nhà", "Tiền quỹ chi xây mới, sửa chữa nhà trong kỳ."),
)

FIGURES = (
    _source(
        "received.total",
        "Đã nhận",
        "Tiền mặt, chuyển khoản và giấy tờ có giá nhận ủng hộ trong kỳ theo ngày ghi sổ; không kể hiện vật.",
        Part(("received",), "credit-debit", DURING),
    ),
    *(
        _source(
            f"received.{form}",
            label,
            sentence,
            Part(("received",), "credit-debit", DURING, goods=form == GOODS, purpose=form),
        )
        for form, label, sentence in _RECEIVED_FORMS
    ),
    _source(
        "refunded.total",
        "Đã hoàn trả",
        "Tiền trả lại người ủng hộ trong kỳ.",
        Part(("refunded",), "debit-credit", DURING),
    ),
    _source(
        "other.total",
        "Thu, chi khác",
        "Lãi, phí ngân hàng và chênh lệch khác trong kỳ; số âm là chi nhiều hơn thu.",
        Part(("other",), "credit-debit", DURING),
    ),
    _source(
        "allocated.in",
        "Nhận phân bổ",
        "Tiền nhận từ đơn vị khác của Mặt trận trong kỳ; không kể tiền chuyển giữa các đơn vị cùng trong phạm vi.",
        _moved("credit-debit", purpose=MOVED_IN),
        _moved("credit", except_purposes=_MOVED),
    ),
    _source(
        "allocated.out",
        "Đã phân bổ, nộp lên",
        "Tiền đơn vị khác của Mặt trận đã xác nhận nhận trong kỳ; không kể tiền chuyển giữa các đơn vị cùng trong "
        "phạm vi.",
        _moved("debit-credit", purpose=MOVED_OUT),
        _moved("debit-credit", purpose=MOVED_FREED),
        _moved("debit", except_purposes=_MOVED),
    ),
    _source(
        "spent.total",
        "Đã chi",
        "Tiền quỹ đã chi cho mục đích của quỹ trong kỳ; không kể hiện vật.",
        Part(("spent",), "debit-credit", DURING),
    ),
    *(
        _source(
            f"spent.{purpose}",
            label,
            sentence,
            Part(("spent",), "debit-credit", DURING, goods=purpose == GOODS, purpose=purpose),
        )
        for purpose, label, sentence in _SPENT_PURPOSES
    ),
    _place(
        "balance.opening",
        "Số dư đầu kỳ",
        "Tiền ở các nơi giữ trừ phần còn phải trả, trước ngày đầu kỳ, cộng số dư đầu được ghi trong kỳ; "
        "không kể tiền chưa rõ tài khoản.",
        (Part(_HELD, "debit-credit", BEFORE), Part(("opening",), "credit-debit", DURING)),
        (Part(SOURCES, "credit-debit", BEFORE), Part(("opening",), "credit-debit", DURING)),
    ),
    _place(
        "balance.closing",
        "Số dư cuối kỳ",
        "Tiền ở các nơi giữ trừ phần còn phải trả, đến hết ngày cuối kỳ; không kể tiền chưa rõ tài khoản. "
        "Theo đợt vận động: mọi khoản thu trừ mọi khoản chi của đợt.",
        (Part(_HELD, "debit-credit", THROUGH),),
        (Part(SOURCES, "credit-debit", THROUGH),),
    ),
    _place(
        "balance.untracked",
        "Tiền chưa rõ tài khoản",
        "Tiền được báo là đã nhận nhưng chưa rõ vào tài khoản nào, đến hết ngày cuối kỳ; đứng ngoài số dư.",
        (Part((UNTRACKED,), "debit-credit", THROUGH),),
        (),
    ),
    _place(
        "balance.untracked_change",
        "Tăng, giảm tiền chưa rõ tài khoản",
        "Tiền chưa rõ tài khoản cuối kỳ trừ đầu kỳ.",
        (Part((UNTRACKED,), "debit-credit", DURING),),
        (),
    ),
    _place(
        "balance.suspense",
        "Chờ xác định",
        "Tiền đã về nhưng chưa xác định được là khoản gì, đến hết ngày cuối kỳ; đã trừ khỏi số dư.",
        (Part(("suspense",), "credit-debit", THROUGH),),
        None,
    ),
    _place(
        "balance.advances",
        "Tạm ứng chưa thanh toán",
        "Tiền cán bộ nhận đi trao, chưa thanh toán đến hết ngày cuối kỳ; nằm trong số dư.",
        (Part(("advance",), "debit-credit", THROUGH),),
        None,
    ),
    _place(
        "balance.held",
        "Tiền giữ cho người vắng",
        "Tiền đã tính là chi, còn giữ cho người nhận vắng mặt đến hết ngày cuối kỳ; đã trừ khỏi số dư.",
        (Part(("held",), "credit-debit", THROUGH),),
        None,
    ),
    _place(
        "balance.transit",
        "Đang chuyển",
        "Tiền đã ghi trên giấy, chưa gặp dòng sao kê của ngân hàng, đến hết ngày cuối kỳ; nằm trong số dư.",
        (Part(("transit",), "debit-credit", THROUGH),),
        None,
    ),
    _place(
        "balance.on_the_way",
        "Đang chuyển đến đơn vị khác",
        "Tiền đã chuyển cho đơn vị khác của Mặt trận mà nơi nhận chưa xác nhận, đến hết ngày cuối kỳ; còn là tiền của "
        "đơn vị chuyển và nằm trong số dư.",
        (Part((ON_THE_WAY,), "debit-credit", THROUGH),),
        None,
    ),
    _place(
        "balance.goods",
        "Hiện vật còn trong kho",
        "Hiện vật còn trong kho đến hết ngày cuối kỳ, quy đổi; không cộng vào tiền.",
        (Part(GOODS_PLACES, "debit-credit", THROUGH),),
        (Part(SOURCES, "credit-debit", THROUGH, purpose=GOODS),),
    ),
)
FAMILIES = (
    Definition("spent.<mục đích>", "Chi theo mục đích", DONG, "Tiền quỹ chi cho mục đích này trong kỳ."),
    Definition(
        "other.<nguyên nhân>", "Thu, chi khác theo nguyên nhân", DONG, "Thu trừ chi của nguyên nhân này."
    ),
)
_FAMILY_PARTS = {
    "spent": (FAMILIES[0], "debit-credit"),
    "other": (FAMILIES[1], "credit-debit"),
}


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Every figure of the ledger, from one statement; what was spent bears the name that its purpose has now."""
    turnovers = turnovers_of(scope)
    names = {turnover.purpose: turnover.name for turnover in turnovers if turnover.name}
    for figure in (*FIGURES, *_members(turnovers)):
        parts = figure.parts_for(scope)
        value = None if parts is None else sum(_amounts(parts, turnovers))
        yield answered(_named(figure.definition, names), value)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The transfers behind a figure, signed as they count; None when the key is not of the ledger."""
    known = {figure.definition.key: figure for figure in (*FIGURES, *_members(turnovers_of(scope)))}
    if key not in known:
        return None
    parts = known[key].parts_for(scope) or ()
    return (row for part in parts for row in part_rows(scope, part))


def _amounts(parts: Iterable[Part], turnovers: list[Turnover]) -> Iterator[int]:
    for part in parts:
        for turnover in turnovers:
            if part.takes(turnover.kind, turnover.purpose, turnover.within):
                yield part.amount(turnover)


def _named(definition: Definition, names: Mapping[str, str]) -> Definition:
    """What is spent on a purpose bears the name that the purpose has in the catalogue."""
    name = names.get(definition.key.removeprefix("spent.")) if definition.key.startswith("spent.") else None
    if name is None:
        return definition
    said = name if name.startswith("Chi ") else f"Chi {name[:1].lower()}{name[1:]}"
    return replace(definition, label=said)


def _members(turnovers: list[Turnover]) -> Iterator[MoneyFigure]:
    """The figures that the data make: one per purpose of spending, one per cause of other money."""
    known = {figure.definition.key for figure in FIGURES}
    for turnover in turnovers:
        family = _FAMILY_PARTS.get(turnover.kind)
        key = f"{turnover.kind}.{turnover.purpose or 'khac'}"
        if family is None or turnover.purpose == GOODS or key in known:
            continue
        definition, side = family
        name = OTHER_NAMES.get(turnover.purpose) or turnover.purpose.replace("_", " ") or "khác"
        label = f"{'Chi' if turnover.kind == 'spent' else 'Khác'}: {name}"
        part = Part((turnover.kind,), side, DURING, purpose=turnover.purpose)
        yield MoneyFigure(definition.filled(key, label), (part,))
