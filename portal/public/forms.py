"""What the public pages read from an address: the fields of the search, a cursor, a day. Shape only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from portal.campaigns.models import Campaign
from portal.donations.finding import Wanted
from portal.donations.rules import id_of_code
from portal.kit import days, money, vietqr
from portal.kit.filters import AmountFilter, Choices, DayFilter, Filter, SelectFilter, TextFilter
from portal.kit.forms import AmountField, ChoiceField, PortalForm, TextField
from portal.kit.vietnamese import nfc
from portal.ledger.models import BankAccount

FEWEST = {"dot": 1, "tai_khoan": 2}
"""A list is drawn when it offers more than these ("Tất cả" counts): one account is no choice."""
MOST = f"{money.format_amount(vietqr.MOST)} đ"
LONGEST_CODE = 40  # of a gift's address; longer ones are none
CODE = re.compile(r"^[\w.-]{1,60}$", re.ASCII)


@dataclass(frozen=True)
class _AmountFromZero(AmountFilter):
    """An amount in đồng; here 0 is a bound like any other."""

    def parse(self, text: str, choices: Choices) -> Any:
        """The amount, đồng. Raises Refused."""
        return money.parse_amount_or_zero(text, field=self.name)


@dataclass(frozen=True)
class SearchForm:
    """The search as its address has it: fields to draw, what is wanted, where the page begins."""

    words: Filter
    filters: list[Filter]
    wanted: Wanted
    after: int | None
    args: dict[str, Any]

    @property
    def errors(self) -> dict[str, str]:
        """Sentences by the name of their field."""
        return {item.name: item.error for item in (self.words, *self.filters) if item.error}

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words is asked (a phone then opens the folded fields)."""
        return any(item.value for item in self.filters)


class GivingForm(PortalForm):
    """What a resident composes a transfer of; it comes in the address and writes nothing. Nothing is required."""

    class Meta(PortalForm.Meta):
        """Nothing is written, so there is nothing to forge."""

        csrf = False

    dot = ChoiceField("Ủng hộ cho", coerce=str, required=False)
    tai_khoan = ChoiceField("Tài khoản nhận", coerce=str, required=False)
    so_tien = AmountField("Số tiền", required=False)
    loi_nhan = TextField("Lời nhắn trong nội dung", required=False, max_length=100)

    def validate_so_tien(self, field: AmountField) -> None:
        """Raises ValidationError for more than a QR can say."""
        if field.data is not None and field.data > vietqr.MOST:
            raise ValidationError(
                f"Mã QR ghi được nhiều nhất {MOST}. Gõ số nhỏ hơn, hoặc chia thành nhiều lần."
            )


def read_giving(
    args: MultiDict[str, str], campaigns: Sequence[Campaign], accounts: Sequence[BankAccount]
) -> GivingForm:
    """Read /ung-ho's address; an empty one is a form that nobody has filled in."""
    form = GivingForm(formdata=args)
    form.dot.blank_label = "Quỹ, không theo đợt"
    form.dot.offer([(row.code, f"{row.name} – {row.unit.name}") for row in campaigns])
    form.tai_khoan.blank_label = "Tài khoản của đợt đã chọn"
    form.tai_khoan.offer([(row.code, f"{row.bank} {row.number} – {row.unit.name}") for row in accounts])
    if args:
        form.validate()
    return form


def read_search(
    args: Mapping[str, str], campaigns: Sequence[Campaign], accounts: Sequence[BankAccount]
) -> SearchForm:
    """Read /tra-cuu's address; campaigns and accounts are chosen by code. Never fails; see `errors`."""
    words, text = TextFilter("q", "Tên người gửi, nội dung chuyển khoản hoặc số phiếu thu", _same).read(args)
    specs = (
        DayFilter("tu", "Từ ngày", _same),
        DayFilter("den", "Đến ngày", _same),
        _AmountFromZero("tu_tien", "Số tiền từ (đ)", _same),
        _AmountFromZero("den_tien", "Số tiền đến (đ)", _same),
        SelectFilter("dot", "Đợt vận động", _same, [(row.code, row.name) for row in campaigns]),
        SelectFilter("tai_khoan", "Tài khoản nhận", _same, [(row.code, row.bank) for row in accounts]),
    )
    read = {spec.name: spec.read(args) for spec in specs}
    values: dict[str, Any] = {name: value for name, (_, value) in read.items()}
    fields = [_checked(item, values) for item, _ in read.values()]
    wanted = Wanted(
        words=str(text or ""),
        first_day=values["tu"],
        last_day=values["den"],
        least=values["tu_tien"],
        most=values["den_tien"],
        campaign_id={row.code: row.id for row in campaigns}.get(values["dot"]),
        account_id={row.code: row.id for row in accounts}.get(values["tai_khoan"]),
    )
    drawn = [
        item
        for item in fields
        if item.kind != "select" or len(item.choices) > FEWEST[item.name] or item.value
    ]
    kept = {item.name: item.value for item in (words, *fields) if item.value}
    return SearchForm(words, drawn, wanted, read_cursor(args.get("sau", "")), kept)


def _checked(item: Filter, values: Mapping[str, Any]) -> Filter:
    """The end of a range may not lie before its beginning."""
    first = values.get({"den": "tu", "den_tien": "tu_tien"}.get(item.name, ""))
    last = values.get(item.name)
    if first is None or last is None or first <= last:
        return item
    text = {
        "den": "Ngày cuối trước ngày đầu. Sửa lại một trong hai ngày.",
        "den_tien": "Số tiền cuối nhỏ hơn số tiền đầu. Sửa lại một trong hai số.",
    }[item.name]
    return replace(item, error=text)


def _same(value: Any) -> Any:
    return value


def read_cursor(text: str) -> int | None:
    """The id behind a cursor, the code of the last gift shown; None for none, or for what is none."""
    return id_of_code(text.strip()[:20])


def read_code(text: str) -> str | None:
    """A code out of an address as the database may be asked for it; None for what cannot be one."""
    return text if CODE.match(text) else None


def read_day(args: Mapping[str, str], name: str, default: date) -> date:
    """A day of the address. Raises Refused."""
    text = nfc(args.get(name, "")[:40])
    return days.parse_day(text, today=days.today_in_vietnam(), field=name) if text else default
