"""The public search: who is found by which words, in which order, and how it counts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.donations import finding, search
from portal.donations.finding import Wanted
from portal.donations.models import Donation, SearchWatermark
from portal.kit.db import db
from portal.ledger import actions as ledger
from portal.ledger.bank_accounts import change_bank_account
from tests.cast import make_account, make_campaign, make_donation

DAY = date(2026, 11, 2)


@pytest.fixture
def campaign(db_session, commune):
    return make_campaign(unit=commune, code="TCD26")


def names(words="", **more):
    return [gift.donor_name for gift in search.search(Wanted(words, **more)).gifts]


def give(campaign, name, **more):
    return make_donation(campaign=campaign, donor_name=name, **{"shown_as": "name", **more})


@pytest.mark.parametrize(
    "words",
    [
        "nguyen van a",
        "Nguyễn Văn A",
        "NGUYỄN VĂN A",
        "a nguyen van",
        "Van A, Nguyen",
        "nguyễn",
        " Nguyên-Văn ",
    ],
)
def test_accents_case_and_word_order_do_not_matter(campaign, words):
    give(campaign, "Nguyễn Văn A")
    give(campaign, "Trần Thị Bích")
    assert names(words) == ["Nguyễn Văn A"]


def test_d_with_stroke_is_d(campaign):
    give(campaign, "Đỗ Đức Định")
    assert names("do duc dinh") == names("ĐỖ ĐỨC") == ["Đỗ Đức Định"]


@pytest.mark.parametrize(
    "words", ["nguyen van b", "anh", "nguye", "!!!", "0", "nguyen van a b c d e f g h i k l"]
)
def test_what_is_not_there_is_not_found(campaign, words):
    give(campaign, "Nguyễn Văn An")
    found = search.search(Wanted(words))
    assert (found.gifts, found.count, found.count_is_exact, found.total) == ([], 0, True, 0)


def test_long_queries_match_in_chunks(campaign):
    text = "ung ho quy vi nguoi ngheo xa Tan Phu Hoa thang cao diem nam 2026"
    give(campaign, None, form="bank", text=text)
    assert search.search(Wanted("quỹ vì người nghèo xã Tân Phú Hòa")).count == 1
    assert search.search(Wanted("quỹ vì người nghèo xã Tân Phú Đông")).count == 0


def test_people_who_hide_are_not_found_by_name(campaign):
    give(campaign, "Lê Bí Mật", shown_as="anonymous")
    give(campaign, "Lê Chưa Hỏi", shown_as=None)
    give(campaign, "Lê Văn Tắt", shown_as="initials")
    give(campaign, "Lê Ẩn Danh", shown_as="anonymous", form="bank", text="LE AN DANH chuyen tien")
    for words in ("bi mat", "chua hoi", "van tat", "le an danh", "le"):
        assert search.search(Wanted(words)).count == 0, words
    assert search.search(Wanted("L.V.T.")).count == 1


def test_numbers_of_phones_accounts_and_addresses_are_not_found(campaign):
    give(
        campaign,
        "Nguyễn Văn An",
        address="Số 12 ấp Rạch Tre",
        form="bank",
        text="NGUYEN VAN AN 0912345678 CT tu 1903456789012 toi 0011000990186",
    )
    for words in ("0912345678", "1903456789012", "345678", "rach tre", "số 12"):
        assert search.search(Wanted(words)).count == 0, words
    assert search.search(Wanted("9012")).count == 1  # the last four digits of an account stay


def test_unpublished_statements_keep_their_texts(campaign, commune):
    account = make_account(unit=commune, published=False)
    give(campaign, None, form="bank", text="TRAN THI KIN gui", bank_account=account)
    assert search.search(Wanted("tran thi kin")).count == 0
    change_bank_account(account, published=True)
    assert search.publication_waits() and follow() == 2
    assert search.search(Wanted("tran thi kin")).count == 1
    change_bank_account(account, published=False)
    assert follow() == 2
    assert search.search(Wanted("tran thi kin")).count == 0
    assert not search.publication_waits()


def follow():
    """Steps of one gift each, until nothing waits."""
    steps = 0
    while search.follow_publication(limit=1):
        steps += 1
    return steps


def test_receipts_and_codes_are_found(campaign):
    gift = give(campaign, "Nguyễn Văn An")
    give(campaign, "Trần Văn Bình", paper_number="0391")
    assert names(gift.posting.paper_number) == ["Nguyễn Văn An"]
    assert names(gift.code) == ["Nguyễn Văn An"]
    assert names("phiếu thu 0391") == ["Trần Văn Bình"]


def test_newest_first_with_a_cursor_over_all_pages(campaign):
    for number in range(25):
        give(campaign, "Nguyễn Văn An", day=date(2026, 11, 1 + number % 5), amount=1_000 * (number + 1))
    seen, after = [], None
    while True:
        found = search.search(Wanted("nguyen van an"), after=after, size=10)
        assert (found.count, found.count_is_exact, found.total) == (25, True, 325_000)
        seen += [gift.id for gift in found.gifts]
        assert found.left == 25 - len(seen)
        after = found.next
        if after is None:
            break
    assert len(seen) == 25 and seen == sorted(seen, reverse=True)


def test_filters_alone_and_together(campaign, commune):
    other = make_campaign(unit=commune, code="TET27", starts_on=date(2026, 1, 1), ends_on=None)
    account = make_account(unit=commune)
    give(campaign, "Một", amount=100_000, day=date(2026, 11, 1))
    give(campaign, "Hai", amount=200_000, day=DAY, form="bank", bank_account=account)
    give(other, "Ba", amount=300_000, day=date(2026, 11, 3))
    assert names() == ["Ba", "Hai", "Một"]
    assert names(first_day=DAY) == ["Ba", "Hai"]
    assert names(last_day=DAY) == ["Hai", "Một"]
    assert names(least=200_000) == ["Ba", "Hai"]
    assert names(most=200_000) == ["Hai", "Một"]
    assert names(least=200_000, most=200_000) == ["Hai"]
    assert names(campaign_id=other.id) == ["Ba"]
    assert names(account_id=account.id) == ["Hai"]
    assert names("hai", account_id=account.id, least=1, first_day=DAY, campaign_id=campaign.id) == ["Hai"]
    assert names("ba", campaign_id=campaign.id) == []


def test_reversed_gifts_are_left_out(campaign, accountant, chair):
    gift = give(campaign, "Nguyễn Văn An", by=accountant)
    give(campaign, "Nguyễn Văn An", amount=7_000)
    ledger.reverse(gift.posting, reason="ghi nhầm", by=accountant, second=chair)
    found = search.search(Wanted("nguyen van an"))
    assert (found.count, found.total) == (1, 7_000)
    assert search.search(Wanted(least=500_000)).count == 0


@pytest.mark.parametrize("words", ["", "quy"])
def test_more_than_a_thousand_is_not_counted(campaign, words, monkeypatch):
    monkeypatch.setattr(finding, "COUNTED", 5)
    for _ in range(7):
        give(campaign, None, form="bank", text="ung ho quy", amount=1_000)
    found = search.search(Wanted(words), size=3)
    assert (found.count, found.count_is_exact, found.total, found.left) == (5, False, None, None)
    second = search.search(Wanted(words), after=found.next, size=3)
    third = search.search(Wanted(words), after=second.next, size=3)
    ids = [gift.id for part in (found, second, third) for gift in part.gifts]
    assert len(ids) == len(set(ids)) == 7 and third.next is None


@pytest.mark.parametrize("few, few_words", [(0, 10**6), (0, 0), (10**6, 0), (3, 1)])
def test_every_way_to_start_gives_the_same_answer(campaign, commune, monkeypatch, few, few_words):
    account = make_account(unit=commune)
    for number in range(12):
        give(
            campaign,
            "Nguyễn Văn An" if number % 2 else "Trần Bình",
            amount=1_000 * (1 + number % 4),
            form="bank",
            bank_account=account if number % 3 else None,
        )
    expected = sorted(
        row.id
        for row in db.session.query(Donation)
        if row.donor_name == "Nguyễn Văn An"
        and row.amount == 2_000
        and row.posting.transfers[0].debit.bank_account_id
    )
    monkeypatch.setattr(finding, "FEW", few)
    monkeypatch.setattr(finding, "FEW_WORDS", few_words)
    wanted = Wanted("van an", least=2_000, most=2_000, campaign_id=campaign.id, account_id=account.id)
    assert expected and sorted(gift.id for gift in search.search(wanted).gifts) == expected


def test_every_gives_all_in_batches(campaign):
    for number in range(7):
        give(campaign, "Nguyễn Văn An", amount=1_000 + number)
    batches = list(finding.every(Wanted("an"), batch=3))
    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert list(finding.every(Wanted("!!!"))) == []


def test_the_index_follows_by_watermark_in_small_steps(campaign, monkeypatch):
    monkeypatch.setattr(search, "index_posting", lambda first, last: 0)
    for number in range(5):
        give(campaign, f"Người {'ABCDE'[number]}")
    assert search.search(Wanted("nguoi")).count == 0
    newest = db.session.query(Donation).order_by(Donation.posting_number.desc()).first().posting_number
    assert [search.catch_up(limit=2) for _ in range(3)] == [2, 2, 1]
    assert search.indexed_up_to() == newest == db.session.query(SearchWatermark).one().posting_number
    assert search.catch_up(limit=2) == 0
    assert search.search(Wanted("nguoi")).count == 5


def test_a_donor_may_change_their_mind(campaign):
    gift = give(campaign, "Nguyễn Văn An")
    gift.shown_as = "anonymous"
    search.reindex(gift)
    assert search.search(Wanted("nguyen van an")).count == 0
    gift.shown_as = "name"
    search.reindex(gift)
    assert search.search(Wanted("nguyen van an")).count == 1


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(words=st.text(max_size=60))
def test_no_query_fails(db_session, words):
    assert search.search(Wanted(words)).count == 0
