"""What must agree between single cases, their decisions, minutes, visits and appeals, and the books."""

from __future__ import annotations

from portal.operate.verify_check import Check

CASES: tuple[Check, ...] = (
    Check(
        "Biên bản bàn giao đã ký đúng số tiền của các chứng từ",
        """
        SELECT handover.id AS handover, COALESCE(handover.cash, 0) AS written_amount,
               COALESCE(SUM(transfer.amount), 0) AS booked_amount
          FROM support_case_handover AS handover
          LEFT JOIN support_case_handover_paper AS paper ON paper.handover_id = handover.id
          LEFT JOIN ledger_posting AS posting ON posting.number = paper.posting_number
                AND posting.kind IN ('payment', 'in_and_out')
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = posting.number
                AND transfer.debit_id IN (SELECT id FROM ledger_account WHERE kind = 'spent')
         WHERE handover.state = 'signed'
         GROUP BY handover.id, handover.cash
        HAVING COALESCE(handover.cash, 0) <> COALESCE(SUM(transfer.amount), 0)
         ORDER BY handover.id
        """,
        "Biên bản bàn giao {handover} ghi {written_amount}, các chứng từ của nó chi {booked_amount}.",
    ),
    Check(
        "Biên bản đã ký không dựa vào chứng từ đã đảo",
        """
        SELECT handover.id AS handover, paper.posting_number AS number
          FROM support_case_handover AS handover
          JOIN support_case_handover_paper AS paper ON paper.handover_id = handover.id
          JOIN ledger_posting AS back ON back.reverses = paper.posting_number
         WHERE handover.state = 'signed'
         ORDER BY handover.id, paper.posting_number
        """,
        "Biên bản bàn giao {handover} còn hiệu lực dù chứng từ số {number} đã đảo.",
    ),
    Check(
        "Một chứng từ chỉ bàn giao một lần",
        """
        SELECT paper.posting_number AS number, COUNT(*) AS minutes
          FROM support_case_handover_paper AS paper
          JOIN support_case_handover AS handover ON handover.id = paper.handover_id
         WHERE handover.state = 'signed'
         GROUP BY paper.posting_number
        HAVING COUNT(*) > 1
         ORDER BY paper.posting_number
        """,
        "Chứng từ số {number} nằm trong {minutes} biên bản bàn giao đã ký.",
    ),
    Check(
        "Trường hợp đã bàn giao có biên bản đã ký và không còn phần nào chưa chi",
        """
        SELECT single.id AS number
          FROM support_case AS single
         WHERE single.state = 'done'
           AND (NOT EXISTS (SELECT 1 FROM support_case_handover AS handover
                             WHERE handover.case_id = single.id AND handover.state = 'signed')
             OR EXISTS (SELECT 1 FROM support_case_decision AS made
                          JOIN voucher ON voucher.decision_id = made.decision_id AND voucher.state = 'paid'
                           AND voucher.what = 'payment'
                         WHERE made.case_id = single.id
                           AND voucher.posting_number NOT IN
                               (SELECT paper.posting_number FROM support_case_handover_paper AS paper
                                  JOIN support_case_handover AS handover ON handover.id = paper.handover_id
                                 WHERE handover.state = 'signed')))
         ORDER BY single.id
        """,
        "Trường hợp {number} ghi đã bàn giao nhưng còn phiếu chi ngoài biên bản đã ký.",
    ),
    Check(
        "Hiện vật xuất cho một trường hợp có phiếu xuất còn hiệu lực",
        """
        SELECT goods.posting_number AS number
          FROM support_case_goods AS goods
          LEFT JOIN ledger_posting AS back ON back.reverses = goods.posting_number
          JOIN support_case_decision AS made ON made.decision_id = goods.decision_id
         WHERE goods.reversed <> (back.number IS NOT NULL) OR made.case_id <> goods.case_id
         ORDER BY goods.posting_number
        """,
        "Phiếu xuất số {number} của trường hợp cần giúp: tình trạng đảo hoặc quyết định không khớp.",
    ),
    Check(
        "Con giống, phương tiện theo dõi cộng đủ số đã trao",
        """
        SELECT told.visit_id AS visit, asset.name AS name, asset.count AS given,
               told.alive + told.grown + told.sold + told.lost + told.passed_on AS counted
          FROM support_case_visit_count AS told
          JOIN support_case_asset AS asset ON asset.id = told.asset_id
         WHERE told.alive + told.grown + told.sold + told.lost + told.passed_on <> asset.count
         ORDER BY told.visit_id, told.asset_id
        """,
        "Lần thăm {visit}, {name}: đã trao {given}, ghi được {counted}.",
    ),
    Check(
        "Lời kêu gọi công bố có sự đồng ý và có người thứ hai công bố",
        """
        SELECT appeal.id AS appeal
          FROM case_appeal AS appeal
         WHERE appeal.state <> 'draft'
           AND (appeal.campaign_id IS NULL OR appeal.published_on IS NULL
             OR (appeal.age <> 'adult' AND (appeal.guardian_name IS NULL OR appeal.guardian_on IS NULL))
             OR (appeal.age = 'child' AND appeal.child_on IS NULL)
             OR NOT EXISTS (SELECT 1 FROM case_appeal_text AS text
                             WHERE text.appeal_id = appeal.id AND text.approved
                               AND text.decided_by_id <> text.requested_by_id))
         ORDER BY appeal.id
        """,
        "Lời kêu gọi {appeal} đã công bố mà thiếu sự đồng ý hoặc người thứ hai.",
    ),
    Check(
        "Phần dư của lời kêu gọi chuyển đúng số đã duyệt",
        """
        SELECT asked.id AS surplus, asked.amount + asked.goods AS asked_amount,
               COALESCE(SUM(transfer.amount), 0) AS booked_amount
          FROM case_appeal_surplus AS asked
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = asked.posting_number
         WHERE asked.approved
         GROUP BY asked.id, asked.amount, asked.goods
        HAVING asked.amount + asked.goods <> COALESCE(SUM(transfer.amount), 0)
         ORDER BY asked.id
        """,
        "Phần dư {surplus}: duyệt chuyển {asked_amount}, sổ ghi {booked_amount}.",
    ),
)
