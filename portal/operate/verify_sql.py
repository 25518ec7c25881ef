"""What must agree in the books: one SELECT of wrong rows per rule, and the sentence that names such a row.

Only SQL that SQLite and PostgreSQL read alike; `{month}` is the first day of the month of `booked_on`.
"""

from __future__ import annotations

from portal.emulation.rules_rewards import NUMBERING as REWARDS_SERIES
from portal.ledger.queries import DEFAULT_FUND
from portal.operate.verify_advances import ADVANCES
from portal.operate.verify_allocations import ALLOCATIONS
from portal.operate.verify_cases import CASES
from portal.operate.verify_check import Check
from portal.operate.verify_distributions import DISTRIBUTIONS
from portal.operate.verify_donations import DONATIONS
from portal.operate.verify_entries import ENTRIES
from portal.operate.verify_files import FILES
from portal.operate.verify_goods import GOODS
from portal.operate.verify_handover import HANDOVER
from portal.operate.verify_houses import HOUSES
from portal.operate.verify_movements import MOVEMENTS
from portal.operate.verify_pledges import PLEDGES
from portal.operate.verify_rewards import REWARDS
from portal.operate.verify_spending import SPENDING
from portal.operate.verify_statements import STATEMENTS
from portal.pledges.rules import SERIES as PLEDGES_SERIES

TURNOVER = """
    SELECT account_id, {period} AS period, SUM(debit) AS debit, SUM(credit) AS credit FROM (
        SELECT debit_id AS account_id, booked_on, amount AS debit, 0 AS credit FROM ledger_transfer
        UNION ALL SELECT credit_id, booked_on, 0, amount FROM ledger_transfer) AS moves
    GROUP BY 1, 2
"""


def _totals_sql(table: str, column: str, period: str) -> str:
    """Kept totals that differ from the recomputed ones, whichever side has a row that the other lacks."""
    return f"""
        SELECT account.id AS account, unit.name AS unit, account.kind AS kind, both_sides.period AS period,
               SUM(kept_debit) AS kept_debit_amount, SUM(kept_credit) AS kept_credit_amount,
               SUM(true_debit) AS true_debit_amount, SUM(true_credit) AS true_credit_amount
          FROM (SELECT account_id, {column} AS period, debit AS kept_debit, credit AS kept_credit,
                       0 AS true_debit, 0 AS true_credit FROM {table}
                UNION ALL SELECT account_id, period, 0, 0, debit, credit
                  FROM ({TURNOVER.format(period=period)}) AS recomputed) AS both_sides
          JOIN ledger_account AS account ON account.id = both_sides.account_id
          JOIN unit ON unit.id = account.unit_id
         GROUP BY account.id, unit.name, account.kind, both_sides.period
        HAVING SUM(kept_debit) <> SUM(true_debit) OR SUM(kept_credit) <> SUM(true_credit)
         ORDER BY both_sides.period, account.id
    """  # noqa: S608


def _totals_sentence(period: str) -> str:
    return (
        "Tài khoản sổ số {account} ({kind}, {unit}), "
        + period
        + " {period}: sổ cộng dồn ghi Nợ {kept_debit_amount} / "
        "Có {kept_credit_amount}; tính lại từ bút toán là Nợ {true_debit_amount} / Có {true_credit_amount}."
    )


# every paper that carries a number of a series: documents, receipts on request, pledges, certificates
NUMBERED = f"""
    SELECT unit_id, fund_id, series, series_year, series_no FROM ledger_posting WHERE series IS NOT NULL
    UNION ALL SELECT unit_id, fund_id, series, series_year, series_no FROM receipt
    UNION ALL SELECT unit_id, fund_id, '{PLEDGES_SERIES}', year, number FROM pledge
    UNION ALL SELECT reward.unit_id, fund.id, '{REWARDS_SERIES}' || series, series_year, series_no
                FROM reward JOIN fund ON fund.code = '{DEFAULT_FUND}'
"""  # noqa: S608

NUMBERING: tuple[Check, ...] = (
    Check(
        "Số thứ tự ghi sổ liên tục",
        """
        SELECT number, place
          FROM (SELECT number, ROW_NUMBER() OVER (ORDER BY number) AS place FROM entry) AS counted
         WHERE number <> place ORDER BY number
        """,
        "Số thứ tự {number} đứng ở chỗ của số {place}: thiếu dòng trước nó.",
    ),
    Check(
        "Số chứng từ liên tục theo từng quyển",
        f"""
        SELECT series, series_year AS year, series_no AS number, place, unit.name AS unit FROM (
            SELECT unit_id, series, series_year, series_no,
                   ROW_NUMBER() OVER (
                       PARTITION BY unit_id, fund_id, series, series_year ORDER BY series_no) AS place
              FROM ({NUMBERED}) AS numbered) AS counted
          JOIN unit ON unit.id = counted.unit_id
         WHERE series_no <> place ORDER BY unit_id, series, series_year, series_no
        """,  # noqa: S608
        "Quyển {series}/{year} của {unit}: số {number} đứng ở chỗ của số {place}, thiếu số trước nó.",
    ),
    Check(
        "Số chứng từ cuối đúng bằng số đã cấp",
        f"""
        SELECT numbering.kind AS series, numbering.year AS year, numbering.last AS given, unit.name AS unit,
               COALESCE(MAX(numbered.series_no), 0) AS written
          FROM numbering
          JOIN unit ON unit.id = numbering.unit_id
          LEFT JOIN ({NUMBERED}) AS numbered ON numbered.unit_id = numbering.unit_id
                AND numbered.fund_id = numbering.fund_id AND numbered.series = numbering.kind
                AND numbered.series_year = numbering.year
         GROUP BY numbering.id, numbering.kind, numbering.year, numbering.last, unit.name
        HAVING COALESCE(MAX(numbered.series_no), 0) <> numbering.last
         ORDER BY numbering.id
        """,  # noqa: S608
        "Quyển {series}/{year} của {unit}: đã cấp đến số {given} nhưng sổ chỉ có đến số {written}.",
    ),
    Check(
        "Biên lai cấp theo yêu cầu đúng đơn vị, quỹ của khoản",
        """
        SELECT receipt.series AS series, receipt.series_no AS number, receipt.series_year AS year
          FROM receipt
          JOIN donation ON donation.id = receipt.donation_id
          JOIN ledger_posting AS posting ON posting.number = donation.posting_number
         WHERE receipt.unit_id <> donation.unit_id OR receipt.fund_id <> posting.fund_id
            OR posting.series = receipt.series OR donation.part_of IS NOT NULL
         ORDER BY receipt.id
        """,
        "Biên lai {series}-{number}/{year}: khác đơn vị hoặc quỹ của khoản, hoặc khoản đã có số cùng loại.",
    ),
)


CHECKS: tuple[Check, ...] = (
    *NUMBERING,
    Check(
        "Mỗi chứng từ có bút toán, đánh số từ 1",
        # statements and their reversals have holes for lines without an amount, goods where they have no value
        """
        SELECT posting.number AS number, COUNT(transfer.ordinal) AS lines, MAX(transfer.ordinal) AS last
          FROM ledger_posting AS posting
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = posting.number
         WHERE posting.kind NOT IN ('statement', 'reversal', 'donation')
           AND NOT EXISTS (SELECT 1 FROM stock_movement AS movement
                            WHERE movement.posting_number = posting.number)
         GROUP BY posting.number
        HAVING COUNT(transfer.ordinal) > 0 AND MAX(transfer.ordinal) <> COUNT(transfer.ordinal)
         ORDER BY posting.number
        """,
        "Chứng từ số {number} có {lines} bút toán, số cuối là {last}: thiếu bút toán.",
    ),
    Check(
        "Chứng từ không có bút toán thì có hiện vật",
        """
        SELECT posting.number AS number
          FROM ledger_posting AS posting
         WHERE NOT EXISTS (SELECT 1 FROM ledger_transfer AS transfer
                            WHERE transfer.posting_number = posting.number)
           AND NOT EXISTS (SELECT 1 FROM stock_movement AS movement
                            WHERE movement.posting_number = posting.number)
           AND NOT EXISTS (SELECT 1 FROM reclassification AS move
                            WHERE move.posting_number IN (posting.number, posting.reverses))
           AND NOT EXISTS (SELECT 1 FROM donation  -- goods in words, outside the catalogue
                            WHERE donation.posting_number IN (posting.number, posting.reverses)
                              AND donation.amount = 0)
         ORDER BY posting.number
        """,
        "Chứng từ số {number} thiếu bút toán, cũng không có hiện vật nào vào hay ra kho.",
    ),
    Check(
        "Bút toán nằm trong đơn vị và quỹ của chứng từ",
        """
        SELECT transfer.posting_number AS number, transfer.ordinal AS ordinal
          FROM ledger_transfer AS transfer
          JOIN ledger_posting AS posting ON posting.number = transfer.posting_number
          JOIN ledger_account AS debit ON debit.id = transfer.debit_id
          JOIN ledger_account AS credit ON credit.id = transfer.credit_id
         WHERE transfer.amount <= 0 OR transfer.debit_id = transfer.credit_id
            OR debit.unit_id <> posting.unit_id OR credit.unit_id <> posting.unit_id
            OR debit.fund_id <> posting.fund_id OR credit.fund_id <> posting.fund_id
         ORDER BY 1, 2
        """,
        "Chứng từ số {number}, bút toán {ordinal}: số tiền, đơn vị hoặc quỹ không hợp lệ.",
    ),
    *DONATIONS,
    Check(
        "Dòng sao kê bằng bút toán của nó",
        """
        SELECT line.statement_id AS statement, line.ordinal AS ordinal, line.credit AS in_amount,
               line.debit AS out_amount, transfer.amount AS booked_amount, statement.posting_number AS number
          FROM statement_line AS line
          JOIN statement ON statement.id = line.statement_id
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = statement.posting_number
                AND transfer.ordinal = line.ordinal
          LEFT JOIN ledger_account AS debit ON debit.id = transfer.debit_id
          LEFT JOIN ledger_account AS credit ON credit.id = transfer.credit_id
         WHERE statement.posting_number IS NOT NULL
           AND (COALESCE(line.credit, 0) <> CASE WHEN debit.kind = 'bank' THEN transfer.amount ELSE 0 END
             OR COALESCE(line.debit, 0) <> CASE WHEN credit.kind = 'bank' THEN transfer.amount ELSE 0 END)
         ORDER BY line.statement_id, line.ordinal
        """,
        "Sao kê số {statement}, dòng {ordinal}: sao kê ghi có {in_amount}, nợ {out_amount}; "
        "chứng từ số {number} ghi {booked_amount}.",
    ),
    Check(
        "Tài khoản ngân hàng chỉ chạy theo sao kê",
        """
        SELECT transfer.posting_number AS number, transfer.ordinal AS ordinal,
               transfer.amount AS booked_amount
          FROM ledger_transfer AS transfer
          JOIN ledger_posting AS posting
               ON posting.number = transfer.posting_number AND posting.kind = 'statement'
          LEFT JOIN statement ON statement.posting_number = posting.number
          LEFT JOIN statement_line AS line
               ON line.statement_id = statement.id AND line.ordinal = transfer.ordinal
         WHERE line.ordinal IS NULL
         ORDER BY 1, 2
        """,
        "Chứng từ số {number}, bút toán {ordinal} ({booked_amount}): không có dòng sao kê nào.",
    ),
    Check(
        "Bút toán đảo là hình ảnh ngược của chứng từ gốc",
        """
        SELECT reversal.number AS number, reversal.reverses AS original, mirror.ordinal AS ordinal
          FROM ledger_posting AS reversal
          JOIN ledger_transfer AS mirror ON mirror.posting_number = reversal.number
          LEFT JOIN ledger_transfer AS source ON source.posting_number = reversal.reverses
                AND source.ordinal = mirror.ordinal AND source.amount = mirror.amount
                AND source.credit_id = mirror.debit_id AND source.debit_id = mirror.credit_id
         WHERE reversal.reverses IS NOT NULL AND source.ordinal IS NULL
         UNION ALL
        SELECT reversal.number, reversal.reverses, source.ordinal
          FROM ledger_posting AS reversal
          JOIN ledger_transfer AS source ON source.posting_number = reversal.reverses
          LEFT JOIN ledger_transfer AS mirror ON mirror.posting_number = reversal.number
                AND mirror.ordinal = source.ordinal
         WHERE mirror.ordinal IS NULL
         ORDER BY 1, 3
        """,
        "Bút toán đảo số {number} khác chứng từ gốc số {original} ở bút toán {ordinal}.",
    ),
    Check(
        "Cộng dồn theo ngày", _totals_sql("ledger_day_total", "day", "booked_on"), _totals_sentence("ngày")
    ),
    Check(
        "Cộng dồn theo tháng",
        _totals_sql("ledger_month_total", "month", "{month}"),
        _totals_sentence("tháng từ"),
    ),
    *STATEMENTS,
    *GOODS,
    *PLEDGES,
    *SPENDING,
    *ADVANCES,
    *ALLOCATIONS,
    *HANDOVER,
    *DISTRIBUTIONS,
    *ENTRIES,
    *CASES,
    *HOUSES,
    *MOVEMENTS,
    *REWARDS,
    *STATEMENTS,
    *FILES,
)
