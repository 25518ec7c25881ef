"""No number of a person reaches a public page, JSON, CSV or PDF, whatever it was typed into; references stay."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest

from portal.bulletins.actions import draft_bulletin, issue_bulletin
from portal.donations import groups
from portal.donations.member_rows import MemberRow
from portal.programmes.actions import record_results
from portal.programmes.rules import ResultRow
from portal.statements.actions import import_file
from portal.statements.importing import follow_books
from tests.cast import make_account, make_campaign, make_donation, sign_in
from tests.figures.books import entry
from tests.printed import text_of_pdf
from tests.public.test_pages import TODAY
from tests.spending.builders import make_decision, make_payment, make_row
from tests.statements.bank_files import headings
from tests.statements.records import make_statement

OWN = "1903333444455"  # the fund's own account, published on purpose
SECRETS = (
    "0912345678", "0912.345.679", "+84 912 345 680", "84912345681", "1900 5588", "19001881", "0 9 1 2 3 4 5 6 8 2",
    "0905,345,683", "(0277) 385 1284", "0123454417", "1909876543386", "6605 2050 77086", "012345678901234",
    "001085012345", "001 085 012 346", "271234567", "ABC0912345684XYZ", "chau0912345685", "SDT 3825 1286",
    "CMND 271 234 568", "0912xxx687", "0123456xxxx",
)  # fmt: skip
REFERENCES = (
    "FT24255123456789", "MBVCB.3849201847", "SHGD:10001234", "MSE.66129031421", "020097042209123456",
)  # fmt: skip
IN_COLUMN = ("FT26311000000001", "5254 - 05356", "7600IBT1e00123456")


def _pattern(secret: str) -> re.Pattern[str]:
    digits = [character for character in secret if character.isdigit() or character == "x"]
    return re.compile(r"(?<![\d.,])" + r"[\s.,\-–()]{0,3}".join(digits))


PATTERNS = {secret: _pattern(secret) for secret in SECRETS}


@pytest.fixture
def books(app, cast, db_session, tmp_path):
    """Every secret in a text, a name, a counterparty, a note; every reference in a text or its column."""
    make_account(unit=cast.province, code="TCB", bank="Techcombank", number=OWN)
    campaign = make_campaign(
        unit=cast.province,
        code="TCD26",
        starts_on=date(TODAY.year - 1, 1, 1),
        ends_on=None,
        legal_basis=f"Kế hoạch 34/KH-BVĐ, hỏi {SECRETS[0]}",
    )
    for at, secret in enumerate(SECRETS):
        shown = "name" if at % 2 else "initials"
        make_donation(
            campaign=campaign, donor_name=f"Nguyễn Văn {secret}", shown_as=shown, day=TODAY, by=cast.officer,
            paper_number=f"{secret[:18]}/{at}" if at % 5 == 0 else None,
        )  # fmt: skip
    make_donation(campaign=campaign, form="goods", goods=f"gạo của {SECRETS[1]}", amount=70_000, day=TODAY)
    bag = make_donation(campaign=campaign, donor_name=f"Lớp 9A {SECRETS[3]}", donor_kind="group", day=TODAY)
    groups.set_people(bag, 40, cast.officer)
    groups.name_members(bag, [MemberRow(f"Trần Thị {SECRETS[4]}", "ấp Một", 1_000, "name")], cast.officer)
    rows = [make_row(campaign=campaign, receiver=f"Hộ {SECRETS[5]}", amount=1_000)]
    decision = make_decision(
        unit=cast.province, maker=cast.accountant, issuer=cast.chair, rows=rows, decided_on=TODAY,
        number=f"12/QĐ {SECRETS[6]}",
    )  # fmt: skip
    make_payment(decision=decision, maker=cast.accountant, approver=cast.chair, day=TODAY)
    whole_year = (date(TODAY.year, 1, 1), date(TODAY.year, 12, 31))
    result = ResultRow(
        cast.province.id, *whole_year, "Vay vốn", "tin_dung", f"Ngân hàng {SECRETS[7]}", amount=9_000_000,
        note=f"gọi {SECRETS[8]}",
    )  # fmt: skip
    record_results([result], entry=entry)
    make_statement(
        make_account(unit=cast.commune, code="BIDV1", bank="BIDV", number="12410009990001"),
        date(TODAY.year, 1, 1), TODAY, completeness="broken", override_by_id=cast.accountant.id,
        override_reason=f"Đã gọi {SECRETS[9]} và {SECRETS[10]}", file_name=f"{SECRETS[11]}.csv",
    )  # fmt: skip
    bulletin = draft_bulletin(
        unit=cast.province, starts_on=date(TODAY.year, 1, 1), ends_on=TODAY, by=cast.accountant
    )
    issue_bulletin(bulletin, by=cast.chair, day=TODAY)
    db_session.commit()
    outcome = import_file(_statement(tmp_path), account_code="TCB", campaign_code="TCD26")
    assert outcome.accepted, outcome.messages
    while follow_books():
        pass
    return bulletin.code


def _statement(folder):
    """A line for each secret (also in the counterparty's columns) and for each reference."""
    head = headings("techcombank")
    lines, balance = [], 0
    texts = [f"{secret} ung ho CT tu {secret} NGUYEN VAN A toi {OWN}" for secret in SECRETS]
    texts += [f"{reference}.NGUYEN VAN B ung ho.CT tu 0123454417" for reference in REFERENCES]
    texts += ["ung ho nguoi ngheo"] * len(IN_COLUMN)
    references = [""] * (len(texts) - len(IN_COLUMN)) + list(IN_COLUMN)
    for text, reference in zip(texts, references, strict=True):
        balance += 10_000
        cells = [""] * len(head)
        cells[1], cells[2], cells[4], cells[5] = (
            TODAY.isoformat(),
            reference,
            "1909876543386",
            "NGUYEN 0912345678",
        )
        cells[6], cells[8], cells[11] = f'"{text}"', "10000", str(balance)
        lines.append(";".join(cells))
    file = folder / "saoke.csv"
    file.write_text("\n".join([";".join(head), *lines]), "utf-8")
    return file


def _words(kind, answer):
    """What a page or a file says."""
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return "\n".join(
                book.read(name).decode()
                for name in book.namelist()
                if "sheet" in name.lower() or "strings" in name.lower()
            )
    return text_of_pdf(answer.data) if "pdf" in kind else answer.text


def pages(client, bulletin):
    """Every public address that can be reached by links, each also in its other kinds: (address, text)."""
    waiting, seen = ["/", "/sao-ke", "/tra-cuu", "/thu-chi", "/ung-ho", "/ban-tin/", "/dot-van-dong/"], set()
    waiting += [
        f"/ban-tin/{bulletin}.pdf",
        f"/ban-tin/{bulletin}.xlsx",
        f"/ban-tin/{bulletin}.json",
        "/tong-hop.json",
        "/index.json",
    ]
    waiting += [f"/tra-cuu.json?q={word}" for word in ("ung+ho", "nguyen", "0912345678", "1909876543386")]
    while waiting:
        address = waiting.pop()
        path, _, query = address.partition("?")
        if address in seen or path.startswith(("/quan-ly", "/dang-nhap", "/static")):
            continue
        if "tai_khoan=" in address and any("tai_khoan=" in known for known in seen):
            continue  # one day of the calendar stands for all
        seen.add(address)
        answer = client.get(address)
        if answer.status_code in (404, 405, 422):
            continue
        assert answer.status_code == 200, address
        kind = answer.headers["Content-Type"]
        if kind.startswith("image/"):
            continue
        text = _words(kind, answer)
        yield address, text
        if "html" in kind:
            waiting += [unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)]
            waiting += [f"{path.rstrip('/')}.{ending}?{query}" for ending in ("json", "csv") if path != "/"]


def test_no_number_of_a_person_is_on_any_public_page(client, books):
    count, own = 0, 0
    for address, text in pages(client, books):
        count += 1
        plain = text.replace("<wbr>", "")
        own += OWN in plain
        for secret, pattern in PATTERNS.items():
            found = pattern.search(plain)
            assert not found, (
                address,
                secret,
                plain[found.start() - 80 : found.end() + 20],
            )
    assert count > 60 and own > 5


def test_references_stay_whole_and_are_found_and_nobody_is_found_by_a_number_of_their_own(
    client, books, accountant
):
    for reference in (*REFERENCES, *IN_COLUMN):
        (found,) = client.get("/tra-cuu.json", query_string={"q": reference}).json["rows"]
        page = client.get(f"/khoan-ung-ho/{found['code']}")
        assert reference in page.text
        told = client.get(f"/khoan-ung-ho/{found['code']}.json").json
        assert reference in (told["reference"] or told["text"])
    for secret in ("0912345678", "1909876543386", "001085012345", "271234567"):
        assert client.get(f"/tra-cuu.json?q={secret}").json["count"] == 0
    desk = sign_in(client, accountant)
    assert "0912345678" in desk.get("/quan-ly/khoan-ung-ho/?q=0912345678").text
