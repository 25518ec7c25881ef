"""Layouts of certificates as data: chosen, looked at, changed; what was given prints the same for ever."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from portal.emulation import actions_layouts as actions
from portal.emulation.documents_certificates import render_certificates
from portal.emulation.models_certificates import Reward
from portal.emulation.models_layouts import RewardLayout
from portal.emulation.queries_layouts import look_of_layout
from portal.emulation.rules_layouts import FRAMES, NAME_SIZES, PARTS, TITLE_SIZES, Look, look_of
from portal.kit import access
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.cast import Cast, make_user, sign_in
from tests.emulation.builders import HOME, form_of, make_award, make_nomination
from tests.printed import text_of_pdf, words_of_paper
from tests.reading import errors_at, typed_in, unpleasant

LIST = f"{HOME}hinh-thuc/kieu/"
CSS = Path(__file__).parents[2] / "portal/static/css/certificate.css"
TYPED = {
    "name": "Giấy khen màu đỏ", "valid_from": "01/01/2026", "frame": "fine", "colour": "red", "national": "y",
    "heading": "QUỸ VÌ NGƯỜI NGHÈO", "align": "left", "title_size": "48", "name_size": "32", "sign_place": "centre",
    "check_place": "right", "part_1": "title", "part_2": "name", "part_3": "text", "part_4": "giver", "part_5": "",
    "part_6": "",
}  # fmt: skip


def values(**changed: Any) -> dict[str, Any]:
    """What an action takes: the layout of awards, with changes."""
    look = {**vars(Look()), "heading": "", "parts": list(PARTS)}
    return {**look, "name": "Kiểu thử", "valid_from": form_of().valid_from, **changed}


def layout(key: str = "award") -> RewardLayout:
    return db.session.scalars(select(RewardLayout).where(RewardLayout.key == key)).one()


def certificate(app: Flask) -> str:
    reward = db.session.scalars(select(Reward)).one()
    with app.test_request_context():
        return render_certificates(reward.decision, [reward], prefix="https://vidu.vn/xac-minh/")


@pytest.mark.parametrize(
    "field, changed",
    [
        ("check_place", {"check_place": "right"}),
        ("frame", {"frame": "triple"}),
        ("name_size", {"name_size": 99}),
        ("heading", {"heading": "1\n2\n3\n4"}),
        ("part_1", {"parts": ["title", "name"]}),
        ("part_3", {"parts": ["title", "name", "title", "text"]}),
        ("part_2", {"parts": ["title", "motto", "name", "text"]}),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        look_of({**vars(Look()), "heading": "", **changed})
    assert no.value.field == field and not unpleasant(no.value.text)


def test_feet_and_words_stand_where_the_look_says() -> None:
    assert Look().feet == ["check", "sign"] and Look(sign_place="left", check_place="right").feet == [
        "sign",
        "check",
    ]
    assert Look(sign_place="centre").feet == ["check", "sign", ""]
    assert Look(sign_place="right", check_place="centre").feet == ["", "check", "sign"]
    assert (
        Look().giver_class == "giver" and Look(parts=("title", "giver", "name", "text")).giver_class == "to"
    )


def test_the_style_sheet_knows_every_choice() -> None:
    known = CSS.read_text()
    wanted = [f"title-{size}" for size in TITLE_SIZES] + [
        f"is-{frame}" for frame in FRAMES if frame != "double"
    ]
    wanted += [f"name-{size}{more}" for size in NAME_SIZES for more in ("", ".long", ".longer")]
    wanted += ["in-red", "in-blue", "in-ink", "to-left"]
    assert [name for name in wanted if f".{name}" not in known] == []


def test_a_layout_that_was_borne_stays_and_the_next_version_follows(cast: Cast, app: Flask) -> None:
    make_award(cast=cast, nominations=[make_nomination(cast=cast)])
    db.session.commit()
    before, old = words_of_paper(certificate(app)), layout()
    told = values(name=old.name, colour="red", parts=["title", "name", "text"])
    made = actions.change_layout(old, told)
    db.session.commit()
    assert made.id != old.id and old.valid_to is not None and look_of_layout(old).colour == "gold"
    assert {form_of(key).layout for key in ("giay_khen", "bang_khen")} == {made.key}
    assert form_of("thu_cam_on").layout == "letter"
    assert words_of_paper(certificate(app)) == before and "in-gold" in certificate(app)
    assert actions.change_layout(made, {**told, "colour": "blue"}) is made  # nobody bears it yet
    with pytest.raises(Refused, match="đã ngừng"):
        actions.change_layout(old, {**told, "name": "Tên khác"})


def test_a_layout_in_use_does_not_end_and_names_stand_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="đang dùng cho Thư cảm ơn"):
        actions.end_layout(layout("letter"), form_of().valid_from)
    with pytest.raises(Refused) as no:
        actions.add_layout(values(name=layout().name.upper()))
    assert no.value.field == "name"
    made = actions.add_layout(values())
    actions.end_layout(made, made.valid_from)
    actions.end_layout(made, None)
    assert made.valid_to is None


def test_an_administrator_tries_and_adds_a_layout(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    assert "Tấm lòng vàng" in client.get(LIST).text
    blank = client.get(f"{LIST}moi").text
    assert typed_in(blank)["part_6"] == "text" and f'formaction="{LIST}moi/xem-thu"' in blank
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    tried = client.post(f"{LIST}moi/xem-thu", data=TYPED)
    assert tried.status_code == 200 and tried.mimetype == "application/pdf"
    page = PdfReader(io.BytesIO(tried.data)).pages[0]
    assert len(PdfReader(io.BytesIO(tried.data)).pages) == 1 and page.mediabox.width > page.mediabox.height
    words = text_of_pdf(tried.data)
    assert "QUỸ VÌ NGƯỜI NGHÈO" in words and "Lê Văn Mẫu" in words and "Ấp Giả" not in words
    assert words.index("GIẤY KHEN") < words.index("Lê Văn Mẫu") < words.index("TẶNG")
    bad = client.post(f"{LIST}moi/xem-thu", data={**TYPED, "check_place": "centre"})
    assert bad.status_code == 422 and "cùng một chỗ" in errors_at(bad.text)["check_place"]
    assert typed_in(bad.text)["heading"] == "QUỸ VÌ NGƯỜI NGHÈO"
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    assert client.post(f"{LIST}moi", data=TYPED).status_code == 303
    db.session.rollback()
    made = layout("giay_khen_mau_d")
    assert look_of_layout(made) == Look("fine", "red", True, ("QUỸ VÌ NGƯỜI NGHÈO",), ("title", "name", "text", "giver"),
                                        "left", 48, 32, "centre", "right")  # fmt: skip
    assert text_of_pdf(client.get(f"{LIST}{made.id}.pdf").data).count("Lê Văn Mẫu") == 1
    assert client.post(f"{LIST}{made.id}", data={**TYPED, "colour": "ink"}).status_code == 303
    form = f"{HOME}hinh-thuc/{form_of().id}"
    assert f'<option value="{made.key}"' in client.get(form).text
    assert client.post(f"{LIST}{made.id}/ngung").status_code == 303
    db.session.rollback()
    assert layout(made.key).valid_to is not None and "Dùng lại" in client.get(f"{LIST}{made.id}").text


@pytest.mark.parametrize("key", ["award", "letter"])
def test_what_is_shown_of_a_layout_is_taken_back_as_it_stands(
    cast: Cast, client: FlaskClient, key: str
) -> None:
    one, before = layout(key).id, look_of_layout(layout(key))
    sign_in(client, cast.administrator)
    shown = typed_in(client.get(f"{LIST}{one}").text)
    assert shown["valid_from"] == ""
    assert client.post(f"{LIST}{one}/xem-thu", data=shown).mimetype == "application/pdf"
    assert client.post(f"{LIST}{one}", data=shown).status_code == 303
    db.session.rollback()
    assert look_of_layout(layout(key)) == before and layout(key).id == one


def test_an_administrator_of_one_unit_only_looks(cast: Cast, client: FlaskClient) -> None:
    one = layout().id
    sign_in(client, make_user(role=access.ADMINISTRATOR, unit=cast.commune))
    page = client.get(f"{LIST}{one}").text
    assert "chỉ người quản trị toàn cổng" in page and "Cơ quan tặng, lời trên tên" in page.replace(
        "cơ quan", "Cơ quan"
    )
    assert client.get(f"{LIST}{one}.pdf").status_code == 200
    for address in (f"{LIST}moi", f"{LIST}{one}", f"{LIST}{one}/ngung"):
        assert client.post(address, data=TYPED).status_code == 403, address
    sign_in(client, cast.officer)
    assert client.get(LIST).status_code == 403
