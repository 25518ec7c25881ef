"""Run as a process of its own: old XLS from standard input → JSON lines on standard output.

calamine lays out as many cells, and follows as many links, as a damaged or hostile old file claims (one
changed byte took 13 GB), so it gets a ceiling of memory and time here, where its end harms nobody.
Imports nothing of the portal.
"""

import datetime as dt
import io
import json
import resource
import sys

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1 << 30
SECONDS = 60


def plain(cell: object) -> object:
    """A cell as JSON: days and moments as a list of one ISO text, other kinds as their text."""
    if isinstance(cell, dt.date | dt.datetime):
        return [cell.isoformat()]
    return cell if isinstance(cell, str | int | float) else str(cell)


def main() -> None:
    """Write, for each visible sheet that is not empty, a line {"name", "left"} and one line for each row."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    book = CalamineWorkbook.from_object(io.BytesIO(sys.stdin.buffer.read()))
    for index, page in enumerate(book.sheets_metadata):
        if page.typ != SheetTypeEnum.WorkSheet or page.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(index)
        start, end = sheet.start, sheet.end
        if start is None or end is None:  # empty
            continue
        if end[1] >= 256:  # the old format has no more columns
            raise ValueError("more columns than the format has")
        print(json.dumps({"name": page.name, "left": start[1]}))
        for cells in sheet.iter_rows():
            print(json.dumps([plain(cell) for cell in cells]))


if __name__ == "__main__":
    main()
