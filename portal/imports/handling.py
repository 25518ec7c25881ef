"""A kept file, checked and then written: the same work at once in a request, or as a job when it is long."""

from __future__ import annotations

from portal.donations.search import catch_up
from portal.imports.annotating import annotate
from portal.imports.engine import Order, Reading, Told, post, read, rehearse
from portal.imports.kind import Kind
from portal.imports.loading import Loaded, load
from portal.imports.outcome import Outcome
from portal.imports.uploads import Upload
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.tables import cell_text
from portal.people.models import User

FIRST_ROWS = 8  # shown before the table is written
LONGEST_SHOWN = 60
INDEXED_AT_ONCE = 1_000
GONE = "Tệp đã kiểm tra không còn được giữ. Nạp lại tệp để kiểm tra lần nữa."


def order_of(upload: Upload, kind: Kind, by: User) -> Order:
    """How the person wanted this file to be taken in."""
    return Order(kind, by, mode=upload.facts["mode"])


def content_of(upload: Upload) -> bytes:
    """The file as it was brought. Raises Refused when it is gone or no longer the same."""
    content = upload.content()
    if content is None:
        raise Refused(GONE)
    return content


def check(
    upload: Upload, kind: Kind, by: User, told: Told | None = None, loaded: Loaded | None = None
) -> Outcome:
    """Rehearse a kept file and note what came of it. Raises Refused for a file that is no such table."""
    if loaded is None:
        loaded = load(content_of(upload), kind.columns, filename=upload.facts["filename"])
    outcome = rehearse(loaded, order_of(upload, kind, by), told)
    upload.note(outcome=outcome.as_json(), columns=list(loaded.columns), first=_first_rows(loaded))
    annotate_wrong(upload, loaded, outcome, kind)
    return outcome


def annotate_wrong(upload: Upload, loaded: Loaded, outcome: Outcome, kind: Kind) -> None:
    """Keep the annotated copy of a file with something to mend."""
    if not outcome.accepted:
        upload.note(outcome=outcome.as_json())
        annotate(loaded, outcome, kind, upload.annotated)


def _first_rows(loaded: Loaded) -> list[list[str]]:
    rows = loaded.rows[:FIRST_ROWS]
    return [[cell_text(values[name])[:LONGEST_SHOWN] for name in loaded.columns] for _, values in rows]


def read_again(upload: Upload, kind: Kind, by: User, told: Told | None = None) -> Reading:
    """Read a checked file once more, before the books are locked. Raises Refused."""
    loaded = load(content_of(upload), kind.columns, filename=upload.facts["filename"])
    return read(loaded, order_of(upload, kind, by), told)


def write_now(upload: Upload, kind: Kind, by: User) -> Outcome:
    """Write a checked file in a transaction of its own. Raises Refused when it is no longer there."""
    reading = read_again(upload, kind, by)
    with writing():
        outcome = post(reading)
        if outcome.accepted:
            db.session.commit()
    if outcome.accepted:
        upload.finish(outcome=outcome.as_json())
        _index(kind)
    else:
        annotate_wrong(upload, reading.loaded, outcome, kind)  # the books have changed since the check
    return outcome


def _index(kind: Kind) -> None:
    """The newest gifts are found at once; the worker follows with the rest of a long table."""
    if kind.name == "donations":
        with writing():
            catch_up(limit=INDEXED_AT_ONCE)
            db.session.commit()
