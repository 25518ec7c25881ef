"""Two people at one form: the second sees, field by field, what the first has written, and loses nothing typed."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.donors.actions import record_donor
from portal.goods.catalogue import record_item, record_store
from portal.kit.db import db
from tests.batches.evening import make_batch
from tests.cast import Cast, make_campaign, make_fund, sign_in
from tests.pledges.books import make_pledge
from tests.reading import typed_in


def fields_of(client: FlaskClient, path: str) -> dict[str, str]:
    """What the form of a page would send, as it stands when it is opened."""
    return typed_in(client.get(path).text)


def donor(cast: Cast) -> tuple[str, dict[str, str], str]:
    made = record_donor(
        unit=cast.commune, kind="person", name="Trần Văn Bình", phone="0900 000 111", by=cast.officer
    )
    return f"/quan-ly/nha-hao-tam/{made.id}/sua", {"phone": "0900 000 222"}, "Điện thoại"


def batch(cast: Cast) -> tuple[str, dict[str, str], str]:
    made = make_batch(unit=cast.commune, by=cast.officer)
    return f"/quan-ly/dot-nhap/{made.id}/sua", {"counted_by": "Lê Văn Đếm"}, "Người kiểm phong bì"


def item(cast: Cast) -> tuple[str, dict[str, str], str]:
    made = record_item(name="Gạo tẻ", measure="kg", packs={"bao": 50_000})
    return f"/quan-ly/kho/danh-muc/{made.id}/sua", {"price": "18.000"}, "Giá niêm yết"


def store(cast: Cast) -> tuple[str, dict[str, str], str]:
    made = record_store(code="KHO-XA", name="Kho xã", unit=cast.commune, fund_id=make_fund().id)
    return f"/quan-ly/kho/cac-kho/{made.id}/sua", {"address": "Nhà văn hóa ấp 1"}, "Địa chỉ"


def campaign(cast: Cast) -> tuple[str, dict[str, str], str]:
    made = make_campaign(unit=cast.commune)
    return f"/quan-ly/dot-van-dong/{made.code}/sua", {"ends_on": "20/11/2026"}, "Đến ngày"


def pledge(cast: Cast) -> tuple[str, dict[str, str], str]:
    made = make_pledge(unit=cast.commune)
    return f"/quan-ly/dang-ky/{made.id}/sua", {"phone": "0900 000 222"}, "Điện thoại"


@pytest.mark.parametrize("what", [donor, batch, item, store, campaign, pledge])
def test_the_second_of_two_people_sees_the_difference_and_keeps_what_was_typed(
    app: Any, cast: Cast, what: Any
) -> None:
    path, change, label = what(cast)
    db.session.commit()
    one, other = (sign_in(app.test_client(), person) for person in (cast.accountant, cast.accountant))
    first, second = fields_of(one, path), fields_of(other, path)
    assert one.post(path, data=first | change).status_code == 303
    name = next(key for key in ("name", "title", "donor_name") if key in second)
    answer = other.post(path, data=second | {name: "Tên người thứ hai gõ"})
    assert answer.status_code == 409
    shown = html.unescape(answer.text)
    assert "Người khác vừa sửa" in shown and "Tên người thứ hai gõ" in shown
    (row,) = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', shown)
    assert label in row[0] and row[2] == next(iter(change.values()))
    again = typed_in(answer.text)
    assert change.items() <= again.items(), "what the second has left alone follows the first"
    assert other.post(path, data=again).status_code == 303
    kept = fields_of(one, path)
    assert kept[name] == "Tên người thứ hai gõ" and change.items() <= kept.items()


def test_what_both_have_changed_stays_as_the_second_typed_it(app: Any, cast: Cast) -> None:
    path, change, _ = donor(cast)
    db.session.commit()
    one, other = (sign_in(app.test_client(), cast.officer) for _ in range(2))
    first, second = fields_of(one, path), fields_of(other, path)
    assert one.post(path, data=first | change).status_code == 303
    for typed in ("0900 000 333", "abc"):
        answer = other.post(path, data=second | {"phone": typed, "form_key": f"k-{typed}"})
        assert answer.status_code == 409 and typed_in(answer.text)["phone"] == typed


def test_what_was_sent_by_hand_is_no_reason_to_break(cast: Cast, client: FlaskClient) -> None:
    path, _, _ = donor(cast)
    sign_in(client, cast.officer)
    for seen in ("", "[]", "{", '{"phone": 7}', '{"xyz": "a"}'):
        status = client.post(path, data=fields_of(client, path) | {"opened_with": seen}).status_code
        assert status == (409 if "phone" in seen else 303)
