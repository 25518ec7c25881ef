"""Figures of the emulation movement: published results of units, replication of good models, true as of a number."""

from __future__ import annotations

from datetime import date

from portal.emulation.actions_initiatives import add_model, add_replica, drop_replica
from portal.emulation.actions_ranking import publish_ranking, withdraw_ranking
from portal.figures import registry
from portal.figures.scope import Scope
from tests.cast import Cast
from tests.emulation.movements import enter, make_judges, make_round, score_through


def test_results_of_the_movement_count_when_published_and_stay_true_as_of(cast: Cast) -> None:
    judges = make_judges(cast)
    one = make_round(cast.province)
    score_through(enter(one, cast.commune), cast, judges, 1000, 2000, 2500)
    whole = Scope(cast.province, date(2026, 1, 1), date(2026, 12, 31))
    assert values_of(whole, "movement.ranked") == [None]
    ranking = publish_ranking(one, without_open=False, by=judges.chair)
    found = registry.compute(whole)
    assert found["movement.ranked"].value == 1
    assert found["movement.class.xuat_sac"].value == 1
    rows = list(registry.rows(whole, "movement.class.xuat_sac"))
    assert [(row["unit"], row["total"], row["place"]) for row in rows] == [(cast.commune.code, 55.0, 1)]
    half = Scope(cast.province, date(2026, 1, 1), date(2026, 6, 30))
    assert values_of(half, "movement.ranked") == [None], "the year is not wholly inside"
    elsewhere = Scope(cast.other_commune, date(2026, 1, 1), date(2026, 12, 31))
    assert values_of(elsewhere, "movement.ranked") == [None]
    withdraw_ranking(ranking, reason="Tính sai.", by=judges.chair)
    assert values_of(whole, "movement.ranked") == [None]
    before = Scope(cast.province, date(2026, 1, 1), date(2026, 12, 31), as_of=ranking.since)
    assert values_of(before, "movement.ranked") == [1]


def test_replicas_count_where_they_are(cast: Cast) -> None:
    told = {"name": "Hũ gạo", "form": "mô hình"}
    model = add_model(cast.commune, told, by=cast.officer)
    replica = add_replica(model, cast.other_commune, {"since_on": date(2026, 3, 1)}, by=cast.officer)
    whole = Scope(cast.other_commune, date(2026, 1, 1), date(2026, 12, 31))
    assert values_of(whole, "initiatives.replicas", "initiatives.count") == [1, 0]
    assert [row["model"] for row in registry.rows(whole, "initiatives.replicas")] == ["hu_gao"]
    early = Scope(cast.other_commune, date(2026, 1, 1), date(2026, 2, 1))
    assert values_of(early, "initiatives.replicas") == [0]
    drop_replica(replica, reason="Đã thôi.", by=cast.officer)
    assert values_of(whole, "initiatives.replicas") == [0]


def values_of(scope: Scope, *keys: str) -> list[object]:
    found = registry.compute(scope, keys)
    return [found[key].value for key in keys]
