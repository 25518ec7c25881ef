"""What the desk does with a line: takes a proposal, records a gift, says what else it is, undoes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donors.forms import says_new
from portal.donors.queries import donor_or_404
from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.money import format_amount
from portal.kit.web import go
from portal.ledger.models import Posting
from portal.people.queries import may
from portal.pledges.models import Pledge
from portal.pledges.queries import pledge_or_404
from portal.statements import deciding, meeting, settling, transit
from portal.statements.classes import KINDS
from portal.statements.deciding import Done
from portal.statements.forms_desk import GiftForm, KindForm
from portal.statements.models_settling import TransitMatch
from portal.statements.open_lines import OpenLine, open_line, queue, read_code
from portal.statements.views import bp, me
from portal.statements.views_desk import PAGE, asked_for, desk_page, gift_form, kept_args, kind_form, skipped


def line_or_404(code: str) -> OpenLine:
    """A line that waits, of an account for which the person is accountant; otherwise 404."""
    line = open_line(code, for_user=current_user)
    if line is None:
        if read_code(code) is None:
            abort(404)
        raise Refused(settling.AGAIN)
    if not may(current_user, (ACCOUNTANT,), line.account.unit_id):
        abort(404)
    return line


def _after(done: Done, code: str, said: str) -> Response:
    """On to the next line; the address keeps what can be undone."""
    asked, _ = asked_for()
    codes = [one.code for one in queue(current_user, asked, skip=skipped(), limit=PAGE)]
    following = request.form.get("sau", "")
    if following not in codes or following == code:
        following = codes[0] if codes else ""
    numbers = ",".join(str(posting.number) for posting in done.postings)
    joints = ",".join(str(match.id) for match in done.matches)
    response = go(
        url_for("statements.match_desk", **kept_args(dong=following, chung_tu=numbers, khop=joints))
    )
    flash(said)
    db.session.commit()
    return response


def decided(
    code: str, act: Callable[[OpenLine], tuple[Done, str]], form: PortalForm | None = None
) -> Response:
    """Do what was said of a line; a refusal is told beside it, and what was typed stays."""
    try:
        done, said = act(line_or_404(code))
        return _after(done, code, said)
    except Refused as refused:
        db.session.rollback()
        if form is not None and refused.field in form._fields:
            form.add_refusal(refused)
            return desk_page(code, **{"gift" if isinstance(form, GiftForm) else "kind": form})
        return desk_page(code, error=refused.text)


@bp.post("/doi-chieu/<code>/khop")
@allow(ACCOUNTANT)
def accept(code: str) -> Response:
    """Take a proposal: pledges ("pledge:id:đồng") or papers ("paper:posting-ordinal:đồng")."""
    chosen = [tuple(value.split(":")) for value in request.form.getlist("chon")]
    if any(len(one) != 3 or one[0] not in ("pledge", "paper") or not one[2].isdecimal() for one in chosen):
        abort(404)
    if together := request.form.getlist("cung"):
        return decided(code, lambda line: _accept_together(together[:10], request.form.get("dang_ky", "")))
    return decided(code, lambda line: _accept(line, chosen))


def _accept_together(codes: list[str], pledge_id: str) -> tuple[Done, str]:
    lines = [line_or_404(code) for code in dict.fromkeys(codes)]
    pledge = _pledge(lines[0], pledge_id)
    done = [deciding.accept_pledges(line, [(pledge, line.left)], by=me()) for line in lines]
    postings = tuple(posting for one in done for posting in one.postings)
    return Done(postings), f"Đã ghi {len(lines)} khoản ủng hộ, cùng khớp với một đăng ký."


def _accept(line: OpenLine, chosen: list[tuple[str, ...]]) -> tuple[Done, str]:
    amount, is_gift = format_amount(line.left), any(what == "pledge" for what, *_ in chosen)
    said = f"Đã ghi khoản ủng hộ {amount} đ và khớp với đăng ký."
    return accepted(line, chosen), said if is_gift else f"Đã khớp dòng {amount} đ với chứng từ."


def accepted(line: OpenLine, chosen: Sequence[tuple[str, ...]]) -> Done:
    """Do what a proposal chose: pledges, or papers ("paper", "posting-ordinal", đồng). Raises Refused."""
    if any(what == "pledge" for what, *_ in chosen):
        return deciding.accept_pledges(line, shares_of(line, chosen), by=me())
    keys = [key for _, text, _ in chosen if (key := read_code(text))]
    return deciding.accept_papers(line, keys, by=me())


def shares_of(line: OpenLine, chosen: Sequence[tuple[str, ...]]) -> list[tuple[Pledge, int]]:
    """The pledges that were chosen, within the person's units and the line's fund, with the đồng for each."""
    return [(_pledge(line, key), int(share)) for _, key, share in chosen]


def _pledge(line: OpenLine, key: str) -> Pledge:
    terms = pledge_or_404(int(key) if key.isdecimal() and len(key) < 19 else 0, for_user=current_user)
    if terms.pledge.fund_id != line.account.fund_id:
        abort(404)
    return terms.pledge


@bp.post("/doi-chieu/<code>/ung-ho")
@allow(ACCOUNTANT)
def accept_as_gift(code: str) -> Response:
    """The line is a gift that nobody has promised."""
    line = open_line(code, for_user=current_user)
    form = gift_form(line) if line is not None else GiftForm()
    if line is not None and not form.validate():
        return desk_page(code, gift=form)
    return decided(code, lambda found: _accept_gift(found, form), form)


def _accept_gift(line: OpenLine, form: GiftForm) -> tuple[Done, str]:
    donor_id = form.donor_id.data
    donor = donor_or_404(donor_id, for_user=current_user) if donor_id and not says_new(request.form) else None
    campaign_id = form.campaign_id.data
    done = deciding.accept_gift(
        line,
        campaign=db.session.get(Campaign, campaign_id) if campaign_id else None,
        donor=donor,
        name=form.donor_name.data,
        kind=form.donor_kind.data or None,
        shown_as=form.shown_as.data or None,
        note=form.note.data,
        by=me(),
    )
    return done, f"Đã ghi khoản ủng hộ {format_amount(line.left)} đ."


@bp.post("/doi-chieu/<code>/khong-phai-ung-ho")
@allow(ACCOUNTANT)
def accept_as_kind(code: str) -> Response:
    """The line is a fee, interest, own money, money that came back."""
    line = open_line(code, for_user=current_user)
    form = kind_form(line) if line is not None else KindForm()
    if line is not None and not form.validate():
        return desk_page(code, kind=form)
    return decided(code, lambda found: _accept_kind(found, form), form)


def _accept_kind(line: OpenLine, form: KindForm) -> tuple[Done, str]:
    done = deciding.accept_kind(line, form.kind.data, by=me())
    return done, f"Đã ghi dòng {format_amount(line.left)} đ là {KINDS[form.kind.data].lower()}."


@bp.post("/doi-chieu/hoan-tac")
@allow(ACCOUNTANT)
def undo_match() -> Response:
    """Put lines back where they waited."""
    numbers = [int(text) for text in request.form.get("chung_tu", "").split(",") if text.isdecimal()]
    joints = [int(text) for text in request.form.get("khop", "").split(",") if text.isdecimal()]
    back = url_for("statements.match_desk", **kept_args())
    try:
        for number in numbers[:200]:
            settling.undo(_settlement_or_404(number), by=me())
        for number in joints[:200]:
            meeting.part(_joint_or_404(number), by=me())
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "bad")
        response = go(back)
        db.session.commit()
        return response
    response = go(back)
    flash("Đã hoàn tác. Các dòng trở lại hàng chờ.")
    db.session.commit()
    return response


def _settlement_or_404(number: int) -> Posting:
    posting = db.one_or_404(
        select(Posting).where(Posting.number == number, Posting.kind == transit.SETTLEMENT)
    )
    if not may(current_user, (ACCOUNTANT,), posting.unit_id):
        abort(404)
    return posting


def _joint_or_404(number: int) -> TransitMatch:
    match = db.one_or_404(select(TransitMatch).where(TransitMatch.id == number))
    if not may(current_user, (ACCOUNTANT,), match.account.unit_id):
        abort(404)
    return match
