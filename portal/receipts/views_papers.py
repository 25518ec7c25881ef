"""Papers for donors on screen: the list, the small form of each, print; the closed list of purposes."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, request, url_for
from flask_login import current_user

from portal.donations.models import Donation
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer
from portal.kit.web import go, page
from portal.people.queries import may
from portal.receipts import actions_papers as actions
from portal.receipts import documents_annex, queries
from portal.receipts import documents_papers as documents
from portal.receipts.forms import DonorPaperForm, PurposeForm
from portal.receipts.lists import donor_papers_list
from portal.receipts.models import DonorPaper, SponsorPurpose
from portal.receipts.rules import DONOR_PAPER_OF_SLUG, DONOR_PAPER_SLUGS, DONOR_PAPERS
from portal.receipts.views import bp
from portal.receipts.views_answers import PRINTERS, READERS, head_or_404, sample

PAPERS = donor_papers_list(lambda paper: url_for("receipts.donor_paper", paper_id=paper.id))


@bp.get("/giay-to/")
@allow(*READERS)
def donor_papers() -> Response:
    """Every letter, honour and minutes that was made."""
    rows = queries.donor_papers_for(current_user)
    listing = PAPERS.run(rows, request.args, request.path)
    return PAPERS.download(rows, request.args) or page(
        "receipts/donor_papers.html", "list", status=listing.status, listing=listing
    )


def _asked(code: str, slug: str) -> tuple[Donation, str]:
    gift, what = head_or_404(code), DONOR_PAPER_OF_SLUG.get(slug)
    if what is None:
        abort(404)
    if not may(current_user, PRINTERS, gift.unit_id):
        abort(403)
    return gift, what


def _form_of(gift: Donation, **values: Any) -> DonorPaperForm:
    form = DonorPaperForm(data=values) if values else DonorPaperForm()
    form.purpose_id.offer([(item.id, item.name) for item in queries.purposes(today_in_vietnam())])
    return form


@bp.get("/khoan/<code>/lap/<slug>")
@allow(*PRINTERS)
def new_donor_paper(code: str, slug: str) -> Response:
    """The form of a new paper, filled with what is known of the giver."""
    gift, what = _asked(code, slug)
    form = _form_of(gift, **documents.first_values(gift, day=today_in_vietnam()))
    return _form_page(form, gift, what)


def _form_page(form: DonorPaperForm, gift: Donation, what: str) -> Response:
    return page(
        "receipts/donor_paper_new.html",
        form=form,
        status=form.status,
        fields=form.fields_of(what),
        gift=gift,
        what=DONOR_PAPERS[what],
        slug=DONOR_PAPER_SLUGS[what],
        minutes=what == "minutes",
    )


@bp.post("/khoan/<code>/lap/<slug>")
@allow(*PRINTERS)
def make_donor_paper(code: str, slug: str) -> Response:
    """Keep the paper and show it."""
    gift, what = _asked(code, slug)
    form = _form_of(gift)
    if form.validate_on_submit():
        try:
            values = {field.short_name: field.data for field in form.fields_of(what)}
            paper = actions.make_donor_paper(gift, what, values, by=current_user)
            response = go(url_for("receipts.donor_paper", paper_id=paper.id))
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form = _form_of(head_or_404(code))
            form.validate()
            form.add_refusal(refused)
    return _form_page(form, head_or_404(code), what)


def _paper_or_404(paper_id: int) -> DonorPaper:
    return queries.donor_paper_or_404(paper_id, for_user=current_user)


@bp.get("/giay-to/<int:paper_id>")
@allow(*READERS)
def donor_paper(paper_id: int) -> Response:
    """A paper as it will be printed."""
    paper = _paper_or_404(paper_id)
    links = [
        ("Mở bản in (PDF)", url_for("receipts.donor_paper_pdf", paper_id=paper.id)),
        ("Trở lại khoản ủng hộ", url_for("receipts.of_gift", code=paper.donation.code)),
    ]
    return make_response(documents.render(paper, sample=sample(), links=links))


@bp.get("/giay-to/<int:paper_id>.pdf")
@allow(*READERS)
def donor_paper_pdf(paper_id: int) -> Response:
    """The paper as PDF; printing it again gives the same text."""
    paper = _paper_or_404(paper_id)
    name = f"{DONOR_PAPER_SLUGS[paper.what]}-{paper.id}"
    return pdf_answer(documents.render(paper, sample=sample()), name)


@bp.get("/khoan/<code>/danh-sach.pdf")
@allow(*READERS)
def group_list_pdf(code: str) -> Response:
    """The people behind a group gift, to be stapled to its receipt."""
    annex = documents_annex.annex_of(head_or_404(code))
    if annex is None:
        abort(404)
    return pdf_answer(documents_annex.render(annex, sample=sample()), f"danh-sach-{code}")


# --- the closed list of purposes -------------------------------------------------------------------------


@bp.get("/muc-dich-tai-tro")
@allow(ADMINISTRATOR)
def purposes() -> Response:
    """The boxes of the minutes that confirm a sponsorship."""
    return _purposes_page(PurposeForm())


def _purposes_page(form: PurposeForm, changed: SponsorPurpose | None = None) -> Response:
    return page(
        "receipts/purposes.html",
        form=form,
        status=form.status,
        purposes=queries.purposes(),
        changed=changed,
        today=today_in_vietnam(),
    )


@bp.post("/muc-dich-tai-tro")
@allow(ADMINISTRATOR)
def add_purpose() -> Response:
    """A new box."""
    form = PurposeForm()
    if form.validate_on_submit():
        try:
            actions.add_purpose(name=form.name.data, basis=form.basis.data, valid_from=form.valid_from.data)
            return _purposes_saved("Đã thêm mục đích.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _purposes_page(form)


def _purposes_saved(said: str) -> Response:
    response = go(url_for("receipts.purposes"))
    flash(said)
    db.session.commit()
    return response


@bp.get("/muc-dich-tai-tro/<int:purpose_id>")
@allow(ADMINISTRATOR)
def purpose(purpose_id: int) -> Response:
    """One box to change."""
    found = db.get_or_404(SponsorPurpose, purpose_id)
    shown = {"name": found.name, "basis": found.basis, "place": found.place, "valid_to": found.valid_to}
    return _purposes_page(PurposeForm(data=shown), found)


@bp.post("/muc-dich-tai-tro/<int:purpose_id>")
@allow(ADMINISTRATOR)
def change_purpose(purpose_id: int) -> Response:
    """Change a box, or end it."""
    found, form = db.get_or_404(SponsorPurpose, purpose_id), PurposeForm()
    if form.validate_on_submit():
        try:
            actions.change_purpose(
                found,
                name=form.name.data,
                basis=form.basis.data,
                place=found.place if form.place.data is None else form.place.data,
                valid_to=form.valid_to.data,
            )
            return _purposes_saved("Đã sửa mục đích. Biên bản đã lập giữ nguyên.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _purposes_page(form, db.get_or_404(SponsorPurpose, purpose_id))
