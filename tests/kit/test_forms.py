"""Forms: what was typed is kept, what is wrong is said in Vietnamese at its field, values come out parsed."""

from __future__ import annotations

import ast
import io
import re
from datetime import date
from pathlib import Path

import flask_wtf
import pytest
import wtforms
from flask import Flask
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import FileStorage, MultiDict

from portal.kit.errors import Refused
from portal.kit.form_messages import MESSAGES, STALE_FORM, VietnameseMessages
from portal.kit.forms import (
    AmountField,
    CheckField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    FileField,
    NoteField,
    PortalForm,
    ReasonForm,
    SecretField,
    TextField,
)

NO_NAME = "Chưa nhập họ tên. Gõ tên người ủng hộ, hoặc chọn “Không rõ tên”."


class GiftForm(PortalForm):
    donor = TextField("Họ tên", required=NO_NAME, max_length=20)
    amount = AmountField("Số tiền")
    given_on = DayField("Ngày nhận")
    campaign = ChoiceField("Đợt vận động", choices=[(3, "Tháng cao điểm 2026"), (4, "Tết vì người nghèo")])
    shown_as = ChoiceRadio("Cách hiển thị", choices=[("name", "Cả tên"), ("anonymous", "Ẩn danh")])
    note = NoteField("Ghi chú", max_length=60)
    urgent = CheckField("Cần in ngay")


class UploadForm(PortalForm):
    file = FileField("Tệp sao kê", extensions=("xlsx", "csv"), max_bytes=2_000_000)


class SignInForm(PortalForm):
    password = SecretField("Mật khẩu")


GOOD = {
    "donor": "Nguyễn Thị Nhung",
    "amount": "15.250.000",
    "given_on": "19/10/2026",
    "campaign": "3",
    "shown_as": "name",
    "note": "Ghi theo phiếu\r\n  của ấp",
}


@pytest.fixture
def app():
    """An application that only knows how to sign a form."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="only for this test", WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def send(app):
    """send(form class, **changes of GOOD) → the form as a POST of it would make it, validated."""

    def send(kind=GiftForm, data=None, **changes):
        typed = {**(GOOD if data is None else data), **changes}
        with app.test_request_context(method="POST"):
            form = kind(
                formdata=MultiDict({name: value for name, value in typed.items() if value is not None})
            )
            form.validate()
        return form

    return send


def vietnamese(text):
    """Whether a sentence has Vietnamese letters, no English word, an end, and no exclamation mark."""
    words = re.sub(r"%\(\w+\)s|\{\w+\}", "", text)
    english = re.search(
        r"\b(the|must|field|invalid|not|valid|value|file|error|this|csrf|token)\b", words, re.I
    )
    marked = re.search(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", text.lower())
    return bool(marked) and not english and "!" not in text and text.endswith(".")


def test_values_come_out_parsed_and_without_hidden_keys(send):
    form = send()
    assert form.errors == {} and form.status == 200
    assert form.values() == {
        "donor": "Nguyễn Thị Nhung",
        "amount": 15_250_000,
        "given_on": date(2026, 10, 19),
        "campaign": 3,
        "shown_as": "name",
        "note": "Ghi theo phiếu\ncủa ấp",
        "urgent": False,
    }


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("donor", "x" * 21),
        ("amount", "0"),
        ("amount", "-5000"),
        ("amount", "1" + "0" * 16),
        ("amount", "abc"),
        ("amount", "1.234,5"),
        ("given_on", "31/02/2026"),
        ("given_on", "mai"),
        ("campaign", "99"),
        ("campaign", "3 or 1=1"),
        ("campaign", "9" * 5000),
        ("shown_as", "everything"),
        ("note", "x" * 61),
        *((name, "") for name in ("donor", "amount", "given_on", "campaign", "shown_as")),
        *((name, None) for name in ("donor", "amount", "given_on", "campaign", "shown_as")),
        *((name, " \u00a0\u200b\x00 ") for name in ("donor", "amount", "given_on")),
    ],
)
def test_bad_input_gets_one_vietnamese_sentence_at_its_field(send, field, typed):
    form = send(**{field: typed})
    assert list(form.errors) == [field] and len(form.errors[field]) == 1
    assert vietnamese(form.errors[field][0]), form.errors
    assert form.status == 422


@pytest.mark.parametrize(("field", "typed"), [("amount", "2.50"), ("given_on", "31/02"), ("donor", "x" * 30)])
def test_what_was_typed_stays_in_the_field(send, field, typed):
    form = send(**{field: typed})
    assert f'value="{typed}"' in form[field]() and form[field].data is None


def test_an_old_value_does_not_survive_an_unreadable_new_one(app):
    with app.test_request_context(method="POST"):
        form = GiftForm(formdata=MultiDict({**GOOD, "amount": "abc"}), data={"amount": 5000})
        assert not form.validate() and form.amount.data is None


def test_spaces_of_word_are_accepted_in_a_number(send):
    assert send(amount="15\u00a0250\u202f000").values()["amount"] == 15_250_000


def test_texts_are_composed_and_lose_what_nobody_can_see(send):
    assert send(donor="  Nguye\u0302\u0303n\x00  An\u200b ").values()["donor"] == "Nguyễn An"
    assert send(note="a\x00\n\n b").values()["note"] == "a\n\nb"


def test_a_blank_field_may_say_its_own_sentence_or_the_usual_one(send):
    form = send(donor="", amount="", campaign="")
    assert form.errors["donor"] == [NO_NAME]
    assert form.errors["amount"] == ["Chưa nhập số tiền. Nhập rồi ghi lại."]
    assert form.errors["campaign"] == ["Chưa chọn đợt vận động. Chọn rồi ghi lại."]


def test_what_is_not_required_may_be_blank(send):
    class Loose(PortalForm):
        amount = AmountField("Số tiền", required=False)
        day = DayField("Ngày", required=False)
        campaign = ChoiceField("Đợt", choices=[(1, "Một")], required=False)
        way = ChoiceRadio("Cách", choices=[("a", "A")], required=False)
        file = FileField("Tệp", required=False)

    form = send(Loose, data={"amount": "", "campaign": ""})
    assert form.errors == {} and set(form.values().values()) == {None}
    assert not form.amount.flags.required


def test_nothing_is_chosen_or_ticked_beforehand(app):
    with app.test_request_context():
        form = GiftForm()
        assert "checked" not in form.shown_as() and "checked" not in form.urgent()
        assert '<option selected value="">' in form.campaign()
        assert form.status == 200
    with pytest.raises(TypeError, match="never ticked"), app.test_request_context():

        class Ticked(PortalForm):
            way = ChoiceRadio("Cách", choices=[("a", "A")], default="a")

        Ticked()


def test_a_record_fills_the_form_as_people_write_it(app):
    with app.test_request_context():
        form = GiftForm(data={"amount": 1_500_000, "given_on": date(2026, 3, 9), "campaign": 4})
        assert 'value="1.500.000"' in form.amount() and 'value="09/03/2026"' in form.given_on()
        assert '<option selected value="4">' in form.campaign()


def test_choices_may_depend_on_who_asks(app):
    with app.test_request_context(method="POST"):
        form = GiftForm(formdata=MultiDict({**GOOD, "campaign": "8"}))
        form.campaign.offer(lambda: [(8, "Đợt của xã")])
        assert form.validate() and form.values()["campaign"] == 8


def test_the_browser_leaves_the_words_to_us(app):
    with app.test_request_context():
        form = GiftForm()
        assert 'aria-required="true"' in form.amount() and " required" not in form.amount() + form.campaign()
        assert "aria-required" not in form.note()


def test_drawn_as_what_the_templates_know(app):
    with app.test_request_context():
        types = {field.short_name: field.type for field in GiftForm()}
    assert types == {
        "donor": "TextField",
        "amount": "AmountField",
        "given_on": "DayField",
        "campaign": "SelectField",
        "shown_as": "RadioField",
        "note": "TextAreaField",
        "urgent": "BooleanField",
    }


def test_a_refusal_of_the_domain_stands_at_its_field_or_on_top(send):
    form = send()
    form.add_refusal(Refused("Đợt này đã kết thúc ngày 30/09/2026. Chọn đợt khác.", "campaign"))
    form.add_refusal(Refused("Kỳ sổ đã khóa.", "no_such_field"))
    form.add_refusal(Refused("Người lập không được tự duyệt."))
    assert form.errors["campaign"] == ["Đợt này đã kết thúc ngày 30/09/2026. Chọn đợt khác."]
    assert form.form_errors == ["Kỳ sổ đã khóa.", "Người lập không được tự duyệt."]
    assert form.status == 422


def upload(app, content, filename):
    with app.test_request_context(method="POST"):
        file = FileStorage(io.BytesIO(content), filename=filename)
        form = UploadForm(formdata=MultiDict([("file", file)]))
        form.validate()
        return form


def test_a_good_file_is_handed_on_from_its_beginning(app):
    form = upload(app, b"a,b\n", "Sao kê.CSV")
    assert form.errors == {} and form.values()["file"].read() == b"a,b\n"


@pytest.mark.parametrize(
    ("content", "name", "piece"),
    [
        (b"x", "anh.png", "XLSX, CSV"),
        (b"", "a.csv", "không có nội dung"),
        (b"x" * 2_000_001, "a.csv", "nặng 3 MB, quá 2 MB"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(app, content, name, piece):
    (sentence,) = upload(app, content, name).errors["file"]
    assert piece in sentence and name in sentence and vietnamese(sentence)


@pytest.mark.parametrize("value", [None, "chữ thay cho tệp"])
def test_no_file_asks_for_one(send, value):
    assert send(UploadForm, data={"file": value}).errors["file"] == [
        "Chưa chọn tệp sao kê. Chọn rồi ghi lại."
    ]


def test_a_password_is_taken_as_it_is_and_not_shown_again(send):
    form = send(SignInForm, data={"password": "  mật khẩu  "})
    assert form.values() == {"password": "  mật khẩu  "} and "mật" not in form.password()
    assert form.password.type == "PasswordField"


def test_a_confirm_needs_its_reason(send):
    assert vietnamese(send(ReasonForm, data={"reason": " "}).errors["reason"][0])
    assert send(ReasonForm, data={"reason": "Ghi nhầm số tiền"}).values() == {"reason": "Ghi nhầm số tiền"}


def test_a_form_without_its_token_is_refused_in_vietnamese(app):
    app.config["WTF_CSRF_ENABLED"] = True
    with app.test_request_context(method="POST"):
        form = GiftForm(formdata=MultiDict(GOOD))
        assert not form.validate() and form.errors == {"csrf_token": [STALE_FORM]}
        assert form.csrf_token.label.text == "Phiên làm việc"
    with app.test_request_context(method="POST"):
        form = GiftForm(formdata=MultiDict({**GOOD, "csrf_token": generate_csrf()}))
        assert form.validate() and "csrf_token" not in form.values()


def library_messages():
    """Every text that WTForms and Flask-WTF hand to gettext, read from their sources."""
    for package in (wtforms, flask_wtf):
        for file in Path(package.__file__).parent.rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("gettext", "ngettext"):
                    for text in call.args:
                        if isinstance(text, ast.Constant) and isinstance(text.value, str):
                            yield text.value


def test_every_message_of_the_libraries_has_its_vietnamese_sentence():
    known = set(library_messages())
    assert len(known) > 30
    assert known - set(MESSAGES) == set()


def test_no_message_is_english_and_placeholders_are_those_of_the_original():
    holes = re.compile(r"%\((\w+)\)|\{(\w+)\}")
    for english, sentence in MESSAGES.items():
        assert vietnamese(sentence), sentence
        assert set(holes.findall(sentence)) <= set(holes.findall(english)), english
        assert sentence.count("%s") <= english.count("%s")
    assert vietnamese(VietnameseMessages().gettext("Something new."))
    assert (
        VietnameseMessages().ngettext("Not a valid choice.", "Not a valid choice.", 2)
        == MESSAGES["Not a valid choice."]
    )
