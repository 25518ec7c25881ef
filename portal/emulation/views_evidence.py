"""Evidence of a criterion on screen: photos in its album, PDFs beside. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, url_for
from flask_login import current_user

from portal.emulation import actions_scoring as actions
from portal.emulation import queries_movements as queries
from portal.emulation import queries_scoring as found
from portal.emulation.actions_registrations import line_of
from portal.emulation.albums import may_prove
from portal.emulation.forms_scoring import EvidenceForm
from portal.emulation.models_scoring import ScoreLine
from portal.emulation.queries_movements import READERS, WRITERS
from portal.emulation.views import bp, done
from portal.emulation.views_sheet import sheet_url
from portal.files.album import album_of
from portal.files.papers import PDF, ReadyPaper, ready_paper
from portal.kit.access import allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.storage import present_storage, read
from portal.kit.vietnamese import ascii_text, nfc
from portal.kit.web import go, page


def evidence_url(line_id: int) -> str:
    """The page of a criterion's evidence on a sheet."""
    return url_for("emulation.evidence", line_id=line_id)


@bp.post("/phong-trao/phieu/<int:entry_id>/minh-chung/<int:criterion_id>")
@allow(*WRITERS)
def begin_evidence(entry_id: int, criterion_id: int) -> Response:
    """A criterion without marks gets its line, so that files can be brought to it."""
    entry = queries.entry_or_404(entry_id, for_user=current_user)
    criterion = queries.criterion_or_404(entry.round, criterion_id)
    if not queries.may_score(current_user, entry):
        abort(403)
    try:
        actions.check_evidence(entry)
        response = go(evidence_url(line_of(entry, criterion.id).id))
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "bad")
        return go(sheet_url(entry_id))


@bp.get("/phong-trao/minh-chung/<int:line_id>")
@allow(*READERS)
def evidence(line_id: int) -> Response:
    """Photos and PDFs of a criterion."""
    return _page(found.line_or_404(line_id, for_user=current_user), EvidenceForm(None))


def _page(line: ScoreLine, form: EvidenceForm) -> Response:
    return page(
        "emulation/evidence.html",
        status=form.status,
        line=line,
        criterion=line.criterion,
        entry=line.entry,
        one=line.entry.round,
        papers=found.papers_of(line.id),
        album=album_of(found.ALBUM, line.id, line, for_user=current_user),
        form=form,
        may_write=may_prove(current_user, line),
    )


def _to_prove(line_id: int) -> ScoreLine:
    line = found.line_or_404(line_id, for_user=current_user)
    if not may_prove(current_user, line):
        abort(403)
    return line


@bp.post("/phong-trao/minh-chung/<int:line_id>")
@allow(*WRITERS, writes=False)
def add_evidence(line_id: int) -> Response:
    """Bring PDFs; each is judged before anything is written. The same PDF twice is one."""
    line, form = _to_prove(line_id), EvidenceForm()
    if form.validate_on_submit():
        try:
            ready = [_ready(one) for one in form.files.data]
            return _kept(line_id, ready)
        except Refused as refused:
            db.session.rollback()
            line = _to_prove(line_id)
            form.files.errors = [*form.files.errors, refused.text]
    return _page(line, form)


def _ready(file: Any) -> tuple[str, ReadyPaper]:
    name = nfc(file.filename)
    return name, ready_paper(file.read(), present_storage(), name=name)


def _kept(line_id: int, ready: list[tuple[str, ReadyPaper]]) -> Response:
    with writing():
        line = _to_prove(line_id)
        for name, made in ready:
            by = current_user._get_current_object()  # noqa: SLF001
            actions.add_paper(line, made, name=name, by=by)
        db.session.commit()
    flash(f"Đã nhận {len(ready)} tệp PDF.")
    return go(evidence_url(line_id))


@bp.get("/phong-trao/minh-chung/<int:line_id>/tep/<int:paper_id>.pdf")
@allow(*READERS)
def evidence_file(line_id: int, paper_id: int) -> Response:
    """The PDF as it was brought."""
    paper = found.paper_or_404(found.line_or_404(line_id, for_user=current_user), paper_id)
    try:
        answer = make_response(read(present_storage(), paper.file_sha))
    except FileNotFoundError:
        abort(404)
    answer.mimetype = PDF
    name = ascii_text(paper.name).replace('"', "").replace("\n", " ")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/phong-trao/minh-chung/<int:line_id>/tep/<int:paper_id>/bo", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_evidence(line_id: int, paper_id: int) -> Response:
    """The PDF no longer proves anything."""
    line, form = _to_prove(line_id), ReasonForm()
    paper = found.paper_or_404(line, paper_id)
    if form.validate_on_submit():
        try:
            actions.withdraw_paper(paper, line, reason=form.reason.data)
            return done(evidence_url(line_id), "Đã bỏ tệp.")
        except Refused as refused:
            db.session.rollback()
            paper = found.paper_or_404(_to_prove(line_id), paper_id)
            form.add_refusal(refused)
    crumbs = [
        (line.entry.unit.name, sheet_url(line.entry_id)),
        (f"Tiêu chí {line.criterion.code}", evidence_url(line_id)),
    ]
    return page(
        "layouts/reason.html",
        status=form.status,
        form=form,
        verb="Bỏ tệp",
        lead=f"Tệp “{paper.name}”, {paper.pages} trang.",
        crumbs=crumbs,
    )
