"""Which units a person may see and act in; administering people."""

from __future__ import annotations

import re
from html import unescape

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select

from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, AUDITOR, RECORDER
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people import actions, queries
from portal.people.models import RoleGrant, User
from portal.people.rules import check_second_person
from tests.cast import grant, make_unit, make_user, sign_in


def text_of(response) -> str:
    return unescape(response.get_data(as_text=True))


def fresh(user: User) -> User:
    return db.session.get_one(User, user.id, populate_existing=True)


def ids(select_) -> set[int]:
    return set(db.session.scalars(select_))


class TestScope:
    """Roles reach the unit and everything below it."""

    def test_a_role_reaches_down_and_not_sideways(self, cast) -> None:
        hamlet = make_unit(name="Ấp 1", level="ấp", parent=cast.commune)
        assert ids(queries.readable_units(cast.officer)) == {cast.commune.id, hamlet.id}
        assert queries.may(cast.officer, RECORDER, hamlet.id)
        assert not queries.may(cast.officer, RECORDER, cast.province.id)
        assert not queries.may(cast.officer, RECORDER, cast.other_commune.id)
        assert not queries.may(cast.officer, (ACCOUNTANT, AUDITOR), cast.commune.id)

    def test_the_whole_installation(self, cast) -> None:
        everything = {cast.province.id, cast.commune.id, cast.other_commune.id}
        assert ids(queries.readable_units(cast.administrator)) == everything
        assert queries.may(cast.administrator, ADMINISTRATOR, None)
        assert not queries.may(cast.officer, RECORDER, None)

    def test_roles_do_not_mix_over_units(self, cast) -> None:
        grant(user=cast.officer, role=AUDITOR, unit=cast.other_commune)
        assert ids(queries.units_for(cast.officer, RECORDER)) == {cast.commune.id}
        assert ids(queries.units_for(cast.officer, AUDITOR)) == {cast.other_commune.id}
        assert len(ids(queries.readable_units(cast.officer))) == 2

    def test_nobody_sees_nothing(self, cast) -> None:
        assert ids(queries.readable_units(make_user())) == set()

    def test_overlapping_grants_list_a_unit_once(self, cast) -> None:
        grant(user=cast.officer, role=AUDITOR, unit=cast.province)
        rows = list(db.session.scalars(queries.readable_units(cast.officer)))
        assert len(rows) == len(set(rows)) == 3

    def test_a_person_and_their_grants_are_one_statement(self, cast) -> None:
        db.session.commit()
        statements = []
        listen = (db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        event.listen(*listen)
        user = queries.user_of_session(cast.officer.get_id())
        assert user is not None and [g.role for g in user.grants] == [RECORDER]
        event.remove(*listen)
        assert len([one for one in statements if one.startswith("SELECT")]) <= 2

    @pytest.mark.parametrize("kept", ["", "x", "1", "1:x", "1:99", "99:1", "²:1"])
    def test_foreign_cookies_open_nothing(self, cast, kept) -> None:
        assert queries.user_of_session(kept) is None


def test_the_second_person_is_another() -> None:
    check_second_person(1, 2)
    check_second_person(None, 2)
    with pytest.raises(Refused, match="Người duyệt phải khác người lập"):
        check_second_person(2, 2)


class TestAdministration:
    """The pages under /quan-ly/nguoi-dung/."""

    @pytest.mark.parametrize("who", ["accountant", "officer", "chair", "auditor"])
    def test_other_roles_stay_outside(self, client, cast, who) -> None:
        sign_in(client, getattr(cast, who))
        assert client.get("/quan-ly/nguoi-dung/").status_code == 403
        assert client.post("/quan-ly/nguoi-dung/them", data={}).status_code == 403

    def test_the_list_names_roles_and_units(self, client, cast) -> None:
        sign_in(client, cast.administrator)
        page = text_of(client.get("/quan-ly/nguoi-dung/?q=ghi"))
        assert "Người ghi (Xã Tân Phú Hòa)" in page and "Bùi Thị Ngoài" not in page
        accounts = text_of(client.get("/quan-ly/nguoi-dung/?vai=accountant"))
        assert "Lê Thị Toán" in accounts and "Phạm Văn Ghi" not in accounts
        assert client.get("/quan-ly/nguoi-dung/?xuat=csv").mimetype == "text/csv"

    def test_adding_a_person_shows_the_link_once(self, client, cast) -> None:
        sign_in(client, cast.administrator)
        data = {"name": "Ngô Văn Mới", "email": "Moi@vidu.vn", "role": RECORDER, "form_key": "k-1"}
        data["unit"] = str(cast.commune.id)
        first = client.post("/quan-ly/nguoi-dung/them", data=data)
        link = re.search(r"/thiet-lap/[\w-]+", text_of(first))
        assert first.status_code == 200 and link and first.headers["Cache-Control"] == "no-store"
        again = client.post("/quan-ly/nguoi-dung/them", data=data)
        user = queries.user_by_email("moi@vidu.vn")
        assert user is not None
        assert (again.status_code, again.location) == (303, f"/quan-ly/nguoi-dung/{user.id}")
        assert "/thiet-lap/" not in text_of(client.get(again.location))
        assert client.application.test_client().get(link.group()).status_code == 200

    def test_a_taken_address_is_refused_at_its_field(self, client, cast) -> None:
        sign_in(client, cast.administrator)
        data = {"name": "A", "email": "canbo@vidu.vn", "role": RECORDER, "unit": str(cast.commune.id)}
        refused = client.post("/quan-ly/nguoi-dung/them", data=data)
        assert refused.status_code == 422 and "Địa chỉ này đã có người dùng" in text_of(refused)

    def test_nothing_filled_in_says_what_to_do(self, client, cast) -> None:
        sign_in(client, cast.administrator)
        refused = client.post("/quan-ly/nguoi-dung/them", data={})
        assert refused.status_code == 422
        for said in ("Chưa nhập họ tên", "Chưa chọn vai trò", "Chưa chọn đơn vị"):
            assert said in text_of(refused)

    def test_switching_off_ends_sessions_and_links(self, client, cast) -> None:
        other = client.application.test_client()
        sign_in(other, cast.officer)
        sign_in(client, cast.administrator)
        link = actions.one_time_link(cast.officer)
        assert other.get("/quan-ly/toi").status_code == 200
        assert client.post(f"/quan-ly/nguoi-dung/{cast.officer.id}/tat").status_code == 303
        assert other.get("/quan-ly/toi").status_code == 303
        assert other.get(link).status_code == 404
        assert client.post(f"/quan-ly/nguoi-dung/{cast.officer.id}/bat").status_code == 303
        assert fresh(cast.officer).active

    def test_roles_are_added_and_taken(self, client, cast) -> None:
        sign_in(client, cast.administrator)
        address = f"/quan-ly/nguoi-dung/{cast.officer.id}"
        role = {"role": AUDITOR, "unit": str(cast.other_commune.id)}
        assert client.post(f"{address}/vai-tro", data=role).status_code == 303
        twice = client.post(f"{address}/vai-tro", data=role)
        assert twice.status_code == 422 and "đã có vai trò đó" in text_of(twice)
        held = {grant.role: grant.id for grant in fresh(cast.officer).grants}
        assert set(held) == {RECORDER, AUDITOR}
        assert client.post(f"{address}/vai-tro/{held[AUDITOR]}/bo").status_code == 303
        assert [grant.role for grant in fresh(cast.officer).grants] == [RECORDER]

    def test_nobody_takes_their_own_last_administrator_role(self, client, cast) -> None:
        sign_in(client, cast.administrator)
        grants = cast.administrator.grants
        address = f"/quan-ly/nguoi-dung/{cast.administrator.id}"
        refused = client.post(f"{address}/vai-tro/{grants[0].id}/bo")
        assert refused.status_code == 422 and "vai trò quản trị cuối cùng" in text_of(refused)
        assert fresh(cast.administrator).grants
        assert client.post(f"{address}/tat").status_code == 422
        assert fresh(cast.administrator).active


class TestLocalAdministrator:
    """An administrator of one commune."""

    @pytest.fixture
    def local(self, cast) -> User:
        return make_user(name="Quản Trị Xã", role=ADMINISTRATOR, unit=cast.commune)

    def test_sees_the_own_people_only(self, client, cast, local) -> None:
        sign_in(client, local)
        page = text_of(client.get("/quan-ly/nguoi-dung/"))
        assert "Phạm Văn Ghi" in page and "Bùi Thị Ngoài" not in page and "Vũ Quản Trị" not in page
        assert client.get(f"/quan-ly/nguoi-dung/{cast.outsider.id}").status_code == 404
        assert client.post(f"/quan-ly/nguoi-dung/{cast.outsider.id}/tat").status_code == 404

    def test_gives_roles_in_the_own_units_only(self, client, cast, local) -> None:
        sign_in(client, local)
        for unit in ("0", str(cast.province.id), str(cast.other_commune.id)):
            role = {"role": ADMINISTRATOR, "unit": unit}
            assert client.post(f"/quan-ly/nguoi-dung/{cast.officer.id}/vai-tro", data=role).status_code == 422
        with pytest.raises(Refused, match="ngoài phạm vi"):
            actions.give_role(cast.officer, ADMINISTRATOR, None, by=local)
        assert [grant.role for grant in fresh(cast.officer).grants] == [RECORDER]

    def test_leaves_people_alone_who_also_work_elsewhere(self, client, cast, local) -> None:
        elsewhere = grant(user=cast.officer, role=ACCOUNTANT, unit=cast.province)
        sign_in(client, local)
        address = f"/quan-ly/nguoi-dung/{cast.officer.id}"
        assert client.get(address).status_code == 200
        assert client.post(f"{address}/tat").status_code == 422
        assert client.post(f"{address}/duong-dan").status_code == 422
        assert client.post(f"{address}/vai-tro/{elsewhere.id}/bo").status_code == 422
        assert fresh(cast.officer).active and len(fresh(cast.officer).grants) == 2


class TestCommands:
    """`portal user …`."""

    def run(self, app, *words: str):
        from portal.commands.people import user_group

        db.session.commit()
        with app.app_context():
            return CliRunner().invoke(user_group, words, obj=app)

    def test_adding_prints_a_link_that_works(self, app, client, cast) -> None:
        done = self.run(app, "add", "Moi@vidu.vn", "--role", "kế toán", "--unit", "TPH", "--name", "Lê Mới")
        assert done.exit_code == 0, done.output
        path = re.search(r"/thiet-lap/\S+", done.output)
        assert path and client.get(path.group()).status_code == 200
        granted = db.session.scalars(select(RoleGrant).join(User).where(User.email == "moi@vidu.vn")).one()
        assert (granted.role, granted.unit_id) == (ACCOUNTANT, cast.commune.id)
        assert self.run(app, "link", "moi@vidu.vn").exit_code == 0
        assert client.get(path.group()).status_code == 404

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("add", "a@vidu.vn", "--role", "vua"), "Chưa có vai trò “vua”"),
            (("add", "a@vidu.vn", "--role", "recorder", "--unit", "ZZ"), "Chưa có đơn vị mang mã “ZZ”"),
            (("add", "khong phai thu", "--role", "recorder"), "thư điện tử chưa đúng"),
            (("add", "canbo@vidu.vn", "--role", "recorder"), "đã có người dùng"),
            (("link", "khong@vidu.vn"), "Không có người dùng"),
        ],
    )
    def test_refusals_write_nothing(self, app, cast, words, said) -> None:
        before = len(db.session.scalars(select(User.id)).all())
        refused = self.run(app, *words)
        assert isinstance(refused.exception, Refused) and said in refused.exception.text
        assert len(db.session.scalars(select(User.id)).all()) == before
