"""/khen-thuong/: who was rewarded; /xac-minh/: whether a certificate, a receipt or a bulletin is genuine. Reads only."""

from __future__ import annotations

from flask import Response, jsonify, url_for
from htmx_flask import request

from portal.bulletins.queries import bulletin_by_code
from portal.emulation import queries_public as queries
from portal.kit.access import PUBLIC, allow
from portal.kit.check_codes import read_check_code
from portal.kit.days import format_moment, now_in_vietnam
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page
from portal.public import documents_rewards as documents
from portal.public import forms
from portal.public.facts import facts_by_code
from portal.public.views import HTML, bp, csv_answer, revalidated

LONGEST = 60
UNREADABLE = "không đọc được"


@bp.get("/khen-thuong/", defaults={"kind": HTML})
@bp.get("/khen-thuong.<any(json,csv):kind>")
@bp.get("/khen-thuong/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def rewards(kind: str) -> Response:
    """Every reward, by year, form and words."""
    if kind != HTML:
        rows = documents.shown_rewards()
        if kind == "csv":
            return csv_answer("khen-thuong", documents.HEADS, [documents.reward_row(one) for one in rows])
        return jsonify(rows=[documents.reward_json(one) for one in rows])
    asked = _asked()
    count, total = queries.counted(asked)
    years, forms = queries.years_and_forms()
    more = asked.first + documents.PAGE_ROWS
    return page(
        "public/rewards.html",
        rows=documents.shown_page(asked),
        first=asked.first,
        count=count,
        total=total,
        years=years,
        forms=forms,
        year=asked.year,
        form=asked.form,
        words=asked.words,
        more=more if more < count else None,
    )


def _asked() -> queries.AskedRewards:
    """What the address asks for; what cannot be read asks nothing."""
    start = request.args.get("tu", "")
    return queries.AskedRewards(
        year=request.args.get("nam", "")[:10],
        form=nfc(request.args.get("hinh_thuc", "")[:100]),
        words=nfc(request.args.get("q", "")[:100]),
        first=int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0,
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
    asked = nfc(code[:LONGEST]) or UNREADABLE
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
