"""What needs somebody's attention: each remark is one line for whoever looks after the installation."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Date, bindparam, text

from portal.allocations.rules import LONG
from portal.config import Config
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import now
from portal.kit.money import format_amount
from portal.kit.storage import storage_of
from portal.operate import schema
from portal.operate.attention_statements import unclear_banks, uncovered
from portal.operate.backup import last_backup
from portal.operate.kept_files import missing
from portal.operate.verify import gaps
from portal.statements.open_rows import suspense_before, transit_before

BACKUP_AGE = timedelta(days=2)
LATE = timedelta(days=30)
UNSIGNED_AGE = timedelta(days=7)
LEAST_FREE_BYTES = 1_000_000_000
LEAST_FREE_SHARE = 0.05

WAITING = {
    "transit": "đang chuyển (chứng từ và sao kê chưa gặp nhau)",
    "suspense": "chờ xác định",
    "untracked": "chưa rõ tài khoản",
}
WAITING_SQL = """
    SELECT account.kind AS kind, COUNT(DISTINCT account.unit_id) AS units,
           SUM(ABS(balance.amount)) AS amount
      FROM (SELECT account_id, SUM(debit - credit) AS amount
              FROM ledger_day_total GROUP BY account_id) AS balance
      JOIN ledger_account AS account ON account.id = balance.account_id
     WHERE balance.amount <> 0 AND account.kind IN ('transit', 'suspense', 'untracked')
     GROUP BY account.kind
"""
ON_THE_WAY_SQL = """
    SELECT unit.name AS unit, receiver.name AS receiver, allocation.sent_on AS sent_on,
           allocation.amount - allocation.received - allocation.differing AS amount
      FROM allocation
      JOIN unit ON unit.id = allocation.unit_id
      JOIN unit AS receiver ON receiver.id = allocation.to_unit_id
     WHERE allocation.state IN ('on_the_way', 'partly') AND allocation.sent_on < :before
     ORDER BY allocation.sent_on, allocation.voucher_id
"""
UNSIGNED_SQL = """
    SELECT list.name AS list, unit.name AS unit, COUNT(*) AS households, MIN(line.outcome_on) AS since
      FROM distribution AS list
      JOIN unit ON unit.id = list.unit_id
      JOIN distribution_row AS line ON line.distribution_id = list.id AND line.refused IS NULL
     WHERE list.state = 'released' AND line.outcome IN ('received', 'proxy') AND line.outcome_on < :before
       AND NOT EXISTS (SELECT 1 FROM distribution_scan AS scan
                         JOIN distribution_sheet AS sheet ON sheet.id = scan.sheet_id
                        WHERE sheet.distribution_id = list.id AND scan.dropped IS NULL
                          AND line.ordinal BETWEEN sheet.first AND sheet.last)
     GROUP BY list.id, list.name, unit.name ORDER BY since, list.id
"""
# A unit keeps books once it has a campaign, a posting or a decision; its people have a role there, above, or everywhere.
PEOPLE_SQL = """
    WITH RECURSIVE working AS (
        SELECT unit_id AS id FROM campaign UNION SELECT unit_id FROM ledger_posting
        UNION SELECT unit_id FROM decision
    ), above (unit_id, ancestor_id) AS (
        SELECT id, id FROM working WHERE id IN (SELECT id FROM unit WHERE valid_to IS NULL)
        UNION SELECT above.unit_id, unit.parent_id FROM above JOIN unit ON unit.id = above.ancestor_id
         WHERE unit.parent_id IS NOT NULL
    )
    SELECT unit.id AS unit_id, unit.name AS unit, role_grant.role AS role, role_grant.user_id AS user_id
      FROM (SELECT DISTINCT unit_id FROM above) AS places
      JOIN unit ON unit.id = places.unit_id
      LEFT JOIN (role_grant JOIN "user" ON "user".id = role_grant.user_id AND "user".active)
             ON role_grant.unit_id IS NULL
             OR role_grant.unit_id IN (SELECT ancestor_id FROM above WHERE above.unit_id = places.unit_id)
     ORDER BY unit.name, unit.id
"""


class Remark(NamedTuple):
    """`fine` False: somebody has to do something, which the text says."""

    fine: bool
    text: str


def remarks(config: Config, connection: Connection) -> Iterator[Remark]:
    """Everything worth saying; of a schema that is not current, only that (the rest cannot be read then)."""
    if not schema.is_current(connection):
        yield Remark(False, schema.OLD)
        return
    yield Remark(True, "Cơ sở dữ liệu đúng với phiên bản của cổng.")
    looks: tuple[Callable[[Connection], Iterator[Remark]], ...] = (
        _protection,
        _waiting,
        _late_lines,
        _on_the_way,
        _unsigned,
        _statements,
        _gaps,
        _second_persons,
    )
    for look in looks:
        yield from look(connection)
    yield _files(config, connection)
    yield _backup(config)
    yield _space(config)


def _protection(connection: Connection) -> Iterator[Remark]:
    missing = schema.missing_triggers(connection)
    if missing:
        yield Remark(
            False,
            f"Mất {len(missing)} lớp bảo vệ bút toán đã ghi ({', '.join(missing)}). "
            "Khôi phục bản sao lưu gần nhất, hoặc nhờ người bảo trì tạo lại.",
        )
    else:
        yield Remark(True, "Bút toán đã ghi được cơ sở dữ liệu bảo vệ.")


def _waiting(connection: Connection) -> Iterator[Remark]:
    found = {row.kind: row for row in connection.execute(text(WAITING_SQL))}
    for kind, name in WAITING.items():
        row = found.get(kind)
        if row is None:
            yield Remark(True, f"Không có tiền {name}.")
        else:
            amount = format_amount(int(row.amount))
            yield Remark(
                False, f"Tiền {name}: {amount} đồng ở {row.units} đơn vị. Đối chiếu rồi xử lý từng dòng."
            )


def _late_lines(connection: Connection) -> Iterator[Remark]:
    """Accounts with lines or papers that have waited for each other for more than a month."""
    before = today_in_vietnam() - LATE
    late: dict[str, dict[str, int]] = {}
    suspense, transit = suspense_before(before), transit_before(before)
    for name, rows in (("chờ xác định", suspense), ("chờ khớp sao kê", transit)):
        for account, amount in connection.execute(rows):
            late.setdefault(account, {})[name] = int(amount)
    for account, amounts in sorted(late.items()):
        said = ", ".join(f"{format_amount(amount)} đồng {name}" for name, amount in amounts.items())
        yield Remark(
            False,
            f"Tài khoản {account} có tiền chờ quá {LATE.days} ngày: {said}. Mở Sao kê, mục Chưa khớp, để xử lý.",
        )
    if not late:
        yield Remark(True, f"Không tài khoản nào có dòng sao kê hay chứng từ chờ quá {LATE.days} ngày.")


def _on_the_way(connection: Connection) -> Iterator[Remark]:
    """Money sent to another unit long ago that nobody has confirmed."""
    question = text(ON_THE_WAY_SQL).columns(sent_on=Date).bindparams(bindparam("before", type_=Date))
    late = connection.execute(question, {"before": today_in_vietnam() - LONG}).all()
    for row in late:
        yield Remark(
            False,
            f"{row.unit} chuyển cho {row.receiver} {format_amount(int(row.amount))} đồng từ ngày "
            f"{format_day(row.sent_on)}, chưa ai xác nhận. Nhắc đơn vị nhận, hoặc ghi chênh lệch.",
        )
    if not late:
        yield Remark(True, f"Không có tiền phân bổ nào đang chuyển quá {LONG.days} ngày.")


def _unsigned(connection: Connection) -> Iterator[Remark]:
    """Households that got something a week ago while no signed page shows it."""
    question = text(UNSIGNED_SQL).columns(since=Date).bindparams(bindparam("before", type_=Date))
    late = connection.execute(question, {"before": today_in_vietnam() - UNSIGNED_AGE}).all()
    for row in late:
        yield Remark(
            False,
            f"{row.unit}, đợt “{row.list}”: {row.households} hộ nhận từ ngày {format_day(row.since)} chưa có "
            "trang ký nộp lại. Tải bản quét ở trang của đợt.",
        )
    if not late:
        yield Remark(True, f"Đợt trao quà nào quá {UNSIGNED_AGE.days} ngày cũng có trang ký nộp lại.")


def _statements(connection: Connection) -> Iterator[Remark]:
    """Bank accounts: days without a statement, banks that nobody can tell."""
    late = list(uncovered(connection))
    yield from (Remark(False, sentence) for sentence in late)
    if not late:
        yield Remark(True, "Tài khoản nào cũng đủ sao kê đến hết tháng trước.")
    yield from (Remark(False, sentence) for sentence in unclear_banks(connection))


def _gaps(connection: Connection) -> Iterator[Remark]:
    missing = list(gaps(connection))
    yield from (Remark(False, f"{sentence} Chạy: portal verify") for sentence in missing)
    if not missing:
        yield Remark(True, "Số chứng từ liên tục.")


def _second_persons(connection: Connection) -> Iterator[Remark]:
    """Whoever made a document must not approve it: a unit needs an approver beside each of its makers."""
    makers: dict[tuple[int, str], set[int]] = {}
    approvers: dict[tuple[int, str], set[int]] = {}
    for row in connection.execute(text(PEOPLE_SQL)):
        unit = (row.unit_id, row.unit)
        makers.setdefault(unit, set())
        approvers.setdefault(unit, set())
        if row.role in (RECORDER, ACCOUNTANT):
            makers[unit].add(row.user_id)
        elif row.role == APPROVER:
            approvers[unit].add(row.user_id)
    lacking = [unit for unit in makers if not _has_second_person(makers[unit], approvers[unit])]
    for _, name in lacking:
        yield Remark(
            False, f"{name} chưa có người duyệt thứ hai. Thêm người mang quyền Người duyệt cho đơn vị này."
        )
    if not lacking:
        yield Remark(True, "Đơn vị nào có sổ cũng có người duyệt thứ hai.")


def _has_second_person(makers: set[int], approvers: set[int]) -> bool:
    """True when for every maker somebody else may approve."""
    return bool(approvers) and all(approvers - {maker} for maker in makers)


def _files(config: Config, connection: Connection) -> Remark:
    gone = missing(connection, storage_of(config))
    if gone:
        return Remark(False, f"Thiếu {len(gone)} tệp ảnh hoặc bản quét trong kho tệp. Chạy: portal verify")
    return Remark(True, "Kho tệp đủ ảnh và bản quét mà sổ nhắc tới.")


def _backup(config: Config) -> Remark:
    last = last_backup(config)
    if last is None:
        return Remark(False, "Chưa sao lưu lần nào. Chạy: portal backup TỆP")
    moment, path = last
    if not path.exists():
        return Remark(False, f"Bản sao lưu gần nhất không còn ở “{path}”. Chạy: portal backup TỆP")
    days = (now() - moment).days
    if now() - moment > BACKUP_AGE:
        return Remark(False, f"Bản sao lưu gần nhất đã {days} ngày. Chạy: portal backup TỆP")
    return Remark(True, f"Bản sao lưu gần nhất: “{path}”, {days} ngày trước.")


def _space(config: Config) -> Remark:
    usage = shutil.disk_usage(config.instance)
    free = f"{usage.free / 1e9:.1f}".replace(".", ",")
    if usage.free < LEAST_FREE_BYTES or usage.free < usage.total * LEAST_FREE_SHARE:
        return Remark(False, f"Ổ đĩa chỉ còn trống {free} GB. Dọn bớt, hoặc chuyển sang ổ lớn hơn.")
    return Remark(True, f"Ổ đĩa còn trống {free} GB.")
