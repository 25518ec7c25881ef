"""The matching desk: lines that wait at the left, what each may be beside them; worked with the keyboard."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort, request
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy import select

from portal.donors.queries import kinds_now, twins
from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.web import page
from portal.ledger.models import BankAccount
from portal.people.queries import holds, may, readable_units
from portal.statements import candidates, queries, suggesting, transit
from portal.statements.classes import IN, KINDS, OUT
from portal.statements.forms_desk import GiftForm, KindForm
from portal.statements.models_settling import TransitMatch
from portal.statements.open_lines import (
    COUNTED,
    SUSPENSE,
    Asked,
    OpenLine,
    count,
    open_line,
    queue,
)
from portal.statements.views import READERS, bp

PAGE = 40
BESIDE = 200  # other lines of the account that may keep a pledge together with this one
WHAT = {"": None, "cho": SUSPENSE, "vao": IN, "ra": OUT}
WHAT_NAMES = {"": "Tất cả", "cho": "Chờ xác định", "vao": "Tiền vào", "ra": "Tiền ra"}


def asked_for() -> tuple[Asked, BankAccount | None]:
    """Which lines the address asks for, and the account they are of; 404 for what there is not."""
    account = None
    if code := request.args.get("tk"):
        wanted = select(BankAccount).where(BankAccount.code == code)
        account = db.one_or_404(wanted.where(BankAccount.unit_id.in_(readable_units(current_user))))
    what = request.args.get("loai", "")
    if what not in WHAT:
        abort(404)
    return Asked(account.id if account else None, WHAT[what]), account


def kept_args(**more: Any) -> dict[str, Any]:
    """What the address says of the queue, to be kept from line to line."""
    kept = {name: request.args[name] for name in ("tk", "loai", "trang") if request.args.get(name)}
    return {**kept, **{name: value for name, value in more.items() if value}}


def skipped() -> int:
    """How many lines the page of the address passes over."""
    typed = request.args.get("trang", "1")
    return (max(int(typed), 1) - 1) * PAGE if typed.isdecimal() and len(typed) < 6 else 0


@bp.get("/doi-chieu")
@allow(*READERS)
def match_desk() -> Response:
    """The queue, and the first line of it or the one of `dong`."""
    return desk_page()


def desk_page(
    code: str | None = None,
    *,
    gift: GiftForm | None = None,
    kind: KindForm | None = None,
    error: str | None = None,
) -> Response:
    """The whole desk with one line, and what was typed wrongly about it."""
    asked, account = asked_for()
    lines = queue(current_user, asked, skip=skipped(), limit=PAGE + 1)
    more, lines = len(lines) > PAGE, lines[:PAGE]
    code = code or request.args.get("dong") or (lines[0].code if lines else None)
    line = open_line(code, for_user=current_user) if code else None
    number, amount = count(current_user, asked)
    status = 422 if error or (gift and gift.errors) or (kind and kind.errors) else 200
    return page(
        "statements/desk.html",
        status=status,
        lines=lines,
        more=more,
        line=line,
        error=error,
        gone=code if code and line is None else None,
        number=number,
        exact=number <= COUNTED,
        amount=amount,
        account=account,
        accounts=queries.bank_accounts_for(current_user, *READERS),
        what=request.args.get("loai", ""),
        what_names=WHAT_NAMES,
        page_number=skipped() // PAGE + 1,
        args=kept_args,
        around=_around([one.code for one in lines], code),
        undo=_undoable(),
        may_match_many=holds(current_user, ACCOUNTANT),
        **(_about(line, gift, kind) if line else {}),
    )


def _around(codes: list[str], code: str | None) -> tuple[str | None, str | None]:
    """The lines above and below."""
    if code not in codes:
        return None, codes[0] if codes else None
    place = codes.index(code)
    return (codes[place - 1] if place else None), (codes[place + 1] if place + 1 < len(codes) else None)


def _about(line: OpenLine, gift: GiftForm | None, kind: KindForm | None) -> dict[str, Any]:
    """What is known of one line, and what it may be."""
    book = candidates.PledgeBook(line.account)
    others = (
        queue(current_user, Asked(line.account.id, SUSPENSE), limit=BESIDE) if line.place == SUSPENSE else []
    )
    found = candidates.proposals(line, book, others)
    plain, told = candidates.plain_line(line)
    return {
        "sender": told,
        "marked": _marked(line.line.text, plain.sender, found),
        "proposals": found,
        "levels": suggesting.LEVELS,
        "badges": suggesting.LEVEL_BADGES,
        "level_of": suggesting.level_of,
        "kinds": KINDS,
        "donors": twins(current_user, name=plain.sender) if plain.sender and line.direction == IN else [],
        "may_write": may(current_user, (ACCOUNTANT,), line.account.unit_id),
        "gift": gift or gift_form(line, name=plain.sender),
        "kind_form": kind or kind_form(line),
        "joints": _joints(line),
    }


def _joints(line: OpenLine) -> list[TransitMatch]:
    """What a line that is partly matched has met already."""
    return transit.matches_of(line.key) if line.left < line.amount else []


def gift_form(line: OpenLine, *, name: str | None = None, **options: Any) -> GiftForm:
    """The form of a new gift, with the campaigns of the line's fund."""
    form = GiftForm(**options)
    campaigns = queries.campaigns_for(current_user, ACCOUNTANT)
    fitting = [one for one in campaigns if one.fund_id == line.account.fund_id]
    form.campaign_id.offer([(one.id, one.name) for one in fitting])
    form.donor_kind.offer(kinds_now())
    if request.method == "GET" or "formdata" in options:
        form.donor_name.data = name
        form.campaign_id.data = line.line.statement.campaign_id
    return form


def kind_form(line: OpenLine, **options: Any) -> KindForm:
    """The form that says what else a line is."""
    form = KindForm(**options)
    form.offer_for(line.direction)
    return form


def _marked(text: str, sender: str | None, found: list[candidates.Proposal]) -> Markup:
    """The bank's text with what the first suggestion rests on marked."""
    wanted = [sender] if sender else []
    wanted += [row.title.partition(": ")[2] for one in found[:1] for row in one.shown]
    words = sorted({one for one in wanted if one and len(one) > 3}, key=len, reverse=True)
    if not words:
        return escape(text)
    pattern = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    marked, last = Markup(), 0
    for hit in pattern.finditer(text):
        marked += escape(text[last : hit.start()]) + Markup("<mark>%s</mark>") % hit[0]
        last = hit.end()
    return marked + escape(text[last:])


def _undoable() -> dict[str, str] | None:
    """What was done a moment ago, as the address says: documents or joints."""
    kept = {name: request.args.get(name, "") for name in ("chung_tu", "khop")}
    return kept if any(re.fullmatch(r"\d{1,18}(,\d{1,18}){0,199}", one) for one in kept.values()) else None
