"""The sample's hand-overs: one list that is closed, with its signed pages, and one that is being handed out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from portal.distributions import actions_verify as verify
from portal.distributions.actions_close import close
from portal.distributions.actions_decide import approve_list, draft_decision
from portal.distributions.actions_fairness import override
from portal.distributions.actions_handover import tell, tell_rest
from portal.distributions.actions_list import PortionFields, create_list, set_portions
from portal.distributions.actions_lock import lock_list
from portal.distributions.actions_release import release
from portal.distributions.actions_rows import add_households
from portal.distributions.actions_scans import file_page
from portal.distributions.actions_settle import answer_settlement, ask_settlement
from portal.distributions.actions_sheets import sheets_for_print
from portal.distributions.documents_sheets import pages_to_print, paper_of, render_sheets
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import Verification
from portal.distributions.queries_handover import phone_rows
from portal.distributions.rules_handover import Told
from portal.files.actions import ready_of
from portal.files.pages import pages_of
from portal.goods.models import Item, StockBalance, Store
from portal.households.models_registry import Household
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.pdf import html_to_pdf
from portal.kit.storage import present_storage
from portal.sample.province import Province
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import pay_voucher
from portal.units.models import Unit

CLOSED_ROWS, OPEN_ROWS = 12, 20
KEY = "minh-hoa"


def record_handovers(province: Province, today: date) -> None:
    """Both lists of this file, on households of two communes."""
    first, second = (_households(commune) for commune in province.communes[:2])
    closed = _released(
        province,
        first[:CLOSED_ROWS],
        today - timedelta(days=14),
        number=71,
        name="Tặng quà Trung thu",
        kit=False,
    )
    _told(closed, province, today - timedelta(days=14))
    _settled(closed, province, today - timedelta(days=12))
    _signed(closed, province)
    close(closed, by=province.people[APPROVER])
    _verified(closed, province, today - timedelta(days=6))
    under_way = _released(
        province,
        second[:OPEN_ROWS],
        today - timedelta(days=1),
        number=72,
        name="Trao quà ấm áp mùa mưa",
        kit=True,
    )
    sheets_for_print(under_way, phone_rows(under_way, None))
    _begun(under_way, province, today)


def _households(commune: Unit) -> list[Household]:
    """Households of a commune's hamlets that stand for themselves."""
    hamlets = select(Unit.id).where(Unit.parent_id == commune.id)
    rows = select(Household).where(
        Household.unit_id.in_(hamlets), Household.merged_into_id.is_(None), Household.withdrawn.is_(False)
    )
    return list(db.session.scalars(rows.order_by(Household.id)))


def _released(
    province: Province, households: Sequence[Household], day: date, *, number: int, name: str, kit: bool
) -> Distribution:
    """A list with money for each household, and a kit where the store has enough of them."""
    people = province.people
    maker, chair, officer = people[ACCOUNTANT], people[APPROVER], people[RECORDER]
    store, item = _kits(province, len(households)) if kit else (None, None)
    made = create_list(
        unit=province.unit,
        fund=province.fund,
        by=maker,
        name=f"{name}, {households[0].unit.parent.name if households[0].unit.parent else ''}".rstrip(", "),
        content=f"{name} {day.year}",
        purpose="gifts",
        source="Quỹ “Vì người nghèo”",
        handed_on=day,
        place="nhà văn hóa ấp",
        way="advance",
        officer_id=officer.id,
        settle_by=day + timedelta(days=10),
        store_id=store.id if store else None,
    )
    portion = PortionFields("Suất quà", 300_000, {item.id: 1_000} if item else None)
    (made_portion,) = set_portions(made, [portion], by=maker)
    add_households(made, [one.id for one in households], portion=made_portion, by=maker)
    rows = list(
        db.session.scalars(select(DistributionRow.id).where(DistributionRow.distribution_id == made.id))
    )
    override(made, rows, reason="Hộ khó khăn theo bình xét của ấp", by=maker)
    lock_list(made, by=maker)
    decision = draft_decision(
        made,
        by=maker,
        kind="decision",
        number=f"{number}/QĐ-BVĐ",
        decided_on=day - timedelta(days=2),
        subject=f"Về việc {name[:1].lower()}{name[1:]}",
    )
    issue_decision(decision, by=chair)
    approve_list(made, by=chair)
    release(made, by=maker, on=day)
    assert made.voucher is not None
    pay_voucher(made.voucher, paid_on=day, by=maker)
    return made


def _kits(province: Province, wanted: int) -> tuple[Store | None, Item | None]:
    """A kit of the province's store that is there in this number."""
    rows = (
        select(StockBalance)
        .join(Store, Store.id == StockBalance.store_id)
        .join(Item, Item.id == StockBalance.item_id)
        .where(
            Store.unit_id == province.unit.id,
            Item.is_kit,
            ~Store.in_hand,
            StockBalance.quantity >= wanted * 1_000,
        )
    )
    found = db.session.scalars(rows.order_by(StockBalance.item_id)).first()
    return (found.store, found.item) if found else (None, None)


def _told(made: Distribution, province: Province, day: date) -> None:
    officer, rows = province.people[RECORDER], phone_rows(made, None)
    proxy = Told("proxy", day, "Nguyễn Thị Hoa", "con dâu")
    tell(made, rows[1], proxy, key=f"{KEY}-1", seen=0, by=officer)
    away = Told("absent", day, note="Đang nằm viện")
    tell(made, rows[4], away, key=f"{KEY}-2", seen=0, by=officer)
    tell_rest(made, on=day, key=f"{KEY}-3", by=officer)


def _settled(made: Distribution, province: Province, day: date) -> None:
    officer, chair = province.people[RECORDER], province.people[APPROVER]
    told = ask_settlement(made, settled_on=day, papers="danh sách ký nhận kèm theo", by=officer)
    answer_settlement(told, approve=True, answer="", by=chair)


def _signed(made: Distribution, province: Province) -> None:
    """The pages as they were printed stand for their scans."""
    officer, rows, storage = province.people[RECORDER], phone_rows(made, None), present_storage()
    sheets = sheets_for_print(made, rows)
    pages = pages_to_print(made, rows, sheets, {})
    pdf = html_to_pdf(render_sheets(paper_of(made, rows, officer.name), pages, sample=True))
    for sheet, page in zip(sheets, pages_of(pdf, name="ky-nhan.pdf"), strict=True):
        origin = f"ky-nhan.pdf, trang {page.number}"
        file_page(made, ready_of(page.picture, storage), [sheet.code], origin=origin, by=officer)


def _verified(made: Distribution, province: Province, day: date) -> None:
    officer = province.people[RECORDER]
    drawn = verify.draw_rows(made, size=3, seed=261127, by=officer)
    asked = select(Verification).where(Verification.draw_id == drawn.id).order_by(Verification.id)
    for one in list(db.session.scalars(asked))[:2]:
        verify.record_verdict(one, verdict="right", verified_on=day, note=None, by=officer)
    row = phone_rows(made, None)[0]
    verify.record_consent(
        row, given_by=row.receiver or "", given_on=day, paper="phiếu đồng ý kèm tờ ký nhận", by=officer
    )


def _begun(made: Distribution, province: Province, today: date) -> None:
    """Some households came, one was away; the rest is still open."""
    officer, rows = province.people[RECORDER], phone_rows(made, None)
    for place, row in enumerate(rows[:7]):
        told = Told("absent", today, note="Đi làm xa") if place == 3 else Told("received", today)
        tell(made, row, told, key=f"{KEY}-{made.id}-{place}", seen=0, by=officer)
