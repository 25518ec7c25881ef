"""The budget on screen: planned beside spent, its form, its file and its paper."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request, send_file, url_for
from flask_login import current_user

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.frame import shows_sample
from portal.kit import tables
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import MIMETYPES
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.ledger.queries import default_fund
from portal.people.queries import may, open_units, units_for
from portal.spending import actions_catalogues, documents_budget, queries
from portal.spending import queries_budget as found
from portal.spending.forms_others import budget_form, planned_of
from portal.spending.lists import COMMON_NAME
from portal.spending.queries_budget import Asked
from portal.spending.views import READERS, WRITERS, bp
from portal.units.models import Unit

YEARS_BACK = 5


@dataclass(frozen=True)
class Choice:
    """Whose budget the address asks: `scope` is "dot-3" or "nam-2026"."""

    units: dict[int, Unit]
    scopes: list[tuple[str, str]]
    unit: Unit
    scope: str
    campaign: Campaign | None
    asked: Asked

    @property
    def name(self) -> str:
        """ "Nguồn chung, năm 2026" or the campaign."""
        return dict(self.scopes)[self.scope]

    @property
    def args(self) -> dict[str, Any]:
        """The same question as arguments of an address."""
        return {"don_vi": self.unit.id, "nguon": self.scope}


def _choice(*roles: str) -> Choice | None:
    """What the address asks; without arguments the first unit and this year. None without any unit."""
    units = open_units(current_user, *roles)
    if not units:
        return None
    wanted = request.args.get("don_vi", "")
    unit = units.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 18 else None
    if wanted and unit is None:
        raise Refused("Không có đơn vị này trong phạm vi của bạn. Chọn lại đơn vị.", "don_vi")
    unit = unit or next(iter(units.values()))
    year = today_in_vietnam().year
    campaigns = {f"dot-{item.id}": item for item in campaigns_of(units_for(current_user, *roles))}
    years = {
        f"nam-{number}": f"{COMMON_NAME}, năm {number}" for number in range(year + 1, year - YEARS_BACK, -1)
    }
    scopes = [*years.items(), *((key, item.name) for key, item in campaigns.items())]
    scope = request.args.get("nguon", f"nam-{year}")
    if scope not in dict(scopes):
        raise Refused("Không có nguồn này. Chọn một năm hoặc một đợt trong danh sách.", "nguon")
    campaign = campaigns.get(scope)
    asked = Asked(
        unit.id,
        campaign.fund_id if campaign else default_fund().id,
        campaign.id if campaign else None,
        None if campaign else int(scope.removeprefix("nam-")),
    )
    return Choice(units, scopes, unit, scope, campaign, asked)


@bp.get("/du-toan/")
@allow(*READERS)
def budget() -> Response:
    """Planned beside spent by purpose, with what is left and what is over."""
    choice = _choice(*READERS)
    if choice is None:
        return page("spending/budget.html", choice=None)
    lines = found.lines_of(choice.asked)
    if request.args.get("xuat") == "xlsx":
        return _file(choice, lines)
    return page(
        "spending/budget.html",
        "table",
        choice=choice,
        lines=lines,
        total=found.total_of(lines),
        share=documents_budget.share_of,
        changes=found.changes_of(choice.asked)[:5],
        may_write=may(current_user, WRITERS, choice.unit.id),
    )


def _file(choice: Choice, lines: list[found.Line]) -> Response:
    out = io.BytesIO()
    heads = ["Mục đích", "Dự toán (đ)", "Đã chi (đ)", "Còn lại (đ)", "Đã chi so với dự toán", "Ghi chú"]
    rows = [documents_budget.cells_of(line) for line in (*lines, found.total_of(lines))]
    title = f"Dự toán chi: {choice.unit.name}, {choice.name}"
    tables.write_xlsx(heads, rows, out, title=title, amount_columns=heads[1:4])
    out.seek(0)
    return send_file(out, mimetype=MIMETYPES["xlsx"], as_attachment=True, download_name="du-toan-chi.xlsx")


@bp.get("/du-toan/du-toan.pdf")
@allow(*READERS)
def budget_pdf() -> Response:
    """The same on paper."""
    choice = _choice(*READERS)
    if choice is None:
        raise Refused("Chưa có đơn vị nào trong phạm vi của bạn. Nhờ người quản trị cấp quyền.")
    lines = found.lines_of(choice.asked)
    paper = documents_budget.paper_of(choice.unit, choice.name, lines, found.total_of(lines))
    html = render_paper("documents/budget.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, "du-toan-chi")


@bp.route("/du-toan/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_budget() -> Response:
    """What is planned, a field for each purpose."""
    choice = _choice(*WRITERS)
    if choice is None:
        return page("spending/budget.html", choice=None)
    planned = found.planned_of(choice.asked)
    names = queries.purpose_names()
    shown = {item.key: item.name for item in queries.purposes()} | {key: names[key] for key in planned}
    form = budget_form(shown, planned)
    if request.method == "POST" and form.validate_on_submit():
        done = actions_catalogues.set_budget(
            **vars(choice.asked), planned=planned_of(form, shown), by=current_user
        )
        response = go(url_for("spending.budget", **choice.args))
        flash("Đã ghi dự toán." if done.new or done.changed else "Dự toán không thay đổi.")
        db.session.commit()
        return response
    return page("spending/edit_budget.html", status=form.status, choice=choice, form=form, purposes=shown)
