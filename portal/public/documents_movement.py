"""/thi-dua/ and /mo-hinh/ as a template, a JSON answer or a file needs them: published rankings and stories only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import selectinload

from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel
from portal.emulation.models_movements import MovementRound
from portal.emulation.models_scoring import Ranking, RankRow
from portal.emulation.queries_initiatives import public_models
from portal.emulation.queries_movements import published_rounds
from portal.emulation.rules_scoring import UNIT_OF_POINTS, format_points
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.masking import mask_public

RANK_HEADS = ("Hạng", "Đơn vị", "Cụm", "Hạng trong cụm", "Điểm", "Điểm thưởng", "Tổng điểm", "Xếp loại")
MODEL_HEADS = (
    "Số", "Mô hình", "Hình thức", "Mã đơn vị", "Đơn vị", "Từ ngày", "Đến ngày", "Hộ được giúp", "Người được giúp",
    "Đơn vị làm theo", "Kết quả",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A good model as everybody reads it."""

    id: int
    name: str
    form: str
    unit: str
    unit_code: str
    starts_on: date | None
    ends_on: date | None
    story: list[str]
    results: list[str]
    households: int | None
    people: int | None
    contact: str
    published_on: date
    replicas: list[tuple[str, str, date, str]]  # code, unit, since, how

    @property
    def summary(self) -> str:
        """The first words of the story, for the list."""
        first = self.story[0] if self.story else ""
        return first if len(first) <= 220 else f"{first[:220].rsplit(' ', 1)[0]} …"

    @property
    def span(self) -> str:
        """ "từ 01/03/2025", "01/03/2025 – 31/12/2025", "" when always."""
        first = format_day(self.starts_on) if self.starts_on else ""
        if self.ends_on:
            return f"{first} – {format_day(self.ends_on)}" if first else f"đến {format_day(self.ends_on)}"
        return f"từ {first}" if first else ""


def shown_models() -> list[Shown]:
    """Every published model, newest first. A fixed number of statements."""
    return [_model(*row) for row in db.session.execute(public_models())]


def shown_model(model_id: int) -> Shown | None:
    """One published model."""
    row = db.session.execute(public_models().where(GoodModel.id == model_id)).first()
    return _model(*row) if row else None


def _model(initiative: Initiative, model: GoodModel) -> Shown:
    assert model.published_on is not None  # asked so
    present = [one for one in model.replicas if one.until is None]
    return Shown(
        id=model.id,
        name=mask_public(initiative.name),
        form=initiative.form or "mô hình",
        unit=model.unit.name,
        unit_code=model.unit.code,
        starts_on=initiative.starts_on,
        ends_on=initiative.ends_on,
        story=_lines(model.story),
        results=_lines(model.results),
        households=model.households,
        people=model.people,
        contact=mask_public(model.contact),
        published_on=model.published_on,
        replicas=[(one.unit.code, one.unit.name, one.since_on, mask_public(one.note)) for one in present],
    )


def _lines(text: str) -> list[str]:
    return [mask_public(line) for line in text.splitlines() if line.strip()]


def model_row(one: Shown) -> list[Any]:
    """One row of the file, under MODEL_HEADS."""
    return [
        one.id, one.name, one.form, one.unit_code, one.unit, one.starts_on, one.ends_on, one.households, one.people,
        len(one.replicas), " ".join(one.results),
    ]  # fmt: skip


def model_json(one: Shown) -> dict[str, Any]:
    """One model; missing counts are null."""
    return {
        "id": one.id,
        "name": one.name,
        "form": one.form,
        "unit": one.unit_code,
        "from": one.starts_on.isoformat() if one.starts_on else None,
        "to": one.ends_on.isoformat() if one.ends_on else None,
        "story": "\n".join(one.story),
        "results": "\n".join(one.results),
        "households": one.households,
        "people": one.people,
        "organisation": one.contact or None,
        "published_on": one.published_on.isoformat(),
        "replicas": [
            {"unit": code, "since": since.isoformat(), "how": how} for code, _, since, how in one.replicas
        ],
    }


def rankings() -> list[Ranking]:
    """The published rankings with their rows, newest year first."""
    return list(db.session.scalars(published_rounds().options(selectinload(Ranking.rows))))


def ranking_of(code: str) -> Ranking | None:
    """The published ranking of a year; None while there is none."""
    wanted = published_rounds().options(selectinload(Ranking.rows).joinedload(RankRow.unit))
    mine = Ranking.round.has(MovementRound.code == code)
    return db.session.scalar(wanted.where(mine))


def rank_row(one: RankRow) -> list[Any]:
    """One row of the file, under RANK_HEADS."""
    return [
        one.place, one.unit_name, one.cluster_name, one.place_in_cluster, format_points(one.points),
        format_points(one.bonus), format_points(one.total), one.class_name,
    ]  # fmt: skip


def ranking_json(ranking: Ranking, *, rows: bool) -> dict[str, Any]:
    """A ranking; points as numbers."""
    one = ranking.round
    told: dict[str, Any] = {
        "code": one.code,
        "movement": one.movement.name,
        "aliases": one.movement.other_names,
        "year": one.name,
        "unit": one.unit.code,
        "from": one.starts_on.isoformat(),
        "to": one.ends_on.isoformat(),
        "published_on": ranking.published_on.isoformat(),
        "units": len(ranking.rows),
        "most": ranking.most / UNIT_OF_POINTS,
    }
    if rows:
        told["rows"] = [_rank_json(row) for row in ranking.rows]
    return told


def _rank_json(row: RankRow) -> dict[str, Any]:
    return {
        "place": row.place,
        "unit": row.unit.code,
        "name": row.unit_name,
        "cluster": row.cluster_name or None,
        "place_in_cluster": row.place_in_cluster,
        "points": row.points / UNIT_OF_POINTS,
        "bonus": row.bonus / UNIT_OF_POINTS,
        "total": row.total / UNIT_OF_POINTS,
        "class": row.class_name,
    }
