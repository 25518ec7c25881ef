"""Tables on screen: choose a kind, bring a file, look at what would happen, write it.

The POSTs here are marked `writes=False`: the file is read and checked before the books are locked, and the
write opens its own transaction. Their forms carry no double-submit key; a table brought twice adds nothing.
"""

from __future__ import annotations

import io
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, flash, send_file, url_for
from flask_login import current_user

from portal.imports import background, handling, uploads
from portal.imports.blanks import write_template
from portal.imports.forms import TableForm, WriteForm
from portal.imports.kind import Kind
from portal.imports.loading import load
from portal.imports.modes import BOTH, LABELS
from portal.imports.queries import kind_of_slug, kinds_for, waiting
from portal.imports.uploads import Upload
from portal.imports.wording import facts_of
from portal.jobs import worker
from portal.jobs.actions import ENDED
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, RECORDER, allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page
from portal.people.models import User
from portal.people.queries import units_for

bp = Blueprint("imports", __name__, url_prefix="/quan-ly/nhap-bang")
ROLES = (ADMINISTRATOR, ACCOUNTANT, RECORDER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@allow(*ROLES)
def index() -> Response:
    """The kinds this person may bring."""
    return page("imports/index.html", kinds=kinds_for(current_user), waiting=waiting(current_user))


@bp.get("/<slug>")
@allow(*ROLES)
def new(slug: str) -> Response:
    """Where a file of one kind is brought."""
    kind = _kind_or_404(slug)
    return page("imports/new.html", kind=kind, form=_table_form(kind))


@bp.post("/<slug>")
@allow(*ROLES, writes=False)
def check(slug: str) -> Response:
    """Read and check a file, at once or, when it is long, as a job; nothing is written to the books."""
    kind = _kind_or_404(slug)
    form = _table_form(kind)
    if form.validate_on_submit():
        content, filename = form.file.data.read(), nfc(form.file.data.filename)
        mode = form.mode.data or BOTH if kind.has_modes else BOTH
        try:
            return _examine(kind, content, filename, mode)
        except Refused as refused:
            form.add_refusal(Refused(refused.text, "file"))
    return page("imports/new.html", kind=kind, form=form, status=form.status)


@bp.get("/<slug>/mau.xlsx")
@allow(*ROLES)
def template(slug: str) -> Response:
    """An empty table of this kind, with lists to choose from."""
    kind, out = _kind_or_404(slug), io.BytesIO()
    write_template(kind, out, units_for(current_user, *kind.roles))
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=f"mau-{kind.slug}.xlsx")


@bp.get("/<slug>/<name>")
@allow(*ROLES)
def show(slug: str, name: str) -> Response:
    """What a checked table would do, or has done; how far its job is."""
    kind = _kind_or_404(slug)
    return _page(kind, _upload_or_404(kind, name), 200)


@bp.post("/<slug>/<name>")
@allow(*ROLES, writes=False)
def write(slug: str, name: str) -> Response:
    """Write a checked table into the books, at once or as a job."""
    kind = _kind_or_404(slug)
    upload, form = _upload_or_404(kind, name), WriteForm()
    address = url_for("imports.show", slug=slug, name=name)
    if upload.facts["done"]:
        return go(address)
    if not form.validate_on_submit() or "outcome" not in upload.facts:
        return _page(kind, upload, 422)
    try:
        if upload.facts["outcome"]["rows"] > background.LONG:
            return _queue(background.WRITE, kind, upload)
        outcome = handling.write_now(upload, kind, _me())
    except Refused as refused:
        flash(refused.text, "bad")
        return go(url_for("imports.new", slug=slug))
    return go(address) if outcome.accepted else _page(kind, upload, 422)


@bp.get("/<slug>/<name>/loi.xlsx")
@allow(*ROLES)
def annotated(slug: str, name: str) -> Response:
    """The person's own file with what to mend in it."""
    kind = _kind_or_404(slug)
    upload = _upload_or_404(kind, name)
    if not upload.annotated.is_file():
        abort(404)
    download_name = f"{Path(upload.facts['filename']).stem}-can-sua.xlsx"
    return send_file(upload.annotated, mimetype=XLSX, as_attachment=True, download_name=download_name)


def _kind_or_404(slug: str) -> Kind:
    return kind_of_slug(slug, for_user=current_user) or abort(404)


def _upload_or_404(kind: Kind, name: str) -> Upload:
    return uploads.find(_folder(), name, kind=kind.name, by=current_user.id) or abort(404)


def _folder() -> Path:
    return current_app.config["PORTAL"].instance / "uploads" / "tables"


def _me() -> User:
    return current_user._get_current_object()  # noqa: SLF001


def _table_form(kind: Kind) -> TableForm:
    """Kinds that know one way only do not ask for it."""
    form = TableForm()
    if not kind.has_modes:
        del form.mode
    return form


def _examine(kind: Kind, content: bytes, filename: str, mode: str) -> Response:
    """Keep a file and check it. Raises Refused for a file that is no such table."""
    facts = {"kind": kind.name, "filename": filename, "by": current_user.id, "mode": mode}
    if background.is_long(content, kind, filename):
        return _queue(background.CHECK, kind, uploads.keep(_folder(), content, **facts))
    loaded = load(content, kind.columns, filename=filename)
    upload = uploads.keep(_folder(), content, **facts)
    outcome = handling.check(upload, kind, _me(), loaded=loaded)
    if outcome.accepted:
        return go(url_for("imports.show", slug=kind.slug, name=upload.name))
    return _page(kind, upload, 422)


def _queue(what: str, kind: Kind, upload: Upload) -> Response:
    """Hand long work to the worker; the page shows how far it is."""
    with writing():
        job_id = background.ask(what, upload, kind, db.session.get_one(User, current_user.id)).id
        db.session.commit()
    background.note_job(what, upload, job_id)
    worker.wake()
    return go(url_for("imports.show", slug=kind.slug, name=upload.name))


def _page(kind: Kind, upload: Upload, status: int) -> Response:
    address = url_for("imports.show", slug=kind.slug, name=upload.name)
    job = db.session.get(Job, upload.job_id) if upload.job_id else None
    progress = None
    if job is not None:
        background.settle(upload, job)
        progress = progress_of(job, url=address, cancel_url=url_for("jobs.cancel", job_id=job.id))
    outcome = upload.facts.get("outcome")
    return page(
        "imports/show.html",
        kind=kind,
        upload=upload,
        outcome=outcome,
        facts=facts_of(outcome, done=upload.facts["done"]) if outcome else [],
        mode=LABELS[upload.facts["mode"]] if kind.has_modes else None,
        progress=progress,
        busy=job is not None and job.state not in ENDED,
        form=WriteForm(),
        status=status,
    )


from portal.imports import views_runs  # noqa: E402, F401  (its routes belong to `bp`)
