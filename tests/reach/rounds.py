"""Records of a hand-over for the matrix: a released list with everything that hangs on one."""

from __future__ import annotations

from sqlalchemy import select

from portal.distributions import scan_files, sheet_files
from portal.distributions.actions_norms import add_norm
from portal.distributions.actions_scans import file_page
from portal.distributions.actions_settle import answer_settlement, ask_settlement
from portal.distributions.actions_sheets import sheets_for_print
from portal.distributions.actions_verify import draw_rows, record_consent
from portal.distributions.models import DistributionRow
from portal.distributions.models_handover import KeptPortion, SheetScan, Verification
from portal.distributions.queries_handover import phone_rows
from portal.files import actions as files
from portal.files.pictures import SCAN
from portal.households.models_registry import Household
from portal.jobs import worker
from portal.kit import access
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.storage import present_storage
from tests.cast import Cast
from tests.distributions.builders import make_list, portion_of
from tests.distributions.released import DAY, make_released
from tests.distributions.test_settling import PAPERS, told_of_all
from tests.files.photos import jpeg, photo, scene
from tests.reach.world import World


def add_round(world: World, tag: str, code: str, amount: int) -> None:
    """A list of five households, told of, partly settled, scanned, printed, drawn for verification."""
    cast = cast_of(world)
    names = [f"{family} {tag} Vắng" for family in ("Lê", "Huỳnh", "Lý", "Trần", "Võ")]
    made = make_released(
        cast, names=names, money=amount, code=code, name=f"Đợt {tag} đầu xuân", content=f"Quà {tag}"
    )
    told_of_all(made, cast.officer)
    asked = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=cast.officer)
    answer_settlement(asked, approve=True, answer="", by=cast.chair)
    draw_rows(made.distribution, size=None, by=cast.chair)
    consent = record_consent(
        made.rows[0], given_by=f"Vợ {tag}", given_on=DAY, paper=f"Phiếu {tag}", by=cast.officer
    )
    sheets_for_print(made.distribution, phone_rows(made.distribution, None))
    scan = files.ready(jpeg(scene(700, 500)), present_storage(), what=SCAN)
    file_page(made.distribution, scan, [], origin=f"Quét {tag}.jpg", by=cast.officer)
    draft = make_list(
        unit=world.unit, maker=cast.accountant, households=_heads(world), name=f"Nháp {tag}", amount=amount
    )
    drafted = db.session.scalar(
        select(DistributionRow.id).where(DistributionRow.distribution_id == draft.id).limit(1)
    )
    world.works.append(f"Nháp {tag}")
    norm = add_norm(
        {"unit_id": world.unit.id, "purpose": "gifts", "amount": amount * 2, "valid_from": DAY, "zone": code}
    )
    jobs = _jobs(made.distribution, cast)
    world.ids |= {
        "distribution_id": made.id,
        "list_id": draft.id,
        "portion_id": portion_of(draft).id,
        "distributions.refuse_row.row_id": drafted,
        "norm_id": norm.id,
        "voucher_id": made.distribution.voucher_id,
        "decision_id": made.distribution.decision_id,
        "files.kind": "distribution",
        "files.subject_id": made.id,
        "distributions.row_id": consent.row_id,
        "distributions.settlement_id": asked.id,
        "advances.settlement_id": asked.settlement_id,
        "distributions.kept_id": db.session.scalar(
            select(KeptPortion.id).where(KeptPortion.settlement_id == asked.id)
        ),
        "distributions.absent_row.row_id": made.rows[3].id,
        "distributions.verification_id": db.session.scalar(
            select(Verification.id).where(Verification.row_id == made.rows[0].id)
        ),
        "distributions.scan_id": db.session.scalar(
            select(SheetScan.id).where(SheetScan.distribution_id == made.id)
        ),
        **jobs,
    }
    agreed = str(made.rows[0].receiver)
    world.families += [name for name in names if name != agreed] + [f"Vợ {tag}", f"Phiếu {tag}"]
    world.consented.append(agreed)
    world.ids |= {"public.number": made.id, "bodies": [made.rows[1].id, drafted, world.ids["household_id"]]}
    world.works += [f"Đợt {tag} đầu xuân", f"Quà {tag}", f"Quét {tag}", format_amount(amount)]
    world.searches += [f"{tag} vang"]


def _heads(world: World) -> list[Household]:
    return [db.session.get_one(Household, world.ids[name]) for name in ("household_id", "other_id")]


def _jobs(distribution, cast: Cast) -> dict[str, int]:  # type: ignore[no-untyped-def]
    """A print and a reading, both done."""
    printing = sheet_files.ask_for(distribution, with_cccd=False, by=cast.officer, sample=False)
    reading = scan_files.ask_for(distribution, [scan_files.Upload("a.jpg", photo())], by=cast.officer)
    found = {
        "distributions.job_id": printing.id,
        "distributions.scans_read.job_id": reading.id,
        "jobs.job_id": printing.id,
    }
    db.session.commit()
    while worker.work_once():
        pass
    return found


def cast_of(world: World) -> Cast:
    """The people of this commune under the names that builders of lists know."""
    people = world.people
    return Cast(
        province=world.unit,
        commune=world.unit,
        other_commune=world.unit,
        accountant=people[access.ACCOUNTANT],
        officer=people[access.RECORDER],
        chair=people[access.APPROVER],
        auditor=people[access.AUDITOR],
        administrator=people[access.ADMINISTRATOR],
        outsider=people[access.RECORDER],
    )
