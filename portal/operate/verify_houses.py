"""What must agree between houses, their sources, decisions, tranches, checks and minutes, and the books."""

from __future__ import annotations

from portal.operate.verify_check import Check

HOUSES: tuple[Check, ...] = (
    Check(
        "Các nguồn của một căn nhà không vượt dự toán",
        """
        SELECT project.id AS project, COALESCE(project.estimate, 0) AS planned_amount, SUM(source.amount) AS sources_amount
          FROM house_project AS project
          JOIN house_source AS source ON source.project_id = project.id AND NOT source.withdrawn
         GROUP BY project.id, project.estimate
        HAVING SUM(source.amount) > COALESCE(project.estimate, 0)
         ORDER BY project.id
        """,
        "Căn nhà {project}: các nguồn cộng {sources_amount}, dự toán {planned_amount}.",
    ),
    Check(
        "Các đợt cấp của một dòng quyết định không vượt dòng đó",
        """
        SELECT decided.id AS line, decided.amount AS granted_amount, SUM(tranche.amount) AS planned_amount
          FROM house_tranche AS tranche
          JOIN decision_row AS decided ON decided.id = tranche.decision_row_id
         WHERE NOT tranche.withdrawn
         GROUP BY decided.id, decided.amount
        HAVING SUM(tranche.amount) > decided.amount
         ORDER BY decided.id
        """,
        "Dòng quyết định {line} cấp {granted_amount}, các đợt cộng {planned_amount}.",
    ),
    Check(
        "Đợt cấp đúng dòng quyết định và không vượt dòng phiếu chi của nó",
        """
        SELECT tranche.id AS tranche, tranche.amount AS planned_amount, paid.amount AS paid_amount
          FROM house_tranche AS tranche
          JOIN voucher_row AS paid ON paid.id = tranche.voucher_row_id
         WHERE paid.decision_row_id <> tranche.decision_row_id OR paid.amount <> tranche.amount
         ORDER BY tranche.id
        """,
        "Đợt cấp {tranche} là {planned_amount}, dòng phiếu chi ghi {paid_amount} hoặc thuộc dòng quyết định khác.",
    ),
    Check(
        "Đợt cấp đúng dòng quyết định và số tiền nhà tài trợ trả thẳng cho nó",
        """
        SELECT tranche.id AS tranche, tranche.amount AS planned_amount, direct.amount AS paid_amount
          FROM house_tranche AS tranche
          JOIN in_and_out AS direct ON direct.id = tranche.in_and_out_id
         WHERE direct.decision_row_id <> tranche.decision_row_id OR direct.amount <> tranche.amount
            OR (tranche.withdrawn AND direct.posting_number IS NOT NULL)
         ORDER BY tranche.id
        """,
        "Đợt cấp {tranche} là {planned_amount}, ghi thu – ghi chi {paid_amount}, thuộc dòng khác hoặc đợt đã bỏ.",
    ),
    Check(
        "Phiếu chi của một căn nhà trả đúng một đợt cấp đã tới bước",
        """
        SELECT voucher.id AS voucher
          FROM voucher
          JOIN house_decision AS made ON made.decision_id = voucher.decision_id
          JOIN voucher_row AS paid ON paid.voucher_id = voucher.id AND paid.refused IS NULL
          LEFT JOIN house_tranche AS tranche ON tranche.voucher_row_id = paid.id AND NOT tranche.withdrawn
         WHERE voucher.state = 'paid'
           AND (tranche.id IS NULL OR tranche.project_id <> made.project_id
             OR NOT EXISTS (SELECT 1 FROM house_step AS step
                             WHERE step.project_id = made.project_id AND step.undone_at IS NULL
                               AND (step.state = tranche.stage
                                 OR (tranche.stage = 'roofed' AND step.state = 'finished'))))
         ORDER BY voucher.id
        """,
        "Phiếu chi {voucher} của một căn nhà không gắn với đợt cấp nào đã tới bước.",
    ),
    Check(
        "Giá trị căn nhà ở biên bản kiểm tra bằng các nguồn cộng lại",
        """
        SELECT handover.id AS handover, handover.amount AS written_amount, checked.total AS total_amount
          FROM house_handover AS handover
          JOIN house_check AS checked ON checked.project_id = handover.project_id
               AND checked.state = 'signed' AND checked.passed
         WHERE handover.state = 'signed' AND handover.what = 'house' AND handover.amount <> checked.total
         ORDER BY handover.id
        """,
        "Biên bản bàn giao nhà {handover} ghi {written_amount}, biên bản kiểm tra chốt {total_amount}.",
    ),
    Check(
        "Nhà đã bàn giao có biên bản kiểm tra đạt và biên bản bàn giao nhà, đã ký",
        """
        SELECT project.id AS project
          FROM house_project AS project
         WHERE (project.state = 'handed_over')
            <> (EXISTS (SELECT 1 FROM house_handover AS handover
                         WHERE handover.project_id = project.id AND handover.what = 'house'
                           AND handover.state = 'signed'))
            OR (project.state = 'handed_over'
                AND NOT EXISTS (SELECT 1 FROM house_check AS checked
                                 WHERE checked.project_id = project.id AND checked.state = 'signed' AND checked.passed))
         ORDER BY project.id
        """,
        "Căn nhà {project}: tình trạng bàn giao không khớp với biên bản đã ký.",
    ),
    Check(
        "Biên bản bàn giao tiền nhà đúng số tiền của các chứng từ còn hiệu lực",
        """
        SELECT handover.id AS handover, COALESCE(handover.amount, 0) AS written_amount,
               COALESCE(SUM(transfer.amount), 0) AS booked_amount
          FROM house_handover AS handover
          JOIN house_handover_paper AS paper ON paper.handover_id = handover.id
          LEFT JOIN ledger_posting AS back ON back.reverses = paper.posting_number
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = paper.posting_number AND back.number IS NULL
                AND transfer.debit_id IN (SELECT id FROM ledger_account WHERE kind = 'spent')
         WHERE handover.state = 'signed' AND handover.what = 'money'
         GROUP BY handover.id, handover.amount
        HAVING COALESCE(handover.amount, 0) <> COALESCE(SUM(transfer.amount), 0)
         ORDER BY handover.id
        """,
        "Biên bản bàn giao tiền {handover} ghi {written_amount}, các chứng từ của nó chi {booked_amount}.",
    ),
    Check(
        "Căn nhà đã duyệt giữ tên và địa chỉ",
        """
        SELECT project.id AS project
          FROM house_project AS project
         WHERE project.state IN ('approved', 'started', 'roofed', 'finished', 'handed_over')
           AND (project.head_name IS NULL OR project.address IS NULL OR project.frozen_at IS NULL)
         ORDER BY project.id
        """,
        "Căn nhà {project} đã duyệt mà chưa chốt tên, địa chỉ.",
    ),
    Check(
        "Quyết định của một căn nhà đúng các dòng và đợt của nguồn",
        """
        SELECT made.decision_id AS decision
          FROM house_decision AS made
          JOIN decision_row AS decided ON decided.decision_id = made.decision_id
          LEFT JOIN house_decision_row AS line ON line.decision_row_id = decided.id
          LEFT JOIN house_source AS source ON source.id = line.source_id
         WHERE line.decision_row_id IS NULL OR source.kind <> 'fund' OR source.project_id <> made.project_id
            OR COALESCE(source.campaign_id, 0) <> COALESCE(decided.campaign_id, 0)
         ORDER BY made.decision_id
        """,
        "Quyết định {decision} của một căn nhà có dòng không khớp nguồn Quỹ trong dự toán.",
    ),
)
