"""Numbers of receipts: on request, in the documents' own series, without a gap, whoever asks at the same time."""

from __future__ import annotations

import multiprocessing
import time
from contextvars import Context
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.config import Config
from portal.donations import search
from portal.donations.finding import Wanted
from portal.donations.models import Donation, DonationWords
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.kit.numbers import Numbering
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate import verify
from portal.receipts import queries
from portal.receipts.actions import issue_receipt
from portal.receipts.models import Receipt
from portal.receipts.rules import GOODS_RECEIPT
from tests.cast import make_campaign, make_donation, sign_in
from tests.conftest import build, close
from tests.receipts.builders import DAY, bank, cash, give, rice

PROCESSES, EACH = 8, 100


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of the commune."""
    return make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)


def numbers(gift: Donation) -> list[str]:
    return [paper.number for paper in queries.papers_of(gift)]


def test_a_transfer_takes_the_next_number_only_on_request(db_session, cast, campaign) -> None:
    first, transfer = give(campaign, cash()), give(campaign, bank())
    assert numbers(transfer) == []
    receipt = issue_receipt(transfer, cast.officer, day=DAY)
    assert receipt.paper_number == "PT-0002/2026" and receipt.by_id == cast.officer.id
    assert [*numbers(first), *numbers(transfer), *numbers(give(campaign, cash()))] == [
        "PT-0001/2026",
        "PT-0002/2026",
        "PT-0003/2026",
    ]
    assert verify.first_problem(db.session.connection()) is None


def test_a_number_on_request_finds_its_gift(db_session, cast, campaign) -> None:
    transfer = give(campaign, bank())
    give(campaign, bank())
    assert [search.search(Wanted(words)).count for words in ("PT-0001/2026", "0001/2026")] == [0, 0]
    issue_receipt(transfer, cast.officer, day=DAY)
    assert [search.search(Wanted(words)).count for words in ("PT-0001/2026", "pt 0001 2026")] == [1, 1]
    assert "pt 0001 2026" in db_session.get_one(DonationWords, transfer.id).words


def test_the_goods_of_a_mixed_gift_take_a_number_of_their_own(db_session, cast, campaign) -> None:
    goods_only = give(campaign, rice(campaign, 10))
    mixed = give(campaign, cash(), rice(campaign))
    part = db.session.scalars(select(Donation).where(Donation.part_of == mixed.id)).one()
    issue_receipt(part, cast.officer, paper=GOODS_RECEIPT, day=DAY)
    assert numbers(goods_only) == ["NK-0001/2026"]
    assert numbers(mixed) == numbers(part) == ["PT-0001/2026", "NK-0002/2026"]
    assert verify.first_problem(db.session.connection()) is None


def test_what_gets_no_number(db_session, cast, campaign) -> None:
    plain, paper = give(campaign, cash()), give(campaign, cash(), paper_number="AA/26-0012")
    pending = give(campaign, bank(), donor_pending=True, donor_name=None)
    wrong = give(campaign, bank())
    reverse(wrong.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    for gift, options, sentence in (
        (plain, {}, "đã có phiếu"),
        (paper, {}, "biên lai giấy số AA/26-0012"),
        (pending, {}, "chờ xác định"),
        (wrong, {}, "đã bị đảo"),
        (plain, {"paper": GOODS_RECEIPT}, "không có hiện vật"),
        (give(campaign, bank()), {"day": date(2026, 10, 18)}, "trước ngày nhận"),
    ):
        with pytest.raises(Refused, match=sentence):
            issue_receipt(gift, cast.officer, **{"day": DAY, **options})
    assert db.session.scalar(select(Numbering.last)) == 1


def test_a_number_that_was_given_out_stays(db_session, cast, campaign) -> None:
    receipt = issue_receipt(give(campaign, bank()), cast.officer, day=DAY)
    receipt.series_no = 7
    with pytest.raises(IntegrityError):
        db_session.flush()


def test_verify_finds_a_twin_between_documents_and_receipts(db_session, cast, campaign) -> None:
    give(campaign, cash())
    twin = give(campaign, bank())
    owner = {"unit_id": campaign.unit_id, "fund_id": campaign.fund_id, "donation_id": twin.id}
    db_session.add(Receipt(**owner, series="PT", series_year=2026, series_no=1, issued_on=DAY))
    db_session.flush()
    assert "PT/2026" in (verify.first_problem(db.session.connection()) or "")


def test_a_receipt_is_asked_for_on_screen_by_its_own_unit(client, db_session, cast, campaign) -> None:
    code = give(campaign, bank()).code
    url = f"/quan-ly/bien-lai/khoan/{code}/cap/phieu-thu"
    for who, status in ((cast.outsider, 404), (cast.auditor, 403), (cast.chair, 403), (cast.officer, 303)):
        assert sign_in(client, who).post(url).status_code == status
    assert client.post(url).status_code == 303, "the second request is told, not given a second number"
    assert db.session.scalars(select(Receipt.series_no)).all() == [1]


def take_numbers(config: Config, gifts: list[int], campaign_id: int, *shared: Any) -> None:
    """One of eight offices, with nothing of the test's own session."""
    Context().run(_take_numbers, config, gifts, campaign_id, *shared)


def _take_numbers(
    config: Config, gifts: list[int], campaign_id: int, ready: Any, served: Any, out: Any
) -> None:
    """Gifts in cash and receipts of transfers in turn, each in its own transaction.

    `served` counts what all offices have got. Tells how many were served while this one waited, at most, and how
    many in all when it was ready.
    """
    app = build(config)
    passed_over = 0
    with app.app_context(), acting(None, COMMAND_LINE):
        ready.wait(60)
        for gift_id in gifts:
            asked = served.value
            while not _take_one(gift_id, campaign_id):
                time.sleep(0.05)  # told that the books are busy: the person presses again
            with served.get_lock():
                passed_over = max(passed_over, served.value - asked)
                served.value += 1
        out.put((passed_over, served.value))


def _take_one(gift_id: int, campaign_id: int) -> bool:
    with writing():
        try:
            if gift_id:
                issue_receipt(db.session.get_one(Donation, gift_id), None, day=DAY)
            else:
                _cash_gift(campaign_id)
            db.session.commit()
        except (Busy, OperationalError):
            db.session.rollback()
            return False
    return True


def _cash_gift(campaign_id: int) -> None:
    from portal.campaigns.models import Campaign

    make_donation(campaign=db.session.get_one(Campaign, campaign_id), day=DAY, amount=10_000)


def test_eight_offices_take_eight_hundred_numbers_and_nobody_starves(
    app, config, db_session, cast, campaign
) -> None:
    transfers = [give(campaign, bank()).id for _ in range(PROCESSES * EACH // 4)]
    campaign_id = campaign.id
    db_session.commit()
    close(app)  # the others must inherit no connection
    fork = multiprocessing.get_context("fork")
    ready, served, out = fork.Barrier(PROCESSES), fork.Value("i", 0), fork.SimpleQueue()
    shares = [transfers[place::PROCESSES] for place in range(PROCESSES)]
    work = [[gift for asked in share for gift in (asked, 0, 0, 0)] for share in shares]
    started = [
        fork.Process(target=take_numbers, args=(config, gifts, campaign_id, ready, served, out))
        for gifts in work
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(240)
    assert [process.exitcode for process in started] == [0] * PROCESSES
    told = [out.get() for _ in started]
    documents = select(Posting.series_no).where(Posting.series == "PT")
    taken = [*db.session.scalars(documents), *db.session.scalars(select(Receipt.series_no))]
    assert sorted(taken) == list(range(1, PROCESSES * EACH + 1))
    assert len(db.session.scalars(select(Receipt.id)).all()) == len(transfers)
    assert verify.first_problem(db.session.connection()) is None
    assert min(in_all for _, in_all in told) > PROCESSES * EACH / 2, (
        "one was ready before the others had half"
    )
    assert max(passed for passed, _ in told) < PROCESSES * EACH / 4, (
        "a quarter was served while somebody waited"
    )
