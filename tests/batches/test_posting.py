"""From the last line to the books: states, the second person, everything or nothing, set-based."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, func, select

from portal.batches import actions, lines, queries
from portal.batches.models import GiftBatch, GiftDraft
from portal.batches.posting import post_batch
from portal.batches.rules import DISCARDED, POSTED, TYPING, WAITING
from portal.cash.queries import in_hand
from portal.donations.models import Donation
from portal.goods.models import Item, StockMovement, Store
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.ledger.actions import close_period
from portal.ledger.models import Posting, Transfer
from portal.people.models import User
from tests.batches.evening import add_line, fill, hand_in, make_batch
from tests.cast import make_account, make_campaign, make_fund, sign_in
from tests.conftest import build


@pytest.fixture
def batch(cast, db_session):
    return make_batch(unit=cast.commune, by=cast.officer, campaign=make_campaign(unit=cast.commune))


def test_the_way_of_a_batch(batch, officer, chair) -> None:
    add_line(batch, officer, shown_as="h", address="ấp 1", note="gửi thư")
    assert queries.state_of(batch) == TYPING
    with pytest.raises(Refused, match="phiếu kiểm"):
        actions.hand_in(batch, by=officer)
    hand_in(batch, officer)
    assert queries.state_of(batch) == WAITING
    with pytest.raises(Refused, match="Chờ ghi sổ"):
        add_line(batch, officer)
    posted = post_batch(batch, by=chair)
    assert queries.state_of(batch) == POSTED and len(posted) == 1
    gift = db.session.get_one(Donation, posted[0].donation_id)
    assert (gift.donor_name, gift.amount, gift.form) == ("Nguyễn Văn An", 500_000, "cash")
    assert (gift.shown_as, gift.address, gift.note) == ("name", "ấp 1", "gửi thư")
    posting = gift.posting
    assert (
        posting.paper_number == "PT-0001/2026"
        and posting.by_id == officer.id
        and posting.second_id == chair.id
    )
    assert queries.drafts_of(batch.id)[0].posting_number == posting.number
    for act in (lambda: post_batch(batch, by=chair), lambda: actions.discard(batch, reason="x", by=officer)):
        with pytest.raises(Refused, match="đã ghi sổ"):
            act()


def test_who_had_a_hand_in_it_does_not_post(batch, officer, accountant, chair) -> None:
    draft = add_line(batch, officer)
    typed = lines.Typed({**draft.cells, "note": "sửa"}, "x", draft.id, draft.version)
    lines.save_line(batch, typed, by=accountant, act="a")
    again = lines.Typed({**draft.cells, "note": "sửa nữa"}, "x", draft.id, draft.version)
    lines.save_line(batch, again, by=officer, act="b")
    hand_in(batch, officer)
    for person in (officer, accountant):
        with pytest.raises(Refused, match="khác người lập"):
            post_batch(batch, by=person)
    assert len(post_batch(batch, by=chair)) == 1


def test_who_corrects_the_slip_does_not_post(batch, officer, accountant) -> None:
    add_line(batch, officer)
    actions.change_batch(batch, {"control_count": 1, "control_sum": 500_000}, by=accountant)
    actions.hand_in(batch, by=officer)
    with pytest.raises(Refused, match="khác người lập"):
        post_batch(batch, by=accountant)


def test_totals_must_be_equal_when_it_is_posted(batch, officer, chair) -> None:
    add_line(batch, officer)
    hand_in(batch, officer)
    batch.control_sum = 500_001
    db.session.flush()
    with pytest.raises(Refused, match="chưa bằng nhau"):
        post_batch(batch, by=chair)
    assert not db.session.scalar(select(func.count()).select_from(Posting))


def test_sent_back_and_given_up(batch, officer, chair) -> None:
    add_line(batch, officer)
    hand_in(batch, officer)
    actions.send_back(batch, reason="đếm lại phong bì", by=chair)
    assert queries.state_of(batch) == TYPING and batch.returned_reason == "đếm lại phong bì"
    actions.hand_in(batch, by=officer)
    assert batch.returned_reason is None
    actions.discard(batch, reason="nhập nhầm buổi", by=officer)
    assert queries.state_of(batch) == DISCARDED and len(queries.drafts_of(batch.id)) == 1
    with pytest.raises(Refused, match="chưa được giao"):
        post_batch(batch, by=chair)
    actions.restore(batch)
    assert queries.state_of(batch) == TYPING


def test_every_kind_of_gift_goes_to_its_place(cast, db_session, officer, chair) -> None:
    fund = make_fund()
    bank = make_account(unit=cast.commune)
    store = Store(code="K1", name="Kho xã", unit_id=cast.commune.id, fund_id=fund.id)
    rice = Item(code="GAO", name="Gạo tẻ", folded=fold("Gạo tẻ"), measure="kg")
    db_session.add_all([store, rice])
    db_session.flush()
    batch = make_batch(
        unit=cast.commune, by=officer, holder_id=officer.id, bank_account_id=bank.id, store_id=store.id
    )
    add_line(batch, officer, donor="Tiền mặt")
    add_line(batch, officer, donor="Chuyển khoản", form="ck")
    add_line(batch, officer, donor="Giấy tờ", form="gtcg", goods="Trái phiếu")
    add_line(batch, officer, donor="Gạo", amount="2tr", goods="gạo tẻ", quantity="150")
    add_line(batch, officer, donor="Mì", amount="", goods="Mì gói", quantity="5", measure="thùng")
    add_line(batch, officer, donor="Phiếu giấy", paper="0123")
    totals = queries.totals_of(batch)
    assert (totals.count, totals.sum) == (6, 2_000_000), "goods stand apart from the money"
    hand_in(batch, officer)
    post_batch(batch, by=chair)
    gifts = {gift.donor_name: gift for gift in db.session.scalars(select(Donation))}
    assert in_hand(cast.commune.id, fund.id, officer.id) == 1_000_000
    assert gifts["Phiếu giấy"].paper_number == "0123" and gifts["Phiếu giấy"].posting.series is None
    assert gifts["Giấy tờ"].goods == "Trái phiếu" and gifts["Mì"].amount == 0
    assert (gifts["Mì"].quantity, gifts["Mì"].measure) == ("5", "thùng")
    movement = db.session.scalars(select(StockMovement)).one()
    assert (movement.item_id, movement.quantity, movement.value) == (rice.id, 150_000, 2_000_000)


def test_a_closed_month_and_a_late_gift_are_taken_and_told(batch, officer, chair, cast) -> None:
    add_line(batch, officer, donor="Tháng trước", day="30/10/2026")
    add_line(batch, officer, donor="Sau hạn", day="20/11/2026")
    close_period(cast.commune, make_fund(), date(2026, 10, 31), by=None)
    hand_in(batch, officer)
    posted = post_batch(batch, by=chair)
    old = db.session.get_one(Posting, posted[0].posting_number)
    assert (old.document_on, old.booked_on) == (date(2026, 10, 30), date(2026, 11, 1))
    assert {gift.donated_on for gift in db.session.scalars(select(Donation))} == {
        date(2026, 10, 30), date(2026, 11, 20)
    }  # fmt: skip


def test_a_line_that_the_books_refuse_is_named_and_nothing_is_written(batch, officer, chair, cast) -> None:
    fill(batch, officer, 3)
    hand_in(batch, officer)
    cast.commune.valid_to = date(2026, 11, 1)  # the unit has ended the day before
    db.session.flush()
    with pytest.raises(Refused, match=r"^Dòng 1: Xã Tân Phú Hòa đã kết thúc"):
        post_batch(batch, by=chair)


@contextmanager
def counted(engine):
    seen: list[str] = []

    def note(*args) -> None:
        seen.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_statements_do_not_follow_the_number_of_lines(cast, db_session, officer, chair, client) -> None:
    """≤ 60 for the whole request, from the session's person to the commit."""
    sign_in(client, chair)
    used: dict[int, int] = {}
    for count in (20, 200):
        batch = make_batch(unit=cast.commune, by=officer)
        fill(batch, officer, count)
        hand_in(batch, officer)
        number = batch.id
        db_session.commit()
        with counted(db.engine) as seen:
            answer = client.post(f"/quan-ly/dot-nhap/{number}/ghi-so", data={"form_key": f"khoa-{count}"})
        assert answer.status_code == 303
        used[count] = len(seen)
    print(used)
    assert used[200] <= used[20] + 2 and used[200] <= 60, used
    assert db.session.scalar(select(func.count()).select_from(Donation)) == 220


def post_in_a_process(config, number: int, moment: str) -> None:
    """Post a batch, and kill this very process at `moment`."""
    from portal.batches import posting

    def die(*_args, **_options) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    app = build(config)
    with app.app_context(), writing():
        batch = db.session.get_one(GiftBatch, number)
        by = db.session.scalars(select(User).where(User.email == "chutich@vidu.vn")).one()
        if moment == "between":
            posting._tie = die  # type: ignore[assignment]  # documents are written, lines do not know them yet
        post_batch(batch, by=by)
        if moment == "commit":
            die()
        db.session.commit()
    os._exit(0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("moment", ["between", "commit", ""])
def test_a_power_cut_in_mid_posting_leaves_nothing_or_all(
    config, app, batch, officer, moment, db_session
) -> None:
    fill(batch, officer, 40)
    hand_in(batch, officer)
    number = batch.id
    db_session.commit()
    db_session.close()
    process = multiprocessing.get_context("spawn").Process(
        target=post_in_a_process, args=(config, number, moment)
    )
    process.start()
    process.join(60)
    assert process.exitcode == (-signal.SIGKILL if moment else 0)
    written = 0 if moment else 40
    for model in (Posting, Transfer, Donation):
        assert db.session.scalar(select(func.count()).select_from(model)) == written
    tied = select(func.count()).select_from(GiftDraft).where(GiftDraft.posting_number.is_not(None))
    assert db.session.scalar(tied) == written
    again = db.session.get_one(GiftBatch, number)
    assert queries.state_of(again) == (WAITING if moment else POSTED)
    if moment:  # the power is back: the same batch is posted once
        by = db.session.scalars(select(User).where(User.email == "chutich@vidu.vn")).one()
        posted = post_batch(again, by=by)
        assert [item.paper_number for item in posted][::39] == ["PT-0001/2026", "PT-0040/2026"]
