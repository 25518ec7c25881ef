"""Accounts bring their opening balance into the books once; campaigns their target as a version."""

from datetime import date

from sqlalchemy import func, select

from portal.campaigns.models import Campaign, CampaignTarget
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.ledger.queries import account_balance
from tests.cast import make_unit
from tests.imports.helpers import bring, counts, table, told

ACCOUNTS = (
    "Mã tài khoản,Mã đơn vị,Quỹ,Ngân hàng,Số tài khoản,Chủ tài khoản,"
    "Công khai sao kê,Số dư đầu,Ngày số dư đầu"
)
ONE = 'VCB,TPH,,Vietcombank,0011 0012 3456,UBMTTQ xã,có,"1.000.000",01/01/2026'
CAMPAIGNS = "Mã đợt,Tên đợt,Mã đơn vị,Quỹ,Từ ngày,Đến ngày,Chỉ tiêu,Căn cứ"


def test_account_with_opening_balance(cast, db_session):
    outcome = bring("accounts", table(ACCOUNTS, ONE))
    assert (counts(outcome), outcome.sum) == ((1, 1, 0, 0), 1_000_000)
    account = db_session.scalar(select(BankAccount))
    assert (account.number, account.published, account.fund.code) == ("001100123456", True, "VNN")
    bank = db_session.scalar(select(Account).where(Account.kind == "bank"))
    assert account_balance(bank.id) == 1_000_000
    assert account_balance(bank.id, date(2025, 12, 31)) == 0
    assert db_session.scalar(select(Posting)).kind == "opening"


def test_an_account_in_foreign_money(cast, db_session):
    heads, one = ACCOUNTS + ",Loại tiền,Số dư ngoại tệ đầu", ONE.replace("VCB,", "USD,", 1)
    assert counts(bring("accounts", table(heads, f'{one},USD,"1.250,50"'))) == (1, 1, 0, 0)
    account = db_session.scalar(select(BankAccount))
    assert (account.currency, account.opening_minor) == ("USD", 125_050)
    assert counts(bring("accounts", table(ACCOUNTS, one))) == (1, 0, 0, 1)  # absent columns are left alone
    assert "không đổi" in told(bring("accounts", table(heads, f"{one},EUR,")))["dòng 2, cột “Loại tiền”"]
    faults = told(bring("accounts", table(heads, ONE + ",XYZ,", ONE.replace("VCB", "V2") + ',,"1,5"')))
    assert "không có trong danh sách" in faults["dòng 2, cột “Loại tiền”"]
    assert "bằng đồng" in faults["dòng 3, cột “Số dư ngoại tệ đầu”"]


def test_account_twice_adds_nothing_and_another_opening_is_refused(cast, db_session):
    bring("accounts", table(ACCOUNTS, ONE))
    assert counts(bring("accounts", table(ACCOUNTS, ONE))) == (1, 0, 0, 1)
    changed = bring("accounts", table(ACCOUNTS, ONE.replace("1.000.000", "2.000.000")))
    assert "đã ghi sổ là 1.000.000 đồng" in told(changed)["dòng 2, cột “Số dư đầu”"]
    assert db_session.scalar(select(func.count()).select_from(Transfer)) == 1


def test_account_fields_change_without_touching_absent_ones(cast, db_session):
    bring("accounts", table(ACCOUNTS, ONE))
    outcome = bring("accounts", table("Mã tài khoản,Công khai sao kê", "VCB,không"))
    assert counts(outcome) == (1, 0, 1, 0)
    account = db_session.scalar(select(BankAccount))
    assert (account.published, account.holder, account.bank) == (False, "UBMTTQ xã", "Vietcombank")


def test_account_unit_is_fixed_once_money_moved(cast, db_session):
    bring("accounts", table(ACCOUNTS, ONE))
    outcome = bring("accounts", table("Mã tài khoản,Mã đơn vị", "VCB,AL"))
    assert set(told(outcome)) == {"dòng 2, cột “Mã đơn vị”"}


def test_account_faults(cast, db_session):
    outcome = bring(
        "accounts",
        table(
            ACCOUNTS,
            "A1,TPH,Quỹ Lạ,Vietcombank,1,,có,,",
            "A2,TPH,,Vietcombank,2,,có,500000,",
            "A3,TPH,,Vietcombank,3,,chắc,-5,01/01/2026",
            "A4,KHONG,,Vietcombank,4,,,,",
            "A5,TPH,,Vietcombank,5,,,500000,01/01/2199",
        ),
    )
    assert set(told(outcome)) == {
        "dòng 2, cột “Quỹ”",
        "dòng 3, cột “Ngày số dư đầu”",
        "dòng 4, cột “Công khai sao kê”",
        "dòng 4, cột “Số dư đầu”",
        "dòng 5, cột “Mã đơn vị”",
        "dòng 6, cột “Ngày số dư đầu”",
    }
    lacking = bring("accounts", table("Mã tài khoản,Mã đơn vị", "B1,TPH"))
    assert set(told(lacking)) == {"dòng 2, cột “Ngân hàng”"}
    assert db_session.scalars(select(BankAccount)).all() == []


def test_opening_after_the_units_end_names_the_successor(db_session):
    make_unit(code="CU", name="Xã Cũ", valid_to=date(2025, 6, 30))
    bring("units", table("Mã đơn vị,Tên đơn vị,Hiệu lực từ,Thay thế cho", "MOI,Xã Mới,01/07/2025,CU"))
    outcome = bring("accounts", table(ACCOUNTS, ONE.replace("TPH", "CU")))
    assert "đơn vị kế thừa là Xã Mới (mã MOI)" in told(outcome)["dòng 2, cột “Mã đơn vị”"]


def test_campaign_with_target(cast, db_session):
    content = table(CAMPAIGNS, "D26,Tháng cao điểm,TPH,,17/10/2026,18/11/2026,2 tỷ,34/KH-BVĐ")
    assert counts(bring("campaigns", content)) == (1, 1, 0, 0)
    assert counts(bring("campaigns", content)) == (1, 0, 0, 1)
    assert db_session.scalar(select(CampaignTarget.amount)) == 2_000_000_000
    raised = content.replace("2 tỷ".encode(), "3 tỷ".encode())
    assert counts(bring("campaigns", raised)) == (1, 0, 1, 0)
    versions = db_session.execute(
        select(CampaignTarget.amount, CampaignTarget.until.is_(None)).order_by(CampaignTarget.id)
    ).all()
    assert versions == [(2_000_000_000, False), (3_000_000_000, True)]


def test_campaign_absent_columns_and_faults(cast, accountant, db_session):
    bring("campaigns", table(CAMPAIGNS, "D26,Tháng cao điểm,TPH,,17/10/2026,18/11/2026,2 tỷ,34/KH"))
    assert counts(bring("campaigns", table("Mã đợt,Tên đợt", "d26,Tên mới"))) == (1, 0, 1, 0)
    campaign = db_session.scalar(select(Campaign))
    assert (campaign.name, campaign.ends_on, campaign.legal_basis) == ("Tên mới", date(2026, 11, 18), "34/KH")
    outcome = bring(
        "campaigns",
        table(
            CAMPAIGNS,
            "Đợt một,Tên,TPH,,17/10/2026,18/11/2026,,",
            "D2,Tên,TPH,,17/10/2026,01/10/2026,,",
            "D3,Tên,TPH,,,,,",
            "D26,Tên,AL,,17/10/2026,,,",
        ),
    )
    assert set(told(outcome)) == {
        "dòng 2, cột “Mã đợt”",
        "dòng 3, cột “Đến ngày”",
        "dòng 4, cột “Từ ngày”",
        "dòng 5, cột “Mã đơn vị”",
    }
    foreign = bring("campaigns", table(CAMPAIGNS, "D9,Tên,AL,,17/10/2026,,,"), by=accountant)
    assert "không thuộc phạm vi" in told(foreign)["dòng 2, cột “Mã đơn vị”"]
