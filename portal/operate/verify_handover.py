"""What must agree between what was told at a hand-over, its settlements, the goods that are kept, and closed lists."""

from __future__ import annotations

from portal.operate.verify_check import Check

HANDOVER: tuple[Check, ...] = (
    Check(
        "Kết quả trao của mỗi hộ là lần ghi cuối",
        """
        SELECT list.id AS list, line.ordinal AS ordinal
          FROM distribution_row AS line
          JOIN distribution AS list ON list.id = line.distribution_id
          JOIN distribution_answer AS answer ON answer.row_id = line.id
         WHERE answer.id = (SELECT MAX(later.id) FROM distribution_answer AS later WHERE later.row_id = line.id)
           AND COALESCE(answer.outcome, '') <> COALESCE(line.outcome, '')
         ORDER BY list.id, line.ordinal
        """,
        "Đợt trao quà số {list}, hộ thứ {ordinal}: kết quả khác lần ghi cuối.",
    ),
    Check(
        "Hộ đã thanh toán giữ đúng kết quả, mỗi hộ một lần",
        """
        SELECT settlement.distribution_id AS list, line.ordinal AS ordinal
          FROM distribution_settled_row AS settled
          JOIN distribution_settlement AS settlement ON settlement.id = settled.settlement_id
          JOIN distribution_row AS line ON line.id = settled.row_id
         WHERE settlement.state IN ('asked', 'approved')
         GROUP BY settlement.distribution_id, line.id, line.ordinal, line.outcome
        HAVING COUNT(*) > 1 OR MIN(settled.outcome) <> COALESCE(MIN(line.outcome), '')
         ORDER BY 1, 2
        """,
        "Đợt trao quà số {list}, hộ thứ {ordinal}: thanh toán hai lần hoặc khác kết quả đã ghi.",
    ),
    Check(
        "Hàng giữ hộ trong kho bằng các phần quà chưa trao",
        """
        SELECT store.name AS store, item.name AS item, SUM(sides.lies) AS lies, SUM(sides.kept) AS kept
          FROM (SELECT store_id, item_id, quantity AS lies, 0 AS kept FROM stock_balance
                 WHERE store_id IN (SELECT store_id FROM distribution_kept)
                UNION ALL
                SELECT kept.store_id, part.item_id, 0, part.quantity
                  FROM distribution_kept AS kept
                  JOIN distribution_row AS line ON line.id = kept.row_id
                  JOIN distribution_portion_item AS part ON part.portion_id = line.portion_id
                 WHERE kept.ended IS NULL AND NOT kept.void) AS sides
          JOIN store ON store.id = sides.store_id
          JOIN item ON item.id = sides.item_id
         GROUP BY store.id, store.name, item.id, item.name
        HAVING SUM(sides.lies) <> SUM(sides.kept)
         ORDER BY store.id, item.id
        """,
        "{store}, {item}: trong kho {lies} phần nghìn, các phần giữ hộ cộng lại {kept} phần nghìn.",
    ),
    Check(
        "Đợt đã khóa thì mọi hộ đã thanh toán và hộ đã nhận có trang ký",
        """
        SELECT list.id AS list, line.ordinal AS ordinal
          FROM distribution AS list
          JOIN distribution_row AS line ON line.distribution_id = list.id AND line.refused IS NULL
         WHERE list.state = 'closed'
           AND (NOT EXISTS (SELECT 1 FROM distribution_settled_row AS settled
                              JOIN distribution_settlement AS settlement ON settlement.id = settled.settlement_id
                             WHERE settled.row_id = line.id AND settlement.state = 'approved')
                OR (line.outcome IN ('received', 'proxy')
                    AND NOT EXISTS (SELECT 1 FROM distribution_scan AS scan
                                      JOIN distribution_sheet AS sheet ON sheet.id = scan.sheet_id
                                     WHERE sheet.distribution_id = list.id AND scan.dropped IS NULL
                                       AND line.ordinal BETWEEN sheet.first AND sheet.last)))
         ORDER BY list.id, line.ordinal
        """,
        "Đợt trao quà số {list} đã khóa mà hộ thứ {ordinal} chưa thanh toán hoặc chưa có trang ký.",
    ),
    Check(
        "Người duyệt thanh toán trao quà khác người lập và người đi trao",
        """
        SELECT settlement.distribution_id AS list, "user".name AS person
          FROM distribution_settlement AS settlement
          JOIN distribution AS list ON list.id = settlement.distribution_id
          JOIN "user" ON "user".id = settlement.answered_by_id
         WHERE settlement.state IN ('approved', 'reversed')
           AND settlement.answered_by_id IN (settlement.asked_by_id, list.officer_id)
         ORDER BY settlement.id
        """,
        "Đợt trao quà số {list}: {person} vừa duyệt thanh toán vừa lập hoặc đi trao.",
    ),
)
