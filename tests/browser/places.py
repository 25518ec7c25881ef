"""Every page of the portal and an address to open it at, with the sample's records."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.serving import Portal

GIFT = "SELECT max(id) FROM donation WHERE form = 'cash'"
FROM_BANK = "SELECT max(donation.id) FROM donation JOIN statement ON statement.posting_number = donation.posting_number"
GROUP = "SELECT max(donation_id) FROM group_member"
CAMPAIGN = (
    "SELECT code FROM campaign WHERE id NOT IN (SELECT campaign_id FROM case_appeal WHERE campaign_id IS NOT NULL) "
    "ORDER BY id DESC LIMIT 1"
)
STATEMENT = "SELECT max(id) FROM statement"
RULE = "SELECT min(id) FROM line_rule"
REVERSAL = "SELECT max(id) FROM reversal_request"
IMPORT_RUN = "SELECT max(id) FROM import_run"
USER = "SELECT min(id) FROM user"
BULLETIN = "SELECT max(id) FROM bulletin"
PLEDGE = "SELECT min(id) FROM pledge"
HALL = "SELECT code FROM campaign WHERE id IN (SELECT campaign_id FROM pledge_terms WHERE announced) LIMIT 1"

SLIP = "SELECT min(posting_number) FROM stock_document WHERE what = 'issue'"
STORE = "SELECT min(store_id) FROM stock_document WHERE what = 'issue'"
ITEM = "SELECT min(id) FROM item WHERE is_kit"
STOCK = "SELECT store_id * 1000 + item_id FROM stock_movement ORDER BY posting_number LIMIT 1"

GIVER = "SELECT max(d.id) FROM donor d JOIN donation g ON g.donor_id = d.id WHERE d.merged_into_id IS NULL"

DECISION = "SELECT min(id) FROM decision"
DRAFT = "SELECT max(id) FROM decision WHERE state = 'draft'"
CASH_COUNT = "SELECT max(id) FROM cash_count"

STOCK_COUNT = "SELECT max(id) FROM stock_count"
HANDED_IN = "SELECT min(id) FROM gift_batch"
TYPING = "SELECT max(id) FROM gift_batch"

UNPAID = "SELECT max(id) FROM decision WHERE state = 'issued'"
ALLOCATED = "SELECT min(voucher_id) FROM allocation WHERE state = 'received'"
ON_THE_WAY = "SELECT max(voucher_id) FROM allocation WHERE state = 'on_the_way'"
PARTLY = "SELECT max(voucher_id) FROM allocation WHERE state = 'partly'"

LIST = "SELECT min(id) FROM distribution"
LIST_DRAFT = "SELECT max(id) FROM distribution WHERE state = 'draft'"
LIST_DECIDED = "SELECT max(id) FROM distribution WHERE state = 'decided'"

HOUSE = "SELECT min(id) FROM house_project WHERE state = '{}'"
HOUSE_SURVEYED, HOUSE_ROOFED = HOUSE.format("surveyed"), HOUSE.format("roofed")
HOUSE_DONE, HOUSE_OVER = HOUSE.format("finished"), HOUSE.format("handed_over")
HOUSE_STOPPED = HOUSE.format("stopped")
HOUSEHOLD = "SELECT min(household_id) FROM household_assignment"
PROPOSAL = "SELECT min(id) FROM household_change WHERE state = 'proposed'"

PHOTO = "SELECT min(id) FROM picture WHERE what = 'photo' AND withdrawn IS NULL"

HANDED = "SELECT min(id) FROM distribution WHERE state = 'closed'"
HANDING = "SELECT max(id) FROM distribution WHERE state = 'released'"
ABSENT = "SELECT min(id) FROM distribution_row WHERE outcome = 'absent'"
CASE = "SELECT min(id) FROM support_case WHERE state = 'surveyed'"
ASKED = "SELECT max(id) FROM support_case WHERE state = 'requested'"
REFUSED_CASE = "SELECT max(id) FROM support_case WHERE state = 'refused'"
HANDED_OVER = "SELECT min(id) FROM support_case WHERE state = 'done'"
FOLLOWED = "SELECT max(case_id) FROM support_case_visit WHERE visited_on IS NULL"
WAITING_MINUTES = "SELECT max(id) FROM support_case WHERE state = 'given'"
APPEAL_CASE = "SELECT min(case_id) FROM case_appeal WHERE state = 'published'"
APPEAL_ASKED = "SELECT min(case_id) FROM case_appeal WHERE state = 'draft'"
APPEAL = "SELECT code FROM campaign WHERE id IN (SELECT campaign_id FROM case_appeal)"

REWARD_RULE = "SELECT min(id) FROM reward_rule"
NOMINATION = "SELECT max(id) FROM nomination WHERE state = 'open'"
PRIZED = "SELECT min(d.decision_id) FROM reward d WHERE d.prize IS NOT NULL"
REWARD_DRAFT = "SELECT min(id) FROM reward_decision WHERE state = 'draft'"
REWARD = "SELECT max(id) FROM reward WHERE until IS NULL"

YEAR = "SELECT code FROM movement_round ORDER BY starts_on DESC LIMIT 1"
RANKED = "SELECT code FROM movement_round ORDER BY starts_on LIMIT 1"
SELF_SHEET = "SELECT min(id) FROM movement_entry WHERE at = 'self'"
DONE_SHEET = "SELECT min(id) FROM movement_entry WHERE at = 'done'"
PROVINCE_SHEET = "SELECT min(id) FROM movement_entry WHERE at = 'province'"
PROMISE = "SELECT min(id) FROM movement_entry WHERE kind = 'household'"
PROVEN = "SELECT min(line_id) FROM score_paper JOIN score_line ON score_line.id = line_id WHERE entry_id IN "
PROVEN += "(SELECT id FROM movement_entry WHERE at = 'self')"
MODEL = "SELECT min(id) FROM good_model"
UNTOLD = "SELECT min(i.id) FROM initiative i WHERE NOT EXISTS (SELECT 1 FROM good_model m WHERE m.unit_id = i.unit_id"
UNTOLD += " AND m.name_key = i.name_key)"

Address = Callable[[Portal], str]


def _at(path: str, sql: str | None = None) -> Address:
    if sql is None:
        return lambda portal: path
    return lambda portal: path.format(portal.number(sql))


def _refusing(portal: Portal) -> str:
    row = portal.number("SELECT min(id) FROM distribution_row")
    distribution = portal.number(f"SELECT distribution_id FROM distribution_row WHERE id = {row}")
    return f"/quan-ly/trao-qua/{distribution}/dong/{row}/khong-duyet"


def _house(portal: Portal) -> str:
    return f"/nha/NH{portal.number(HOUSE_OVER):06d}"


def _card(portal: Portal) -> str:
    store, item = divmod(portal.number(STOCK), 1000)
    return f"/quan-ly/kho/the-kho/{store}/{item}"


def _asked_back(portal: Portal) -> str:
    sent = portal.number(ALLOCATED)
    number = portal.number("SELECT min(in_number) FROM allocation_receipt WHERE voucher_id = ?", sent)
    return f"/quan-ly/phan-bo/{sent}/dao/{number}"


def _row_of_list(path: str, sql: str) -> Address:
    def address(portal: Portal) -> str:
        found = portal.number(HANDED)
        return f"/quan-ly/trao-qua/{found}/trao/{portal.number(sql, found)}{path}"

    return address


def _gift(path: str, sql: str = GIFT) -> Address:
    def address(portal: Portal) -> str:
        day, number = divmod(portal.number(sql), 10**7)
        return path.format(f"{day}-{number}")

    return address


def _minutes(path: str) -> Address:
    def address(portal: Portal) -> str:
        case = portal.number(WAITING_MINUTES)
        number = portal.number("SELECT max(id) FROM support_case_handover WHERE case_id = ?", case)
        return f"/quan-ly/truong-hop/{case}/bien-ban/{number}{path}"

    return address


def _visit_due(path: str) -> Address:
    def address(portal: Portal) -> str:
        case = portal.number(FOLLOWED)
        number = portal.number(
            "SELECT max(id) FROM support_case_visit WHERE visited_on IS NULL AND case_id = ?", case
        )
        return f"/quan-ly/truong-hop/{case}/tham/{number}{path}"

    return address


def _check(portal: Portal) -> str:
    row = portal.number("SELECT code FROM reward WHERE until IS NULL LIMIT 1")
    return f"/xac-minh/{row}"


def _candidate(portal: Portal) -> str:
    one = portal.number("SELECT min(id) FROM reward_candidate")
    return f"/quan-ly/thi-dua/de-xuat/{portal.number('SELECT run_id FROM reward_candidate WHERE id = ?', one)}/{one}"


def _ending(portal: Portal) -> str:
    number = portal.number("SELECT min(id) FROM household_assignment WHERE ends_on IS NULL")
    helped = portal.number("SELECT household_id FROM household_assignment WHERE id = ?", number)
    return f"/quan-ly/ho-dan/{helped}/phan-cong/{number}/ket-thuc"


def _alike(portal: Portal) -> str:
    pair = "FROM household a JOIN household b ON b.name_key = a.name_key AND b.id > a.id AND b.unit_id = a.unit_id"
    one = portal.number(f"SELECT min(a.id) {pair}")
    other = portal.number(f"SELECT min(b.id) {pair} WHERE a.id = ?", one)
    return f"/quan-ly/ho-dan/{one}/so-voi/{other}"


def _statement_of_donor(portal: Portal) -> str:
    giver = portal.number(GIVER)
    year = portal.number("SELECT max(id) / 100000000000 FROM donation WHERE donor_id = ?", giver)
    return f"/quan-ly/nha-hao-tam/{giver}/ban-ke/{year}"


def _drop_evidence(portal: Portal) -> str:
    line = portal.number(PROVEN)
    paper = portal.number("SELECT min(id) FROM score_paper WHERE line_id = ?", line)
    return f"/quan-ly/thi-dua/phong-trao/minh-chung/{line}/tep/{paper}/bo"


def _drop_replica(portal: Portal) -> str:
    number = portal.number("SELECT min(id) FROM model_replica")
    return f"/quan-ly/thi-dua/mo-hinh/{portal.number(MODEL)}/nhan-rong/{number}/bo"


def _of_year(path: str, sql: str) -> Address:
    """A part of the running year: its code and the number of the part."""
    return lambda portal: path.format(portal.number(YEAR), portal.number(sql))


# name → (endpoint, address)
PUBLIC: dict[str, tuple[str, Address]] = {
    "trang-dau": ("public.home", _at("/")),
    "nha": ("public.houses", _at("/nha/")),
    "nha-loc": ("public.houses", _at("/nha/?buoc=handed_over")),
    "nha-mot": ("public.house", _house),
    "dot-van-dong": ("public.campaigns", _at("/dot-van-dong/")),
    "mot-dot": ("public.campaign", _at("/dot-van-dong/{}", CAMPAIGN)),
    "loi-keu-goi": ("public.appeals", _at("/loi-keu-goi/")),
    "loi-keu-goi-mot": ("public.appeal", _at("/loi-keu-goi/{}", APPEAL)),
    "tra-cuu": ("public.search", _at("/tra-cuu")),
    "tra-cuu-co": ("public.search", _at("/tra-cuu?q=nguyen+van")),
    "tra-cuu-khong-co": ("public.search", _at("/tra-cuu?q=zzzz+khong+co")),
    "tra-cuu-sai": ("public.search", _at("/tra-cuu?tu=31/02/2026&tu_tien=abc")),
    "thu-chi": ("public.money_page", _at("/thu-chi")),
    "thu-chi-loc": ("public.money_page", _at("/thu-chi?loai=chi&muc_dich=gifts")),
    "thu-chi-sai": ("public.money_page", _at("/thu-chi?tu=31/02/2026")),
    "mo-hinh": ("public.good_models", _at("/mo-hinh/")),
    "mot-mo-hinh": ("public.good_model", _at("/mo-hinh/{}", MODEL)),
    "thi-dua": ("public.movement_rankings", _at("/thi-dua/")),
    "mot-xep-hang": ("public.movement_ranking", _at("/thi-dua/{}", RANKED)),
    "sao-ke-cong-khai": ("public.statements", _at("/sao-ke")),
    "sao-ke-tai-khoan": ("public.statements_of", _at("/sao-ke/VCB-MH")),
    "khoan-ung-ho": ("public.gift", _gift("/khoan-ung-ho/{}")),
    "khoan-gop-chung": ("public.gift", _gift("/khoan-ung-ho/{}", GROUP)),
    "mot-nguoi-gop": ("public.gift", _gift("/khoan-ung-ho/{}-1", GROUP)),
    "ung-ho": ("public.give", _at("/ung-ho")),
    "ung-ho-soan": (
        "public.give",
        _at("/ung-ho?so_tien=500.000&loi_nhan=Gia+đình+ông+Khánh&dot={}", CAMPAIGN),
    ),
    "ung-ho-sai": ("public.give", _at("/ung-ho?so_tien=abc&dot=khong-co")),
    "trao-qua": ("public.gift_rounds", _at("/trao-qua/")),
    "trao-qua-mot-dot": ("public.gift_round", _at("/trao-qua/{}", HANDED)),
    "ban-tin": ("public.bulletins", _at("/ban-tin/")),
    "khen-cong-khai": ("public.rewards", _at("/khen-thuong/")),
    "xac-minh": ("public.verify_form", _at("/xac-minh/")),
    "xac-minh-co": ("public.verify", _check),
    "mot-ban-tin": (
        "public.bulletin",
        _at("/ban-tin/{}", "SELECT code FROM bulletin WHERE issued_on IS NOT NULL LIMIT 1"),
    ),
    "dang-nhap": ("people.sign_in", _at("/dang-nhap")),
    "duong-dan-het-han": ("people.setup", _at("/thiet-lap/khong-con")),
    "khong-co-trang": ("", _at("/khong-co-trang-nay")),
}

STAFF: dict[str, tuple[str, Address]] = {
    "viec-cua-toi": ("ledger.start", _at("/quan-ly/")),
    "tai-khoan-cua-toi": ("people.account", _at("/quan-ly/toi")),
    "dot": ("campaigns.index", _at("/quan-ly/dot-van-dong/")),
    "dot-moi": ("campaigns.new", _at("/quan-ly/dot-van-dong/moi")),
    "dot-mot": ("campaigns.show", _at("/quan-ly/dot-van-dong/{}", CAMPAIGN)),
    "dot-sua": ("campaigns.edit", _at("/quan-ly/dot-van-dong/{}/sua", CAMPAIGN)),
    "khoan": ("donations.index", _at("/quan-ly/khoan-ung-ho/")),
    "khoan-loc": ("donations.index", _at("/quan-ly/khoan-ung-ho/?q=nguyen&sap=tien")),
    "khoan-khong-co": ("donations.index", _at("/quan-ly/khoan-ung-ho/?q=zzzz+khong+co")),
    "khoan-moi": ("donations.new", _at("/quan-ly/khoan-ung-ho/moi")),
    "khoan-mot": ("donations.show", _gift("/quan-ly/khoan-ung-ho/{}")),
    "khoan-nguoi": ("donations.donor_form", _gift("/quan-ly/khoan-ung-ho/{}/nguoi-ung-ho")),
    "khoan-hien-thi": ("donations.shown_form", _gift("/quan-ly/khoan-ung-ho/{}/hien-thi")),
    "khoan-chuyen-dot": ("donations.campaign_form", _gift("/quan-ly/khoan-ung-ho/{}/chuyen-dot")),
    "khoan-hoan-tra": ("donations.refund_form", _gift("/quan-ly/khoan-ung-ho/{}/hoan-tra")),
    "de-nghi-chuyen-dot": ("donations.requests", _at("/quan-ly/khoan-ung-ho/de-nghi/chuyen-dot/")),
    "de-nghi-hoan-tra": ("donations.requests", _at("/quan-ly/khoan-ung-ho/de-nghi/hoan-tra/")),
    "nguoi-gop": ("donations.group", _gift("/quan-ly/khoan-ung-ho/{}/nguoi-gop", GROUP)),
    "nguoi-gop-them": ("donations.new_members", _gift("/quan-ly/khoan-ung-ho/{}/nguoi-gop/them", GROUP)),
    "nguoi-gop-mot": ("donations.member", _gift("/quan-ly/khoan-ung-ho/{}/nguoi-gop/1", GROUP)),
    "phieu-thu": ("receipts.paper", _gift("/quan-ly/bien-lai/khoan/{}/phieu-thu")),
    "bien-lai": ("receipts.index", _at("/quan-ly/bien-lai/")),
    "bien-lai-khoan": ("receipts.of_gift", _gift("/quan-ly/bien-lai/khoan/{}")),
    "bien-lai-mot-dot-in": (
        "receipts.run",
        _at("/quan-ly/bien-lai/dot-in/{}", "SELECT max(id) FROM print_run"),
    ),
    "bien-lai-mot-giay-to": (
        "receipts.donor_paper",
        _at("/quan-ly/bien-lai/giay-to/{}", "SELECT max(id) FROM donor_paper"),
    ),
    "bien-lai-mot-quyen": (
        "receipts.book",
        _at("/quan-ly/bien-lai/quyen/{}", "SELECT max(id) FROM receipt_book"),
    ),
    "bien-lai-dot-in": ("receipts.runs", _at("/quan-ly/bien-lai/dot-in/")),
    "bien-lai-quyen": ("receipts.books", _at("/quan-ly/bien-lai/quyen/")),
    "bien-lai-quyen-giao": ("receipts.new_book", _at("/quan-ly/bien-lai/quyen/giao")),
    "bien-lai-giay-to": ("receipts.donor_papers", _at("/quan-ly/bien-lai/giay-to/")),
    "bien-lai-bien-ban": (
        "receipts.new_donor_paper",
        _gift("/quan-ly/bien-lai/khoan/{}/lap/bien-ban-tai-tro"),
    ),
    "bien-lai-danh-sach": ("receipts.new_list", _at("/quan-ly/bien-lai/danh-sach")),
    "bien-lai-muc-dich": ("receipts.purposes", _at("/quan-ly/bien-lai/muc-dich-tai-tro")),
    "bien-lai-muc-dich-mot": (
        "receipts.purpose",
        _at("/quan-ly/bien-lai/muc-dich-tai-tro/{}", "SELECT min(id) FROM sponsor_purpose"),
    ),
    "dang-ky": ("pledges.index", _at("/quan-ly/dang-ky/")),
    "dang-ky-loc": ("pledges.index", _at("/quan-ly/dang-ky/?qua_han=chua&hinh_thuc=money")),
    "dang-ky-moi": ("pledges.new", _at("/quan-ly/dang-ky/moi")),
    "dang-ky-mot": ("pledges.show", _at("/quan-ly/dang-ky/{}", PLEDGE)),
    "dang-ky-sua": ("pledges.edit", _at("/quan-ly/dang-ky/{}/sua", PLEDGE)),
    "dang-ky-ghep": ("pledges.match", _at("/quan-ly/dang-ky/{}/ghep", PLEDGE)),
    "dang-ky-phieu": ("pledges.slip", _at("/quan-ly/dang-ky/{}/phieu", PLEDGE)),
    "dang-ky-thu": ("pledges.letters", _at("/quan-ly/dang-ky/thu-nhac?so={}", PLEDGE)),
    "bang-buoi-le": ("pledges.board", _at("/quan-ly/dang-ky/bang/{}", HALL)),
    "ban-ghi-buoi-le": ("pledges.announce_desk", _at("/quan-ly/dang-ky/bang/{}/ghi", HALL)),
    "kho": ("goods.index", _at("/quan-ly/kho/")),
    "kho-nhap-xuat": ("goods.movements", _at("/quan-ly/kho/nhap-xuat")),
    "kho-han-dung": ("goods.expiring", _at("/quan-ly/kho/han-dung")),
    "kho-the": ("goods.card", _card),
    "kho-phieu": ("goods.documents", _at("/quan-ly/kho/phieu/")),
    "kho-phieu-mot": ("goods.document", _at("/quan-ly/kho/phieu/{}", SLIP)),
    "kho-phieu-in": ("goods.document_paper", _at("/quan-ly/kho/phieu/{}/ban-in", SLIP)),
    "kho-nhap-lai": ("goods.new_return", _at("/quan-ly/kho/phieu/{}/nhap-lai", SLIP)),
    "kho-nhap": ("goods.new_receipt", _at("/quan-ly/kho/nhap")),
    "kho-xuat": ("goods.new_issue", _at("/quan-ly/kho/xuat")),
    "kho-chuyen": ("goods.new_transfer", _at("/quan-ly/kho/chuyen")),
    "kho-suat-qua": ("goods.new_kits", _at("/quan-ly/kho/suat-qua")),
    "kho-hang": ("goods.items", _at("/quan-ly/kho/danh-muc/")),
    "kho-hang-moi": ("goods.new_item", _at("/quan-ly/kho/danh-muc/moi")),
    "kho-hang-mot": ("goods.item", _at("/quan-ly/kho/danh-muc/{}", ITEM)),
    "kho-hang-sua": ("goods.edit_item", _at("/quan-ly/kho/danh-muc/{}/sua", ITEM)),
    "kho-cac-kho": ("goods.stores", _at("/quan-ly/kho/cac-kho/")),
    "kho-moi": ("goods.new_store", _at("/quan-ly/kho/cac-kho/moi")),
    "kho-mot": ("goods.store", _at("/quan-ly/kho/cac-kho/{}", STORE)),
    "kho-sua": ("goods.edit_store", _at("/quan-ly/kho/cac-kho/{}/sua", STORE)),
    "kho-mot-kiem-ke": ("goods.count", _at("/quan-ly/kho/kiem-ke/{}", STOCK_COUNT)),
    "kho-ban-kiem-ke": ("goods.count_paper", _at("/quan-ly/kho/kiem-ke/{}/ban-in", STOCK_COUNT)),
    "kho-kiem-ke": ("goods.counts", _at("/quan-ly/kho/kiem-ke/")),
    "kho-kiem-ke-chon": ("goods.start_count", _at("/quan-ly/kho/kiem-ke/moi")),
    "kho-kiem-ke-moi": ("goods.new_count", _at("/quan-ly/kho/kiem-ke/moi/{}", STORE)),
    "kho-mau-so": ("goods.captions", _at("/quan-ly/kho/mau-so")),
    "dao": ("ledger.reversals", _at("/quan-ly/dao-but-toan/")),
    "dao-mot": ("ledger.reversal", _at("/quan-ly/dao-but-toan/{}", REVERSAL)),
    "nhat-ky": ("ledger.journal", _at("/quan-ly/nhat-ky/")),
    "dot-nhap": ("batches.index", _at("/quan-ly/dot-nhap/")),
    "dot-nhap-moi": ("batches.new", _at("/quan-ly/dot-nhap/moi")),
    "dot-nhap-bang": ("batches.show", _at("/quan-ly/dot-nhap/{}", TYPING)),
    "dot-nhap-cho": ("batches.show", _at("/quan-ly/dot-nhap/{}", HANDED_IN)),
    "dot-nhap-sua": ("batches.edit", _at("/quan-ly/dot-nhap/{}/sua", TYPING)),
    "phieu-chi": ("spending.vouchers", _at("/quan-ly/chi/phieu/")),
    "phieu-chi-chon": ("spending.new_voucher", _at("/quan-ly/chi/phieu/moi")),
    "phieu-chi-moi": ("spending.new_voucher", _at("/quan-ly/chi/phieu/moi?van_ban={}", UNPAID)),
    "phieu-chi-mot": ("spending.voucher", _at("/quan-ly/chi/phieu/{}", "SELECT min(id) FROM voucher")),
    "phieu-chi-cho": ("spending.voucher", _at("/quan-ly/chi/phieu/{}", "SELECT max(id) FROM voucher")),
    "tam-ung": ("advances.index", _at("/quan-ly/tam-ung/")),
    "tam-ung-mot": (
        "advances.show",
        _at("/quan-ly/tam-ung/{}", "SELECT min(voucher_id) FROM advance_settlement"),
    ),
    "tien-giu-ho": ("advances.put_aside", _at("/quan-ly/tam-ung/tien-giu-ho/")),
    "tien-giu-ho-mot": (
        "advances.item",
        _at("/quan-ly/tam-ung/tien-giu-ho/{}", "SELECT min(id) FROM put_aside"),
    ),
    "tien-giu-ho-moi": (
        "advances.new_item",
        _at("/quan-ly/tam-ung/tien-giu-ho/moi/{}", "SELECT min(id) FROM voucher_row"),
    ),
    "so-quy": ("books.cash", _at("/quan-ly/so/tien-mat")),
    "so-tien-gui": ("books.bank", _at("/quan-ly/so/tien-gui")),
    "so-chi-tiet": ("books.detail", _at("/quan-ly/so/chi-tiet")),
    "ngan-hang": ("ledger.banks", _at("/quan-ly/ngan-hang/")),
    "ngan-hang-mot": ("ledger.bank", _at("/quan-ly/ngan-hang/970436")),
    "khoa-so": ("ledger.closing", _at("/quan-ly/khoa-so/")),
    "tien-mat": ("cash.index", _at("/quan-ly/tien-mat/")),
    "giao-nhan": ("cash.slips", _at("/quan-ly/tien-mat/giao-nhan/")),
    "giao-nhan-moi": ("cash.give", _at("/quan-ly/tien-mat/giao-nhan/moi")),
    "giao-nhan-mot": (
        "cash.slip",
        _at("/quan-ly/tien-mat/giao-nhan/{}", "SELECT max(id) FROM cash_handover"),
    ),
    "nop-ngan-hang": ("cash.deposits", _at("/quan-ly/tien-mat/nop-ngan-hang/")),
    "nop-ngan-hang-moi": ("cash.to_bank", _at("/quan-ly/tien-mat/nop-ngan-hang/moi")),
    "nop-ngan-hang-mot": (
        "cash.deposit",
        _at("/quan-ly/tien-mat/nop-ngan-hang/{}", "SELECT max(posting_number) FROM cash_deposit"),
    ),
    "kiem-quy": ("cash.counts", _at("/quan-ly/tien-mat/kiem-quy/")),
    "kiem-quy-moi": ("cash.new_count", _at("/quan-ly/tien-mat/kiem-quy/moi")),
    "kiem-quy-mot": ("cash.count", _at("/quan-ly/tien-mat/kiem-quy/{}", "SELECT max(id) FROM cash_count")),
    "van-ban": ("spending.decisions", _at("/quan-ly/chi/van-ban/")),
    "van-ban-moi": ("spending.new_decision", _at("/quan-ly/chi/van-ban/moi")),
    "van-ban-mot": ("spending.decision", _at("/quan-ly/chi/van-ban/{}", DECISION)),
    "van-ban-nhap": ("spending.decision", _at("/quan-ly/chi/van-ban/{}", DRAFT)),
    "van-ban-sua": ("spending.edit_decision", _at("/quan-ly/chi/van-ban/{}/sua", DRAFT)),
    "thu-chi-khac": ("spending.other_entries", _at("/quan-ly/chi/thu-chi-khac/")),
    "thu-chi-khac-moi": ("spending.new_other_entry", _at("/quan-ly/chi/thu-chi-khac/moi")),
    "thu-chi-khac-mot": (
        "spending.other_entry",
        _at("/quan-ly/chi/thu-chi-khac/{}", "SELECT max(id) FROM other_entry"),
    ),
    "ghi-chenh-lech": (
        "spending.new_count_entry",
        _at("/quan-ly/chi/thu-chi-khac/kiem-quy/{}", CASH_COUNT),
    ),
    "ghi-thu-ghi-chi": ("spending.in_and_outs", _at("/quan-ly/chi/thu-chi-khac/ghi-thu-ghi-chi/")),
    "ghi-thu-ghi-chi-chon": (
        "spending.new_in_and_out",
        _at("/quan-ly/chi/thu-chi-khac/ghi-thu-ghi-chi/moi"),
    ),
    "ghi-thu-ghi-chi-moi": (
        "spending.new_in_and_out",
        _at("/quan-ly/chi/thu-chi-khac/ghi-thu-ghi-chi/moi?van_ban={}", DECISION),
    ),
    "ghi-thu-ghi-chi-mot": (
        "spending.in_and_out",
        _at("/quan-ly/chi/thu-chi-khac/ghi-thu-ghi-chi/{}", "SELECT max(id) FROM in_and_out"),
    ),
    "muc-dich-chi": ("spending.purposes", _at("/quan-ly/chi/danh-muc/")),
    "du-toan": ("spending.budget", _at("/quan-ly/chi/du-toan/")),
    "du-toan-sua": ("spending.edit_budget", _at("/quan-ly/chi/du-toan/sua")),
    "sao-ke": ("statements.index", _at("/quan-ly/sao-ke/")),
    "sao-ke-doi-chieu": ("statements.match_desk", _at("/quan-ly/sao-ke/doi-chieu")),
    "sao-ke-cung-luc": ("statements.accept_many", _at("/quan-ly/sao-ke/doi-chieu/cung-luc")),
    "sao-ke-khoan-da-ghi": ("statements.match_gifts", _at("/quan-ly/sao-ke/doi-chieu/khoan-da-ghi")),
    "sao-ke-khong-phai": (
        "statements.correction_form",
        _gift("/quan-ly/sao-ke/khong-phai-ung-ho/{}", FROM_BANK),
    ),
    "sao-ke-nap": ("statements.upload", _at("/quan-ly/sao-ke/nap")),
    "sao-ke-cach-doc": ("statements.mappings", _at("/quan-ly/sao-ke/cach-doc/")),
    "sao-ke-lich": ("statements.calendar_page", _at("/quan-ly/sao-ke/lich")),
    "sao-ke-lich-mot": ("statements.calendar_page", _at("/quan-ly/sao-ke/lich?tk=VCB-MH")),
    "sao-ke-mot": ("statements.show", _at("/quan-ly/sao-ke/{}", STATEMENT)),
    "sao-ke-mot-dong-ghep": ("statements.pairs", _at("/quan-ly/sao-ke/{}/dong-ghep", STATEMENT)),
    "sao-ke-hoan-lai": ("statements.undos", _at("/quan-ly/sao-ke/hoan-lai/")),
    "sao-ke-mot-hoan-lai": ("statements.undo", _at("/quan-ly/sao-ke/{}/hoan-lai", STATEMENT)),
    "sao-ke-dong": ("statements.line", _at("/quan-ly/sao-ke/{}/dong/1", STATEMENT)),
    "sao-ke-quy-tac": ("statements.rules", _at("/quan-ly/sao-ke/quy-tac/")),
    "sao-ke-quy-tac-mot": ("statements.rule", _at("/quan-ly/sao-ke/quy-tac/{}", RULE)),
    "sao-ke-quy-tac-moi": ("statements.new_rule", _at("/quan-ly/sao-ke/quy-tac/moi?mau=phi")),
    "sao-ke-quy-tac-sua": ("statements.edit_rule", _at("/quan-ly/sao-ke/quy-tac/{}/sua", RULE)),
    "sao-ke-cho-xac-dinh": ("statements.open_both", _at("/quan-ly/sao-ke/chua-khop/")),
    "sao-ke-cho-chung-tu": ("statements.open_lines", _at("/quan-ly/sao-ke/chua-khop/dong/")),
    "sao-ke-chung-tu": ("statements.open_papers", _at("/quan-ly/sao-ke/chua-khop/chung-tu/")),
    "phan-bo": ("allocations.index", _at("/quan-ly/phan-bo/")),
    "phan-bo-loc": ("allocations.index", _at("/quan-ly/phan-bo/?huong=di&tinh_trang=dang_chuyen")),
    "phan-bo-du": ("allocations.show", _at("/quan-ly/phan-bo/{}", ALLOCATED)),
    "phan-bo-nhan": ("allocations.show", _at("/quan-ly/phan-bo/{}", ON_THE_WAY)),
    "phan-bo-chenh-lech": ("allocations.explain", _at("/quan-ly/phan-bo/{}/chenh-lech", PARTLY)),
    "phan-bo-dao": ("allocations.ask_reversal", _asked_back),
    "anh": ("files.index", _at("/quan-ly/anh/")),
    "anh-chua-xem": ("files.index", _at("/quan-ly/anh/?xem=chua")),
    "anh-mot": ("files.show", _at("/quan-ly/anh/{}", PHOTO)),
    "anh-sua": ("files.describe", _at("/quan-ly/anh/{}/sua", PHOTO)),
    "anh-che": ("files.look", _at("/quan-ly/anh/{}/che", PHOTO)),
    "anh-tai-len": ("files.add", _at("/quan-ly/anh/them/distribution/{}", HANDED)),
    "anh-rut": ("files.withdraw", _at("/quan-ly/anh/{}/rut", PHOTO)),
    "trao-qua": ("distributions.index", _at("/quan-ly/trao-qua/")),
    "trao-qua-moi": ("distributions.new", _at("/quan-ly/trao-qua/moi")),
    "trao-qua-mot": ("distributions.show", _at("/quan-ly/trao-qua/{}", LIST)),
    "trao-qua-dang-lap": ("distributions.show", _at("/quan-ly/trao-qua/{}", LIST_DRAFT)),
    "trao-qua-sua": ("distributions.edit", _at("/quan-ly/trao-qua/{}/sua", LIST_DRAFT)),
    "trao-qua-suat": ("distributions.portions", _at("/quan-ly/trao-qua/{}/suat", LIST_DRAFT)),
    "trao-qua-them": ("distributions.build", _at("/quan-ly/trao-qua/{}/them", LIST_DRAFT)),
    "trao-qua-cong-bang": ("distributions.check", _at("/quan-ly/trao-qua/{}/cong-bang", LIST_DRAFT)),
    "trao-qua-chua-giup": (
        "distributions.neighbours",
        _at("/quan-ly/trao-qua/{}/chua-duoc-giup", LIST_DRAFT),
    ),
    "trao-qua-quyet-dinh": (
        "distributions.draft_decision",
        _at("/quan-ly/trao-qua/{}/quyet-dinh", LIST_DECIDED),
    ),
    "trao-qua-duyet": ("distributions.approve", _at("/quan-ly/trao-qua/{}/duyet", LIST_DECIDED)),
    "trao-qua-khong-duyet": ("distributions.refuse_row", _refusing),
    "trao-qua-do-phu": ("distributions.coverage", _at("/quan-ly/trao-qua/do-phu")),
    "trao-qua-muc": ("distributions.norms", _at("/quan-ly/trao-qua/muc-ho-tro")),
    "ho-dan": ("households.index", _at("/quan-ly/ho-dan/")),
    "ho-dan-loc": ("households.index", _at("/quan-ly/ho-dan/?q=nguyen&sap=-nam_sinh")),
    "ho-dan-ra-soat": ("households.review", _at("/quan-ly/ho-dan/ra-soat")),
    "ho-dan-tang-giam": ("households.moves", _at("/quan-ly/ho-dan/ra-soat/bien-dong")),
    "ho-dan-moi": ("households.new", _at("/quan-ly/ho-dan/moi")),
    "ho-dan-mot": ("households.show", _at("/quan-ly/ho-dan/{}", HOUSEHOLD)),
    "ho-dan-sua": ("households.edit", _at("/quan-ly/ho-dan/{}/sua", HOUSEHOLD)),
    "ho-dan-thanh-vien": ("households.members", _at("/quan-ly/ho-dan/{}/thanh-vien", HOUSEHOLD)),
    "ho-dan-nam": ("households.choose_year", _at("/quan-ly/ho-dan/{}/nam", HOUSEHOLD)),
    "ho-dan-nam-mot": ("households.year", _at("/quan-ly/ho-dan/{}/nam/2026", HOUSEHOLD)),
    "ho-dan-nhu-cau": ("households.add_need", _at("/quan-ly/ho-dan/{}/nhu-cau", HOUSEHOLD)),
    "ho-dan-phan-cong": ("households.assign", _at("/quan-ly/ho-dan/{}/phan-cong", HOUSEHOLD)),
    "ho-dan-ket-thuc": ("households.end_assignment", _ending),
    "ho-dan-tham": ("households.visit", _at("/quan-ly/ho-dan/{}/tham-ho", HOUSEHOLD)),
    "ho-dan-da-nhan": ("households.aid", _at("/quan-ly/ho-dan/{}/da-nhan", HOUSEHOLD)),
    "ho-dan-de-nghi": ("households.propose", _at("/quan-ly/ho-dan/{}/de-nghi-sua", HOUSEHOLD)),
    "ho-dan-cac-de-nghi": ("households.proposals", _at("/quan-ly/ho-dan/de-nghi/")),
    "ho-dan-mot-de-nghi": ("households.proposal", _at("/quan-ly/ho-dan/de-nghi/{}", PROPOSAL)),
    "ho-dan-rieng": ("households.private", _at("/quan-ly/ho-dan/{}/thong-tin-rieng", HOUSEHOLD)),
    "ho-dan-rieng-tep": ("households.private_file", _at("/quan-ly/ho-dan/tep-thong-tin-rieng")),
    "ho-dan-nhat-ky": ("households.accesses", _at("/quan-ly/ho-dan/nhat-ky-xem")),
    "ho-dan-trung": ("households.twins", _at("/quan-ly/ho-dan/trung")),
    "ho-dan-so-sanh": ("households.compare", _alike),
    "ho-dan-theo-doi": ("households.watch", _at("/quan-ly/ho-dan/theo-doi")),
    "ho-dan-danh-muc": ("households.catalogue", _at("/quan-ly/ho-dan/danh-muc")),
    "truong-hop": ("cases.index", _at("/quan-ly/truong-hop/")),
    "truong-hop-loc": ("cases.index", _at("/quan-ly/truong-hop/?tinh_trang=dang_lam&keu_goi=khong")),
    "truong-hop-chon": ("cases.choose", _at("/quan-ly/truong-hop/moi?q=a")),
    "truong-hop-moi": ("cases.new", _at("/quan-ly/truong-hop/moi/{}", HOUSEHOLD)),
    "truong-hop-mot": ("cases.show", _at("/quan-ly/truong-hop/{}", HANDED_OVER)),
    "truong-hop-sinh-ke": ("cases.show", _at("/quan-ly/truong-hop/{}", FOLLOWED)),
    "truong-hop-khong": ("cases.show", _at("/quan-ly/truong-hop/{}", REFUSED_CASE)),
    "truong-hop-sua": ("cases.edit", _at("/quan-ly/truong-hop/{}/sua", CASE)),
    "truong-hop-tu-choi": ("cases.end", _at("/quan-ly/truong-hop/{}/tu-choi", ASKED)),
    "truong-hop-khao-sat": ("cases.survey", _at("/quan-ly/truong-hop/{}/khao-sat", ASKED)),
    "truong-hop-quyet-dinh": ("cases.decide", _at("/quan-ly/truong-hop/{}/quyet-dinh", CASE)),
    "truong-hop-bien-ban": ("cases.new_handover", _at("/quan-ly/truong-hop/{}/bien-ban", HANDED_OVER)),
    "truong-hop-bien-ban-sua": ("cases.edit_handover", _minutes("")),
    "truong-hop-ky": ("cases.sign", _minutes("/ky")),
    "truong-hop-huy": ("cases.drop_handover", _minutes("/huy")),
    "truong-hop-can-cuoc": ("cases.private_minutes", _minutes("/can-cuoc")),
    "truong-hop-rieng": ("cases.private", _at("/quan-ly/truong-hop/{}/thong-tin-rieng", CASE)),
    "truong-hop-theo-doi": ("cases.assets", _at("/quan-ly/truong-hop/{}/theo-doi", FOLLOWED)),
    "truong-hop-hen": ("cases.add_visit", _at("/quan-ly/truong-hop/{}/hen-tham", FOLLOWED)),
    "truong-hop-tham": ("cases.visit", _visit_due("")),
    "truong-hop-tham-bo": ("cases.drop_visit", _visit_due("/bo")),
    "truong-hop-tham-lai": ("cases.visits", _at("/quan-ly/truong-hop/tham-lai/")),
    "truong-hop-keu-goi": ("cases.appeal", _at("/quan-ly/truong-hop/{}/keu-goi", APPEAL_CASE)),
    "truong-hop-keu-goi-cho": ("cases.appeal", _at("/quan-ly/truong-hop/{}/keu-goi", APPEAL_ASKED)),
    "truong-hop-keu-goi-moi": ("cases.ask_appeal", _at("/quan-ly/truong-hop/{}/keu-goi/moi", APPEAL_ASKED)),
    "truong-hop-keu-goi-sua": ("cases.change_text", _at("/quan-ly/truong-hop/{}/keu-goi/sua", APPEAL_CASE)),
    "truong-hop-keu-goi-go": ("cases.take_down", _at("/quan-ly/truong-hop/{}/keu-goi/go", APPEAL_CASE)),
    "linh-vuc": ("cases.fields", _at("/quan-ly/truong-hop/linh-vuc/")),
    "linh-vuc-moi": ("cases.new_field", _at("/quan-ly/truong-hop/linh-vuc/moi")),
    "linh-vuc-mot": ("cases.field", _at("/quan-ly/truong-hop/linh-vuc/1")),
    "nha-o": ("housing.index", _at("/quan-ly/nha/")),
    "nha-o-cham": ("housing.index", _at("/quan-ly/nha/?cham=co&sap=-thieu")),
    "nha-o-bang": ("housing.overview", _at("/quan-ly/nha/bang")),
    "nha-o-anh": ("housing.photos", _at("/quan-ly/nha/anh")),
    "nha-o-truoc-day": ("housing.past", _at("/quan-ly/nha/truoc-day")),
    "nha-o-chon": ("housing.choose", _at("/quan-ly/nha/moi?q=nguyen")),
    "nha-o-moi": ("housing.new", _at("/quan-ly/nha/moi/{}", HOUSEHOLD)),
    "nha-o-dang-lam": ("housing.show", _at("/quan-ly/nha/{}", HOUSE_ROOFED)),
    "nha-o-xong": ("housing.show", _at("/quan-ly/nha/{}", HOUSE_OVER)),
    "nha-o-dung": ("housing.show", _at("/quan-ly/nha/{}", HOUSE_STOPPED)),
    "nha-o-sua": ("housing.edit", _at("/quan-ly/nha/{}/sua", HOUSE_ROOFED)),
    "nha-o-khao-sat": ("housing.survey", _at("/quan-ly/nha/{}/khao-sat", HOUSE_SURVEYED)),
    "nha-o-giay-to": ("housing.paper", _at("/quan-ly/nha/{}/giay-to", HOUSE_SURVEYED)),
    "nha-o-nguon": ("housing.new_source", _at("/quan-ly/nha/{}/nguon", HOUSE_SURVEYED)),
    "nha-o-ngoai-quy": ("housing.outside", _at("/quan-ly/nha/{}/ngoai-quy", HOUSE_ROOFED)),
    "nha-o-quyet-dinh": ("housing.decide", _at("/quan-ly/nha/{}/quyet-dinh", HOUSE_SURVEYED)),
    "nha-o-dot-cap": ("housing.new_tranche", _at("/quan-ly/nha/{}/dot-cap", HOUSE_ROOFED)),
    "nha-o-buoc": ("housing.step", _at("/quan-ly/nha/{}/buoc/hoan-thanh", HOUSE_ROOFED)),
    "nha-o-dung-lai": ("housing.turn", _at("/quan-ly/nha/{}/dung", HOUSE_ROOFED)),
    "nha-o-dong-y": ("housing.consent", _at("/quan-ly/nha/{}/dong-y", HOUSE_ROOFED)),
    "nha-o-rieng": ("housing.private", _at("/quan-ly/nha/{}/thong-tin-rieng", HOUSE_ROOFED)),
    "nha-o-kiem-tra": ("housing.new_check", _at("/quan-ly/nha/{}/kiem-tra", HOUSE_DONE)),
    "nha-o-ban-giao": ("housing.new_handover", _at("/quan-ly/nha/{}/ban-giao-nha", HOUSE_DONE)),
    "khen-hinh-thuc": ("emulation.reward_forms", _at("/quan-ly/thi-dua/hinh-thuc/")),
    "khen-hinh-thuc-moi": ("emulation.new_reward_form", _at("/quan-ly/thi-dua/hinh-thuc/moi")),
    "khen-hinh-thuc-mot": (
        "emulation.reward_form",
        _at("/quan-ly/thi-dua/hinh-thuc/{}", "SELECT min(id) FROM reward_form"),
    ),
    "khen-kieu": ("emulation.layouts", _at("/quan-ly/thi-dua/hinh-thuc/kieu/")),
    "khen-kieu-moi": ("emulation.new_layout", _at("/quan-ly/thi-dua/hinh-thuc/kieu/moi")),
    "khen-kieu-mot": (
        "emulation.layout",
        _at("/quan-ly/thi-dua/hinh-thuc/kieu/{}", "SELECT min(id) FROM reward_layout"),
    ),
    "khen-quy-tac": ("emulation.reward_rules", _at("/quan-ly/thi-dua/quy-tac/")),
    "khen-quy-tac-moi": ("emulation.new_reward_rule", _at("/quan-ly/thi-dua/quy-tac/moi")),
    "khen-quy-tac-mot": ("emulation.reward_rule", _at("/quan-ly/thi-dua/quy-tac/{}", REWARD_RULE)),
    "khen-quy-tac-sua": ("emulation.edit_reward_rule", _at("/quan-ly/thi-dua/quy-tac/{}/sua", REWARD_RULE)),
    "khen-de-xuat": (
        "emulation.reward_run",
        _at("/quan-ly/thi-dua/de-xuat/{}", "SELECT min(id) FROM reward_run"),
    ),
    "khen-de-xuat-mot": ("emulation.candidate", _candidate),
    "khen-de-nghi": ("emulation.nominations", _at("/quan-ly/thi-dua/de-nghi/")),
    "khen-de-nghi-moi": ("emulation.new_nomination", _at("/quan-ly/thi-dua/de-nghi/moi")),
    "khen-de-nghi-mot": ("emulation.nomination", _at("/quan-ly/thi-dua/de-nghi/{}", NOMINATION)),
    "khen-de-nghi-sua": ("emulation.edit_nomination", _at("/quan-ly/thi-dua/de-nghi/{}/sua", NOMINATION)),
    "khen-de-nghi-rut": ("emulation.drop_nomination", _at("/quan-ly/thi-dua/de-nghi/{}/rut", NOMINATION)),
    "khen-hop": ("emulation.councils", _at("/quan-ly/thi-dua/hop/")),
    "khen-hop-moi": ("emulation.new_council", _at("/quan-ly/thi-dua/hop/moi")),
    "khen-hop-mot": (
        "emulation.council",
        _at("/quan-ly/thi-dua/hop/{}", "SELECT min(id) FROM reward_council"),
    ),
    "khen-quyet-dinh": ("emulation.reward_decisions", _at("/quan-ly/thi-dua/quyet-dinh/")),
    "khen-quyet-dinh-moi": ("emulation.new_reward_decision", _at("/quan-ly/thi-dua/quyet-dinh/moi")),
    "khen-quyet-dinh-mot": ("emulation.reward_decision", _at("/quan-ly/thi-dua/quyet-dinh/{}", PRIZED)),
    "khen-quyet-dinh-nhap": (
        "emulation.reward_decision",
        _at("/quan-ly/thi-dua/quyet-dinh/{}", REWARD_DRAFT),
    ),
    "khen-quyet-dinh-sua": (
        "emulation.edit_reward_decision",
        _at("/quan-ly/thi-dua/quyet-dinh/{}/sua", REWARD_DRAFT),
    ),
    "khen-chi-thuong": ("emulation.pay_prizes", _at("/quan-ly/thi-dua/quyet-dinh/{}/chi-thuong", PRIZED)),
    "khen-thuong": ("emulation.rewards", _at("/quan-ly/thi-dua/khen-thuong/")),
    "khen-thuong-mot": ("emulation.reward", _at("/quan-ly/thi-dua/khen-thuong/{}", REWARD)),
    "khen-thuong-mat": (
        "emulation.reward",
        _at("/quan-ly/thi-dua/khen-thuong/{}", "SELECT min(id) FROM reward WHERE until IS NOT NULL"),
    ),
    "khen-thuong-thu-hoi": (
        "emulation.withdraw_reward",
        _at("/quan-ly/thi-dua/khen-thuong/{}/thu-hoi", REWARD),
    ),
    "khen-thuong-neu-ten": ("emulation.show_name", _at("/quan-ly/thi-dua/khen-thuong/{}/neu-ten", REWARD)),
    "phong-trao": ("emulation.movements", _at("/quan-ly/thi-dua/phong-trao/")),
    "phong-trao-moi": ("emulation.new_movement", _at("/quan-ly/thi-dua/phong-trao/moi")),
    "phong-trao-mot": ("emulation.show_movement", _at("/quan-ly/thi-dua/phong-trao/1")),
    "phong-trao-sua": ("emulation.change_movement", _at("/quan-ly/thi-dua/phong-trao/1/sua")),
    "ky-cham-moi": ("emulation.new_round", _at("/quan-ly/thi-dua/phong-trao/1/ky/moi")),
    "ky-cham": ("emulation.show_round", _at("/quan-ly/thi-dua/phong-trao/ky/{}", YEAR)),
    "ky-cham-sua": ("emulation.change_round", _at("/quan-ly/thi-dua/phong-trao/ky/{}/sua", YEAR)),
    "tieu-chi": ("emulation.criteria", _at("/quan-ly/thi-dua/phong-trao/ky/{}/tieu-chi/", YEAR)),
    "tieu-chi-moi": ("emulation.new_criterion", _at("/quan-ly/thi-dua/phong-trao/ky/{}/tieu-chi/moi", YEAR)),
    "tieu-chi-mot": (
        "emulation.criterion",
        _of_year("/quan-ly/thi-dua/phong-trao/ky/{}/tieu-chi/{}", "SELECT max(id) FROM movement_criterion"),
    ),
    "cum-thi-dua": (
        "emulation.part",
        _of_year("/quan-ly/thi-dua/phong-trao/ky/{}/cum/{}", "SELECT max(id) FROM movement_cluster"),
    ),
    "dang-ky-thi-dua": ("emulation.entries", _at("/quan-ly/thi-dua/phong-trao/ky/{}/dang-ky/", YEAR)),
    "dang-ky-don-vi": ("emulation.register", _at("/quan-ly/thi-dua/phong-trao/ky/{}/dang-ky/unit", YEAR)),
    "dang-ky-ho": ("emulation.register", _at("/quan-ly/thi-dua/phong-trao/ky/{}/dang-ky/household", YEAR)),
    "dang-ky-ca-nhan": ("emulation.register", _at("/quan-ly/thi-dua/phong-trao/ky/{}/dang-ky/person", YEAR)),
    "cam-ket-mot": ("emulation.entry", _at("/quan-ly/thi-dua/phong-trao/dang-ky/{}", PROMISE)),
    "cam-ket-sua": ("emulation.change_entry", _at("/quan-ly/thi-dua/phong-trao/dang-ky/{}/sua", PROMISE)),
    "cam-ket-rut": ("emulation.withdraw", _at("/quan-ly/thi-dua/phong-trao/dang-ky/{}/rut", PROMISE)),
    "phieu-tu-cham": ("emulation.sheet", _at("/quan-ly/thi-dua/phong-trao/phieu/{}", SELF_SHEET)),
    "phieu-cap-tinh": ("emulation.sheet", _at("/quan-ly/thi-dua/phong-trao/phieu/{}", PROVINCE_SHEET)),
    "phieu-da-xong": ("emulation.sheet", _at("/quan-ly/thi-dua/phong-trao/phieu/{}", DONE_SHEET)),
    "minh-chung": ("emulation.evidence", _at("/quan-ly/thi-dua/phong-trao/minh-chung/{}", PROVEN)),
    "minh-chung-bo": ("emulation.drop_evidence", _drop_evidence),
    "xep-hang": ("emulation.ranking", _at("/quan-ly/thi-dua/phong-trao/ky/{}/xep-hang", RANKED)),
    "xep-hang-du-kien": ("emulation.ranking", _at("/quan-ly/thi-dua/phong-trao/ky/{}/xep-hang", YEAR)),
    "xep-hang-thu-hoi": (
        "emulation.withdraw_ranking",
        _at("/quan-ly/thi-dua/phong-trao/ky/{}/xep-hang/thu-hoi", RANKED),
    ),
    "mo-hinh-hay": ("emulation.good_models", _at("/quan-ly/thi-dua/mo-hinh/")),
    "mo-hinh-moi": ("emulation.new_model", _at("/quan-ly/thi-dua/mo-hinh/moi")),
    "mo-hinh-mot": ("emulation.show_model", _at("/quan-ly/thi-dua/mo-hinh/{}", MODEL)),
    "mo-hinh-sua": ("emulation.change_model", _at("/quan-ly/thi-dua/mo-hinh/{}/sua", MODEL)),
    "mo-hinh-ke": ("emulation.tell_model", _at("/quan-ly/thi-dua/mo-hinh/ke/{}", UNTOLD)),
    "mo-hinh-go": ("emulation.take_down_model", _at("/quan-ly/thi-dua/mo-hinh/{}/go", MODEL)),
    "mo-hinh-bo-lam-theo": ("emulation.drop_replica", _drop_replica),
    "nhap-bang": ("imports.index", _at("/quan-ly/nhap-bang/")),
    "cac-lan-nhap": ("imports.runs", _at("/quan-ly/nhap-bang/cac-lan-nhap/")),
    "lan-nhap": ("imports.run", _at("/quan-ly/nhap-bang/cac-lan-nhap/{}", IMPORT_RUN)),
    "nha-hao-tam": ("donors.index", _at("/quan-ly/nha-hao-tam/?sap=-tien")),
    "nha-hao-tam-moi": ("donors.new", _at("/quan-ly/nha-hao-tam/moi")),
    "nha-hao-tam-loai": ("donors.kinds", _at("/quan-ly/nha-hao-tam/loai")),
    "nha-hao-tam-mot": ("donors.show", _at("/quan-ly/nha-hao-tam/{}", GIVER)),
    "nha-hao-tam-sua": ("donors.edit", _at("/quan-ly/nha-hao-tam/{}/sua", GIVER)),
    "nha-hao-tam-gop": ("donors.merge", _at("/quan-ly/nha-hao-tam/{}/gop", GIVER)),
    "nha-hao-tam-trao": ("donors.direct_aid", _at("/quan-ly/nha-hao-tam/{}/trao-truc-tiep", GIVER)),
    "nha-hao-tam-ban-ke": ("donors.statement", _statement_of_donor),
    "nguoi-dung": ("people.users", _at("/quan-ly/nguoi-dung/")),
    "nguoi-dung-them": ("people.new_user", _at("/quan-ly/nguoi-dung/them")),
    "nguoi-dung-mot": ("people.user", _at("/quan-ly/nguoi-dung/{}", USER)),
    "ban-tin-danh-sach": ("bulletins.index", _at("/quan-ly/ban-tin/")),
    "ban-tin-moi": ("bulletins.new", _at("/quan-ly/ban-tin/moi")),
    "ban-tin-mot": ("bulletins.show", _at("/quan-ly/ban-tin/{}", BULLETIN)),
    "ban-tin-ban-in": ("bulletins.paper", _at("/quan-ly/ban-tin/{}/ban-in", BULLETIN)),
    "trao-ket-qua": ("distributions.handover", _at("/quan-ly/trao-qua/{}/trao", HANDING)),
    "trao-mot-ho": (
        "distributions.row",
        _row_of_list("", "SELECT min(id) FROM distribution_row WHERE distribution_id = ?"),
    ),
    "trao-dong-y": (
        "distributions.consent",
        _row_of_list("/dong-y", "SELECT max(id) FROM distribution_row WHERE distribution_id = ?"),
    ),
    "trao-rut-dong-y": (
        "distributions.withdraw_consent",
        _row_of_list(
            "/rut-dong-y",
            "SELECT min(row_id) FROM distribution_consent JOIN distribution_row AS line"
            " ON line.id = row_id WHERE distribution_id = ?",
        ),
    ),
    "trao-dien-thoai": ("distributions.hand_out", _at("/quan-ly/trao-qua/{}/ky-nhan", HANDING)),
    "trao-to-ky-nhan": ("distributions.sheets", _at("/quan-ly/trao-qua/{}/to-ky-nhan", HANDING)),
    "trao-ban-quet": ("distributions.scans", _at("/quan-ly/trao-qua/{}/ban-quet", HANDED)),
    "trao-ban-quet-thieu": ("distributions.scans", _at("/quan-ly/trao-qua/{}/ban-quet", HANDING)),
    "trao-thanh-toan": ("distributions.settling", _at("/quan-ly/trao-qua/{}/thanh-toan", HANDING)),
    "trao-da-thanh-toan": ("distributions.settling", _at("/quan-ly/trao-qua/{}/thanh-toan", HANDED)),
    "trao-doi-chieu": ("distributions.compare", _at("/quan-ly/trao-qua/{}/doi-chieu", HANDING)),
    "trao-hau-kiem": ("distributions.verification", _at("/quan-ly/trao-qua/{}/hau-kiem", HANDED)),
    "trao-vang-mat": ("distributions.absent", _at("/quan-ly/trao-qua/theo-doi")),
    "trao-vang-mat-mot": ("distributions.absent_row", _at("/quan-ly/trao-qua/theo-doi/{}", ABSENT)),
}

# what answers a GET with something that is no page: files, fragments, figures
NO_PAGE = {
    "static",
    "allocations.paper",
    "batches.file",
    "cases.blank_minutes",
    "cases.blank_survey",
    "cases.minutes_pdf",
    "cases.survey_pdf",
    "bulletins.file",
    "cash.count_pdf",
    "cash.deposit_pdf",
    "cash.slip_pdf",
    "donations.payment_pdf",
    "donations.receipt",
    "donations.receipt_pdf",
    "donations.receipts_pdf",
    "donors.print_list",
    "donors.statement_pdf",
    "distributions.changes",
    "distributions.list_pdf",
    "distributions.sheets_file",
    "distributions.verification_pdf",
    "emulation.certificate_pdf",
    "emulation.layout_pdf",
    "emulation.certificates_file",
    "emulation.council_pdf",
    "emulation.reward_decision_pdf",
    "emulation.evidence_file",
    "emulation.sheet_news",
    "emulation.sheet_pdf",
    "files.medium",
    "files.original",
    "files.preview",
    "files.small",
    "goods.card_pdf",
    "goods.count_pdf",
    "goods.document_pdf",
    "goods.find_items",
    "imports.template",
    "imports.annotated",
    "ledger.words",
    "pledges.letters_pdf",
    "pledges.qr_picture",
    "pledges.slip_pdf",
    "receipts.donor_paper_pdf",
    "spending.budget_pdf",
    "spending.decision_pdf",
    "spending.in_and_out_pdf",
    "spending.other_entry_pdf",
    "spending.rows_file",
    "spending.rows_template",
    "receipts.group_list_pdf",
    "receipts.list_file",
    "receipts.run_pdf",
    "advances.release_pdf",
    "advances.settlement_pdf",
    "spending.bank_batch",
    "spending.voucher_pdf",
    "housing.blank_check",
    "housing.blank_minutes",
    "housing.blank_survey",
    "housing.check_pdf",
    "housing.list_pdf",
    "housing.minutes_pdf",
    "housing.survey_pdf",
    "public.figures",
    "public.healthz",
    "public.picture",
    "public.small_picture",
    "public.readyz",
}
# pages of a file that somebody has just brought are looked at in the journeys that bring one; the patterns, which
# no portal in use serves, in tests/kit/test_look.py
ELSEWHERE = {
    "distributions.scans_read",  # an upload being read: tests/distributions/test_scans.py
    "distributions.sheets_made",  # a long print: tests/distributions/test_sheet_files.py
    "cases.goods",  # the sample has given all goods: tests/browser/test_case_journey.py issues some
    "receipts.list_made",  # a list being made: tests/receipts/test_lists.py
    "donations.show_request",  # the sample has no such request: tests/donations/test_views_later.py opens both
    "housing.approve",  # the sample has no house without money of the fund: tests/housing/test_views.py opens these
    "housing.edit_source",
    "housing.drop_source",
    "housing.withdraw",
    "housing.withdraw_outside",
    "housing.withdraw_tranche",
    "housing.edit_check",
    "housing.sign_check",
    "housing.drop_check",
    "housing.edit_handover",
    "housing.sign",
    "housing.drop_handover",
    "housing.private_minutes",
    "housing.catalogue",  # for the administrator of the installation
    "housing.entry",
    "housing.new_entry",
    "files.add",  # needs a record with an album: tests/files/test_views.py and tests/browser/test_pictures.py open it
    "emulation.ask_donor",  # the sample has nobody to be asked: tests/emulation/test_rewards_views.py opens it
    "emulation.take_prize_back",  # no prize of the sample is owed: tests/emulation/test_rewards_views.py opens it
    "emulation.send_back",  # for whom the sheet waits only: tests/emulation/test_movement_views.py opens it
    "patterns.patterns",
    "imports.new",
    "imports.show",
    "statements.review",
    "statements.correction",  # the sample has no such request: tests/statements/test_desk.py opens it
    "statements.columns",
    "statements.mapping",
    "jobs.show",
}
