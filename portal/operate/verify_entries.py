"""What must agree between other entries, what sponsors paid directly, and the books."""

from __future__ import annotations

from portal.operate.verify_check import Check

ENTRIES: tuple[Check, ...] = (
    Check(
        "Khoản thu, chi khác bằng bút toán của nó",
        """
        SELECT entry.id AS entry, entry.amount AS asked_amount, transfer.amount AS booked_amount,
               posting.number AS number
          FROM other_entry AS entry
          LEFT JOIN ledger_posting AS posting ON posting.number = entry.posting_number
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = posting.number
          LEFT JOIN ledger_account AS gets ON gets.id = transfer.debit_id
         WHERE entry.approved
           AND (posting.kind IS NULL OR posting.kind <> 'other' OR transfer.amount <> entry.amount
                OR entry.gain = (gets.kind = 'other') OR posting.second_id = entry.requested_by_id)
         ORDER BY entry.id
        """,
        "Khoản thu, chi khác số {entry} đã duyệt là {asked_amount}; chứng từ số {number} ghi {booked_amount}, "
        "hoặc khác chiều.",
    ),
    Check(
        "Mỗi lần kiểm quỹ ghi chênh lệch một lần",
        """
        SELECT entry.cash_count_id AS cash_count, COUNT(*) AS times
          FROM other_entry AS entry
         WHERE entry.cash_count_id IS NOT NULL AND (entry.approved IS NULL OR entry.approved)
           AND NOT EXISTS (SELECT 1 FROM ledger_posting AS answer WHERE answer.reverses = entry.posting_number)
         GROUP BY entry.cash_count_id HAVING COUNT(*) > 1
        """,
        "Chênh lệch của lần kiểm quỹ số {cash_count} được ghi {times} lần.",
    ),
    Check(
        "Ghi thu – ghi chi bằng khoản ủng hộ của nó",
        """
        SELECT entry.id AS entry, entry.amount AS asked_amount, donation.amount AS gift_amount
          FROM in_and_out AS entry
          LEFT JOIN donation ON donation.id = entry.donation_id
         WHERE entry.approved
           AND (donation.id IS NULL OR donation.form <> 'direct' OR donation.amount <> entry.amount
                OR donation.posting_number <> entry.posting_number)
         ORDER BY entry.id
        """,
        "Khoản ghi thu – ghi chi số {entry} đã duyệt là {asked_amount}, khoản ủng hộ của nó là {gift_amount}.",
    ),
    Check(
        "Văn bản không bị chi quá số của dòng",
        """
        SELECT decision_row.decision_id AS decision, decision_row.ordinal AS ordinal,
               decision_row.amount AS row_amount, SUM(taken.amount) AS taken_amount
          FROM decision_row
          JOIN (SELECT voucher_row.decision_row_id AS row_id, voucher_row.amount AS amount
                  FROM voucher_row JOIN voucher ON voucher.id = voucher_row.voucher_id
                 WHERE voucher_row.refused IS NULL AND voucher.state IN ('prepared', 'approved', 'paid')
                 UNION ALL
                SELECT entry.decision_row_id, entry.amount FROM in_and_out AS entry
                 WHERE (entry.approved IS NULL OR entry.approved)
                   AND NOT EXISTS (SELECT 1 FROM ledger_posting AS answer
                                    WHERE answer.reverses = entry.posting_number)) AS taken
            ON taken.row_id = decision_row.id
         GROUP BY decision_row.id, decision_row.decision_id, decision_row.ordinal, decision_row.amount
        HAVING SUM(taken.amount) > decision_row.amount
         ORDER BY decision_row.decision_id, decision_row.ordinal
        """,
        "Văn bản số {decision} trong sổ, dòng {ordinal}: được {row_amount} nhưng đã lập phiếu {taken_amount}.",
    ),
)
