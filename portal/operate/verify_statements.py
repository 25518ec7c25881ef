"""Rules of the books about statements that were taken back, and rows that two statements share."""

from __future__ import annotations

from portal.operate.verify_check import Check

STATEMENTS: tuple[Check, ...] = (
    Check(
        "Sao kê đã hoàn lại thì chứng từ đã đảo và dòng không còn giữ chỗ",
        """
        SELECT statement.id AS statement, statement.posting_number AS number, COUNT(line.key) AS kept
          FROM statement
          LEFT JOIN ledger_posting AS answer ON answer.reverses = statement.posting_number
          LEFT JOIN statement_line AS line ON line.statement_id = statement.id AND line.key IS NOT NULL
         WHERE statement.state = 'undone'
         GROUP BY statement.id, statement.posting_number, answer.number
        HAVING COUNT(line.key) > 0 OR (statement.posting_number IS NOT NULL AND answer.number IS NULL)
         ORDER BY statement.id
        """,
        "Sao kê số {statement} đã hoàn lại nhưng chứng từ số {number} chưa đảo, hoặc còn {kept} dòng giữ chỗ.",
    ),
    Check(
        "Sao kê đã ghi sổ thì chứng từ chưa đảo và mọi dòng giữ chỗ",
        """
        SELECT statement.id AS statement, statement.posting_number AS number, COUNT(line.ordinal) AS lost
          FROM statement
          LEFT JOIN ledger_posting AS answer ON answer.reverses = statement.posting_number
          LEFT JOIN statement_line AS line ON line.statement_id = statement.id AND line.key IS NULL
         WHERE statement.state = 'posted'
         GROUP BY statement.id, statement.posting_number, answer.number
        HAVING COUNT(line.ordinal) > 0 OR answer.number IS NOT NULL
         ORDER BY statement.id
        """,
        "Sao kê số {statement} đang ghi sổ nhưng chứng từ số {number} đã đảo, hoặc {lost} dòng không giữ chỗ.",
    ),
    Check(
        "Một dòng chỉ ghép với một dòng của mỗi sao kê",
        """
        SELECT pair.statement_id AS statement, pair.other_id AS other, pair.other_ordinal AS ordinal,
               COUNT(*) AS times
          FROM statement_pair AS pair
         GROUP BY pair.statement_id, pair.other_id, pair.other_ordinal
        HAVING COUNT(*) > 1 OR pair.statement_id = pair.other_id
         ORDER BY 1, 2, 3
        """,
        "Sao kê số {statement} ghép {times} dòng với dòng {ordinal} của sao kê số {other}.",
    ),
)
