"""What must agree between decisions, vouchers and the books: nothing left the fund that was not decided and approved."""

from __future__ import annotations

from portal.operate.verify_check import Check

SPENDING: tuple[Check, ...] = (
    Check(
        "Phiếu chi đã chi có chứng từ, phiếu chưa chi thì không",
        """
        SELECT voucher.id AS voucher, voucher.state AS state, COALESCE(posting.number, 0) AS posting
          FROM voucher
          LEFT JOIN ledger_posting AS posting ON posting.number = voucher.posting_number
               AND posting.kind IN ('payment', 'advance_paid', 'allocation_sent')
               AND posting.unit_id = voucher.unit_id AND posting.fund_id = voucher.fund_id
          LEFT JOIN ledger_posting AS back ON back.reverses = voucher.posting_number
         WHERE (voucher.state IN ('paid', 'reversed')) <> (posting.number IS NOT NULL)
            OR (voucher.state = 'reversed') <> (back.number IS NOT NULL)
         ORDER BY voucher.id
        """,
        "Phiếu {voucher} ở tình trạng “{state}” nhưng chứng từ (số {posting}) không như vậy.",
    ),
    Check(
        "Chứng từ chi nào cũng có phiếu",
        """
        SELECT posting.number AS number
          FROM ledger_posting AS posting
          LEFT JOIN voucher ON voucher.posting_number = posting.number
         WHERE posting.kind IN ('payment', 'advance_paid', 'allocation_sent') AND voucher.id IS NULL
         ORDER BY posting.number
        """,
        "Chứng từ chi số {number} không có phiếu đã duyệt nào.",
    ),
    Check(
        "Từng dòng đã chi bằng bút toán của nó",
        """
        SELECT voucher.id AS voucher, paid.place AS place, paid.amount AS row_amount,
               COALESCE(transfer.amount, 0) AS booked_amount
          FROM (SELECT voucher_id, amount,
                       ROW_NUMBER() OVER (PARTITION BY voucher_id ORDER BY ordinal) AS place
                  FROM voucher_row WHERE refused IS NULL) AS paid
          JOIN voucher ON voucher.id = paid.voucher_id AND voucher.posting_number IS NOT NULL
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = voucher.posting_number
               AND transfer.ordinal = paid.place
         WHERE transfer.amount IS NULL OR transfer.amount <> paid.amount
         UNION ALL
        SELECT voucher.id, transfer.ordinal, 0, transfer.amount
          FROM voucher
          JOIN ledger_transfer AS transfer ON transfer.posting_number = voucher.posting_number
         WHERE transfer.ordinal > (SELECT COUNT(*) FROM voucher_row
                                    WHERE voucher_row.voucher_id = voucher.id AND refused IS NULL)
         ORDER BY 1, 2
        """,
        "Phiếu {voucher}, dòng {place}: phiếu ghi {row_amount}, sổ ghi {booked_amount}.",
    ),
    Check(
        "Phiếu chi theo đúng văn bản của nó",
        """
        SELECT voucher.id AS voucher, taken.ordinal AS place
          FROM voucher_row AS taken
          JOIN voucher ON voucher.id = taken.voucher_id
          JOIN decision_row AS decided ON decided.id = taken.decision_row_id
          JOIN decision ON decision.id = voucher.decision_id
         WHERE decided.decision_id <> voucher.decision_id OR decision.unit_id <> voucher.unit_id
            OR decision.fund_id <> voucher.fund_id OR decision.state = 'draft'
         ORDER BY voucher.id
        """,
        "Phiếu {voucher}, dòng {place}: dòng của văn bản khác, của đơn vị khác, hoặc văn bản chưa ban hành.",
    ),
    Check(
        "Người duyệt phiếu khác người lập và người chi",
        """
        SELECT voucher.id AS voucher, "user".name AS person
          FROM voucher JOIN "user" ON "user".id = voucher.approved_by_id
         WHERE voucher.state IN ('approved', 'paid', 'reversed')
           AND (voucher.approved_by_id = voucher.prepared_by_id OR voucher.approved_by_id = voucher.paid_by_id)
         ORDER BY voucher.id
        """,
        "Phiếu {voucher}: {person} vừa duyệt vừa lập hoặc chi.",
    ),
    Check(
        "Không chi sau khi văn bản đã thu hồi",
        """
        SELECT voucher.id AS voucher, decision.number AS number
          FROM voucher
          JOIN decision ON decision.id = voucher.decision_id AND decision.state = 'withdrawn'
          JOIN entry ON entry.number = voucher.posting_number
         WHERE entry.recorded_at > decision.withdrawn_at
         ORDER BY voucher.id
        """,
        "Phiếu {voucher} được chi sau khi văn bản {number} đã thu hồi.",
    ),
)
