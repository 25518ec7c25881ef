"""Control totals typed in from the paper, for a statement that prints nothing to compare with."""

from __future__ import annotations

from flask import Response

from portal.jobs.models import Job
from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.statements import actions, rules
from portal.statements.controls import Paper
from portal.statements.forms import PaperForm, PostForm
from portal.statements.views import bp, check_or_404, me, queued, review_page


@bp.post("/kiem-tra/<int:job_id>/ban-giay")
@allow(ACCOUNTANT)
def compare(job_id: int) -> Response:
    """Check the file anew, against what was typed from the paper."""
    job, form = check_or_404(job_id), PaperForm()
    if form.validate():
        try:
            return queued(_ask(job, form), "statements.review")
        except Refused as refused:
            form.add_refusal(refused)
    db.session.rollback()
    return review_page(check_or_404(job_id), PostForm(formdata=None), 422, paper_form=form)


def _ask(job: Job, form: PaperForm) -> Job:
    """Raises Refused for sums that could prove nothing."""
    paper = Paper(**form.values())
    rules.check_paper(is_enough=paper.is_enough)
    return actions.check_again(job, paper=paper, by=me())
