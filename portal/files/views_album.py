"""Albums on screen: photos brought to a record of another room. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, url_for
from flask_login import current_user

from portal.files import actions, album, queries
from portal.files.actions_album import add_to_album
from portal.files.album import Subject
from portal.files.forms import UploadForm
from portal.files.views import bp
from portal.kit.access import allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.storage import present_storage
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page


@bp.route("/them/<kind>/<int:subject_id>", methods=["GET", "POST"])
@allow(*queries.WRITERS, writes=False)
def add(kind: str, subject_id: int) -> Response:
    """Bring photos to a record. The same photo twice is one."""
    subject, record = _to_write(kind, subject_id)
    form = _offered(UploadForm(), subject)
    title, address = subject.title(record), _address(subject, subject_id)
    if form.validate_on_submit():
        made, wrong = _cleaned(form.files.data)
        wrong = [*form.files.refused, *wrong]
        try:
            if made or not wrong:
                return _kept(kind, subject_id, made, wrong, form)
        except Refused as refused:
            form.add_refusal(refused)
        form.files.errors = [*form.files.errors, *wrong]
    return page(
        "files/add.html", status=form.status, subject=subject, title=title, address=address, form=form
    )


def _to_write(kind: str, subject_id: int) -> tuple[Subject, Any]:
    subject, record = album.subject_or_404(kind, subject_id, for_user=current_user)
    if not subject.may_write(current_user, record):
        abort(403)
    return subject, record


def _offered(form: UploadForm, subject: Subject) -> UploadForm:
    """Albums without parts do not ask for one."""
    if subject.roles:
        form.role.offer(list(subject.roles.items()))
    else:
        del form.role
    return form


def _address(subject: Subject, subject_id: int) -> str:
    values: dict[str, Any] = {subject.argument: subject_id}
    return url_for(subject.endpoint, **values)


def _cleaned(files: list[Any]) -> tuple[list[actions.Ready], list[str]]:
    """Each file cleaned and put into the store, one after the other; sentences about those that cannot be."""
    made, wrong = [], []
    for file in files:
        try:
            made.append(actions.ready(file.read(), present_storage(), name=nfc(file.filename)))
        except Refused as refused:
            wrong.append(refused.text)
    return made, wrong


def _kept(
    kind: str, subject_id: int, made: list[actions.Ready], wrong: list[str], form: UploadForm
) -> Response:
    """Write what is good; what is not is told by name. Raises Refused."""
    with writing():
        subject, record = _to_write(kind, subject_id)
        by = current_user._get_current_object()  # noqa: SLF001
        role = form.role.data if subject.roles else ""
        caption, day = form.caption.data or "", form.taken_on.data
        for one in made:
            add_to_album(subject, record, one, by=by, role=role, caption=caption, taken_on=day)
        db.session.commit()
    flash(f"Đã tải {len(made)} ảnh. Chưa ai ngoài đơn vị xem được.")
    for text in wrong:
        flash(text, "bad")
    return go(_address(subject, subject_id))
