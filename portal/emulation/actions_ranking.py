"""Publishing a year's ranking, frozen as it then is; taking it back. Flushes; the caller commits."""

from __future__ import annotations

from portal.emulation.actions_movements import check_open
from portal.emulation.models_movements import MovementRound
from portal.emulation.models_scoring import Ranking, RankRow
from portal.emulation.queries_scoring import Standing, standings
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import next_entry, take_posting_lock
from portal.people.models import User

WHAT = "movement_ranking"


def publish_ranking(one: MovementRound, *, without_open: bool, by: User) -> Ranking:
    """Freeze places, classes and names, and show them to everybody.

    Sheets that are not done are left out only when `without_open` says so. Raises Refused.
    """
    take_posting_lock()
    check_open(one)
    done, unfinished = standings(one)
    if not done:
        raise Refused("Chưa có phiếu nào chấm xong. Chấm xong ít nhất một đơn vị rồi công bố.")
    if unfinished and not without_open:
        names = ", ".join(entry.unit.name for entry in unfinished[:5])
        raise Refused(
            f"Còn {len(unfinished)} đơn vị chưa chấm xong ({names}{' …' if len(unfinished) > 5 else ''}). Chấm nốt, "
            "hoặc đánh dấu công bố không có các đơn vị này.",
            "without_open",
        )
    entry = next_entry(WHAT, by.id, by.name)
    ranking = Ranking(
        round_id=one.id,
        since=entry.number,
        published_on=today_in_vietnam(),
        by_id=by.id,
        by_name=by.name,
        most=sum(criterion.points for criterion in one.criteria),
    )
    db.session.add(ranking)
    db.session.flush()
    db.session.add_all(_row(ranking, standing) for standing in done)
    db.session.flush()
    return ranking


def _row(ranking: Ranking, standing: Standing) -> RankRow:
    return RankRow(
        ranking_id=ranking.id,
        entry_id=standing.entry.id,
        unit_id=standing.unit.id,
        unit_name=standing.unit_name,
        cluster_name=standing.cluster_name,
        points=standing.points,
        bonus=standing.bonus,
        place=standing.place,
        place_in_cluster=standing.place_in_cluster,
        class_name=standing.class_name,
    )


def withdraw_ranking(ranking: Ranking, *, reason: str, by: User) -> None:
    """Take a ranking back: sheets may be returned again, figures of earlier days keep it. Raises Refused."""
    take_posting_lock()
    db.session.refresh(ranking, with_for_update={"of": Ranking})  # somebody else may have been quicker
    if ranking.until is not None:
        quicker = db.session.get(User, ranking.withdrawn_by_id) if ranking.withdrawn_by_id else None
        raise Refused(
            f"{quicker.name if quicker else 'Người khác'} đã thu hồi bảng xếp hạng này trước đó. "
            "Mở trang xếp hạng để xem tình trạng hiện nay."
        )
    ranking.until = next_entry(WHAT, by.id, by.name).number
    ranking.withdrawn, ranking.withdrawn_by_id = reason, by.id
    db.session.flush()
