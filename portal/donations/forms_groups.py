"""The shape of naming the people behind a group gift: a pasted list, some typed rows, one person."""

from __future__ import annotations

from typing import Any

from portal.donations.member_rows import LONGEST_NAME, MemberRow, parse_pasted, read_row
from portal.donations.rules import SHOWN_AS
from portal.kit.errors import Refused
from portal.kit.forms import AmountField, ChoiceField, ChoiceRadio, NoteField, PortalForm, TextField
from portal.kit.money import parse_count
from portal.kit.vietnamese import capital_first, nfc

TYPED_ROWS = 5
ERRORS_TOLD = 8
LONGEST_LIST = 100_000


class PeopleField(TextField):
    """A number of people; `data` is int."""

    def parse(self, text: str) -> int:
        """Raises ValueError with the sentence of the parser."""
        try:
            return parse_count(text)
        except Refused as refused:
            raise ValueError(refused.text) from refused


class PastedField(NoteField):
    """Lines of a spreadsheet: the tabs between cells stay."""

    def tidy(self, typed: str) -> str:
        """Cell by cell; blank lines at the ends go."""
        lines = typed.replace("\r\n", "\n").split("\n")
        return "\n".join("\t".join(nfc(cell) for cell in line.split("\t")) for line in lines).strip("\n")


class ShownField(ChoiceField):
    """How a person wants to be shown; nothing chosen = not asked."""

    blank_label = "Chưa hỏi"


class MembersForm(PortalForm):
    """A list pasted from a spreadsheet, and rows to type (`row_fields`); both at once are fine."""

    pasted = PastedField("Dán danh sách", max_length=LONGEST_LIST)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows: list[MemberRow] = []

    def row_fields(self) -> list[dict[str, Any]]:
        """The fields of the rows to type: number, name, address, amount, shown_as."""
        return [
            {"number": number, **{part: self[f"{part}_{number}"] for part in ("name", *_PARTS)}}
            for number in range(1, TYPED_ROWS + 1)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Read both; sentences stand at the list (line by line) or at the name of their row."""
        fine = super().validate(extra_validators)
        read = parse_pasted(self.pasted.data)
        self.rows = list(read.rows)
        if read.errors:
            self.pasted.errors = _few(read.errors)
        for fields in self.row_fields():
            self._read_typed(fields)
        return fine and not self.errors

    def _read_typed(self, fields: dict[str, Any]) -> None:
        given = {part: fields[part].data for part in ("name", *_PARTS)}
        if not any(given.values()) or any(fields[part].errors for part in given):
            return
        try:
            shown = SHOWN_AS.get(given.pop("shown_as") or "", "")
            amount = given.pop("amount")
            texts = {part: value or "" for part, value in given.items()}
            self.rows.append(read_row({**texts, "amount": str(amount or ""), "shown_as": shown}))
        except Refused as refused:
            fields["name"].errors = [capital_first(refused.text)]


_PARTS = ("address", "amount", "shown_as")
for _number in range(1, TYPED_ROWS + 1):
    setattr(
        MembersForm,
        f"name_{_number}",
        TextField(f"Họ và tên, dòng {_number}", required=False, max_length=LONGEST_NAME),
    )
    setattr(
        MembersForm,
        f"address_{_number}",
        TextField(f"Địa chỉ, dòng {_number}", required=False, max_length=300),
    )
    setattr(MembersForm, f"amount_{_number}", AmountField(f"Số tiền, dòng {_number}", required=False))
    setattr(
        MembersForm,
        f"shown_as_{_number}",
        ShownField(
            f"Cách hiển thị, dòng {_number}", choices=list(SHOWN_AS.items()), coerce=str, required=False
        ),
    )


class MemberForm(PortalForm):
    """One person of the list."""

    name = TextField("Họ và tên", max_length=LONGEST_NAME)
    address = TextField("Địa chỉ", required=False, max_length=300)
    amount = AmountField("Số tiền người này góp", required=False)
    shown_as = ChoiceRadio("Hiển thị trên trang công khai", choices=list(SHOWN_AS.items()), required=False)
    note = NoteField("Ghi chú nội bộ", max_length=500)


class PeopleForm(PortalForm):
    """How many people gave together."""

    people = PeopleField("Số người góp", required=False)


def _few(errors: list[str]) -> list[str]:
    if len(errors) <= ERRORS_TOLD:
        return errors
    return [*errors[:ERRORS_TOLD], f"Và {len(errors) - ERRORS_TOLD} dòng nữa cần sửa."]
