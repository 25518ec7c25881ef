"""What must agree between statement lines, what became of them, statements taken back, and the books."""

from __future__ import annotations

from portal.operate.verify_check import Check

STATEMENTS: tuple[Check, ...] = (
    Check(
        "Dòng sao kê chờ xác định được xử lý trọn một lần",
        """
        SELECT settled.posting_number AS number, settled.line_posting AS line_number,
               settled.line_ordinal AS ordinal, out_of.amount AS settled_amount, stood.amount AS line_amount
          FROM line_settlement AS settled
          LEFT JOIN ledger_transfer AS out_of ON out_of.posting_number = settled.posting_number
                AND out_of.ordinal = settled.ordinal
          LEFT JOIN ledger_account AS left_place ON left_place.id = out_of.debit_id
          LEFT JOIN ledger_account AS transit ON transit.id = out_of.credit_id
          LEFT JOIN ledger_transfer AS stood ON stood.posting_number = settled.line_posting
                AND stood.ordinal = settled.line_ordinal
          LEFT JOIN ledger_posting AS answer ON answer.reverses = settled.posting_number
         WHERE out_of.amount IS NULL OR stood.amount IS NULL OR out_of.amount <> stood.amount
            OR left_place.kind <> 'suspense' OR transit.kind <> 'transit'
            OR stood.credit_id <> out_of.debit_id
            OR COALESCE(settled.until, 0) <> COALESCE(answer.number, 0)
         ORDER BY 1
        """,
        "Chứng từ số {number} xử lý dòng {ordinal} của chứng từ số {line_number}: ghi {settled_amount}, "
        "dòng là {line_amount}, hoặc sai tài khoản.",
    ),
    Check(
        "Tiền chờ xác định bằng các dòng sao kê chưa xử lý",
        """
        SELECT unit.name AS unit, SUM(both_sides.booked) AS booked_amount, SUM(both_sides.waits) AS waiting_amount
          FROM (SELECT account.unit_id, account.fund_id, total.credit - total.debit AS booked, 0 AS waits
                  FROM ledger_day_total AS total
                  JOIN ledger_account AS account ON account.id = total.account_id AND account.kind = 'suspense'
                UNION ALL
                SELECT account.unit_id, account.fund_id, 0, stood.amount
                  FROM ledger_account AS account
                  JOIN ledger_transfer AS stood ON stood.credit_id = account.id
                  JOIN ledger_posting AS posting ON posting.number = stood.posting_number
                   AND posting.reverses IS NULL
                 WHERE account.kind = 'suspense'
                   AND NOT EXISTS (SELECT 1 FROM ledger_posting AS answer
                                    WHERE answer.reverses = stood.posting_number)
                   AND NOT EXISTS (SELECT 1 FROM line_settlement AS settled
                                    WHERE settled.line_posting = stood.posting_number
                                      AND settled.line_ordinal = stood.ordinal AND settled.until IS NULL)
               ) AS both_sides
          JOIN unit ON unit.id = both_sides.unit_id
         GROUP BY both_sides.unit_id, both_sides.fund_id, unit.name
        HAVING SUM(both_sides.booked) <> SUM(both_sides.waits)
         ORDER BY both_sides.unit_id
        """,
        "{unit}: sổ ghi tiền chờ xác định {booked_amount}, các dòng chưa xử lý cộng lại {waiting_amount}.",
    ),
    Check(
        "Hai bên khớp nhau đứng đúng tài khoản và không khớp quá số tiền",
        """
        SELECT number, ordinal, amount AS booked_amount, SUM(matched) AS matched_amount
          FROM (SELECT came.posting_number AS number, came.ordinal AS ordinal, came.amount AS amount,
                       match.amount AS matched, came.debit_id AS stands, match.account_id AS place
                  FROM transit_match AS match
                  JOIN ledger_transfer AS came ON came.posting_number = match.in_posting
                   AND came.ordinal = match.in_ordinal
                 WHERE match.ended_at IS NULL
                UNION ALL
                SELECT went.posting_number, went.ordinal, went.amount, match.amount, went.credit_id,
                       match.account_id
                  FROM transit_match AS match
                  JOIN ledger_transfer AS went ON went.posting_number = match.out_posting
                   AND went.ordinal = match.out_ordinal
                 WHERE match.ended_at IS NULL) AS sides
          JOIN ledger_account AS account ON account.id = sides.place
         GROUP BY number, ordinal, amount, stands, place, account.kind
        HAVING SUM(matched) > amount OR stands <> place OR account.kind <> 'transit'
            OR EXISTS (SELECT 1 FROM ledger_posting AS answer WHERE answer.reverses = number)
         ORDER BY number, ordinal
        """,
        "Chứng từ số {number}, bút toán {ordinal} ({booked_amount}) khớp {matched_amount}: quá số, sai tài khoản, "
        "hoặc chứng từ đã đảo.",
    ),
    Check(
        "Khoản của sao kê đã rút trở về chờ xác định đúng số tiền",
        """
        SELECT taken.posting_number AS number, donation.id / 10000000 AS day, donation.id % 10000000 AS place,
               donation.amount AS gift_amount, back.amount AS booked_amount
          FROM gift_taken_back AS taken
          JOIN donation ON donation.id = taken.donation_id
          LEFT JOIN ledger_transfer AS back ON back.posting_number = taken.posting_number AND back.ordinal = 1
          LEFT JOIN ledger_account AS source ON source.id = back.debit_id
          LEFT JOIN ledger_account AS waits ON waits.id = back.credit_id
          LEFT JOIN ledger_posting AS answer ON answer.reverses = taken.posting_number
         WHERE COALESCE(back.amount, 0) <> donation.amount OR source.kind <> 'received'
            OR waits.kind <> 'suspense' OR answer.number IS NOT NULL
         ORDER BY 1
        """,
        "Chứng từ số {number} rút khoản {day}-{place} ({gift_amount}) nhưng ghi {booked_amount} hoặc sai tài khoản.",
    ),
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
