"""Scans of signed sheets find their page by the code in its QR, else a person files them. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.distributions import queries_scans as queries
from portal.distributions.actions_handover import note_event
from portal.distributions.actions_sheets import is_code
from portal.distributions.models import Distribution
from portal.distributions.models_handover import Sheet, SheetScan
from portal.distributions.queries import may_write
from portal.distributions.rules import CLOSED
from portal.files.actions import Ready, keep_picture
from portal.files.models import Picture
from portal.files.pictures import SCAN
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import lock_row
from portal.people.models import User

FILED, ELSEWHERE, TWICE, BY_HAND, REFUSED = "filed", "elsewhere", "twice", "by_hand", "refused"
NO_CODE = "Không đọc được mã vuông trên trang này. Xếp tay, hoặc chụp lại rõ cả mã vuông."
UNKNOWN = "Mã {code} không phải của trang nào đã in từ cổng này. Xếp tay, hoặc bỏ bản quét."
FOREIGN = (
    "{origin}: trang này của một danh sách ngoài phạm vi được giao nên không lưu ở đây. "
    "Đưa trang cho người phụ trách danh sách đó."
)
SHUT = "{origin}: đợt của trang này đã khóa nên không nhận thêm bản quét. Mở lại đợt trước nếu cần thay."


@dataclass(frozen=True)
class Filed:
    """What became of one page of an upload, with the sentence that says so."""

    what: str
    text: str
    distribution_id: int | None = None


def file_page(
    distribution: Distribution, made: Ready, codes: Sequence[str], *, origin: str, by: User
) -> list[Filed]:
    """One page that was uploaded at `distribution`: filed to the page (or pages) whose code it shows."""
    ours = [code for code in codes if is_code(code)]
    if not ours:
        return [_by_hand(distribution, made, NO_CODE, origin, by)]
    return [_file_code(distribution, made, code, origin, by) for code in ours]


def _file_code(distribution: Distribution, made: Ready, code: str, origin: str, by: User) -> Filed:
    sheet = queries.sheet_by_code(code)
    if sheet is None:
        return _by_hand(distribution, made, UNKNOWN.format(code=code), origin, by)
    target = sheet.distribution
    if not may_write(by, target):
        return Filed(REFUSED, FOREIGN.format(origin=origin))
    if target.state == CLOSED:
        return Filed(REFUSED, SHUT.format(origin=origin), target.id)
    if queries.same_bytes(sheet.id, made.sha256) is not None:
        return Filed(
            TWICE, f"{origin}: đúng ảnh này đã có ở trang {sheet.page}, không lưu lần nữa.", target.id
        )
    _keep(distribution, target, made, origin, by, sheet=sheet)
    where = "" if target.id == distribution.id else f" của đợt “{target.name}”"
    what = FILED if target.id == distribution.id else ELSEWHERE
    return Filed(what, f"{origin}: xếp vào trang {sheet.page}/{sheet.pages}{where}.", target.id)


def _by_hand(distribution: Distribution, made: Ready, problem: str, origin: str, by: User) -> Filed:
    rows = select(SheetScan).join(Picture, Picture.id == SheetScan.picture_id)
    known = db.session.scalar(
        rows.where(
            SheetScan.distribution_id == distribution.id,
            SheetScan.dropped.is_(None),
            Picture.file_sha == made.sha256,
        )
    )
    if known is not None:
        return Filed(TWICE, f"{origin}: đúng ảnh này đã tải lên rồi, không lưu lần nữa.", distribution.id)
    _keep(distribution, distribution, made, origin, by, problem=problem)
    return Filed(BY_HAND, f"{origin}: {problem}", distribution.id)


def _keep(
    distribution: Distribution,
    target: Distribution,
    made: Ready,
    origin: str,
    by: User,
    *,
    sheet: Sheet | None = None,
    problem: str | None = None,
) -> SheetScan:
    picture = keep_picture(target.unit, SCAN, made, by=by, caption=f"Tờ ký nhận: {target.name}"[:300])
    scan = SheetScan(
        distribution_id=distribution.id,
        sheet_id=sheet.id if sheet else None,
        picture_id=picture.id,
        origin=origin[:300],
        problem=problem,
        by_id=by.id,
    )
    db.session.add(scan)
    db.session.flush()
    return scan


def file_by_hand(scan: SheetScan, sheet: Sheet, *, by: User) -> None:
    """A person says which page a scan shows. Raises Refused (sheet_id)."""
    lock_row(scan)
    _check_open(scan)
    if sheet.distribution_id != scan.distribution_id:
        raise Refused("Trang này không thuộc đợt của bản quét. Chọn trang khác.", "sheet_id")
    if scan.sheet_id is not None:
        raise Refused("Bản quét này đã xếp vào một trang. Tải lại trang để xem.")
    scan.sheet_id, scan.by_hand = sheet.id, True
    note_event(
        scan.distribution, None, "scan", f"Xếp tay bản quét “{scan.origin}” vào trang {sheet.page}", by
    )


def drop(scan: SheetScan, *, reason: str, by: User) -> None:
    """A scan does not count: blank, a copy, of another list. Its picture stays. Raises Refused (reason)."""
    lock_row(scan)
    _check_open(scan)
    if scan.dropped is not None:
        raise Refused("Bản quét này đã bỏ rồi. Tải lại trang để xem.")
    if not reason.strip():
        raise Refused("Chưa ghi vì sao bỏ bản quét. Ghi ngắn, ví dụ: trang trắng, chụp mờ.", "reason")
    scan.dropped = reason.strip()[:300]
    note_event(scan.distribution, None, "scan", f"Bỏ bản quét “{scan.origin}”: {scan.dropped}", by)


def _check_open(scan: SheetScan) -> None:
    target = scan.sheet.distribution if scan.sheet else scan.distribution
    if target.state == CLOSED:
        raise Refused("Đợt này đã khóa nên không sửa bản quét. Mở lại đợt (có lý do) trước.")
