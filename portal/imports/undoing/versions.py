"""Published inputs of an import: its versions end under a new entry, and the former ones come back as new versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, insert, literal, select, tuple_, update
from sqlalchemy.orm import aliased

from portal.campaigns.models import Campaign, CampaignTarget
from portal.emulation.models import Initiative
from portal.emulation.rules import IDENTITY as INITIATIVE
from portal.households.models import PovertyReview
from portal.households.rules import IDENTITY as REVIEW
from portal.imports.models import ImportRun
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.numbers import Entry, next_entry
from portal.people.models import User
from portal.pledges.models import Fulfilment, Instalment, Pledge, PledgeTerms
from portal.programmes.models import ProgrammeResult
from portal.programmes.rules import IDENTITY as RESULT
from portal.units.models import Unit

SHOWN = 50
CANCELLED = "Hoàn lại lần nhập “{name}”: {reason}"
CHUNK = 200


class _Kept(NamedTuple):
    """A versioned table: what makes a record, and how a row of it is called."""

    model: Any
    identity: Sequence[str]


TABLES: dict[str, _Kept] = {
    "reviews": _Kept(PovertyReview, REVIEW),
    "results": _Kept(ProgrammeResult, RESULT),
    "initiatives": _Kept(Initiative, INITIATIVE),
    "campaigns": _Kept(CampaignTarget, ("campaign_id", "unit_id")),
    "pledges": _Kept(PledgeTerms, ("pledge_id",)),
}


def _of_run(run: ImportRun, number: Any) -> ColumnElement[bool]:
    return number.between(run.first_entry or 0, run.last_entry or -1)


def _written(run: ImportRun, model: Any) -> ColumnElement[bool]:
    """The versions that the run left behind (not those that it replaced itself again)."""
    return and_(_of_run(run, model.since), model.until.is_(None) | (model.until > run.last_entry))


def obstacles(run: ImportRun) -> list[str]:
    """Records that somebody has changed since, and pledges that gifts have fulfilled since."""
    kept = TABLES.get(run.kind)
    if kept is None or run.first_entry is None:
        return []
    later = [pair for pair in _replaced(run, kept) if not _says_the_same(kept, *pair)]
    found = [f"{_name(row)} đã được sửa sau lần nhập này" for row, _ in later[:SHOWN]]
    if run.kind == "pledges":
        found += _fulfilled(run)
    return found


def _replaced(run: ImportRun, kept: _Kept) -> list[tuple[Any, Any]]:
    """(version of the run, present version or None) where they are not the same row."""
    model = kept.model
    rows = list(db.session.scalars(select(model).where(_written(run, model), model.until.is_not(None))))
    columns = [getattr(model, name) for name in kept.identity]
    present: dict[tuple[Any, ...], Any] = {}
    keys = [tuple(getattr(row, name) for name in kept.identity) for row in rows]
    for start in range(0, len(keys), CHUNK):
        wanted = tuple_(*columns).in_(keys[start : start + CHUNK])
        for row in db.session.scalars(select(model).where(wanted, model.until.is_(None))):
            present[tuple(getattr(row, name) for name in kept.identity)] = row
    return [(row, present.get(key)) for row, key in zip(rows, keys, strict=True)]


def _says_the_same(kept: _Kept, row: Any, present: Any) -> bool:
    """A later import that was undone has brought the run's own version back: nothing differs."""
    if present is None:
        return False
    same = all(getattr(row, name) == getattr(present, name) for name in _content(kept.model))
    if same and kept.model is PledgeTerms:
        return _parts(row) == _parts(present)
    return same


def _parts(terms: PledgeTerms) -> list[tuple[Any, int]]:
    return sorted((part.due_on, part.amount) for part in terms.instalments)


def _content(model: Any) -> list[str]:
    return [column.name for column in model.__table__.columns if column.name not in ("id", "since", "until")]


def _fulfilled(run: ImportRun) -> list[str]:
    rows = select(Pledge).join(PledgeTerms, PledgeTerms.pledge_id == Pledge.id)
    rows = rows.where(_written(run, PledgeTerms), _is_new(run))
    paid = select(Fulfilment.id).where(Fulfilment.pledge_id == Pledge.id, Fulfilment.until.is_(None))
    return [
        f"Đăng ký {pledge.paper_number} đã có khoản ủng hộ thực hiện"
        for pledge in db.session.scalars(rows.where(paid.exists()).limit(SHOWN))
    ]


def _is_new(run: ImportRun) -> ColumnElement[bool]:
    """Condition on PledgeTerms: the pledge did not exist before the run."""
    earlier = aliased(PledgeTerms)
    return (
        ~select(earlier.id)
        .where(earlier.pledge_id == PledgeTerms.pledge_id, earlier.since < run.first_entry)
        .exists()
    )


def _name(row: Any) -> str:
    unit = db.session.get(Unit, row.unit_id) if getattr(row, "unit_id", None) else None
    where = f" của {unit.name}" if unit else ""
    if isinstance(row, ProgrammeResult):
        return f"Kết quả “{row.programme}”{where}"
    if isinstance(row, Initiative):
        return f"Mô hình “{row.name}”{where}"
    if isinstance(row, CampaignTarget):
        return f"Chỉ tiêu đợt “{db.session.get_one(Campaign, row.campaign_id).name}”{where}"
    if isinstance(row, PledgeTerms):
        return f"Đăng ký {row.pledge.paper_number}"
    return f"Số rà soát{where}"


def take_back(run: ImportRun, *, by: User) -> None:
    """End the versions of the run and bring the former ones back, under one new entry."""
    kept = TABLES.get(run.kind)
    if kept is None or run.first_entry is None:
        return
    model = kept.model
    if db.session.scalar(select(model.id).where(_written(run, model)).limit(1)) is None:
        return
    replaced = _replaced(run, kept)
    entry = next_entry("undo", by.id, by.name)
    present = _written(run, model) & model.until.is_(None)
    db.session.execute(
        update(model).where(present).values(until=entry.number),
        execution_options={"synchronize_session": False},
    )
    for _, later in replaced:
        later.until = entry.number
    db.session.flush()
    _bring_back(run, kept, entry)
    if model is PledgeTerms:
        _cancel_new(run, entry)
    db.session.expire_all()


def _bring_back(run: ImportRun, kept: _Kept, entry: Entry) -> None:
    """The versions that stood before the run, once more from now on."""
    model = kept.model
    names = _content(model)
    former = and_(_of_run(run, model.until), model.since < run.first_entry)
    rows = select(*(getattr(model, name) for name in names), literal(entry.number)).where(former)
    db.session.execute(insert(model.__table__).from_select((*names, "since"), rows))
    if model is PledgeTerms:
        _bring_instalments_back(former, entry)


def _cancel_new(run: ImportRun, entry: Entry) -> None:
    """A promise that the run has brought keeps its number in the books, and stands there as cancelled."""
    names = _content(PledgeTerms)
    said = {name: getattr(PledgeTerms, name) for name in names}
    said |= {
        "cancelled_on": literal(today_in_vietnam(), PledgeTerms.cancelled_on.type),
        "cancel_reason": literal(CANCELLED.format(name=run.file_name, reason=run.undo_reason)[:1000]),
        "since": literal(entry.number),
    }
    fresh = and_(_written(run, PledgeTerms), _is_new(run))
    rows = select(*said.values()).where(fresh)
    db.session.execute(insert(PledgeTerms.__table__).from_select(tuple(said), rows))
    _bring_instalments_back(fresh, entry)


def _bring_instalments_back(former: ColumnElement[bool], entry: Entry) -> None:
    again = PledgeTerms.__table__.alias("again")
    rows = (
        select(again.c.id, Instalment.due_on, Instalment.amount)
        .join(PledgeTerms, PledgeTerms.id == Instalment.terms_id)
        .join(again, (again.c.pledge_id == PledgeTerms.pledge_id) & (again.c.since == entry.number))
        .where(former)
    )
    db.session.execute(insert(Instalment.__table__).from_select(("terms_id", "due_on", "amount"), rows))
