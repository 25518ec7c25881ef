"""The desk of lists: works, refused to the wrong role, other units' lists are not there, what was typed stays."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from portal.distributions import queries
from portal.distributions import queries_rows as found
from portal.distributions.actions_lock import lock_list
from portal.distributions.models import Distribution, DistributionRow, SupportNorm
from portal.households.actions_help import record_aid
from portal.households.rules_registry import code_of
from portal.spending.models import Decision
from tests.cast import make_campaign, make_user, sign_in
from tests.distributions.builders import DAY, decide, make_approved, make_list, make_released
from tests.distributions.test_lists import rows
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_hamlet, make_household, put_in_group
from tests.spending.builders import make_money

HOME = "/quan-ly/trao-qua/"


def text_of(answer) -> str:
    """What stands on a page, as a person reads it."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))


@pytest.fixture
def officer(client, cast):
    return sign_in(client, cast.officer)


@pytest.fixture
def households(db_session, cast):
    hamlet = make_hamlet(cast)
    made = [make_household(unit=hamlet, name=f"Trần Thị Mẫu {n}", birth_year=1940 + n) for n in range(3)]
    for household in made[:2]:
        put_in_group(household, 2026, "Hộ nghèo")
    return made


def head(**more):
    return {
        "name": "Quà Tết 2027 – Ấp Phú Lợi", "content": "Tặng quà Tết 2027", "purpose": "gifts",
        "handed_on": "12/11/2026", "way": "advance", **more,
    }  # fmt: skip


def test_from_criteria_to_release_on_screen(client, officer, cast, households, db_session) -> None:
    campaign = make_campaign(unit=cast.commune)
    make_money(campaign=campaign)
    store, rice = make_store(unit=cast.commune), make_item(name="Gạo", measure="kg")
    bring(store=store, item=rice, quantity=100)
    sent = head(
        unit_id=cast.commune.id,
        fund_id=1,
        officer_id=cast.officer.id,
        store_id=store.id,
        campaign_id=campaign.id,
    )
    answer = officer.post(f"{HOME}moi", data=sent)
    assert answer.status_code == 303, text_of(answer)
    made = db_session.scalars(select(Distribution)).one()
    portions = {"name_1": "Suất hộ nghèo", "amount_1": "500.000", "item1_1": rice.code, "quantity1_1": "10"}
    assert officer.post(f"{HOME}{made.id}/suat", data=portions).status_code == 303
    page = officer.get(f"{HOME}{made.id}/them?nhom=1-2026&sinh_den=1950")
    assert "Thêm 2 hộ" in text_of(page)
    answer = officer.post(
        f"{HOME}{made.id}/them?nhom=1-2026",
        data={"portion_id": found.portions_of(made)[0].id, "excluded": "HO9999"},
    )
    assert answer.status_code == 303, text_of(answer)
    shown = text_of(officer.get(f"{HOME}{made.id}"))
    assert "Đã thêm 2 hộ." in shown
    assert "Không có hộ mang mã HO009999" in shown
    assert "Gạo (kg) 20" in " ".join(shown.split())
    assert officer.post(f"{HOME}{made.id}/chot").status_code == 303
    assert officer.post(f"{HOME}{made.id}/quyet-dinh", data={
        "kind": "decision", "decided_on": "12/11/2026", "subject": "Về việc tặng quà Tết"}).status_code == 303  # fmt: skip
    decision = db_session.scalars(select(Decision)).one()
    assert "Danh sách có 2 dòng" in text_of(officer.get(f"/quan-ly/chi/van-ban/{decision.id}/sua"))
    chair = sign_in(client, cast.chair)
    assert (
        chair.post(f"/quan-ly/chi/van-ban/{decision.id}/ban-hanh", data={"number": "1/QĐ"}).status_code == 303
    )
    first, second = rows(made)
    assert (
        chair.post(f"{HOME}{made.id}/duyet", data={f"refuse_{first.id}": "Đã thoát nghèo"}).status_code == 303
    )
    db_session.expire_all()
    assert made.state == "approved"
    officer = sign_in(client, cast.officer)
    assert officer.post(f"{HOME}{made.id}/giao", data={"on": "12/11/2026"}).status_code == 303
    shown = text_of(officer.get(f"{HOME}{made.id}"))
    assert "chưa chi tiền" in shown
    assert officer.get(f"{HOME}{made.id}.pdf").status_code == 200
    assert made.voucher.amount == 500_000


def test_what_was_typed_stays(officer, cast, db_session, households) -> None:
    answer = officer.post(
        f"{HOME}moi", data=head(name="", content="Nội dung riêng", unit_id=cast.commune.id, fund_id=1)
    )
    assert answer.status_code == 422
    assert "Nội dung riêng" in answer.text
    made = make_list(unit=cast.commune, maker=cast.officer)
    answer = officer.post(f"{HOME}{made.id}/them-ma", data={"them-codes": "HO000001\nsai"})
    assert answer.status_code == 422
    assert "“sai” không phải mã hộ" in answer.text
    answer = officer.post(
        f"{HOME}{made.id}/suat", data={"name_1": "Suất A", "item1_1": "Vàng", "quantity1_1": "1"}
    )
    assert answer.status_code == 422
    assert "Vàng" in answer.text
    assert officer.post(f"{HOME}{made.id}/huy", data={"reason": ""}).status_code == 422
    assert officer.post(f"{HOME}{made.id}/chot").status_code == 422  # nobody on it


def test_codes_of_households_elsewhere_are_as_unknown(client, cast, db_session) -> None:
    outside = make_household(unit=make_hamlet(cast, parent=cast.other_commune), name="Người Xã Khác")
    made = make_list(unit=cast.commune, maker=cast.officer)
    officer = sign_in(client, make_user(role="recorder", unit=cast.commune))
    answer = officer.post(f"{HOME}{made.id}/them-ma", data={"them-codes": code_of(outside.id)})
    assert answer.status_code == 422
    assert "Không có hộ mang mã" in answer.text
    assert "Người Xã Khác" not in answer.text


PAGES = ("", "/sua", "/suat", "/them", "/cong-bang", "/chua-duoc-giup", "/quyet-dinh", "/duyet", ".pdf")
POSTS = (
    "/chot", "/mo-chot", "/huy", "/xoa", "/them-ma", "/loai", "/bo", "/suat/1", "/cong-bang/ly-do", "/cong-bang/bo",
    "/cong-bang/them", "/tra-lai", "/dong/1/khong-duyet", "/giao",
)  # fmt: skip


def test_lists_of_other_units_are_not_there(client, cast, db_session, households) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=households)
    for role in ("recorder", "accountant", "approver"):
        stranger = sign_in(client, make_user(role=role, unit=cast.other_commune))
        for place in PAGES:
            assert stranger.get(f"{HOME}{made.id}{place}").status_code in (403, 404), place
        for place in POSTS:
            assert stranger.post(f"{HOME}{made.id}{place}").status_code in (403, 404), place
        assert "Trần Thị Mẫu" not in stranger.get(HOME).text + stranger.get(f"{HOME}do-phu").text


def test_who_only_reads_changes_nothing(client, cast, db_session, households) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=households)
    auditor = sign_in(client, cast.auditor)
    assert auditor.get(f"{HOME}{made.id}").status_code == 200
    assert auditor.get(f"{HOME}{made.id}/cong-bang").status_code == 200
    assert auditor.get(f"{HOME}do-phu").status_code == 200
    for place in (*POSTS, "/suat"):
        assert auditor.post(f"{HOME}{made.id}{place}").status_code == 403, place
    outsider = sign_in(client, cast.outsider)
    assert outsider.get(f"{HOME}{made.id}").status_code in (403, 404)


def test_rows_are_ticked_off_moved_and_excluded(officer, cast, db_session, households) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=households)
    one = db_session.scalars(select(DistributionRow)).first()
    assert officer.post(f"{HOME}{made.id}/bo", data={"key": one.id}).status_code == 303
    assert found.count_rows(made) == 2
    answer = officer.post(
        f"{HOME}{made.id}/loai", data={"loai-codes": f"{code_of(households[1].id)} HO999999"}
    )
    assert answer.status_code == 303
    assert "Không có hộ mang mã HO999999" in text_of(officer.get(f"{HOME}{made.id}"))
    assert found.count_rows(made) == 1
    assert officer.get(f"{HOME}{made.id}?xuat=xlsx").status_code == 200


def test_fairness_on_screen(officer, cast, db_session, households) -> None:
    for month in (1, 2, 3):
        record_aid(
            households[0], given_on=DAY.replace(month=month), source="Nhà chùa", cash=100_000, by=cast.officer
        )
    made = make_list(unit=cast.commune, maker=cast.officer, households=households[:1])
    shown = text_of(officer.get(f"{HOME}{made.id}/cong-bang"))
    assert "1 hộ đã được giúp từ 3 lần" in shown
    assert "12/03/2026 Nhà chùa: 100.000 đồng" in shown
    assert "Trần Thị Mẫu 1" in text_of(officer.get(f"{HOME}{made.id}/chua-duoc-giup"))
    assert officer.post(f"{HOME}{made.id}/chot").status_code == 422
    asked = officer.post(f"{HOME}{made.id}/cong-bang/ly-do", data={"all": "1"})
    row_id = rows(made)[0].id
    assert f'value="{row_id}"' in asked.text
    assert (
        officer.post(f"{HOME}{made.id}/cong-bang/ly-do", data={"row": row_id, "reason": ""}).status_code
        == 422
    )
    answer = officer.post(f"{HOME}{made.id}/cong-bang/ly-do", data={"row": row_id, "reason": "Nhà cháy"})
    assert answer.status_code == 303
    answer = officer.post(f"{HOME}{made.id}/cong-bang/them", data={"key": households[1].id})
    assert answer.status_code == 303
    assert found.count_rows(made) == 2
    assert officer.post(f"{HOME}{made.id}/chot").status_code == 303
    told = text_of(officer.get(f"{HOME}do-phu?nam=2026&nhan=khong"))
    assert "Trần Thị Mẫu 2" in told
    assert "Trần Thị Mẫu 0" not in told
    assert officer.get(f"{HOME}do-phu?nam=2026&xuat=csv").status_code == 200


def test_norms_on_screen(officer, client, cast, db_session) -> None:
    sent = {
        "muc-unit_id": cast.commune.id, "muc-purpose": "gifts", "muc-amount": "400.000", "muc-valid_from": "01/01/2026",
    }  # fmt: skip
    assert officer.post(f"{HOME}muc-ho-tro", data=sent).status_code == 303
    assert officer.post(f"{HOME}muc-ho-tro", data={**sent, "muc-amount": "500.000"}).status_code == 422
    assert (
        officer.post(
            f"{HOME}muc-ho-tro", data={**sent, "muc-amount": "500.000", "muc-valid_from": "01/07/2026"}
        ).status_code
        == 303
    )
    first, second = db_session.scalars(select(SupportNorm).order_by(SupportNorm.id))
    assert (first.valid_to.isoformat(), second.valid_to) == ("2026-06-30", None)
    assert (
        officer.post(f"{HOME}muc-ho-tro/{second.id}/ngung", data={"valid_to": "31/12/2026"}).status_code
        == 303
    )
    assert (
        officer.post(
            f"{HOME}muc-ho-tro/so-lan", data={"lan-unit_id": cast.commune.id, "lan-count": "x"}
        ).status_code
        == 422
    )
    assert officer.post(
        f"{HOME}muc-ho-tro/so-lan", data={"lan-unit_id": cast.commune.id, "lan-count": "4", "lan-since": "01/01/2026"}
    ).status_code == 303  # fmt: skip
    stranger = sign_in(client, make_user(role="recorder", unit=cast.other_commune))
    assert (
        stranger.post(f"{HOME}muc-ho-tro/{second.id}/ngung", data={"valid_to": "31/12/2026"}).status_code
        == 404
    )
    assert stranger.post(f"{HOME}muc-ho-tro", data=sent).status_code == 422


def test_long_lists_are_approved_by_lines_and_sent_back(
    client, cast, db_session, households, monkeypatch
) -> None:
    monkeypatch.setattr("portal.distributions.views_decide.REASONS", 1)
    made = make_list(unit=cast.commune, maker=cast.officer, households=households)
    lock_list(made, by=cast.officer)
    decide(made, maker=cast.officer, issuer=cast.chair)
    chair = sign_in(client, cast.chair)
    answer = chair.post(f"{HOME}{made.id}/duyet", data={"lines": "9 sai số"})
    assert answer.status_code == 422
    assert "9 sai số" in answer.text
    assert chair.post(f"{HOME}{made.id}/tra-lai", data={"reason": "Sai mức"}).status_code == 303
    db_session.expire_all()
    assert made.state == "locked"
    decide(made, maker=cast.officer, issuer=cast.chair)
    db_session.commit()
    assert chair.post(f"{HOME}{made.id}/duyet", data={"lines": "2 đã mất"}).status_code == 303
    assert len(list(db_session.scalars(queries.rows_of(made)))) == 2


def test_a_decision_of_a_list_is_paid_by_the_list_only(client, cast, db_session, households) -> None:
    made = make_list(unit=cast.commune, maker=cast.accountant, households=households)
    lock_list(made, by=cast.accountant)
    decision = decide(made, maker=cast.accountant, issuer=cast.chair)
    accountant = sign_in(client, cast.accountant)
    shown = accountant.get(f"/quan-ly/chi/van-ban/{decision.id}").text
    assert "Lập phiếu chi" not in shown
    assert "lập từ danh sách trao quà" in shown


def test_the_page_costs_the_same_for_more_households(client, cast, db_session) -> None:
    from tests.sql import heard

    hamlet, officer, counts = make_hamlet(cast), sign_in(client, cast.officer), []
    for size in (3, 30):
        ones = [make_household(unit=hamlet, name=f"Lê Thị Mẫu {size} {n}") for n in range(size)]
        made = make_list(unit=cast.commune, maker=cast.officer, households=ones, content=f"Đợt {size}")
        db_session.commit()
        for place in ("", "/cong-bang"):
            with heard() as said:
                assert officer.get(f"{HOME}{made.id}{place}").status_code == 200
            counts.append(len(said))
    assert counts[:2] == counts[2:]


def test_a_released_list_on_screen(client, cast, db_session, households) -> None:
    make_money(campaign=(campaign := make_campaign(unit=cast.commune)))
    made = make_released(
        unit=cast.commune,
        maker=cast.accountant,
        approver=cast.chair,
        households=households,
        campaign=campaign,
    )
    assert "Đang trao" in text_of(sign_in(client, cast.officer).get(f"{HOME}{made.id}"))
    other = make_approved(
        unit=cast.commune, maker=cast.accountant, approver=cast.chair, households=households, campaign=campaign,
        content="Đợt khác", purpose="housing",
    )  # fmt: skip
    chair = sign_in(client, cast.chair)
    one = rows(other)[0]
    assert chair.get(f"{HOME}{other.id}/dong/{one.id}/khong-duyet").status_code == 200
    assert (
        chair.post(f"{HOME}{other.id}/dong/{one.id}/khong-duyet", data={"reason": "Đã mất"}).status_code
        == 303
    )
