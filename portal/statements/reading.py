"""Read a bank statement: its lines, every cell that cannot be read, the proof that nothing is missing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from portal.kit.errors import Refused
from portal.kit.tables import Sheet, Table, cell_text, read_table
from portal.kit.vietnamese import fold
from portal.statements.charges import Charges, Read, is_newest_first
from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED, Completeness, Findings, certify
from portal.statements.controls import Controls, Paper, Printed, Problem
from portal.statements.headers import BALANCE, CREDIT, DEBIT, Found, HeaderFinder, Mappings
from portal.statements.identity import Occurrences, occurrence_key, sha256_of
from portal.statements.layouts import LAYOUTS
from portal.statements.lines import LineReader, StatementRow, When
from portal.statements.notes import ENDS_LIST, Notes, is_total, names_balance
from portal.statements.printed import printed_list
from portal.statements.tally import Tally

__all__ = [
    "BROKEN", "NOT_PROVABLE", "PROVED", "Completeness", "Occurrences", "Paper", "Problem", "StatementReading",
    "StatementRow", "UnknownHeader", "occurrence_key", "read_statement", "sha256_of",
]  # fmt: skip

MAX_ERRORS = 200
LOOKED_AT = 500  # lines that show which way a list runs

NO_LIST = (
    "Không nhận ra sao kê trong tệp “{name}”: 80 dòng đầu không có dòng tiêu đề của một mẫu sao kê đã biết "
    "(Vietcombank, VietinBank, BIDV, Agribank, MB, Techcombank). Nếu đây đúng là sao kê, hãy chỉ rõ từng cột ở "
    "trang kiểm tra; nếu không, hãy tải lại sao kê từ ngân hàng và giữ nguyên dòng tiêu đề."
)
SEVERAL = "Tệp “{name}” có nhiều trang sao kê ({sheets}). Hãy để mỗi trang thành một tệp rồi nạp từng tệp."
NO_DAY = "Dòng này không có ngày giao dịch đọc được. Hãy sửa dòng này theo sao kê gốc rồi nạp lại."
AFTER_TOTAL = (
    "Sau dòng tổng cộng vẫn còn dòng giao dịch. "
    "Hãy bỏ các dòng cộng ở giữa, chỉ giữ dòng tổng ở cuối, rồi nạp lại."
)


class UnknownHeader(Refused):
    """The file is a table, but its columns are not understood: a person can say what they are."""


def read_statement(
    source: str | Path | bytes,
    *,
    filename: str,
    mappings: Mappings | None = None,
    paper: Paper | None = None,
) -> "StatementReading":
    """Open a statement and find its list; iterate over it for the lines, then ask for its `.certificate`.

    `mappings`: what people have said about the columns of this account's files; `paper`: control totals typed
    in. Raises `Refused` for a file that is no statement, `UnknownHeader` for one with unknown columns;
    iterating may raise `Refused` too (broken quotes of a CSV, a scanned page of a PDF).
    """
    finder = HeaderFinder(LAYOUTS, mappings)
    table = read_table(source, filename=filename, printed=printed_list(finder))
    found = [(sheet, header) for sheet in table.sheets if (header := finder.find(sheet.rows()))]
    if not found:
        raise UnknownHeader(NO_LIST.format(name=filename))
    if len(found) > 1:
        names = ", ".join(f"“{sheet.name}”" for sheet, _ in found)
        raise Refused(SEVERAL.format(name=filename, sheets=names))
    return StatementReading(table, *found[0], paper or Paper())


class StatementReading:
    """A statement being read, once. What stands above the list is known at once, the rest at its end.

    `errors` holds the first 200 cells that could not be read (never guessed), `error_count` counts all.
    `layout` is the key of the layout, or `headers.MAPPED`; `paper` are the control totals typed in.
    """

    def __init__(self, table: Table, sheet: Sheet, found: Found, paper: Paper):
        self.filename = table.filename
        self.layout = found.layout
        self.header_row = found.row
        self.header_cells = found.cells
        self.errors: list[Problem] = []
        self.error_count = 0
        self._sheet, self._found, self._kind, self.paper = sheet, found, table.kind, paper
        self._heading = [fold(cell_text(cell)) for cell in found.cells]
        self._notes = Notes(sheet, self._report)
        self._lines = LineReader(sheet, found, self._report, kind=table.kind)
        for number, cells in found.above:
            self._notes.read(number, cells)
            self._notes.read_period(number, cells)
        self._charges = Charges(self._runs_backward, lambda: self.opening, self._report_charge)
        self._ended = self._started = self._lost = False
        self._read = 0
        self._loose: list[int] = []
        self._certificate: Completeness | None = None

    @property
    def share(self) -> float | None:
        """How much of the file has been read, between 0 and 1; None while nobody knows."""
        return self._sheet.reach.share

    @property
    def account_number(self) -> str | None:
        """The digits of the account number printed above the list."""
        return self._notes.account_number

    @property
    def controls(self) -> Controls:
        """Balances and sums printed, with addresses; those below the list only after the last line."""
        return self._notes.controls

    @property
    def opening(self) -> int | None:
        """The printed opening balance, đồng."""
        return self.controls.opening.amount if self.controls.opening else None

    @property
    def closing(self) -> int | None:
        """The printed closing balance, đồng."""
        return self.controls.closing.amount if self.controls.closing else None

    @property
    def certificate(self) -> Completeness:
        """The proof of completeness; only after the last line was read (`RuntimeError` before)."""
        if self._certificate is None:
            raise RuntimeError("read all lines before asking for the certificate")
        return self._certificate

    def __iter__(self) -> Iterator[StatementRow]:
        """The lines, streamed, once. A line with a bad cell is reported in `errors` and not handed out."""
        if self._started:
            raise RuntimeError("a statement is read once; open it again")
        self._started = True
        tally = Tally(self.opening)
        rows = self._rows(tally)
        for ordinal, (number, row) in enumerate(
            self._charges.part(rows) if self._lines.has_charges else rows, 1
        ):
            if row is None:
                tally.lose_track()
                continue
            tally.add(number, row.day, row.credit, row.debit, row.balance)
            yield row if row.ordinal == ordinal else row._replace(ordinal=ordinal)
        tally.known_opening = self.opening
        self._certificate = certify(self._findings(tally))

    def _rows(self, tally: Tally) -> Iterator[Read]:
        """Every row of the list with its line, None where it cannot be read."""
        for number, cells in self._sheet.rows():
            if number <= self.header_row:
                continue
            when = self._when(number, cells, tally)
            if when is None:
                if self._lost:
                    self._lost = False
                    yield number, None
                continue
            self._read += 1
            self._check_place(number)
            yield number, self._lines.line(self._read, number, cells, when)

    def _runs_backward(self) -> bool:
        """Whether the list begins with its newest line, by its first lines."""
        lines = LineReader(self._sheet, self._found, lambda address, sentence: None, kind=self._kind)
        return is_newest_first(islice(self._peek(lines), LOOKED_AT))

    def _peek(self, lines: LineReader) -> Iterator[StatementRow]:
        for number, cells in self._sheet.rows():
            try:
                when = lines.when(cells) if number > self.header_row else None
            except Refused:
                continue
            if when and lines.moves(cells) and (row := lines.line(0, number, cells, when)):
                yield row

    def _report_charge(self, row: StatementRow, sentence: str) -> None:
        filled = (place for place, amount in zip(row.charge_places, row.charges, strict=True) if amount)
        self._report(self._sheet.address(row.row_number, next(filled)), sentence)

    def _findings(self, tally: Tally) -> Findings:
        has_debits = DEBIT in self._found.places or self._charges.debits > 0
        counted = (self.errors, self.error_count, has_debits)
        return Findings(tally, self._controls_of(tally), *counted, self._balance_address, self.paper)

    def _controls_of(self, tally: Tally) -> Controls:
        """The printed sums; those of the columns of money in and out are without what has its own columns."""
        controls, charges = self.controls, self._charges
        for name, ours, charged in (
            ("debit_total", tally.debit_sum, charges.debits),
            ("credit_total", tally.credit_sum, charges.credits),
        ):
            printed = getattr(controls, name)
            if charged and printed and printed.amount == ours - charged:
                where = f"{printed.address}, cộng với các cột phí, lãi, thuế"
                controls = replace(controls, **{name: Printed(ours, where)})  # type: ignore[arg-type]
        return controls

    def _balance_address(self, row: int) -> str:
        return self._sheet.address(row, self._found.heading(BALANCE))

    def _day_address(self, number: int) -> str:
        return self._sheet.address(number, self._found.heading(self._lines.day_role))

    def _when(self, number: int, cells: list, tally: Tally) -> When | None:
        """The day of a line; None for every other row, after taking what it says."""
        try:
            when = self._lines.when(cells)
        except Refused as refusal:
            self._report(self._day_address(number), refusal.text)
            self._lost = True
            return None
        if when and (self._lines.moves(cells) or self._is_line(cells)):
            return when
        self._outside_list(number, cells, tally)
        return None

    def _is_line(self, cells: list) -> bool:
        """Whether a row that has a day but moves nothing is a line: not a balance, not a note after the list."""
        return not names_balance(cells) and (not self._ended or self._lines.has_amount(cells))

    def _outside_list(self, number: int, cells: list, tally: Tally) -> None:
        """A row without a day: blank, header again, total, balance, note; or a line that lost its day."""
        texts = [fold(cell_text(cell)) for cell in cells]
        if not any(texts) or texts == self._heading:
            return
        labels = self._notes.read(number, cells, balance=self._found.places.get(BALANCE))
        if labels & ENDS_LIST:
            self._ended = self._read > 0  # a list with the newest line first begins with its closing balance
        elif is_total(cells):
            self._total(number, cells)
        elif "opening" in labels:
            if self._read == 0 and self.opening is not None:
                tally.begin_with(self.opening)
        elif not labels and not self._ended:
            if self._lines.has_amount(cells):
                self._report(self._day_address(number), NO_DAY)
                self._lost = True
            else:
                self._loose.append(number)

    def _total(self, number: int, cells: list) -> None:
        """The total row ends the list; its sums are compared when all lines are read."""
        self._ended = True
        for role, name in ((DEBIT, "debit_total"), (CREDIT, "credit_total")):
            index = self._found.places.get(role)
            if index is not None and index < len(cells):
                self._notes.set(name, cells[index], self._sheet.address(number, self._found.heading(role)))

    def _check_place(self, number: int) -> None:
        """Rows without day and amount are notes at the end of a list, but not between its lines."""
        if self._ended:
            self._report(self._sheet.address(number), AFTER_TOTAL)
        for loose in self._loose:
            self._report(self._sheet.address(loose), NO_DAY)
        self._loose.clear()

    def _report(self, address: str, sentence: str) -> None:
        self.error_count += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(Problem(address, sentence))
