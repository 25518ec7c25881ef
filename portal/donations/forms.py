"""The shape of a gift on screen: the giver, cash, and beside it rows of other kinds on the same document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from wtforms import StringField
from wtforms.validators import ValidationError

from portal.donations import rules
from portal.donations.gifts import Foreign, Part
from portal.donations.rules import BANK, CASH, CURRENCIES, GOODS, PAPERS, SHOWN_AS
from portal.donors.forms import DonorIdField
from portal.kit import days
from portal.kit.forms import (
    AmountField,
    CheckField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)

FOREIGN = "foreign"
BOX, ME = "box", "me"
MOST_ROWS = 20
ROW = re.compile(r"d(\d{1,3})-kind")


class SetField(ChoiceField):
    """A drop-down that starts with its default: nothing has to be decided."""

    blank_label: str | None = None  # type: ignore[assignment]


class RowForm(PortalForm):
    """One kind of gift beside the cash. Its fields carry the row's name before theirs ("d1-amount")."""

    kind_key: ClassVar[str]
    title: ClassVar[str]
    field_of: ClassVar[Mapping[str, str]] = {}  # where a refusal's field stands in this row

    class Meta(PortalForm.Meta):
        """The token stands in the form around the rows."""

        csrf = False

    kind = StringField()

    def __init__(self, number: int, *args: Any, **kwargs: Any):
        super().__init__(*args, prefix=f"d{number}", **kwargs)
        self.number = number
        self.kind.data = self.kind_key

    def part(self) -> Part:
        """The part of the gift that this row says; call when the row is valid."""
        raise NotImplementedError

    @property
    def value(self) -> int:
        """What the row adds, đồng, as far as it can be read."""
        return self.amount.data or 0

    def add_refusal(self, refused: Any) -> None:
        """A refused part speaks of the books' fields; the row has names of its own."""
        refused.field = self.field_of.get(refused.field, refused.field)
        super().add_refusal(refused)


class BankRow(RowForm):
    """Money that went to a bank account; its statement line comes later."""

    kind_key, title = BANK, "Chuyển khoản"
    field_of = {"account": "bank_account_id"}
    amount = AmountField("Số tiền chuyển khoản")
    bank_account_id = ChoiceField("Tài khoản nhận", required=False)

    def part(self) -> Part:
        """The transfer."""
        return Part(BANK, self.amount.data, bank_account_id=self.bank_account_id.data)


class GoodsRow(RowForm):
    """Goods: of the catalogue into a store, or in words."""

    kind_key, title = GOODS, "Hiện vật"
    field_of = {"item_id": "goods", "lot_id": "expires_on"}
    goods = TextField("Tên hiện vật", max_length=300)
    quantity = TextField("Số lượng", required=False, max_length=40)
    measure = TextField("Đơn vị tính", required=False, max_length=40)
    store_id = ChoiceField("Nhập vào kho", required=False)
    lot_code = TextField("Số lô", required=False, max_length=60)
    expires_on = DayField("Hạn dùng", required=False)
    amount = AmountField("Giá trị quy đổi", required=False)
    usual_price = CheckField("Để trống giá trị thì tính theo giá gần nhất của mặt hàng", default=True)

    def part(self) -> Part:
        """The goods in words; the view finds the item of the catalogue."""
        return Part(
            GOODS,
            self.amount.data or 0,
            goods=self.goods.data,
            quantity=self.quantity.data,
            measure=self.measure.data,
        )


class PapersRow(RowForm):
    """Valuable papers, at their face value."""

    kind_key, title = PAPERS, "Giấy tờ có giá"
    goods = TextField("Tên giấy tờ", max_length=300)
    quantity = TextField("Số tờ", required=False, max_length=40)
    amount = AmountField("Mệnh giá")

    def part(self) -> Part:
        """The papers."""
        return Part(PAPERS, self.amount.data, goods=self.goods.data, quantity=self.quantity.data)


class ForeignRow(RowForm):
    """Foreign money, in cash or to an account, with the day's rate."""

    kind_key, title = FOREIGN, "Ngoại tệ"
    field_of = {"account": "bank_account_id", "foreign": "minor", "amount": "minor"}
    currency = SetField(
        "Loại tiền",
        coerce=str,
        default="USD",
        choices=[(key, f"{key} · {name}") for key, (name, _) in CURRENCIES.items()],
    )
    minor = TextField("Số ngoại tệ", max_length=30)
    rate = TextField("Tỷ giá (đồng)", max_length=30)
    rate_source = TextField("Nguồn tỷ giá")
    rate_on = DayField("Ngày của tỷ giá", default=days.today_in_vietnam)
    bank_account_id = ChoiceField("Tài khoản nhận ngoại tệ", required=False)

    def validate_minor(self, field: TextField) -> None:
        """Raises ValidationError: an amount in the currency's own cents."""
        if field.data and self.currency.data in CURRENCIES:
            _read(rules.parse_foreign, field.data, self.currency.data)

    def validate_rate(self, field: TextField) -> None:
        """Raises ValidationError: đồng for one unit."""
        if field.data:
            _read(rules.parse_rate, field.data)

    @property
    def value(self) -> int:
        """Đồng at the rate; 0 while something is missing."""
        if self.errors or not (self.minor.data and self.rate.data and self.currency.data in CURRENCIES):
            return 0
        try:
            minor = rules.parse_foreign(self.minor.data, self.currency.data)
            return rules.value_of(self.currency.data, minor, rules.parse_rate(self.rate.data))
        except rules.Refused:
            return 0

    def part(self) -> Part:
        """The money at the day's rate."""
        foreign = Foreign(
            currency=self.currency.data,
            minor=rules.parse_foreign(self.minor.data or "", self.currency.data),
            rate=rules.parse_rate(self.rate.data or ""),
            rate_source=self.rate_source.data or "",
            rate_on=self.rate_on.data,
        )
        form = BANK if self.bank_account_id.data else CASH
        amount = rules.value_of(foreign.currency, foreign.minor, foreign.rate)
        return Part(form, amount, bank_account_id=self.bank_account_id.data, foreign=foreign)


def _read(reader: Any, *typed: Any) -> None:
    try:
        reader(*typed)
    except rules.Refused as refused:
        raise ValidationError(refused.text) from refused


ROWS: dict[str, type[RowForm]] = {row.kind_key: row for row in (BankRow, GoodsRow, PapersRow, ForeignRow)}


def rows_of(typed: Mapping[str, str], *, drop: str | None = None, add: str | None = None) -> list[RowForm]:
    """The rows of a form that was sent, by number, without the dropped one and with a new one at the end."""
    found: dict[int, str] = {}
    for name in typed:
        match = ROW.fullmatch(name)
        if match and typed[name] in ROWS and len(found) < MOST_ROWS:
            found[int(match[1])] = typed[name]
    rows = [ROWS[found[number]](number) for number in sorted(found) if str(number) != drop]
    if add in ROWS and len(rows) < MOST_ROWS:
        rows.append(ROWS[add](max(found, default=0) + 1, None))
    return rows


class GiftForm(PortalForm):
    """One gift, one document. The view offers the units, campaigns and pledges, and hands over the rows."""

    unit_id = ChoiceField("Đơn vị tiếp nhận")
    donor_name = TextField("Họ tên hoặc tên đơn vị", required=False)
    donor_id = DonorIdField()
    unknown = CheckField("Không rõ tên người ủng hộ")
    pending = CheckField("Chờ xác định: ghi tiền trước, tìm người ủng hộ sau")
    donor_kind = ChoiceField("Loại", required=False, coerce=str)
    address = TextField("Địa chỉ", required=False, max_length=300)
    amount = AmountField("Số tiền", required=False)
    day = DayField("Ngày nhận", default=days.today_in_vietnam)
    campaign_id = ChoiceField(
        "Đợt vận động", required="Chưa chọn đợt. Chọn đợt vận động, hoặc chọn “Ủng hộ thường xuyên”."
    )
    late = CheckField("Vẫn ghi vào đợt đã kết thúc")
    holder = SetField(
        "Ai giữ tiền mặt", coerce=str, default=BOX, choices=[(BOX, "Két của đơn vị"), (ME, "Tôi đang giữ")]
    )
    pledge_id = ChoiceField("Thực hiện đăng ký", required=False)
    shown_as = ChoiceRadio(
        "Hiển thị trên trang công khai",
        choices=list(SHOWN_AS.items()),
        required=False,
    )
    note = NoteField("Ghi chú nội bộ")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows: list[RowForm] = []
        self.donor_name.flags.required = True  # as people read it: a name, or the tick that nobody knows it
        self.amount.flags.required = True  # likewise, unless there are rows

    def validate_donor_name(self, field: TextField) -> None:
        """Raises ValidationError: a name, or the word that nobody knows it (yet); never both."""
        if self.unknown.data and self.pending.data:
            raise ValidationError("Chỉ đánh dấu một ô: “Không rõ tên” hoặc “Chờ xác định”. Bỏ một dấu.")
        if field.data and (self.unknown.data or self.pending.data):
            tick = "Không rõ tên" if self.unknown.data else "Chờ xác định"
            raise ValidationError(f"Đã có tên mà lại đánh dấu “{tick}”. Xóa tên, hoặc bỏ dấu.")
        if not (field.data or self.unknown.data or self.pending.data or field.process_errors):
            raise ValidationError(
                "Chưa nhập tên. Gõ họ tên hoặc tên đơn vị, hoặc đánh dấu “Không rõ tên” hay “Chờ xác định”."
            )

    def validate_amount(self, field: AmountField) -> None:
        """Raises ValidationError: cash, unless the gift consists of other kinds."""
        if field.data is None and not self.rows and not field.process_errors:
            raise ValidationError(
                "Chưa nhập số tiền. Nhập rồi ghi lại, hoặc thêm dòng chuyển khoản, hiện vật."
            )

    def validate_all(self) -> bool:
        """Whether form and rows are well filled in; every field says what is wrong with it."""
        return all([self.validate_on_submit(), *[row.validate() for row in self.rows]])

    def parts(self) -> list[Part]:
        """The cash, then the rows in their order."""
        cash = [] if self.amount.data is None else [Part(CASH, self.amount.data)]
        return [*cash, *(row.part() for row in self.rows)]

    def add_part_refusal(self, refused: Any) -> None:
        """Put a refusal at the row it speaks of, or at the form."""
        place = (refused.part or 0) - (self.amount.data is not None)
        if refused.part is not None and 0 <= place < len(self.rows):
            self.rows[place].add_refusal(refused)
        else:
            self.add_refusal(refused)

    @property
    def everything(self) -> Everything:
        """Form and rows together, for the summary of what is wrong."""
        return Everything(self)

    @property
    def status(self) -> int:
        """422 when something has to be mended in the form or in a row."""
        return 422 if self.errors or any(row.errors for row in self.rows) else 200


class Everything:
    """The fields of a gift's form and of its rows, as one form to look through."""

    def __init__(self, form: GiftForm):
        self._form = form
        self.form_errors = [text for part in (form, *form.rows) for text in part.form_errors]

    def __iter__(self) -> Iterator[Any]:
        for part in (self._form, *self._form.rows):
            yield from part
