"""What must agree between lists of households, their vouchers and what officers carry."""

from __future__ import annotations

from portal.operate.verify_check import Check

_DONE = "('approved', 'released', 'closed')"

DISTRIBUTIONS: tuple[Check, ...] = (
    Check(
        "Mỗi hộ một suất trong một đợt trao",
        f"""
        SELECT MIN(distribution.name) AS list, entry.household_id AS household, COUNT(*) AS times
          FROM distribution_row AS entry
          JOIN distribution ON distribution.id = entry.distribution_id
         WHERE entry.refused IS NULL AND distribution.state IN {_DONE}
           AND (entry.outcome IS NULL OR entry.outcome NOT IN ('refused', 'returned'))
         GROUP BY distribution.round_key, entry.household_id
        HAVING COUNT(*) > 1
         ORDER BY 2
        """,  # noqa: S608
        "Hộ số {household} có {times} suất trong đợt của danh sách “{list}”.",
    ),
    Check(
        "Phiếu chi của danh sách bằng các suất được duyệt",
        """
        SELECT both_sides.list AS list, SUM(both_sides.paid) AS paid_amount, SUM(both_sides.told) AS told_amount
          FROM (SELECT distribution.id AS id, distribution.name AS list, given.amount AS paid, 0 AS told
                  FROM distribution
                  JOIN voucher ON voucher.id = distribution.voucher_id AND voucher.state IN ('approved', 'paid')
                  JOIN voucher_row AS given ON given.voucher_id = voucher.id AND given.refused IS NULL
                UNION ALL
                SELECT distribution.id, distribution.name, 0, entry.amount
                  FROM distribution
                  JOIN voucher ON voucher.id = distribution.voucher_id AND voucher.state IN ('approved', 'paid')
                  JOIN distribution_row AS entry ON entry.distribution_id = distribution.id
                   AND entry.refused IS NULL AND entry.amount IS NOT NULL) AS both_sides
         GROUP BY both_sides.id, both_sides.list
        HAVING SUM(both_sides.paid) <> SUM(both_sides.told)
         ORDER BY both_sides.id
        """,
        "Danh sách “{list}”: phiếu chi {paid_amount}, các suất được duyệt cộng lại {told_amount}.",
    ),
    Check(
        "Hàng giao cho người đi trao bằng các suất được duyệt",
        """
        SELECT both_sides.list AS list, item.name AS item, SUM(both_sides.moved) AS moved, SUM(both_sides.told) AS told
          FROM (SELECT distribution.id AS id, distribution.name AS list, movement.item_id AS item_id,
                       movement.quantity AS moved, 0 AS told
                  FROM distribution
                  JOIN distribution_goods AS document ON document.distribution_id = distribution.id
                   AND document.what = 'out' AND NOT document.reversed
                  JOIN stock_movement AS movement ON movement.posting_number = document.posting_number
                   AND movement.quantity > 0
                UNION ALL
                SELECT distribution.id, distribution.name, part.item_id, 0, part.quantity
                  FROM distribution
                  JOIN distribution_goods AS document ON document.distribution_id = distribution.id
                   AND document.what = 'out' AND NOT document.reversed
                  JOIN distribution_row AS entry ON entry.distribution_id = distribution.id AND entry.refused IS NULL
                  JOIN distribution_portion_item AS part ON part.portion_id = entry.portion_id) AS both_sides
          JOIN item ON item.id = both_sides.item_id
         GROUP BY both_sides.id, both_sides.list, item.id, item.name
        HAVING SUM(both_sides.moved) <> SUM(both_sides.told)
         ORDER BY both_sides.id, item.id
        """,
        "Danh sách “{list}”, {item}: phiếu xuất {moved} phần nghìn, các suất được duyệt cộng lại {told}.",
    ),
    Check(
        "Phiếu kho của danh sách đã đảo thì được ghi là đã đảo",
        """
        SELECT document.posting_number AS number, distribution.name AS list
          FROM distribution_goods AS document
          JOIN distribution ON distribution.id = document.distribution_id
          LEFT JOIN ledger_posting AS mirror ON mirror.reverses = document.posting_number
         WHERE (mirror.number IS NULL AND document.reversed) OR (mirror.number IS NOT NULL AND NOT document.reversed)
         ORDER BY 1
        """,
        "Chứng từ số {number} của danh sách “{list}”: sổ và danh sách nói khác nhau về việc đã đảo.",
    ),
)
