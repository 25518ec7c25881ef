"""What people get wrong: each a Vietnamese sentence at its cell, nothing written, no foreign words."""

import io
import re
import zipfile

import pytest
from sqlalchemy import func, select

from portal.imports.kinds import KINDS
from portal.imports.loading import load
from portal.imports.outcome import MAX_MESSAGES
from portal.kit.errors import Refused
from portal.kit.numbers import Entry
from tests.cast import make_campaign
from tests.imports.helpers import bring, table, told

HEADER = "Ngày,Mã đơn vị,Mã đợt,Hình thức,Số tiền,Hiện vật"
GOOD = "02/11/2026,TPH,D26,tiền mặt,500.000,"
FOREIGN = re.compile(
    r"\b(error|invalid|none|null|true|false|value|expected|exception|traceback|row|column|file|date|field|not|the)\b",
    re.IGNORECASE,
)
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook/>'


@pytest.fixture
def campaign(cast, db_session):
    made = make_campaign(unit=cast.commune, code="D26")
    db_session.commit()
    return made


def is_plain(sentence):
    """Vietnamese, a whole sentence, without exclamation."""
    return (
        bool(re.search(r"[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]", sentence))
        and not FOREIGN.search(sentence)
        and sentence.endswith(".")
        and "!" not in sentence
    )


WRONG = [
    (GOOD.replace("500.000", "0"), "Số tiền"),
    (GOOD.replace("500.000", "-500000"), "Số tiền"),
    (GOOD.replace("500.000", "1" + "0" * 16), "Số tiền"),
    (GOOD.replace("500.000", "abc"), "Số tiền"),
    (GOOD.replace("500.000", '"1.234,5"'), "Số tiền"),
    (GOOD.replace("500.000", ""), "Số tiền"),
    (GOOD.replace("02/11", "31/02"), "Ngày"),
    (GOOD.replace("02/11/2026", "hôm qua"), "Ngày"),
    (GOOD.replace("02/11/2026", ""), "Ngày"),
    (GOOD.replace("02/11/2026", "02/11/2126"), "Ngày"),
    (GOOD.replace("D26", "D99"), "Mã đợt"),
    (GOOD.replace("TPH", "KHONG"), "Mã đơn vị"),
    (GOOD.replace("tiền mặt", "séc"), "Hình thức"),
    (GOOD.replace("tiền mặt", ""), "Hình thức"),
    (GOOD.replace("tiền mặt", "hiện vật"), "Hiện vật"),
]


def test_wrong_cells_are_told_and_nothing_is_written(campaign, db_session):
    outcome = bring("donations", table(HEADER, GOOD, *[row for row, _ in WRONG]))
    assert set(told(outcome)) == {f"dòng {line}, cột “{column}”" for line, (_, column) in enumerate(WRONG, 3)}
    assert len(outcome.messages) == len(WRONG)
    assert [message for message in told(outcome).values() if not is_plain(message)] == []
    assert not outcome.accepted and outcome.new == 0
    assert db_session.scalar(select(func.count()).select_from(Entry)) == 0


def test_spaces_of_word_inside_a_number_are_accepted(campaign):
    rows = [
        GOOD.replace("500.000", f"1{space}500{space}000") for space in ("\u00a0", "\u202f", "\u2009", " ")
    ]
    outcome = bring("donations", table(HEADER, *rows))
    assert (outcome.accepted, outcome.sum) == (True, 6_000_000)


def workbook_with_doctype():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", DOCTYPE)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        b"",
        b"<!DOCTYPE html><html></html>",
        b"PK\x03\x04 broken",
        workbook_with_doctype(),
        "Họ tên,Địa chỉ\nAn,Xóm 1\n".encode(),
        f"{HEADER}\n".encode(),
        f"{HEADER},Số tiền\n{GOOD},1\n".encode(),
        f"{HEADER}\n{GOOD},thừa\n".encode(),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(content):
    with pytest.raises(Refused) as refused:
        load(content, KINDS["donations"].columns, filename="bảng.xlsx")
    assert is_plain(refused.value.text), refused.value.text


def test_all_errors_are_counted_and_the_first_thousand_told(campaign):
    outcome = bring("donations", table(HEADER, *[GOOD.replace("500.000", "abc")] * (MAX_MESSAGES + 5)))
    assert (outcome.errors, len(outcome.messages), outcome.rows) == (1_005, 1_000, 1_005)


def test_every_kind_answers_junk_in_vietnamese(campaign, db_session):
    """One row of junk per kind; all that is said is collected and read."""
    said = []
    for kind in KINDS.values():
        for junk in ("???", "-1", "31/02/2026", "9" * 400):
            content = table(",".join(kind.column_names), ",".join([junk] * len(kind.columns)))
            outcome = bring(kind.name, content)
            assert not outcome.accepted, kind.name
            said += [message.message for message in outcome.messages]
    assert len(said) > 100
    assert [sentence for sentence in set(said) if not is_plain(sentence)] == []
