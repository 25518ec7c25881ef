"""One statement line on screen: what it is now, what led to it, what it has met, what may be done."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from portal.kit.access import ACCOUNTANT, allow
from portal.kit.web import page
from portal.people.queries import may
from portal.statements.classes import DIRECTIONS, KINDS
from portal.statements.documents_papers import papers_of
from portal.statements.line_now import line_or_404, now_of
from portal.statements.senders import EXPLICIT, NONE, PROBABLE, sender_of
from portal.statements.views import READERS, bp

SURE = {EXPLICIT: "ngân hàng ghi rõ", PROBABLE: "đoán từ nội dung", NONE: "không rõ tên"}


@bp.get("/<int:statement_id>/dong/<int:ordinal>")
@allow(*READERS)
def line(statement_id: int, ordinal: int) -> Response:
    """One line of a statement."""
    found = line_or_404(statement_id, ordinal, for_user=current_user)
    now = now_of(found)
    papers = papers_of([one.other for one in now.met])
    gift_documents = {gift.posting_number for gift, _ in now.gifts}
    return page(
        "statements/line.html",
        line=found,
        now=now,
        statement=found.statement,
        account=found.statement.bank_account,
        papers=[(one.match, papers[one.other]) for one in now.met if one.other[0] not in gift_documents],
        sender=sender_of(found.text, found.counterparty),
        sure=SURE,
        kinds=KINDS,
        direction=DIRECTIONS[now.direction],
        desk_url=desk_url(now.open.code) if now.open else None,
        may_settle=may(current_user, (ACCOUNTANT,), found.statement.bank_account.unit_id),
    )


def desk_url(code: str | None = None) -> str:
    """Where lines that wait are settled, opened at one of them ("posting-ordinal")."""
    return url_for("statements.match_desk", dong=code)
