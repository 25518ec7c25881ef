"""What a rule has found: candidates with their evidence, put forward or dropped, donors who are asked. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.donors.models import Donor
from portal.emulation import actions_rewards as actions
from portal.emulation import queries_nominations as queries
from portal.emulation import queries_rewards as found
from portal.emulation.actions_nominations import nominate_candidates
from portal.emulation.forms_rewards import ConsentForm
from portal.emulation.lists_nominations import candidates_list, candidates_of
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardEvidence, RewardRun
from portal.emulation.rules_nominations import count_in_words
from portal.emulation.rules_rewards import rule_text
from portal.emulation.views import READERS, WRITERS, bp, check_may, clicked, done, form_page, here, tried
from portal.emulation.views_rewards import SHOWN, kind_names
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.forms import ReasonForm
from portal.kit.listing import BulkAction
from portal.kit.web import page
from portal.people.queries import may

HIDDEN = "Đã chọn giấu tên khi ủng hộ, nên chỉ khen khi chính người này đồng ý."


def _run(run_id: int, *, write: bool = False) -> RewardRun:
    run = queries.run_or_404(run_id, for_user=current_user)
    if write:
        check_may(run.unit_id)
    return run


@bp.get("/de-xuat/<int:run_id>")
@allow(*READERS)
def reward_run(run_id: int) -> Response:
    """Whom a rule found, with sums of that day and of today; those to be asked first."""
    run = _run(run_id)
    spec = candidates_list(
        kind_names(), lambda row: here("candidate", run_id=run_id, candidate_id=row.RewardCandidate.id)
    )
    rows = candidates_of(run_id)
    writes = may(current_user, WRITERS, run.unit_id)
    bulk = (
        [BulkAction("Đề nghị khen", here("nominate_candidates_of", run_id=run_id), "check")] if writes else []
    )
    listing = spec.run(rows, request.args, request.path, bulk)
    asked = actions.asked_again(run)
    return spec.download(rows, request.args) or page(
        "rewards/run.html",
        "list",
        status=listing.status,
        run=run,
        listing=listing,
        text=rule_text(run.asked["measure"], run.asked["least"], run.asked.get("least_a_year")),
        to_ask=db.session.execute(found.to_ask(asked).limit(SHOWN)).all() if writes else [],
        may_write=writes,
    )


@bp.post("/de-xuat/<int:run_id>/de-nghi")
@allow(*WRITERS)
def nominate_candidates_of(run_id: int) -> Response:
    """Put the chosen candidates forward."""
    run = _run(run_id, write=True)
    spec = candidates_list(kind_names(), lambda row: "")

    def act() -> str:
        chosen = spec.chosen(candidates_of(run_id), request.args, request.form)
        ids = [row.RewardCandidate.id for row in db.session.execute(chosen)]
        made, left = nominate_candidates(run, ids, by=current_user)
        if left:
            flash(
                f"Chưa đề nghị {count_in_words(left)}: thành tích này đã được khen hoặc đang đề nghị. "
                "Vẫn khen thì ghi đề nghị riêng, có lý do.",
                "warning",
            )
        return f"Đã đề nghị khen {made} người."

    return clicked(act, here("reward_run", run_id=run_id))


@bp.route("/de-xuat/<int:run_id>/<int:candidate_id>", methods=["GET", "POST"])
@allow(*READERS)
def candidate(run_id: int, candidate_id: int) -> Response:
    """One candidate: the gifts that were counted, and dropping with a reason."""
    run = _run(run_id)
    one, form = queries.candidate_or_404(run, candidate_id), ReasonForm()
    if request.method == "POST":
        check_may(run.unit_id)

    def act() -> Response:
        actions.drop_candidate(one, reason=form.reason.data)
        return done(here("reward_run", run_id=run_id), f"Đã bỏ {one.name} khỏi danh sách.")

    answer = tried(form, act)
    if answer is not None:
        return answer
    one = queries.candidate_or_404(_run(run_id), candidate_id)
    rows = select(RewardEvidence).where(RewardEvidence.candidate_id == candidate_id)
    rows = rows.order_by(RewardEvidence.donated_on, RewardEvidence.donation_id).options(
        joinedload(RewardEvidence.donation)
    )
    return page(
        "rewards/candidate.html",
        status=form.status,
        run=run,
        one=one,
        form=form,
        rows=db.session.scalars(rows).all(),
        stands=int(db.session.scalar(found.standing_of(candidate_id)) or 0),
        nomination=db.session.scalar(select(Nomination).where(Nomination.candidate_id == candidate_id)),
        may_write=may(current_user, WRITERS, run.unit_id),
    )


@bp.post("/de-xuat/<int:run_id>/<int:candidate_id>/dung-lai")
@allow(*WRITERS)
def take_candidate_back(run_id: int, candidate_id: int) -> Response:
    """A dropped candidate waits again."""
    one = queries.candidate_or_404(_run(run_id, write=True), candidate_id)

    def act() -> str:
        actions.drop_candidate(one, reason=None)
        return f"{one.name} lại chờ chọn."

    return clicked(act, here("candidate", run_id=run_id, candidate_id=candidate_id))


@bp.route("/de-xuat/<int:run_id>/hoi/<int:donor_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def ask_donor(run_id: int, donor_id: int) -> Response:
    """What a donor who gives without a name says about being rewarded."""
    run = _run(run_id, write=True)
    asked = actions.asked_again(run)
    row = next((one for one in db.session.execute(found.to_ask(asked)) if one.donor_id == donor_id), None)
    if row is None:
        abort(404)
    donor, form = db.session.get_one(Donor, donor_id), ConsentForm()

    def act() -> Response:
        told = {"agreed": form.agreed.data == "co", "asked_on": form.asked_on.data, "note": form.note.data}
        actions.record_consent(donor, **told, by=current_user)
        return done(
            here("reward_rule", rule_id=run.rule_id), "Đã ghi câu trả lời. Lập lại danh sách để tính."
        )

    return tried(form, act) or form_page(
        form,
        "Hỏi ý nhà hảo tâm giấu tên",
        "Ghi câu trả lời",
        crumbs=[
            ("Quy tắc khen", here("reward_rules")),
            (run.rule.name, here("reward_run", run_id=run_id)),
            (donor.name, None),
        ],
        fields=[
            [
                (form.agreed, HIDDEN),
                (form.asked_on, None),
                (form.note, "Ví dụ: gọi điện thoại ngày 12/11, chính ông trả lời."),
            ]
        ],
        cancel=here("reward_run", run_id=run_id),
        lead=donor.name,
    )
