"""Rewards and their certificates: the list, one, in bulk by a job, how a name is shown, taking back. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, send_file, url_for
from flask_login import current_user

from portal.emulation import actions_certificates as actions
from portal.emulation import queries_certificates as queries
from portal.emulation import queries_nominations as found
from portal.emulation import rules_nominations as rules
from portal.emulation.actions_rewards_prize import left_to_return
from portal.emulation.actions_shown import change_shown
from portal.emulation.documents_certificates import render_certificates
from portal.emulation.forms_rewards import ShownForm, WithdrawalForm
from portal.emulation.lists_rewards import rewards_list
from portal.emulation.models_certificates import Reward, RewardDecision
from portal.emulation.printing_certificates import file_of, open_print
from portal.emulation.views import READERS, WRITERS, bp, check_may, clicked, done, form_page, here, tried
from portal.frame import shows_sample
from portal.jobs import queries as jobs
from portal.jobs import worker
from portal.jobs.actions import ENDED
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.kit import made
from portal.kit.access import allow
from portal.kit.check_codes import shown_code
from portal.kit.db import db
from portal.kit.pdf import pdf_answer
from portal.kit.web import page
from portal.people.queries import holds, may


def check_prefix() -> str:
    """The public address of a check without its code."""
    return url_for("public.verify", code="x", _external=True).removesuffix("x")


@bp.get("/khen-thuong/")
@allow(*READERS)
def rewards() -> Response:
    """Every reward of the person's units."""
    spec = rewards_list(found.forms(ended=True), lambda row: here("reward", reward_id=row.id))
    rows = queries.rewards_for(current_user).options(*queries.LOADED)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "rewards/list.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def load(reward_id: int, *, write: bool = False) -> Reward:
    """A reward of the person's units. 404, or 403 where it may not be written."""
    one = queries.reward_or_404(reward_id, for_user=current_user)
    if write:
        check_may(one.unit_id)
    return one


@bp.get("/khen-thuong/<int:reward_id>")
@allow(*READERS)
def reward(reward_id: int) -> Response:
    """One reward: the words of its certificate, its code, its prize, whether it stands."""
    one = load(reward_id)
    prize = queries.prize_row_of(one)
    return page(
        "rewards/reward.html",
        one=one,
        code=shown_code(one.code),
        subjects=rules.SUBJECTS,
        public=rules.public_name(one.name, one.subject, one.shown_as),
        now=one.nomination.donor or one.nomination.household,
        gone=queries.withdrawal_of(one),
        leaving=queries.open_withdrawal_of(one),
        prize_decision=prize.decision_row.decision if prize else None,
        paid=queries.paid_of(one),
        backs=queries.backs_of(one),
        left=left_to_return(one),
        may_write=may(current_user, WRITERS, one.unit_id),
    )


@bp.get("/khen-thuong/<int:reward_id>.pdf")
@allow(*READERS)
def certificate_pdf(reward_id: int) -> Response:
    """One certificate, as often as it is asked for; one that was taken back says so."""
    one = load(reward_id)
    html = render_certificates(one.decision, [one], prefix=check_prefix(), sample=shows_sample())
    return pdf_answer(html, f"giay-{one.series.lower()}-{one.series_no:04d}-{one.series_year}")


def print_state(decision: RewardDecision) -> dict[str, Any]:
    """The newest print of a decision's certificates, for its page."""
    made_one = queries.print_of(decision)
    job = db.session.get(Job, made_one.job_id) if made_one else None
    if made_one is None or job is None:
        return {"printed": None, "job": None, "progress": None, "is_ready": False}
    stop = None
    if job.state not in ENDED and jobs.may_stop(job, current_user):
        stop = url_for("jobs.cancel", job_id=job.id)
    address = here("reward_decision", decision_id=decision.id)
    return {
        "printed": made_one,
        "job": job,
        "progress": progress_of(job, url=address, cancel_url=stop),
        "is_ready": job.state == "done" and made.made_file(file_of(made_one)).exists(),
    }


def _decision(decision_id: int) -> RewardDecision:
    return queries.decision_or_404(decision_id, for_user=current_user)


@bp.post("/quyet-dinh/<int:decision_id>/in-giay")
@allow(*WRITERS)
def print_certificates(decision_id: int) -> Response:
    """All certificates of a decision as one file, made in the background; again whenever it is needed."""
    one = _decision(decision_id)
    check_may(one.unit_id)

    def act() -> str:
        open_print(one, prefix=check_prefix(), sample=shows_sample(), by=current_user)
        return "Đang dàn trang. Mở bản in ở trang này khi xong."

    answer = clicked(act, here("reward_decision", decision_id=decision_id))
    worker.wake()
    return answer


@bp.get("/quyet-dinh/<int:decision_id>/giay.pdf")
@allow(*READERS)
def certificates_file(decision_id: int) -> Response:
    """The file that the job has made."""
    made_one = queries.print_of(_decision(decision_id))
    path = made.made_file(file_of(made_one)) if made_one else None
    if path is None or not path.exists():
        abort(404)
    db.session.rollback()
    return send_file(path, mimetype="application/pdf", download_name=f"giay-khen-{decision_id}.pdf")


@bp.route("/khen-thuong/<int:reward_id>/neu-ten", methods=["GET", "POST"])
@allow(*WRITERS)
def show_name(reward_id: int) -> Response:
    """How the public reads the name, as the person wishes now."""
    one = load(reward_id, write=True)
    form = ShownForm(obj=one)

    def act() -> Response:
        change_shown(one, shown_as=form.shown_as.data, consent=form.consent.data)
        return done(here("reward", reward_id=reward_id), "Đã đổi cách nêu tên trên trang công khai.")

    return tried(form, act) or form_page(
        form,
        "Nêu tên trên trang công khai",
        "Ghi lại",
        crumbs=[
            ("Khen thưởng", here("rewards")),
            (one.number, here("reward", reward_id=reward_id)),
            ("Nêu tên", None),
        ],
        fields=[
            [
                (form.shown_as, "Cá nhân, hộ gia đình chưa chọn thì không nêu tên."),
                (form.consent, "Ví dụ: ông Tâm đồng ý ngày 12/11, giấy lưu hồ sơ xã."),
            ]
        ],
        cancel=here("reward", reward_id=reward_id),
        lead="Giấy đã cấp giữ nguyên tên; chỉ đổi trang công khai và trang xác minh.",
    )


@bp.route("/khen-thuong/<int:reward_id>/thu-hoi", methods=["GET", "POST"])
@allow(*WRITERS)
def withdraw_reward(reward_id: int) -> Response:
    """Draft the decision that takes a reward back."""
    from portal.emulation.views_rewards_decision import head_fields, offer_texts

    one, form = load(reward_id, write=True), WithdrawalForm()
    if request.method == "GET":
        offer_texts(form, one.unit, rules.WITHDRAWAL, one.form.name)

    def act() -> Response:
        draft = actions.draft_withdrawal(
            one.unit, [one.id], reason=form.reason.data, head=form.head(), by=current_user
        )
        return done(
            here("reward_decision", decision_id=draft.id),
            "Đã soạn quyết định thu hồi, chờ người khác ban hành.",
        )

    answer = tried(form, act)
    if answer is not None:
        return answer
    first, second = head_fields(form, rules.WITHDRAWAL)
    return form_page(
        form,
        "Thu hồi",
        "Soạn quyết định thu hồi",
        crumbs=[
            ("Khen thưởng", here("rewards")),
            (one.number, here("reward", reward_id=reward_id)),
            ("Thu hồi", None),
        ],
        fields=[
            [(form.reason, "In trong danh sách kèm theo và hiện ở trang của phần thưởng."), *first],
            second,
        ],
        cancel=here("reward", reward_id=reward_id),
        lead=f"{one.form.name} {one.number} của {one.name}. Trang xác minh ghi “đã thu hồi” khi quyết định ban hành.",
    )
