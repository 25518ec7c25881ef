"""Rules that a person writes: their order, trying them on the past, filling them from a line, who may."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import event, select

from portal.kit import access
from portal.kit.db import db, writing
from portal.statements import trying
from portal.statements.classes import DONATION, FEE, IN, INTEREST, OUT, OWN, UNCLEAR
from portal.statements.models import StatementLine
from portal.statements.models_settling import LineRule
from portal.statements.phrases import marked, set_phrase
from tests.cast import make_account, make_campaign, make_user, sign_in
from tests.statements.builders import bring, make_rule, suspense

LIST = "/quan-ly/sao-ke/quy-tac/"
NEW = f"{LIST}moi"


@pytest.fixture
def account(db_session, cast):
    found = make_account(unit=cast.commune, code="TK1", number="0011004123456")
    db_session.commit()
    return found


@pytest.fixture
def desk(client, cast, account):
    return sign_in(client, cast.accountant)


def typed(account, **changes):
    """A rule as the form sends it."""
    usual = {
        "unit_id": account.unit_id, "name": "Phí", "direction": OUT, "words": "thu phí; phí sms", "kind": FEE,
        "least": "", "most": "", "bank_account_id": "", "campaign_id": "",
    }  # fmt: skip
    return {**usual, **changes}


def rules() -> list[LineRule]:
    db.session.rollback()
    return list(db.session.scalars(select(LineRule).order_by(LineRule.position, LineRule.id)))


def names() -> list[str]:
    return [rule.name for rule in rules() if not rule.withdrawn]


def statements_of(call) -> int:
    """How many statements a call sends."""
    seen: list[str] = []
    listen = db.engine, "before_cursor_execute", lambda *args: seen.append(args[2])
    event.listen(*listen)
    call()
    event.remove(*listen)
    return len(seen)


def test_a_rule_is_written_and_decides_the_next_statement(desk, account, tmp_path) -> None:
    answer = desk.post(NEW, data=typed(account, least="1.000", most="50k"))
    assert answer.status_code == 303 and "don_vi=TPH" in answer.location
    (rule,) = rules()
    assert (rule.words, rule.least, rule.most, rule.kind) == ("thu phí; phí sms", 1_000, 50_000, FEE)
    bring(tmp_path, (90_000, "ung ho"), (-11_000, "THU PHI SMS"), (-90_000, "THU PHI"), account=account)
    kinds = db.session.scalars(select(StatementLine.kind).order_by(StatementLine.ordinal)).all()
    assert kinds == [UNCLEAR, FEE, UNCLEAR]
    page = desk.get(answer.location).text
    assert "1 dòng" in page and "“thu phí” hoặc “phí sms”" in page and "từ 1.000 đến 50.000 đ" in page
    one = desk.get(f"{LIST}{rule.id}").text
    assert "Phí ngân hàng" in one and "Lê Thị Toán" in one and "Ngừng dùng" in one


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Chưa nhập tên quy tắc"),
        ({"direction": ""}, "direction", "Chưa chọn chiều tiền"),
        ({"kind": INTEREST}, "kind", "không thể là loại này"),
        ({"kind": "khac"}, "kind", "Chọn lại"),
        ({"words": " ; "}, "words", "Chưa nêu từ ngữ hay số tiền"),
        ({"least": "2tr", "most": "1tr"}, "most", "nhỏ hơn số tiền"),
        ({"least": "2.50"}, "least", "chưa rõ là bao nhiêu"),
        ({"words": "x" * 501}, "words", "nhiều nhất là 500"),
        ({"unit_id": "999999"}, "unit_id", "Chọn lại"),
        ({"bank_account_id": "999999"}, "bank_account_id", "Chọn lại"),
    ],
)
@pytest.mark.parametrize("address", [NEW, f"{NEW}/thu"])
def test_what_cannot_be_is_refused_at_its_field(desk, account, changes, field, sentence, address) -> None:
    answer = desk.post(address, data=typed(account, **changes))
    assert answer.status_code == 422 and sentence in answer.text
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert rules() == []


def test_a_campaign_of_another_fund_or_line_of_units_is_refused(desk, account, cast) -> None:
    from tests.cast import make_fund

    other = make_campaign(unit=cast.commune, code="D2", fund=make_fund(code="CUUTRO", name="Quỹ Cứu trợ"))
    db.session.commit()
    gift = {"direction": IN, "kind": DONATION, "words": "ung ho"}
    answer = desk.post(NEW, data=typed(account, **gift, campaign_id=other.id))
    assert (
        answer.status_code == 422
        and "thuộc quỹ khác" in answer.text
        and 'id="campaign_id-error"' in answer.text
    )
    mine = make_campaign(unit=cast.commune, code="D1")
    db.session.commit()
    fee = desk.post(NEW, data=typed(account, campaign_id=mine.id))
    assert fee.status_code == 422 and "Chỉ khoản ủng hộ mới thuộc đợt" in fee.text
    assert desk.post(NEW, data=typed(account, **gift, campaign_id=mine.id)).status_code == 303


def test_rules_are_asked_in_their_order(desk, account) -> None:
    for name in ("a", "b", "c"):
        make_rule(account=account, kind=FEE, direction=OUT, words=name, name=name)
    db.session.commit()
    first, second, third = rules()
    desk.post(f"{LIST}{third.id}/len")
    assert names() == ["a", "c", "b"]
    desk.post(f"{LIST}{first.id}/xuong")
    assert names() == ["c", "a", "b"]
    assert desk.post(f"{LIST}{third.id}/len").status_code == 303 and names() == ["c", "a", "b"]
    desk.post(f"{LIST}{third.id}/ngung")
    assert names() == ["a", "b"] and "Đã ngừng dùng: 1 quy tắc" in desk.get(LIST).text
    refused = desk.post(f"{LIST}{third.id}/len")
    assert "đã ngừng dùng nên không còn thứ tự" in desk.get(refused.location).text
    desk.post(f"{LIST}{third.id}/dung-lai")
    assert names() == ["a", "b", "c"]
    assert desk.post(f"{LIST}{second.id}/xoa").status_code == 404


def test_a_rule_is_tried_on_past_lines_before_it_is_saved(desk, account, tmp_path) -> None:
    make_rule(account=account, kind=OWN, words="noi bo", name="Nội bộ")
    bring(
        tmp_path, (500, "NGUYEN VAN A chuyển nhầm"), (700, "chuyen nham noi bo"), (900, "ung ho"),
        (-300, "chuyen nham"), (50, "chuyennham"), account=account,
    )  # fmt: skip
    before = [line.kind for line in db.session.scalars(select(StatementLine))]
    wanted = {"direction": IN, "kind": OWN, "words": "chuyển nhầm"}
    answer = desk.post(f"{NEW}/thu", data=typed(account, **wanted))
    assert answer.status_code == 200
    page = re.sub(r"\s+", " ", answer.text)
    assert "<strong>2</strong> trong 5 dòng" in page and "<strong>1.200 đ</strong>" in page
    assert (
        "1 dòng trong số đó có quy tắc được hỏi trước" in page and "quy tắc “Nội bộ” được hỏi trước" in page
    )
    assert "<mark>chuyển nhầm</mark>" in page and "Chưa rõ → <strong>Chuyển giữa tài khoản" in page
    assert 'value="chuyển nhầm"' in page, "what was typed stays in the form"
    assert [rule.name for rule in rules()] == ["Nội bộ"]
    assert before == [line.kind for line in db.session.scalars(select(StatementLine))]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("khong co", "Không có dòng nào hợp"), ("ung ho", "hơn một nửa số dòng"), ("le", None)],
)
def test_a_rule_that_fits_nothing_or_too_much_is_warned_of(desk, account, tmp_path, words, sentence) -> None:
    bring(tmp_path, *((n, "ung ho") for n in (5, 6, 7)), (9, "tien le"), account=account)
    page = desk.post(f"{NEW}/thu", data=typed(account, direction=IN, kind=OWN, words=words)).text
    assert (sentence in page) if sentence else "notice-warn" not in page


def test_a_trial_without_any_line_says_so(desk, account) -> None:
    assert "Chưa có dòng sao kê nào" in desk.post(f"{NEW}/thu", data=typed(account)).text


def test_a_trial_reads_old_lines_in_pieces_up_to_a_bound(desk, account, cast, tmp_path, monkeypatch) -> None:
    other = make_account(unit=cast.commune, code="TK2", number="0011004999999")
    bring(tmp_path, *((n, "ung ho") for n in range(1, 10)), account=account)
    bring(
        tmp_path, *((n, "ung ho") for n in range(1, 5)), account=other, name="hai.csv", day=date(2026, 11, 12)
    )
    bring(tmp_path, (1, "cu"), account=other, name="cu.csv", day=date(2025, 10, 1))
    monkeypatch.setattr(trying, "PIECE", 2)
    wanted = typed(account, direction=IN, kind=OWN, words="ung ho")
    assert "trong 13 dòng" in desk.post(f"{NEW}/thu", data=wanted).text
    assert "trong 9 dòng" in desk.post(f"{NEW}/thu", data={**wanted, "bank_account_id": account.id}).text
    monkeypatch.setattr(trying, "MOST_READ", 6)
    capped = desk.post(f"{NEW}/thu", data=wanted).text
    assert "<strong>6</strong> trong 6 dòng" in capped and "sao kê mới nhất" in capped


def test_a_trial_takes_a_statement_per_piece_not_per_line(desk, account, tmp_path) -> None:
    def asked(count: int, name: str) -> int:
        bring(tmp_path, *((n + 1, f"ung ho {name}") for n in range(count)), account=account, name=name)
        wanted = typed(account, direction=IN, kind=OWN, words=name.split(".")[0])
        return statements_of(lambda: desk.post(f"{NEW}/thu", data=wanted))

    few, many = asked(3, "it.csv"), asked(300, "nhieu.csv")
    assert many <= few + 2


def test_a_change_waits_for_nobody_but_is_not_overwritten_unseen(desk, account) -> None:
    rule = make_rule(account=account, kind=FEE, direction=OUT, words="phi", name="Phí")
    db.session.commit()
    address = f"{LIST}{rule.id}/sua"
    opened = desk.get(address).text
    base = re.search(r'name="base" value="([^"]+)"', opened)[1]
    assert desk.post(address, data=typed(account, words="phi a", base=base)).status_code == 303
    late = desk.post(address, data=typed(account, words="phi b", base=base))
    assert late.status_code == 409 and "Người khác vừa sửa quy tắc này" in late.text
    assert "phi a" in late.text and 'value="phi b"' in late.text and rules()[0].words == "phi a"
    again = re.search(r'name="base" value="([^"]+)"', late.text)[1]
    assert desk.post(address, data=typed(account, words="phi b", base=again)).status_code == 303
    assert rules()[0].words == "phi b"


def test_a_changed_rule_leaves_posted_lines_alone(desk, account, tmp_path) -> None:
    rule = make_rule(account=account, kind=FEE, direction=OUT, words="phi", name="Phí")
    bring(tmp_path, (90, "ung ho"), (-20, "phi sms"), account=account)
    base = re.search(r'name="base" value="([^"]+)"', desk.get(f"{LIST}{rule.id}/sua").text)[1]
    desk.post(f"{LIST}{rule.id}/sua", data=typed(account, words="khac", kind=OWN, base=base))
    db.session.rollback()
    assert db.session.scalars(select(StatementLine.kind).order_by(StatementLine.ordinal)).all() == [
        UNCLEAR,
        FEE,
    ]


def test_starters_and_addresses_fill_the_form_and_save_nothing(desk, account, cast) -> None:
    own = desk.get(f"{NEW}?mau=noi-bo-vao&don_vi=TPH").text
    assert 'value="từ 0011004123456; từ tk 0011004123456;' in own and "Chuyển giữa tài khoản của Quỹ" in own
    page = desk.get(f"{NEW}?huong=out&tu_ngu=phi+sms&loai=fee&tk=TK1").text
    assert 'value="phi sms"' in page and '<option selected value="fee">' in page
    odd = desk.get(f"{NEW}?huong=x&loai=interest&tk=%00&mau=la&tu_ngu={'x' * 3000}")
    assert odd.status_code == 200 and rules() == []
    assert all(
        f"mau={key}" in desk.get(LIST).text for key in ("phi", "lai", "noi-bo-ra", "chuyen-nham", "tra-lai")
    )


def test_the_starter_of_own_transfers_leaves_gifts_alone() -> None:
    from portal.kit.vietnamese import fold
    from portal.statements.classes import words_of
    from portal.statements.starters import STARTERS, words_for

    starter = next(one for one in STARTERS if one.key == "noi-bo-vao")
    phrases = words_of(words_for(starter, ["0011 004.123456"]))
    gift, own = "CT tu 0123456789 TRAN THI BE toi 0011004123456", "CT tu 0011004123456 QUY toi 6600"
    assert [any(phrase in f" {fold(text)} " for phrase in phrases) for text in (gift, own)] == [False, True]
    assert len(words_for(starter, [f"{n:013d}" for n in range(90)])) <= 500


def test_a_rule_begins_with_a_line_that_waits(desk, account, tmp_path) -> None:
    text = "MBVCB.123456789.NGUYEN VAN AN dong gop quy.CT tu 0123456789 NGUYEN VAN AN toi 0011004123456"
    bring(tmp_path, (500, text), account=account)
    code = suspense()[0].code
    db.session.rollback()
    answer = desk.post(f"{LIST}tu-dong", data={"dong": code})
    assert answer.status_code == 200 and 'value="dong gop quy"' in answer.text
    form = answer.text.partition("<aside>")[0]
    assert "0123456789" not in form and "nguyen van an" not in form.lower()
    assert '<option selected value="donation">' in form
    fee = desk.post(f"{LIST}tu-dong", data={"dong": code, "loai": "interest"}).text
    assert '<option selected value="interest">' in fee
    for wrong in ("", "1", "9-9", "a-b", "9" * 40):
        assert desk.post(f"{LIST}tu-dong", data={"dong": wrong}).status_code == 404


def test_who_may_write_rules(desk, client, account, cast, tmp_path) -> None:
    rule = make_rule(account=account, kind=FEE, direction=OUT, words="phi")
    bring(tmp_path, (500, "ung ho"), account=account)
    code = suspense()[0].code
    db.session.commit()
    one = f"{LIST}{rule.id}"
    auditor = sign_in(client, cast.auditor)
    assert auditor.get(LIST).status_code == auditor.get(one).status_code == 200
    assert "Viết quy tắc" not in auditor.get(LIST).text and "/ngung" not in auditor.get(one).text
    assert auditor.get(NEW).status_code == auditor.post(f"{one}/len").status_code == 403
    far = make_user(name="Kế Toán Xa", role=access.ACCOUNTANT, unit=cast.other_commune)
    elsewhere = sign_in(client, far)
    for answer in (
        elsewhere.get(one), elsewhere.get(f"{one}/sua"), elsewhere.post(f"{one}/sua"), elsewhere.post(f"{one}/ngung"),
        elsewhere.post(f"{one}/sua/thu"), elsewhere.get(f"{LIST}?don_vi=TPH"),
        elsewhere.post(f"{LIST}tu-dong", data={"dong": code}),
    ):  # fmt: skip
        assert answer.status_code == 404
    both = make_user(name="Hai Vai", role=access.ACCOUNTANT, unit=cast.other_commune)
    from tests.cast import grant

    grant(user=both, role=access.AUDITOR, unit=cast.commune)
    mixed = sign_in(client, both)
    assert mixed.get(one).status_code == 200 and mixed.post(f"{one}/ngung").status_code == 403
    assert mixed.post(f"{LIST}tu-dong", data={"dong": code}).status_code == 403
    assert mixed.post(NEW, data=typed(account)).status_code == 422
    assert not rules()[0].withdrawn and len(rules()) == 1


def test_the_list_counts_lines_of_all_rules_in_one_statement(desk, account, tmp_path) -> None:
    make_rule(account=account, kind=FEE, direction=OUT, words="phi")
    db.session.commit()
    few = statements_of(lambda: desk.get(LIST))
    for number in range(8):
        make_rule(account=account, kind=FEE, direction=OUT, words=f"phi {number}")
    db.session.commit()
    assert statements_of(lambda: desk.get(LIST)) == few


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("THU PHI SMS THANG 11", "thu phi sms thang"),
        ("MBVCB.123.TRAN THI BE ung ho.CT tu 0123456789 TRAN THI BE toi 0011", "ung ho"),
        ("0123456789", ""),
        ("", ""),
        ("a b c d e f g h", "a b c d e f"),
    ],
)
def test_the_set_phrase_of_a_line(text, phrase) -> None:
    assert set_phrase(text) == phrase


def test_marks_stand_where_whole_words_are() -> None:
    found = marked("Thu PHÍ-sms, thuphi, phi sms", (" phi sms ", " thu "))
    assert [piece for piece, hit in found if hit] == ["Thu PHÍ-sms", "phi sms"]
    assert "".join(piece for piece, _ in found) == "Thu PHÍ-sms, thuphi, phi sms"


def test_a_donation_rule_of_another_fund_is_not_asked(account, cast, tmp_path, db_session) -> None:
    from tests.cast import make_fund

    aid = make_fund(code="CUUTRO", name="Quỹ Cứu trợ")
    other = make_account(unit=cast.commune, code="TK2", number="0011004999999", fund=aid)
    campaign = make_campaign(unit=cast.commune, code="D2", fund=aid, starts_on=date(2026, 1, 1), ends_on=None)
    with writing():
        make_rule(account=account, kind=DONATION, words="ung ho", campaign_id=campaign.id)
        db.session.commit()
    bring(tmp_path, (500, "ung ho"), account=account)
    bring(tmp_path, (500, "ung ho"), account=other, name="hai.csv")
    assert db.session.scalars(select(StatementLine.kind).order_by(StatementLine.statement_id)).all() == [
        UNCLEAR,
        DONATION,
    ]
