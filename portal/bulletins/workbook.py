"""A bulletin as an Excel file: its tables one under another, and every figure with its definition."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from portal.bulletins.blocks import DOTS, Block

EXACT = 2**53  # Excel keeps numbers as binary fractions


def render_xlsx(content: dict[str, Any]) -> bytes:
    """Two sheets: "Bản tin" (sentences, tables), "Số liệu" (figure by figure). Missing cells stay empty."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        formats = {
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
            "amount": book.add_format({"num_format": "#,##0"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _Paper(book.add_worksheet("Bản tin"), formats).write(content)
        _figures(book.add_worksheet("Số liệu"), content["figures"], formats)
    return out.getvalue()


class _Paper:
    """Writes blocks downwards on one sheet."""

    def __init__(self, sheet: Any, formats: dict[str, Any]):
        self.sheet, self.formats, self.row = sheet, formats, 0
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 48)
        sheet.set_column(2, 8, 20)

    def write(self, content: dict[str, Any]) -> None:
        """Everything the bulletin says."""
        for line in [*content["head"]["issuer"], content["head"]["office"]]:
            self.line(line)
        self.line(f"Số: {content['head']['number']}")
        self.line(content["head"]["place_date"])
        self.line(f"{content['title']}: {content['subtitle']}", "bold")
        self.line(content["lead"])
        for section in content["sections"]:
            self.row += 1
            self.line(f"{section['number']}. {section['title']}", "bold")
            for block in section["blocks"]:
                self.block(block)
        self.row += 1
        self.line(content["ending"])

    def line(self, words: str, style: str | None = None) -> None:
        """One text in the first column."""
        self.sheet.write_string(self.row, 0, words, self.formats[style] if style else None)
        self.row += 1

    def block(self, block: Block) -> None:
        """One block; a chart gives its rows as a table."""
        if block["kind"] == "table":
            self.table(block)
        elif block["kind"] == "list":
            for item in block["items"]:
                self.line(f"- {item}")
        elif block["kind"] == "chart":
            self.line(f"Biểu 1. {block['title']} ({block['unit']})", "bold")
            for bar in block["bars"]:
                self.sheet.write_string(self.row, 1, bar["label"])
                self.cell(self.row, 2, {"text": bar["text"], "value": bar["value"]})
                self.row += 1
        else:
            self.line(" ".join(part for part in (block["text"], block.get("italic", "")) if part))

    def table(self, block: Block) -> None:
        """Heads and rows."""
        for column, head in enumerate(block["columns"]):
            self.sheet.write_string(self.row, column, head["label"], self.formats["head"])
        self.row += 1
        for line in block["rows"]:
            for column, cell in enumerate(line["cells"]):
                self.cell(self.row, column, cell)
            self.row += 1

    def cell(self, row: int, column: int, cell: dict[str, Any]) -> None:
        """A number where there is one; nothing where it is missing."""
        value, words = cell.get("value"), cell["text"]
        if isinstance(value, int) and abs(value) < EXACT:
            self.sheet.write_number(row, column, value, self.formats["amount"])
        elif DOTS not in words:
            note = f" ({cell['note']})" if cell.get("note") else ""
            self.sheet.write_string(row, column, words + note)


def _figures(sheet: Any, figures: dict[str, dict[str, Any]], formats: dict[str, Any]) -> None:
    heads = ("Khóa", "Tên số liệu", "Giá trị", "Đơn vị", "Tử số", "Mẫu số", "Cách tính")
    for column, (head, width) in enumerate(zip(heads, (38, 44, 20, 12, 14, 14, 90), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, formats["head"])
    for row, (key, figure) in enumerate(figures.items(), start=1):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, figure["label"])
        for column, name in ((2, "value"), (4, "numerator"), (5, "denominator")):
            if figure.get(name) is not None:
                sheet.write_number(
                    row, column, figure[name], formats["amount" if column != 2 else _style(figure)]
                )
        sheet.write_string(row, 3, figure["unit"])
        sheet.write_string(row, 6, figure["definition"])
    sheet.freeze_panes(1, 2)


def _style(figure: dict[str, Any]) -> str:
    return "amount" if isinstance(figure["value"], int) else "wrap"
