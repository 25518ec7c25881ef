"""Pictures on screen: the list, one picture, its bytes, what is said and judged of it. Albums: views_album.

The POSTs that work on dots are marked `writes=False`: the work is done before the books are locked, and the write
opens its own transaction.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from portal.files import actions, album, copies, queries
from portal.files.forms import NO, YES, DescribeForm, LookForm, WithdrawForm
from portal.files.lists import KINDS, name_of, pictures_list, state_of
from portal.files.models import Picture
from portal.files.pictures import JPEG, SCAN
from portal.files.rules import boxes_of
from portal.kit.access import allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.storage import present_storage, read
from portal.kit.web import go, page
from portal.people.queries import open_units

bp = Blueprint("files", __name__, url_prefix="/quan-ly/anh")
SMALL, MEDIUM = 480, 1080  # dots of the longer side: in an album, on its own page


@bp.get("/")
@allow(*queries.READERS)
def index() -> Response:
    """Pictures of the person's units; as a file without the pictures themselves."""
    units = open_units(current_user, *queries.READERS).values()
    choices = sorted(((unit.id, unit.name) for unit in units), key=lambda pair: pair[1])
    spec = pictures_list(choices, lambda row: url_for("files.show", picture_id=row.id))
    rows = queries.pictures_for(current_user).join(Picture.unit).options(joinedload(Picture.unit))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "files/list.html", "list", status=listing.status, listing=listing
    )


@bp.get("/<int:picture_id>")
@allow(*queries.READERS)
def show(picture_id: int) -> Response:
    """One picture: what is said of it, whose it is, who may see it."""
    return page("files/show.html", **_shown(_picture(picture_id)))


def _picture(picture_id: int) -> Picture:
    return queries.picture_or_404(picture_id, for_user=current_user)


def _shown(picture: Picture) -> dict[str, Any]:
    return {
        "picture": picture,
        "name": name_of(picture),
        "kind": KINDS[picture.what],
        "state": state_of(picture),
        "homes": album.homes_of(picture, for_user=current_user),
        "is_home_public": album.is_home_public(picture),
        "in_store": present_storage().size(picture.file_sha) is not None,
        "hindrance": _hindrance(picture),
        "may_write": queries.may_write(current_user, picture),
        "may_look": queries.may_look(current_user, picture),
        "may_publish": queries.may_publish(current_user, picture),
    }


def _hindrance(picture: Picture) -> str | None:
    """Why the picture may not be shown to everybody now; None = it may."""
    try:
        actions.check_public(picture)
    except Refused as refused:
        return refused.text
    return None


# --- bytes -----------------------------------------------------------------------------------------------


@bp.get("/<int:picture_id>/tep")
@allow(*queries.READERS)
def original(picture_id: int) -> Response:
    """The picture itself, for staff of its unit."""
    return _jpeg(_bytes(_picture(picture_id)))


@bp.get("/<int:picture_id>/nho")
@allow(*queries.READERS)
def small(picture_id: int) -> Response:
    """A small one for albums."""
    return _jpeg(copies.small(_bytes(_picture(picture_id)), SMALL))


@bp.get("/<int:picture_id>/vua")
@allow(*queries.READERS)
def medium(picture_id: int) -> Response:
    """One for its own page."""
    return _jpeg(copies.small(_bytes(_picture(picture_id)), MEDIUM))


@bp.get("/<int:picture_id>/xem-truoc")
@allow(*queries.READERS)
def preview(picture_id: int) -> Response:
    """The copy as everybody would see it."""
    picture = _picture(picture_id)
    return _jpeg(copies.public_copy(_bytes(picture), boxes_of(picture.redactions)).data)


def _bytes(picture: Picture) -> bytes:
    """The bytes of a picture that may be seen, outside of any transaction. 404 otherwise."""
    name, gone = picture.file_sha, picture.withdrawn
    db.session.rollback()
    if gone:
        abort(404)
    try:
        return read(present_storage(), name)
    except FileNotFoundError:
        abort(404)


def _jpeg(data: bytes) -> Response:
    return Response(data, mimetype=JPEG)


# --- what is said and judged of it -----------------------------------------------------------------------


@bp.route("/<int:picture_id>/sua", methods=["GET", "POST"])
@allow(*queries.WRITERS)
def describe(picture_id: int) -> Response:
    """Caption and day."""
    picture = _one_to(picture_id, queries.may_write)
    if request.method == "POST":
        lock_row(picture)
    form = DescribeForm(obj=picture)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            caption = form.caption.data or ""
            actions.describe(picture, caption=caption, taken_on=form.taken_on.data)
            return to(picture_id, "Đã sửa chú thích và ngày chụp.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    picture = _picture(picture_id)
    return page(
        "files/describe.html",
        status=status,
        picture=picture,
        name=name_of(picture),
        form=form,
        theirs=theirs,
    )


@bp.route("/<int:picture_id>/che", methods=["GET", "POST"])
@allow(*queries.LOOKERS)
def look(picture_id: int) -> Response:
    """Say whether faces are on it and draw what is covered."""
    picture = _one_to(picture_id, queries.may_look)
    if request.method == "POST":
        lock_row(picture)
    form = LookForm(data=_judged(picture))
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            free = actions.look(
                picture,
                people_shown=form.people_shown.data == YES,
                consent=form.consent.data,
                boxes=form.boxes.data,
            )
            said = (
                "Đã ghi. Bản công khai cũ đã gỡ."
                if free
                else "Đã ghi. Xem kỹ bản mọi người sẽ thấy trước khi công khai."
            )
            return to(picture_id, said, free)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    shown = _shown(_picture(picture_id))
    return page("files/look.html", status=status, form=form, theirs=theirs, SCAN=SCAN, **shown)


def _judged(picture: Picture) -> dict[str, Any]:
    """What was judged before, for the form: nothing, as long as nobody has looked."""
    answer = {True: YES, False: NO, None: None}[picture.people_shown]
    return {"people_shown": answer, "consent": picture.consent, "boxes": boxes_of(picture.redactions)}


@bp.post("/<int:picture_id>/cong-khai")
@allow(*queries.PUBLISHERS, writes=False)
def publish(picture_id: int) -> Response:
    """Make the copy, then show it to everybody."""
    picture = _one_to(picture_id, queries.may_publish)
    storage = present_storage()
    try:
        made = actions.made_public(picture, storage)
        with writing():
            picture = _one_to(picture_id, queries.may_publish)
            free = actions.publish(picture, made, by=current_user._get_current_object())  # noqa: SLF001
            db.session.commit()
    except Refused as refused:
        flash(refused.text, "bad")
        return go(url_for("files.show", picture_id=picture_id))
    actions.sweep(free, storage)
    flash("Đã công khai bản đã che. Bản gốc vẫn chỉ người trong đơn vị xem được.")
    return go(url_for("files.show", picture_id=picture_id))


@bp.post("/<int:picture_id>/go")
@allow(*queries.LOOKERS)
def unpublish(picture_id: int) -> Response:
    """Take the public copy down."""
    picture = _one_to(picture_id, queries.may_look)
    lock_row(picture)
    return to(picture_id, "Đã gỡ bản công khai. Địa chỉ cũ không còn mở được.", actions.unpublish(picture))


@bp.route("/<int:picture_id>/rut", methods=["GET", "POST"])
@allow(*queries.LOOKERS)
def withdraw(picture_id: int) -> Response:
    """Nobody sees it any more, with a reason."""
    picture, form = _one_to(picture_id, queries.may_look), WithdrawForm()
    if form.validate_on_submit():
        try:
            free = actions.withdraw(lock_row(picture), reason=form.reason.data)
            return to(picture_id, "Đã rút ảnh. Tệp gốc vẫn giữ trong kho để đối chiếu.", free)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    shown = _picture(picture_id)
    return page("files/withdraw.html", status=form.status, picture=shown, name=name_of(shown), form=form)


def _one_to(picture_id: int, may: Any) -> Picture:
    """A picture that is still there and that the person may change. 404 or 403 otherwise."""
    picture = _picture(picture_id)
    if not may(current_user, picture):
        abort(403)
    if picture.withdrawn:
        abort(404)
    return picture


def to(picture_id: int, said: str, free: list[str] | None = None) -> Response:
    """Commit, drop what no row needs any more, and back to the page of the picture."""
    response = go(url_for("files.show", picture_id=picture_id))
    flash(said)
    db.session.commit()
    actions.sweep(free or (), present_storage())
    return response


from portal.files import views_album  # noqa: E402, F401  (its routes join `bp`)
