"""What must agree in the stores: kept stock = movements, value = transfers, nothing below zero on any day."""

from __future__ import annotations

from portal.operate.verify_check import Check

_NAMES = """
          JOIN store ON store.id = {rows}.store_id
          JOIN item ON item.id = {rows}.item_id
"""
# a document within a unit moves value between stores or shapes without a transfer; so does its reversal
_WITHIN = """
    SELECT posting.number FROM ledger_posting AS posting
      LEFT JOIN ledger_posting AS original ON original.number = posting.reverses
     WHERE COALESCE(original.kind, posting.kind) = 'internal'
"""

GOODS: tuple[Check, ...] = (
    Check(
        "Tồn kho bằng tổng nhập xuất",
        f"""
        SELECT store.code AS store, item.code AS item, item.measure AS measure,
               SUM(kept) / 1000.0 AS kept, SUM(moved) / 1000.0 AS moved,
               SUM(kept_value) AS kept_amount, SUM(moved_value) AS moved_amount
          FROM (SELECT store_id, item_id, lot_key, quantity AS kept, 0 AS moved, value AS kept_value,
                       0 AS moved_value FROM stock_balance
                UNION ALL
                SELECT store_id, item_id, COALESCE(lot_id, 0), 0, quantity, 0, COALESCE(value, 0)
                  FROM stock_movement) AS both_sides
        {_NAMES.format(rows="both_sides")}
         GROUP BY store.code, item.code, item.measure, lot_key
        HAVING SUM(kept) <> SUM(moved) OR SUM(kept_value) <> SUM(moved_value)
         ORDER BY 1, 2
        """,  # noqa: S608
        "Kho {store}, mặt hàng {item}: tồn ghi {kept} {measure} trị giá {kept_amount}; cộng nhập xuất là {moved} "
        "trị giá {moved_amount}.",
    ),
    Check(
        "Không ngày nào tồn kho âm",
        f"""
        SELECT store.code AS store, item.code AS item, days.day AS day, days.left_quantity / 1000.0 AS quantity,
               item.measure AS measure, days.left_value AS left_amount
          FROM (SELECT store_id, item_id, booked_on AS day,
                       SUM(moved) OVER (PARTITION BY store_id, item_id, lot_key ORDER BY booked_on)
                           AS left_quantity,
                       SUM(worth) OVER (PARTITION BY store_id, item_id, lot_key ORDER BY booked_on) AS left_value
                  FROM (SELECT store_id, item_id, COALESCE(lot_id, 0) AS lot_key, booked_on,
                               SUM(quantity) AS moved, SUM(COALESCE(value, 0)) AS worth
                          FROM stock_movement
                         GROUP BY store_id, item_id, COALESCE(lot_id, 0), booked_on) AS by_day) AS days
        {_NAMES.format(rows="days")}
         WHERE days.left_quantity < 0 OR days.left_value < 0
         ORDER BY 3, 1, 2
        """,  # noqa: S608
        "Kho {store}, mặt hàng {item}: hết ngày {day} còn {quantity} {measure}, trị giá {left_amount}.",
    ),
    Check(
        "Nhập xuất kho bằng bút toán của nó",
        f"""
        SELECT movement.posting_number AS number, movement.ordinal AS ordinal, movement.value AS moved_amount,
               transfer.amount AS booked_amount
          FROM stock_movement AS movement
          JOIN store ON store.id = movement.store_id
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = movement.posting_number
                AND transfer.ordinal = movement.ordinal
          LEFT JOIN ledger_account AS place ON place.id =
               CASE WHEN movement.quantity > 0 THEN transfer.debit_id ELSE transfer.credit_id END
         WHERE CASE WHEN movement.value IS NULL OR movement.posting_number IN ({_WITHIN})
                    THEN transfer.amount IS NOT NULL
                    ELSE transfer.amount IS NULL OR transfer.amount <> ABS(movement.value)
                         OR (movement.quantity > 0) <> (movement.value > 0) OR place.kind <> 'store'
                         OR place.unit_id <> store.unit_id OR place.fund_id <> store.fund_id END
         ORDER BY 1, 2
        """,  # noqa: S608
        "Chứng từ số {number}, dòng kho {ordinal} trị giá {moved_amount}; bút toán của nó là {booked_amount}.",
    ),
    Check(
        "Bút toán kho có nhập xuất của nó",
        """
        SELECT transfer.posting_number AS number, transfer.ordinal AS ordinal, transfer.amount AS booked_amount
          FROM ledger_transfer AS transfer
          JOIN ledger_account AS place ON place.id IN (transfer.debit_id, transfer.credit_id)
               AND place.kind = 'store'
          JOIN stock_document AS document ON document.posting_number = transfer.posting_number
          LEFT JOIN stock_movement AS movement ON movement.posting_number = transfer.posting_number
               AND movement.ordinal = transfer.ordinal
         WHERE movement.ordinal IS NULL
         ORDER BY 1, 2
        """,
        "Chứng từ kho số {number}, bút toán {ordinal} ({booked_amount}): không có dòng nhập xuất nào.",
    ),
    Check(
        "Hàng đổi chỗ, đổi dạng giữ nguyên giá trị",
        f"""
        SELECT movement.posting_number AS number, SUM(COALESCE(movement.value, 0)) AS left_amount
          FROM stock_movement AS movement
         WHERE movement.posting_number IN ({_WITHIN})
         GROUP BY movement.posting_number
        HAVING SUM(COALESCE(movement.value, 0)) <> 0
         ORDER BY 1
        """,  # noqa: S608
        "Chứng từ kho số {number}: giá trị vào và ra lệch nhau {left_amount}.",
    ),
    Check(
        "Đảo phiếu kho là hình ảnh ngược của nhập xuất gốc",
        """
        SELECT reversal.number AS number, reversal.reverses AS original, movement.ordinal AS ordinal
          FROM ledger_posting AS reversal
          JOIN stock_movement AS movement ON movement.posting_number IN (reversal.number, reversal.reverses)
          LEFT JOIN stock_movement AS twin ON twin.ordinal = movement.ordinal
               AND twin.posting_number IN (reversal.number, reversal.reverses)
               AND twin.posting_number <> movement.posting_number
               AND twin.store_id = movement.store_id AND twin.item_id = movement.item_id
               AND COALESCE(twin.lot_id, 0) = COALESCE(movement.lot_id, 0)
               AND twin.quantity = -movement.quantity
               AND COALESCE(twin.value, 0) = -COALESCE(movement.value, 0)
         WHERE reversal.reverses IS NOT NULL AND twin.ordinal IS NULL
         ORDER BY 1, 3
        """,
        "Bút toán đảo số {number} khác chứng từ gốc số {original} ở dòng kho {ordinal}.",
    ),
)
