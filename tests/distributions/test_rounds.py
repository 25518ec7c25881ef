"""The round of a list is chosen: one that exists, or a new one whose name is nearly nobody's, else with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.distributions.actions_list import change_list
from portal.distributions.actions_lock import cancel_list
from portal.distributions.actions_rows import add_households
from portal.distributions.models import Distribution, DistributionEvent
from portal.distributions.queries_rounds import rounds_near
from portal.distributions.rules import goods_text
from portal.distributions.rules_rounds import is_near, round_key
from portal.kit.errors import Refused
from tests.cast import make_campaign, sign_in
from tests.distributions.builders import DAY, make_list, portion_of
from tests.distributions.test_views import HOME, head, text_of
from tests.households.builders import make_hamlet, make_household


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tặng quà Tết 2027", "Quà Tết 2027"),
        ("Quà Tết 2027", "Tết 2027, quà"),
        ("Trao quà Tết 2027", "Tặng quà dịp Tết 2027"),
        ("Quà Tết", "Quà Tết Nguyên đán 2027"),
        ("qua tet 2027", "QUÀ TẾT – 2027"),
    ],
)
def test_names_that_may_mean_one_round(one: str, other: str) -> None:
    assert is_near(one, other)
    assert is_near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quà Tết 2026", "Quà Tết 2027"),
        ("Quà Tết đợt 1", "Quà Tết đợt 2"),
        ("Đợt 1", "Đợt 12"),
        ("Quà Tết", "Quà Trung thu"),
        ("Gạo mùa giáp hạt", "Áo ấm mùa đông"),
    ],
)
def test_names_of_different_rounds(one: str, other: str) -> None:
    assert not is_near(one, other)


def test_spelling_makes_no_other_round() -> None:
    keys = {round_key(1, None, name, DAY) for name in ("Quà Tết, 2027", "QUÀ  TẾT 2027.", "Qua tet 2027")}
    assert len(keys) == 1


def test_a_name_nearly_alike_is_asked_about(db_session, cast) -> None:
    first = make_list(unit=cast.commune, maker=cast.officer, content="Tặng quà Tết 2027")
    with pytest.raises(Refused, match="Đợt “Tặng quà Tết 2027” đã có") as refused:
        make_list(unit=cast.province, maker=cast.accountant, content="Quà Tết 2027")
    assert refused.value.field == "round_reason"
    db_session.rollback()
    other = make_list(
        unit=cast.province, maker=cast.accountant, content="Quà Tết 2027", round_reason="Đợt hai của tỉnh"
    )
    assert other.round_key != first.round_key
    assert other.round_reason == "Đợt hai của tỉnh"
    told = select(DistributionEvent.text).where(DistributionEvent.distribution_id == other.id)
    assert "khác đợt gần giống tên vì: Đợt hai của tỉnh" in db_session.scalar(told)


def test_the_chosen_round_holds_whatever_the_paper_says(db_session, cast) -> None:
    """Another wording, another year of the hand-over: the chosen round is one, and a household stands there once."""
    household = make_household(unit=make_hamlet(cast), name="Trần Thị Mẫu")
    first = make_list(
        unit=cast.commune, maker=cast.officer, households=[household], handed_on=date(2026, 12, 28)
    )
    joined = make_list(
        unit=cast.province,
        maker=cast.accountant,
        content="Chăm lo hộ nghèo đón xuân",
        handed_on=date(2027, 1, 5),
        round_id=first.id,
    )
    assert (joined.round_key, joined.round_name) == (first.round_key, "Tặng quà Tết 2027")
    with pytest.raises(Refused, match="đã có trong danh sách"):
        add_households(joined, [household.id], portion=portion_of(joined), by=cast.accountant)
    change_list(joined, by=cast.accountant, place="Nhà văn hóa", round_id=first.id)
    assert joined.round_key == first.round_key


def test_a_round_of_another_campaign_is_no_choice(db_session, cast) -> None:
    campaign = make_campaign(unit=cast.province)
    first = make_list(unit=cast.province, maker=cast.accountant, campaign=campaign)
    with pytest.raises(Refused, match="Chọn đúng đợt vận động đó") as refused:
        make_list(unit=cast.commune, maker=cast.officer, content="Quà Xuân", round_id=first.id)
    assert refused.value.field == "round_id"
    with pytest.raises(Refused, match="Chỉ giữ một trong hai"):
        make_list(
            unit=cast.commune,
            maker=cast.officer,
            campaign=campaign,
            round_id=first.id,
            round_name="Đợt riêng",
        )
    make_list(
        unit=cast.commune, maker=cast.officer, content="Quà Tết 2027"
    )  # the fund's own money: another round


def test_which_rounds_are_offered(db_session, cast) -> None:
    """Those above, below and one's own; a neighbour's only in a shared campaign; none that is cancelled or old."""
    shared = make_campaign(unit=cast.province)
    above = make_list(unit=cast.province, maker=cast.accountant, content="Quà của tỉnh")
    own = make_list(unit=cast.commune, maker=cast.officer, content="Áo ấm")
    make_list(unit=cast.other_commune, maker=cast.accountant, content="Gạo xã bên")
    beside = make_list(
        unit=cast.other_commune, maker=cast.accountant, content="Gạo tháng cao điểm", campaign=shared
    )
    make_list(unit=cast.commune, maker=cast.officer, content="Chăn màn", handed_on=date(2024, 11, 12))
    gone = make_list(unit=cast.commune, maker=cast.officer, content="Sách vở")
    cancel_list(gone, reason="Không trao nữa", by=cast.officer)
    assert {one.list_id for one in rounds_near(cast.commune, DAY)} == {above.id, own.id, beside.id}
    assert "Gạo xã bên" in {one.name for one in rounds_near(cast.province, DAY)}


def test_a_changed_list_keeps_its_round_and_reason(db_session, cast) -> None:
    make_list(unit=cast.commune, maker=cast.officer)
    own = make_list(unit=cast.commune, maker=cast.officer, content="Quà Tết 2027", round_reason="Đợt hai")
    key = own.round_key
    change_list(own, by=cast.officer, place="Nhà văn hóa")
    assert (own.round_key, own.round_reason) == (key, "Đợt hai")
    change_list(own, by=cast.officer, content="Quà Trung thu")
    assert (own.round_name, own.round_reason) == ("Quà Trung thu", None)


def test_the_form_offers_asks_and_keeps(client, cast, db_session) -> None:
    first = make_list(unit=cast.commune, maker=cast.officer)
    officer = sign_in(client, cast.officer)
    blank = text_of(officer.get(f"{HOME}moi?don_vi={cast.commune.id}"))
    assert "Tặng quà Tết 2027 · nguồn chung · từ 12/11/2026, 1 danh sách" in blank
    assert "Vì sao là đợt khác" not in blank
    sent = head(unit_id=cast.commune.id, fund_id=1, content="Quà Tết 2027")
    answer = officer.post(f"{HOME}moi?don_vi={cast.commune.id}", data=sent)
    assert answer.status_code == 422
    assert "Đợt “Tặng quà Tết 2027” đã có" in text_of(answer)
    assert 'name="round_reason"' in answer.text
    answer = officer.post(f"{HOME}moi?don_vi={cast.commune.id}", data=sent | {"round_id": first.id})
    assert answer.status_code == 303, text_of(answer)
    made = db_session.scalars(select(Distribution).order_by(Distribution.id.desc())).first()
    assert made.round_key == first.round_key
    shown = text_of(officer.get(f"{HOME}{made.id}"))
    assert "trong đợt “Tặng quà Tết 2027”, đợt đã có 1 danh sách" in shown
    assert "Đợt trao Tặng quà Tết 2027 Đợt vận động Nguồn chung" in shown
    page = officer.get(f"{HOME}{made.id}/sua").text
    assert f'<option selected value="{first.id}">' in page
    answer = officer.post(f"{HOME}{made.id}/sua", data=sent | {"round_id": "", "new_round": "Áo ấm"})
    assert answer.status_code == 303, text_of(answer)
    db_session.expire_all()
    assert made.round_name == "Áo ấm"


def test_a_measure_that_begins_the_name_is_said_once() -> None:
    goods = [(1_000, "suất", "Suất quà Tết"), (10_000, "kg", "Gạo")]
    assert goods_text(goods) == "1 suất quà Tết, 10 kg Gạo"
