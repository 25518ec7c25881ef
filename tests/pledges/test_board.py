"""The ceremony's board: what the hall reads, nothing when nothing is new, one line for the officer."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from portal.pledges import actions
from tests.cast import Cast, make_campaign, sign_in
from tests.pledges.books import make_pledge
from tests.reading import errors_at, typed_in

BOARD = "/quan-ly/dang-ky/bang/"
HTMX = {"HX-Request": "true"}


def text_of(response: Any) -> str:
    return response.get_data(as_text=True)


def polled(page: str) -> str:
    """The address that the board asks next."""
    return page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")


def test_newest_first_names_as_chosen_and_total(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.province)
    make_pledge(unit=cast.commune, campaign=campaign, announced=True)
    make_pledge(unit=cast.commune, campaign=campaign, donor_name="Công ty An Bình", donor_kind="company",
                amount=20_000_000, announced=True)  # fmt: skip
    make_pledge(
        unit=cast.commune, campaign=campaign, donor_name="Lê Thị Hoa", shown_as="name", announced=True
    )
    make_pledge(unit=cast.commune, campaign=campaign, donor_name="Trần Kín Đáo", amount=7_000_000)
    make_pledge(unit=cast.commune, donor_name="Khác Đợt", amount=1, announced=True)
    make_pledge(unit=cast.commune, campaign=campaign, donor_name="Hội Nông dân", donor_kind="organisation",
                kind="goods", content="tấn gạo", quantity="2", amount=None, announced=True)  # fmt: skip
    sign_in(client, cast.officer)
    page = text_of(client.get(BOARD + campaign.code))
    order = [page.index(words) for words in ("2 tấn gạo", "Lê Thị Hoa", "Công ty An Bình", "Nhà hảo tâm")]
    assert order == sorted(order)
    assert "30.000.000" in page and "<strong>4</strong> lượt" in page and "lời hứa" in page
    for hidden in ("Nguyễn Văn An", "Trần Kín Đáo", "Khác Đợt"):
        assert hidden not in page
    assert 'http-equiv="refresh"' in page, "works without scripts"


def test_nothing_new_is_answered_with_nothing(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    pledge = make_pledge(unit=cast.commune, campaign=campaign, announced=True)
    sign_in(client, cast.officer)
    whole = client.get(BOARD + campaign.code)
    asked = polled(text_of(whole))
    assert client.get(asked, headers=HTMX).status_code == 204
    known = {"If-None-Match": whole.headers["ETag"]}
    assert client.get(BOARD + campaign.code, headers=known).status_code == 304
    for change in (
        lambda: make_pledge(unit=cast.commune, campaign=campaign, announced=True),
        lambda: actions.announce(pledge, announced=False, by=None),
        lambda: actions.cancel_pledge(pledge, reason="Xin rút", by=None),
    ):
        change()
        answer = client.get(asked, headers=HTMX)
        assert answer.status_code == 200 and "<html" not in text_of(answer)
        assert client.get(BOARD + campaign.code, headers=known).status_code == 200
        asked, known = polled(text_of(answer)), {"If-None-Match": answer.headers["ETag"]}
        assert client.get(asked, headers=HTMX).status_code == 204


def test_a_pledge_announced_later_becomes_the_newest(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    early = make_pledge(unit=cast.commune, campaign=campaign, donor_name="Công ty Sớm", donor_kind="company")
    make_pledge(
        unit=cast.commune, campaign=campaign, donor_name="Công ty Sau", donor_kind="company", announced=True
    )
    sign_in(client, cast.officer)
    assert "Công ty Sớm" not in text_of(client.get(BOARD + campaign.code))
    assert client.post(f"/quan-ly/dang-ky/{early.id}/len-bang").status_code == 303
    page = text_of(client.get(BOARD + campaign.code))
    assert page.index("Công ty Sớm") < page.index("Công ty Sau")


def test_units_see_only_their_own(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.province)
    make_pledge(
        unit=cast.other_commune,
        campaign=campaign,
        donor_name="Công ty Bên",
        donor_kind="company",
        announced=True,
    )
    sign_in(client, cast.officer)
    assert "Công ty Bên" not in text_of(client.get(BOARD + campaign.code))
    sign_in(client, cast.outsider)
    assert "Công ty Bên" in text_of(client.get(BOARD + campaign.code))


def test_the_officers_line(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    sign_in(client, cast.officer)
    desk = BOARD + campaign.code + "/ghi"
    usual = {
        "unit_id": str(cast.commune.id),
        "donor_name": "Công ty An Bình",
        "donor_kind": "company",
        "shown_as": "",
    }
    assert client.post(desk, data={**usual, "amount": "20tr"}).status_code == 303
    assert client.post(desk, data={**usual, "content": "2 tấn gạo"}).status_code == 303
    answer = client.post(desk, data={**usual, "amount": "2.50"})
    assert answer.status_code == 422 and "amount" in errors_at(text_of(answer))
    assert typed_in(text_of(answer))["donor_name"] == "Công ty An Bình"
    answer = client.post(desk, data=usual)
    assert answer.status_code == 422 and "amount" in errors_at(text_of(answer))
    page = text_of(client.get(BOARD + campaign.code))
    assert "20.000.000" in page and "2 tấn gạo" in page
    assert "autofocus" in text_of(client.get(desk))
    sign_in(client, cast.auditor)
    assert client.get(desk).status_code == 403
