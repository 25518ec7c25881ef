"""What must agree between advances, what is kept for absent people, and the books."""

from __future__ import annotations

from portal.operate.verify_check import Check

_BALANCE = """
    SELECT account.unit_id AS unit_id, account.fund_id AS fund_id, account.holder_id AS holder_id,
           SUM(total.debit - total.credit) AS booked
      FROM ledger_account AS account JOIN ledger_day_total AS total ON total.account_id = account.id
     WHERE account.kind = '{kind}' GROUP BY account.unit_id, account.fund_id, account.holder_id
"""

ADVANCES: tuple[Check, ...] = (
    Check(
        "Tạm ứng của từng người bằng các khoản chưa thanh toán",
        f"""
        SELECT "user".name AS person, SUM(both_sides.booked) AS booked_amount, SUM(both_sides.told) AS open_amount
          FROM (SELECT unit_id, fund_id, holder_id, booked, 0 AS told FROM ({_BALANCE.format(kind="advance")}) AS kept
                UNION ALL
                SELECT voucher.unit_id, voucher.fund_id, voucher.officer_id, 0, given.amount
                  FROM voucher JOIN voucher_row AS given ON given.voucher_id = voucher.id AND given.refused IS NULL
                 WHERE voucher.what = 'advance' AND voucher.state = 'paid'
                UNION ALL
                SELECT voucher.unit_id, voucher.fund_id, voucher.officer_id, 0,
                       -(told.paid + told.absent + told.returned)
                  FROM advance_settlement AS settlement
                  JOIN voucher ON voucher.id = settlement.voucher_id
                  JOIN advance_settlement_row AS told ON told.settlement_id = settlement.id
                 WHERE settlement.approved AND NOT settlement.reversed) AS both_sides
          JOIN "user" ON "user".id = both_sides.holder_id
         GROUP BY both_sides.unit_id, both_sides.fund_id, "user".id, "user".name
        HAVING SUM(both_sides.booked) <> SUM(both_sides.told)
         ORDER BY "user".id
        """,  # noqa: S608
        "{person}: sổ ghi đang giữ {booked_amount} tạm ứng, các khoản chưa thanh toán cộng lại {open_amount}.",
    ),
    Check(
        "Tiền giữ cho người vắng bằng các khoản chưa trao",
        f"""
        SELECT unit.name AS unit, SUM(both_sides.booked) AS booked_amount, SUM(both_sides.told) AS open_amount
          FROM (SELECT unit_id, fund_id, -booked AS booked, 0 AS told FROM ({_BALANCE.format(kind="held")}) AS kept
                UNION ALL
                SELECT unit_id, fund_id, 0, amount FROM put_aside WHERE NOT void AND ended IS NULL) AS both_sides
          JOIN unit ON unit.id = both_sides.unit_id
         GROUP BY both_sides.unit_id, both_sides.fund_id, unit.name
        HAVING SUM(both_sides.booked) <> SUM(both_sides.told)
         ORDER BY both_sides.unit_id
        """,  # noqa: S608
        "{unit}: sổ ghi giữ hộ {booked_amount}, các khoản chưa trao cộng lại {open_amount}.",
    ),
    Check(
        "Người duyệt thanh toán khác người lập và người nhận tạm ứng",
        """
        SELECT settlement.id AS settlement, "user".name AS person
          FROM advance_settlement AS settlement
          JOIN voucher ON voucher.id = settlement.voucher_id
          JOIN "user" ON "user".id = settlement.answered_by_id
         WHERE settlement.approved
           AND (settlement.answered_by_id = settlement.prepared_by_id OR settlement.answered_by_id = voucher.officer_id)
         ORDER BY settlement.id
        """,
        "Giấy thanh toán {settlement}: {person} duyệt việc của chính mình.",
    ),
)
