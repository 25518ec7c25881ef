"""When a document is reversed, its goods go back where they came from; what has gone out already stops it."""

from __future__ import annotations

from sqlalchemy import select

from portal.goods.models import StockDocument, StockMovement
from portal.goods.movements import write_movements
from portal.goods.rules import Movement
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import after_reversal
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed

ADVICE = "Hàng của phiếu này đã rời kho: đảo các phiếu xuất, chuyển sau đó trước, rồi đảo phiếu này."


@after_reversal
def mirror_movements(posting: Posting, mirror: Posting) -> None:
    """Write the opposite of every movement. Raises Refused when the goods are no longer there to be taken back."""
    _check_no_return(posting.number)
    rows = db.session.scalars(
        select(StockMovement)
        .where(StockMovement.posting_number == posting.number)
        .order_by(StockMovement.ordinal)
    )
    opposite = [
        Movement(
            row.ordinal,
            row.store_id,
            row.item_id,
            row.lot_id,
            -row.quantity,
            -row.value if row.value else None,
        )
        for row in rows
    ]
    write_movements(mirror, opposite, advice=ADVICE)


def _check_no_return(number: int) -> None:
    """An issue of which goods came back is reversed only after their return has been reversed. Raises Refused."""
    returned = select(StockDocument.posting_number).where(
        StockDocument.of_number == number, ~is_reversed(StockDocument.posting_number)
    )
    back = db.session.scalar(returned.order_by(StockDocument.posting_number).limit(1))
    if back is not None:
        paper = db.session.get_one(Posting, back).paper_number
        raise Refused(f"Phiếu xuất này đã có phiếu nhập lại {paper}. Đảo phiếu nhập lại trước.")
