"""What must agree between units: the two books of a confirmed allocation, and what is on the way between a pair."""

from __future__ import annotations

from portal.operate.verify_check import Check

_LIVE = "NOT EXISTS (SELECT 1 FROM ledger_posting AS answer WHERE answer.reverses = {number})"

ALLOCATIONS: tuple[Check, ...] = (
    Check(
        "Tiền đang chuyển giữa hai đơn vị bằng các lần phân bổ chưa xác nhận",
        """
        SELECT sender.name AS unit, receiver.name AS partner, SUM(both_sides.booked) AS booked_amount,
               SUM(both_sides.waiting) AS waiting_amount
          FROM (SELECT account.unit_id, account.partner_id, account.fund_id, total.debit - total.credit AS booked,
                       0 AS waiting
                  FROM ledger_day_total AS total
                  JOIN ledger_account AS account ON account.id = total.account_id
                       AND account.kind = 'on_the_way'
                UNION ALL
                SELECT unit_id, to_unit_id, fund_id, 0, amount - received - differing
                  FROM allocation WHERE state <> 'reversed') AS both_sides
          JOIN unit AS sender ON sender.id = both_sides.unit_id
          LEFT JOIN unit AS receiver ON receiver.id = both_sides.partner_id
         GROUP BY both_sides.unit_id, both_sides.partner_id, both_sides.fund_id, sender.name, receiver.name
        HAVING SUM(both_sides.booked) <> SUM(both_sides.waiting)
         ORDER BY both_sides.unit_id, both_sides.partner_id
        """,
        "{unit} chuyển cho {partner}: sổ ghi đang chuyển {booked_amount}, các lần phân bổ còn chờ {waiting_amount}.",
    ),
    Check(
        "Hai chứng từ của một lần xác nhận cùng số tiền, cùng ngày, đúng hai đơn vị",
        """
        SELECT receipt.out_number AS number, receipt.in_number AS twin, receipt.amount AS whole_amount,
               sent.amount AS out_amount, came.amount AS in_amount
          FROM allocation_receipt AS receipt
          JOIN allocation ON allocation.voucher_id = receipt.voucher_id
          JOIN ledger_posting AS outgoing ON outgoing.number = receipt.out_number
          JOIN ledger_posting AS incoming ON incoming.number = receipt.in_number
          LEFT JOIN (SELECT posting_number, SUM(amount) AS amount FROM ledger_transfer
                      GROUP BY posting_number) AS sent ON sent.posting_number = receipt.out_number
          LEFT JOIN (SELECT posting_number, SUM(amount) AS amount FROM ledger_transfer
                      GROUP BY posting_number) AS came ON came.posting_number = receipt.in_number
         WHERE COALESCE(sent.amount, 0) <> receipt.amount OR COALESCE(came.amount, 0) <> receipt.amount
            OR outgoing.booked_on <> incoming.booked_on
            OR outgoing.unit_id <> allocation.unit_id OR incoming.unit_id <> allocation.to_unit_id
            OR outgoing.fund_id <> allocation.fund_id OR incoming.fund_id <> allocation.fund_id
         ORDER BY receipt.id
        """,
        "Xác nhận phân bổ {whole_amount}: chứng từ số {number} ghi {out_amount}, chứng từ số {twin} của đơn vị nhận "
        "ghi {in_amount}, hoặc khác ngày, khác đơn vị.",
    ),
    Check(
        "Xác nhận phân bổ được đảo ở cả hai đơn vị, cùng ngày",
        """
        SELECT receipt.out_number AS number, receipt.in_number AS twin
          FROM allocation_receipt AS receipt
          LEFT JOIN ledger_posting AS out_answer ON out_answer.reverses = receipt.out_number
          LEFT JOIN ledger_posting AS in_answer ON in_answer.reverses = receipt.in_number
         WHERE (out_answer.number IS NULL) <> (in_answer.number IS NULL)
            OR (out_answer.number IS NULL) <> (receipt.reversed_at IS NULL)
            OR out_answer.booked_on <> in_answer.booked_on
         ORDER BY receipt.id
        """,
        "Chứng từ phân bổ số {number} và số {twin} là một đôi nhưng chỉ một bên được đảo, hoặc đảo khác ngày.",
    ),
    Check(
        "Tiền đi của đơn vị này bằng tiền đến của đơn vị kia",
        """
        SELECT away.name AS unit, home.name AS partner, SUM(both_sides.gone) AS gone_amount,
               SUM(both_sides.come) AS come_amount
          FROM (SELECT account.unit_id AS away_id, account.partner_id AS home_id, account.fund_id AS fund_id,
                       total.debit - total.credit AS gone, 0 AS come
                  FROM ledger_day_total AS total
                  JOIN ledger_account AS account ON account.id = total.account_id
                 WHERE account.kind = 'moved' AND account.partner_id IS NOT NULL AND account.purpose <> 'in'
                UNION ALL
                SELECT account.partner_id, account.unit_id, account.fund_id, 0, total.credit - total.debit
                  FROM ledger_day_total AS total
                  JOIN ledger_account AS account ON account.id = total.account_id
                 WHERE account.kind = 'moved' AND account.partner_id IS NOT NULL
                   AND account.purpose = 'in') AS both_sides
          JOIN unit AS away ON away.id = both_sides.away_id
          JOIN unit AS home ON home.id = both_sides.home_id
         GROUP BY both_sides.away_id, both_sides.home_id, both_sides.fund_id, away.name, home.name
        HAVING SUM(both_sides.gone) <> SUM(both_sides.come)
         ORDER BY both_sides.away_id, both_sides.home_id
        """,
        "{unit} ghi đã phân bổ cho {partner} {gone_amount}, nhưng {partner} ghi đã nhận {come_amount}.",
    ),
    Check(
        "Số đã nhận và chênh lệch của phân bổ đúng với từng lần xác nhận",
        f"""
        SELECT unit.name AS unit, posting.series_no AS number, posting.series AS series,
               posting.series_year AS year, allocation.received AS kept_amount,
               COALESCE(confirmed.amount, 0) AS confirmed_amount, allocation.differing AS told_amount,
               COALESCE(explained.amount, 0) AS explained_amount
          FROM allocation
          JOIN voucher ON voucher.id = allocation.voucher_id
          JOIN ledger_posting AS posting ON posting.number = voucher.posting_number
          JOIN unit ON unit.id = allocation.unit_id
          LEFT JOIN (SELECT voucher_id, SUM(amount) AS amount FROM allocation_receipt
                      WHERE {_LIVE.format(number="allocation_receipt.out_number")}
                      GROUP BY voucher_id) AS confirmed ON confirmed.voucher_id = allocation.voucher_id
          LEFT JOIN (SELECT voucher_id, SUM(amount) AS amount FROM allocation_difference
                      WHERE posting_number IS NOT NULL
                        AND {_LIVE.format(number="allocation_difference.posting_number")}
                      GROUP BY voucher_id) AS explained ON explained.voucher_id = allocation.voucher_id
         WHERE allocation.received <> COALESCE(confirmed.amount, 0)
            OR allocation.differing <> COALESCE(explained.amount, 0)
            OR (allocation.state = 'reversed') <> (voucher.state = 'reversed')
         ORDER BY allocation.voucher_id
        """,  # noqa: S608
        "Phân bổ {series}-{number}/{year} của {unit}: ghi đã nhận {kept_amount} (tính lại {confirmed_amount}), "
        "chênh lệch {told_amount} (tính lại {explained_amount}).",
    ),
    Check(
        "Mỗi chứng từ phân bổ của bên chuyển lấy đủ từ các dòng của phiếu",
        """
        SELECT posting.number AS number, COALESCE(booked.amount, 0) AS booked_amount,
               COALESCE(shared.amount, 0) AS shared_amount
          FROM (SELECT out_number AS number FROM allocation_receipt
                UNION ALL SELECT posting_number FROM allocation_difference
                           WHERE posting_number IS NOT NULL) AS posting
          LEFT JOIN (SELECT posting_number, SUM(amount) AS amount FROM ledger_transfer
                      GROUP BY posting_number) AS booked ON booked.posting_number = posting.number
          LEFT JOIN (SELECT posting_number, SUM(amount) AS amount FROM allocation_share
                      GROUP BY posting_number) AS shared ON shared.posting_number = posting.number
         WHERE COALESCE(booked.amount, 0) <> COALESCE(shared.amount, 0)
         ORDER BY posting.number
        """,
        "Chứng từ phân bổ số {number} ghi {booked_amount} nhưng các dòng của phiếu cộng lại {shared_amount}.",
    ),
)
