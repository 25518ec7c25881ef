"""The pages of what becomes of a gift later, and the form with rows of several kinds."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.donations.gifts import Gift, Part
from portal.donations.models import Donation, ForeignAmount, ReclassificationRequest, Refund
from portal.donations.posting import post_gifts
from portal.donors.models import Donor
from portal.goods.models import Item, StockMovement, Store
from portal.ledger.models import Account, Posting, ReversalRequest, Transfer
from portal.pledges.actions import record_pledge
from portal.pledges.models import Fulfilment
from tests.cast import make_account, make_campaign, make_donation, make_fund, sign_in
from tests.donations.test_views import LIST, NEW, text_of, typed
from tests.reading import typed_in

DAY = date(2024, 3, 1)


@pytest.fixture
def campaign(db_session, cast):
    """A campaign of the commune."""
    return make_campaign(unit=cast.commune, name="Đợt một", starts_on=date(2024, 1, 1), ends_on=None)


@pytest.fixture
def other(db_session, cast):
    """Another one."""
    return make_campaign(unit=cast.commune, name="Đợt hai", starts_on=date(2024, 1, 1), ends_on=None)


@pytest.fixture
def officer_client(client: FlaskClient, cast: Any, campaign: Any) -> FlaskClient:
    """The officer's browser."""
    return sign_in(client, cast.officer)


@pytest.fixture
def chair_client(app, cast: Any, officer_client) -> FlaskClient:
    """The approver's browser."""
    return sign_in(app.test_client(), cast.chair)


def mixed(cast: Any, **fields: Any) -> Donation:
    """A gift of cash and goods."""
    parts = (Part("cash", 500_000), Part("goods", 0, goods="Áo ấm", quantity="5", measure="cái"))
    usual = {"day": DAY, "unit_id": cast.commune.id, "fund_id": make_fund().id, "campaign_id": None}
    (posted,) = post_gifts([Gift(parts=parts, **{**usual, **fields})], by=cast.officer)
    from portal.kit.db import db

    return db.session.get_one(Donation, posted.donation_id)


def count(session: Any, what: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(what))


def row(number: int, kind: str, **fields: Any) -> dict[str, str]:
    """A row of the form."""
    return {f"d{number}-kind": kind, **{f"d{number}-{name}": str(value) for name, value in fields.items()}}


def test_one_form_records_every_kind(officer_client, db_session, cast) -> None:
    bank = make_account(unit=cast.commune)
    db_session.add(Item(code="GAO", name="Gạo tẻ", folded="gao te", measure="kg"))
    db_session.add(Store(code="K1", name="Kho xã", unit_id=cast.commune.id, fund_id=make_fund().id))
    db_session.commit()
    data = typed(cast, amount="1tr", holder="me")
    data |= row(1, "bank", amount="2tr", bank_account_id=bank.id)
    data |= row(2, "goods", goods="GAO", quantity="20", amount="300k")
    data |= row(4, "goods", goods="Áo ấm", quantity="5", measure="cái")
    data |= row(5, "papers", goods="Trái phiếu", amount="1.000.000")
    data |= row(
        7,
        "foreign",
        currency="USD",
        minor="100,50",
        rate="26.150",
        rate_source="Vietcombank",
        rate_on="01/03/2024",
    )
    answer = officer_client.post(NEW, data=data)
    assert answer.status_code == 303, text_of(answer)
    gifts = db_session.scalars(select(Donation).order_by(Donation.id)).all()
    assert [(gift.form, gift.amount) for gift in gifts] == [
        ("cash", 1_000_000),
        ("bank", 2_000_000),
        ("goods", 300_000),
        ("goods", 0),
        ("papers", 1_000_000),
        ("cash", 2_628_075),
    ]
    assert db_session.scalars(select(StockMovement.quantity)).all() == [20_000]
    assert db_session.scalar(select(ForeignAmount.minor)) == 10_050
    places = select(Account.kind, Account.holder_id, Account.purpose)
    places = places.join(Transfer, Transfer.debit_id == Account.id).order_by(Transfer.ordinal)
    assert db_session.execute(places).all() == [
        ("cash", cast.officer.id, ""),
        ("transit", None, ""),
        ("store", None, ""),
        ("papers", None, ""),
        ("cash", cast.officer.id, "usd"),
    ]
    shown = text_of(officer_client.get(f"{LIST}{gifts[0].code}"))
    for said in (
        "6.628.075 đồng",
        "hiện vật quy đổi 300.000 đồng",
        "Gạo tẻ, 20 kg",
        "Áo ấm, 5 cái",
        "100,50 USD, tỷ giá 26.150",
        "Phạm Văn Ghi giữ",
    ):
        assert said in shown, said


def test_goods_of_the_catalogue_come_at_their_last_price_when_that_is_wanted(
    officer_client, db_session, cast
) -> None:
    db_session.add(Item(code="GAO", name="Gạo tẻ", folded="gao te", measure="kg", price=15_000))
    db_session.add(Store(code="K1", name="Kho xã", unit_id=cast.commune.id, fund_id=make_fund().id))
    db_session.commit()
    fields = typed_in(officer_client.post(f"{NEW}/dong", data=typed(cast) | {"add": "goods"}).text)
    assert fields["d1-usual_price"] == "y", "the last price is the default"
    rice = {"goods": "GAO", "quantity": "20"}
    for number, (wanted, value) in enumerate(
        (
            (rice | {"usual_price": "y"}, 300_000),
            (rice, 0),
            (rice | {"usual_price": "y", "amount": "1tr"}, 10**6),
        )
    ):
        data = typed(cast, amount="") | row(1, "goods", **wanted) | {"form_key": f"k{number}"}
        assert officer_client.post(NEW, data=data).status_code == 303
        newest = db_session.scalars(select(Donation).order_by(Donation.id.desc()).limit(1)).one()
        assert newest.amount == value
        db_session.rollback()


def test_goods_alone_take_a_goods_receipt(officer_client, db_session, cast) -> None:
    data = typed(cast, amount="") | row(1, "goods", goods="Áo ấm", quantity="5", measure="cái")
    answer = officer_client.post(NEW, data=data)
    gift = db_session.scalars(select(Donation)).one()
    assert answer.location == f"{LIST}{gift.code}" and gift.posting.paper_number == "NK-0001/2024"
    assert "Hiện vật chưa có giá trị" in text_of(officer_client.get(answer.location))


WRONG_ROWS = [
    (row(1, "bank", amount=""), "d1-amount", "Chưa nhập số tiền chuyển khoản"),
    (row(1, "goods", amount="5tr"), "d1-goods", "Chưa nhập tên hiện vật"),
    (row(3, "papers", goods="Trái phiếu", amount="0"), "d3-amount", "lớn hơn 0"),
    (
        row(1, "foreign", currency="JPY", minor="100,5", rate="170", rate_source="VCB"),
        "d1-minor",
        "không có phần lẻ",
    ),
    (
        row(1, "foreign", currency="USD", minor="1.00", rate="170", rate_source="VCB"),
        "d1-minor",
        "không đọc được",
    ),
    (
        row(1, "foreign", currency="USD", minor="100", rate="nhiều", rate_source="VCB"),
        "d1-rate",
        "không đọc được",
    ),
    (row(1, "foreign", currency="USD", minor="100", rate="0", rate_source="VCB"), "d1-rate", "lớn hơn 0"),
    (
        row(1, "foreign", currency="XAU", minor="1", rate="1", rate_source="VCB"),
        "d1-currency",
        "không còn trong danh sách",
    ),
    (
        row(1, "foreign", currency="USD", minor="100", rate="26150"),
        "d1-rate_source",
        "Chưa nhập nguồn tỷ giá",
    ),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), WRONG_ROWS)
def test_a_wrong_row_is_told_at_its_field_and_kept(
    officer_client, db_session, cast, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = officer_client.post(NEW, data=typed(cast) | wrong)
    page = text_of(answer)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"(?:(?!</p>).)*{re.escape(sentence)}', page, re.DOTALL), page
    assert f'href="#{field}"' in page and "ấp Phú Lợi" in page
    assert count(db_session, Donation) == count(db_session, Posting) == 0


def test_rows_come_and_go_without_recording(officer_client, db_session, cast) -> None:
    data = typed(cast, amount="") | row(1, "bank", amount="2tr") | {"add": "goods", "form_key": "k1"}
    page = text_of(officer_client.post(f"{NEW}/dong", data=data))
    assert 'name="d1-amount"' in page and 'name="d2-goods"' in page and 'value="k1"' in page
    assert "field-error" not in page and 'value="2tr"' in page
    dropped = row(1, "bank", amount="2tr") | row(2, "goods", goods="Áo") | {"drop": "1"}
    page = text_of(officer_client.post(f"{NEW}/dong", data=typed(cast) | dropped))
    assert 'name="d1-amount"' not in page and 'name="d2-goods"' in page
    fragment = officer_client.post(f"{NEW}/dong", data=data, headers={"HX-Request": "true"})
    assert "<html" not in text_of(fragment) and 'name="d2-goods"' in text_of(fragment)
    assert count(db_session, Donation) == 0


def test_the_same_key_records_once_after_rows_were_added(officer_client, db_session, cast) -> None:
    key = {"form_key": "k1"}
    officer_client.post(f"{NEW}/dong", data=typed(cast) | key | {"add": "goods"})
    first = officer_client.post(NEW, data=typed(cast) | key)
    assert officer_client.post(NEW, data=typed(cast) | key).location == first.location
    assert count(db_session, Donation) == 1


def test_the_side_panel_follows_kind_and_hand(officer_client, db_session, cast) -> None:
    make_donation(
        campaign=make_campaign(unit=cast.commune, starts_on=DAY, ends_on=None), by=cast.officer, day=DAY
    )
    db_session.commit()
    asked = {"unit_id": cast.commune.id, "day": "01/03/2024", "kinds": "goods"}
    panel = text_of(officer_client.get(NEW, query_string=asked, headers={"HX-Request": "true"}))
    assert "NK-0001/2024" in panel and "Tồn trước" not in panel
    asked |= {"kinds": "", "holder": "me", "amount": "5tr"}
    panel = text_of(officer_client.get(NEW, query_string=asked, headers={"HX-Request": "true"}))
    assert "PT-0002/2024" in panel and "Tiền mặt tôi đang giữ" in panel and "500.000" not in panel


def test_money_first_donor_later(officer_client, db_session, cast) -> None:
    answer = officer_client.post(NEW, data=typed(cast, donor_name="", pending="y", shown_as=None))
    assert answer.status_code == 303
    make_donation(campaign=make_campaign(unit=cast.commune, starts_on=DAY, ends_on=None), day=DAY)
    gift = db_session.scalars(select(Donation).where(Donation.donor_pending)).one()
    db_session.commit()
    found = text_of(officer_client.get(LIST, query_string={"tinh_trang": "pending"}))
    assert gift.posting.paper_number in found and "Nguyễn Văn An" not in found
    page = f"{LIST}{gift.code}/nguoi-ung-ho"
    assert officer_client.get(page).status_code == 200
    assert officer_client.post(page, data={"donor_name": ""}).status_code == 422
    sent = {"donor_name": "Đỗ Thị Kim Ngân", "is_new": "1", "donor_kind": "household", "shown_as": "name"}
    assert officer_client.post(page, data=sent).location == f"{LIST}{gift.code}"
    db_session.rollback()
    donor = db_session.scalars(select(Donor)).one()
    assert (donor.name, donor.kind, gift.donor_id, gift.donor_pending) == (
        gift.donor_name,
        "household",
        donor.id,
        False,
    )
    assert officer_client.post(page, data=sent).status_code == 422


def test_how_a_donor_is_shown_is_changed(officer_client, db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, shown_as="name")
    db_session.commit()
    page = f"{LIST}{gift.code}/hien-thi"
    assert 'value="name" checked' in re.sub(
        r'(checked) ([^>]*)value="name"', r'value="name" checked', text_of(officer_client.get(page))
    )
    assert officer_client.post(page, data={}).status_code == 422
    assert officer_client.post(page, data={"shown_as": "anonymous"}).status_code == 303
    assert "Nguyễn Văn An" not in text_of(officer_client.get(f"/khoan-ung-ho/{gift.code}"))


def test_another_campaign_asked_for_and_decided(
    officer_client, chair_client, db_session, cast, campaign, other
) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    db_session.commit()
    page = f"{LIST}{gift.code}/chuyen-dot"
    choices = text_of(officer_client.get(page))
    assert "Đợt hai" in choices and f'value="{campaign.id}"' not in choices
    assert officer_client.post(page, data={"campaign_id": other.id, "reason": ""}).status_code == 422
    assert officer_client.post(page, data={"campaign_id": campaign.id, "reason": "Nhầm"}).status_code == 422
    assert officer_client.post(page, data={"campaign_id": other.id, "reason": "Nhầm"}).status_code == 303
    asked = db_session.scalars(select(ReclassificationRequest)).one()
    where = f"{LIST}de-nghi/chuyen-dot/{asked.id}"
    assert "Nhầm" in text_of(officer_client.get(f"{LIST}de-nghi/chuyen-dot/"))
    assert "Duyệt</span>" not in text_of(officer_client.get(where))
    assert officer_client.post(where, data={"decision": "approve"}).status_code == 403
    assert chair_client.post(where, data={"decision": "refuse"}).status_code == 422
    assert chair_client.post(where, data={"decision": "approve"}).status_code == 303
    db_session.rollback()
    assert gift.campaign_id == other.id
    story = text_of(officer_client.get(f"{LIST}{gift.code}"))
    assert "duyệt đề nghị chuyển khoản này sang “Đợt hai”" in story
    assert "Đợt hai" in text_of(officer_client.get(f"/khoan-ung-ho/{gift.code}"))


def test_money_back_asked_for_decided_and_printed(
    officer_client, chair_client, db_session, cast, campaign
) -> None:
    gift = mixed(cast, donor_name="Trần Văn Bình")
    db_session.commit()
    page = f"{LIST}{gift.code}/hoan-tra"
    assert "Tiền mặt, còn 500.000 đ" in text_of(officer_client.get(page))
    sent = {
        "part": gift.id,
        "amount": "200k",
        "place": "box",
        "receiver": "Trần Văn Bình",
        "reason": "Đưa nhầm",
    }
    too_much = officer_client.post(page, data=sent | {"amount": "600k"})
    assert too_much.status_code == 422 and "còn 500.000 đồng" in text_of(too_much)
    assert officer_client.post(page, data=sent | {"part": gift.id + 1}).status_code == 422
    assert officer_client.post(page, data=sent | {"place": "me"}).status_code == 422
    assert officer_client.post(page, data=sent).status_code == 303
    refund = db_session.scalars(select(Refund)).one()
    where = f"{LIST}de-nghi/hoan-tra/{refund.id}"
    assert officer_client.get(f"{where}/phieu-chi.pdf").status_code == 404
    assert "200.000" in text_of(chair_client.get(f"{LIST}de-nghi/hoan-tra/"))
    assert chair_client.post(where, data={"decision": "approve"}).status_code == 303
    assert "PC-0001" in text_of(chair_client.get(where))
    pdf = officer_client.get(f"{where}/phieu-chi.pdf")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF")
    shown = text_of(officer_client.get(f"{LIST}{gift.code}"))
    assert "duyệt đề nghị hoàn trả 200.000 đồng" in shown
    assert officer_client.post(f"{where}/dao", data={"reason": ""}).status_code == 422
    assert officer_client.post(f"{where}/dao", data={"reason": "Nhầm người"}).status_code == 303
    assert "chờ người duyệt trả lời" in text_of(officer_client.get(where))
    assert officer_client.post(f"{where}/dao", data={"reason": "Nhầm người"}).status_code == 422
    wanted = db_session.scalars(select(ReversalRequest)).one()
    done = chair_client.post(f"/quan-ly/dao-but-toan/{wanted.id}", data={"decision": "approve"})
    assert done.status_code == 303 and "đã được đảo" in text_of(officer_client.get(where))


def test_other_units_and_readers_are_kept_out(app, officer_client, db_session, cast, campaign, other) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    db_session.commit()
    officer_client.post(f"{LIST}{gift.code}/chuyen-dot", data={"campaign_id": other.id, "reason": "Nhầm"})
    asked = db_session.scalars(select(ReclassificationRequest)).one()
    pages = [f"{LIST}{gift.code}/{page}" for page in ("nguoi-ung-ho", "hien-thi", "chuyen-dot", "hoan-tra")]
    outsider = sign_in(app.test_client(), cast.outsider)
    auditor = sign_in(app.test_client(), cast.auditor)
    for page in pages:
        assert outsider.get(page).status_code == outsider.post(page).status_code == 404
        assert auditor.get(page).status_code == auditor.post(page).status_code == 403
    assert outsider.get(f"{LIST}de-nghi/chuyen-dot/{asked.id}").status_code == 404
    assert "Nhầm" not in text_of(outsider.get(f"{LIST}de-nghi/chuyen-dot/"))
    assert auditor.get(f"{LIST}de-nghi/chuyen-dot/{asked.id}").status_code == 200


def test_a_gift_fulfils_the_pledge_of_its_donor(officer_client, db_session, cast, campaign) -> None:
    donor = Donor(
        unit_id=cast.commune.id, kind="person", name="Lê Quốc Thịnh", folded="le quoc thinh", sort_key="a"
    )
    db_session.add(donor)
    db_session.flush()
    pledge = record_pledge(
        unit=cast.commune,
        fund=make_fund(),
        campaign=campaign,
        pledged_on=DAY,
        donor_name=donor.name,
        donor=donor,
        kind="money",
        amount=3_000_000,
        by=cast.officer,
    )
    db_session.commit()
    field = text_of(
        officer_client.post(f"{NEW}/dang-ky", data={"donor_id": donor.id}, headers={"HX-Request": "true"})
    )
    assert "còn 3.000.000 đ" in field and "<html" not in field
    data = typed(cast, campaign, donor_name=donor.name, donor_id=donor.id, pledge_id=pledge.id, amount="2tr")
    assert officer_client.post(NEW, data=data | row(1, "bank", amount="5tr")).status_code == 303
    db_session.rollback()
    assert db_session.scalars(select(Fulfilment.amount).order_by(Fulfilment.ordinal)).all() == [
        2_000_000,
        1_000_000,
    ]
    assert db_session.scalars(select(Donation.donor_id)).all() == [donor.id, donor.id]
