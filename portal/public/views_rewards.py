"""/khen-thuong/: who was rewarded; /xac-minh/: whether a certificate, a receipt or a bulletin is genuine. Reads only."""

from __future__ import annotations

from flask import Response, jsonify, url_for
from htmx_flask import request

from portal.bulletins.queries import bulletin_by_code
from portal.kit.access import PUBLIC, allow
from portal.kit.check_codes import read_check_code
from portal.kit.days import format_moment, now_in_vietnam
from portal.kit.vietnamese import fold, nfc
from portal.kit.web import go, page
from portal.public import documents_rewards as documents
from portal.public import forms
from portal.public.facts import facts_by_code
from portal.public.views import HTML, bp, csv_answer, revalidated

LONGEST = 60
PAGE_ROWS = 100


@bp.get("/khen-thuong/", defaults={"kind": HTML})
@bp.get("/khen-thuong.<any(json,csv):kind>")
@bp.get("/khen-thuong/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def rewards(kind: str) -> Response:
    """Every reward, by year, form and words."""
    rows = documents.shown_rewards()
    if kind == "csv":
        return csv_answer("khen-thuong", documents.HEADS, [documents.reward_row(one) for one in rows])
    if kind == "json":
        return jsonify(rows=[documents.reward_json(one) for one in rows])
    year, form = request.args.get("nam", ""), nfc(request.args.get("hinh_thuc", "")[:100])
    words = nfc(request.args.get("q", "")[:100])
    found = [one for one in rows if _fits(one, year, form, words)]
    start = request.args.get("tu", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0
    return page(
        "public/rewards.html",
        rows=found[first : first + PAGE_ROWS],
        first=first,
        count=len(found),
        total=len(rows),
        years=sorted({one.day.year for one in rows}, reverse=True),
        forms=sorted({one.form for one in rows}),
        year=year,
        form=form,
        words=words,
        more=first + PAGE_ROWS if first + PAGE_ROWS < len(found) else None,
    )


def _fits(one: documents.Shown, year: str, form: str, words: str) -> bool:
    told = fold(f"{one.name} {one.achievement} {one.unit} {one.number}")
    return (
        (not year or str(one.day.year) == year)
        and (not form or one.form == form)
        and all(word in told for word in fold(words).split())
    )


@bp.get("/xac-minh/")
@allow(PUBLIC)
def verify_form() -> Response:
    """A field for the code on a paper."""
    asked = nfc(request.args.get("ma", "")[:LONGEST])
    if asked:
        return go(url_for("public.verify", code=_tidy(asked)))
    return page("public/verify.html", asked="", reward=None, other=None, code=None, read_at=None)


def _tidy(asked: str) -> str:
    return read_check_code(asked) or asked.replace("/", " ").strip()


@bp.get("/xac-minh/<code>", defaults={"kind": HTML})
@bp.get("/xac-minh/<code>.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def verify(code: str, kind: str) -> Response:
    """What the books say of the code on a paper; a code that nobody gave out answers 404, in words."""
    asked = nfc(code[:LONGEST])
    known = read_check_code(asked)
    reward = documents.shown_by_code(known) if known else None
    other = _other(asked) if reward is None else None
    status = 200 if reward or other else 404
    if kind == "json":
        answer = jsonify(documents.reward_json(reward)) if reward else jsonify(other or {"error": "unknown"})
        answer.status_code = status
        return answer
    return page(
        "public/verify.html",
        status=status,
        asked=asked,
        reward=reward,
        other=other,
        code=documents.code_text(known) if known else None,
        read_at=format_moment(now_in_vietnam()),
    )


def _other(asked: str) -> dict[str, str] | None:
    """A receipt's gift or an issued bulletin that bears the code: what it is, and its page."""
    facts = facts_by_code(asked[: forms.LONGEST_CODE])
    if facts is not None:
        return {"kind": "receipt", "name": f"Khoản ủng hộ {asked}", "url": url_for("public.gift", code=asked)}
    bulletin = bulletin_by_code(asked) if forms.read_code(asked) else None
    if bulletin is not None and bulletin.content is not None:
        return {"kind": "bulletin", "name": bulletin.title, "url": url_for("public.bulletin", code=asked)}
    return None
