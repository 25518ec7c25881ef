"""The list that is stapled to a group gift's receipt; the tax code of the side that receives."""

from __future__ import annotations

from datetime import date

from portal.donations import groups
from portal.donations.member_rows import MemberRow
from portal.kit.db import db
from portal.receipts.documents_annex import annex_of
from portal.units.models import UnitText
from portal.units.queries import unit_texts
from tests.cast import make_campaign, sign_in
from tests.receipts.builders import DAY, cash, give


def a_class(cast):
    """1.000.000 đ from forty people, two of them named."""
    campaign = make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)
    gift = give(campaign, cash(), donor_name="Tập thể lớp 9A", donor_kind="group")
    groups.set_people(gift, 40, cast.officer)
    rows = [MemberRow("Trần Thị Hoa", "ấp Một", 200_000), MemberRow("Lê Văn Bé", amount=150_000)]
    groups.name_members(gift, rows, cast.officer)
    return gift


def test_the_list_adds_up_to_the_gift(db_session, cast) -> None:
    annex = annex_of(a_class(cast))
    assert [one.name for one in annex.members] == ["Trần Thị Hoa", "Lê Văn Bé"]
    assert (annex.people, annex.left_people, annex.left, annex.worth) == (40, 38, 650_000, 1_000_000)
    assert sum(one.amount for one in annex.members) + annex.left == annex.worth
    assert annex.number == "PT-0001/2026" and annex.words == "Một triệu đồng"


def test_the_gifts_papers_offer_its_list_as_pdf(client, db_session, cast) -> None:
    gift = a_class(cast)
    alone = give(gift.campaign, cash())
    sign_in(client, cast.officer)
    address = "/quan-ly/bien-lai/khoan/{}/danh-sach.pdf".format
    assert address(gift.code) in client.get(f"/quan-ly/bien-lai/khoan/{gift.code}").text
    assert address(alone.code) not in client.get(f"/quan-ly/bien-lai/khoan/{alone.code}").text
    answer = client.get(address(gift.code))
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert client.get(address(alone.code)).status_code == 404
    sign_in(client, cast.outsider)
    assert client.get(address(gift.code)).status_code == 404


def test_the_minutes_name_the_units_own_tax_code(client, db_session, cast) -> None:
    gift = a_class(cast)
    db.session.add(
        UnitText(unit_id=gift.unit_id, key="tax_code", value="1800000009", valid_from=date(2026, 1, 1))
    )
    db.session.flush()
    assert unit_texts(gift.unit, DAY).tax_code == "1800000009"
