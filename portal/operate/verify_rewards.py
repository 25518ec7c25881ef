"""What must agree between rewards, their decisions, candidates, and the money of prizes."""

from __future__ import annotations

from portal.operate.verify_check import Check

REWARDS: tuple[Check, ...] = (
    Check(
        "Số quyết định dùng một lần trong năm, kể cả quyết định khen thưởng",
        """
        SELECT reward_decision.number AS number, reward_decision.year AS year, unit.name AS unit
          FROM reward_decision
          JOIN decision ON decision.unit_id = reward_decision.unit_id AND decision.year = reward_decision.year
               AND decision.number = reward_decision.number AND decision.kind = 'decision'
          JOIN unit ON unit.id = reward_decision.unit_id
         ORDER BY reward_decision.id
        """,
        "Số {number} năm {year} của {unit} vừa là quyết định khen thưởng, vừa là quyết định hỗ trợ.",
    ),
    Check(
        "Mỗi dòng của quyết định khen đã ban hành là một phần thưởng",
        """
        SELECT decided.id AS decision, COALESCE(decided.number, '') AS number, COUNT(line.id) AS listed,
               COUNT(reward.id) AS given
          FROM reward_decision AS decided
          LEFT JOIN reward_decision_row AS line ON line.decision_id = decided.id
          LEFT JOIN reward ON reward.nomination_id = line.nomination_id AND reward.decision_id = decided.id
         WHERE decided.what = 'award' AND decided.state = 'issued'
         GROUP BY decided.id, decided.number
        HAVING COUNT(line.id) <> COUNT(reward.id) OR COUNT(line.id) = 0
         ORDER BY decided.id
        """,
        "Quyết định khen {decision} ({number}) có {listed} dòng nhưng {given} phần thưởng.",
    ),
    Check(
        "Phần thưởng chỉ thu hồi bằng quyết định",
        """
        SELECT reward.id AS reward, reward.name AS name
          FROM reward
          LEFT JOIN reward_decision_row AS line ON line.reward_id = reward.id
          LEFT JOIN reward_decision AS gone ON gone.id = line.decision_id AND gone.state = 'issued'
         WHERE (reward.until IS NULL AND gone.id IS NOT NULL)
            OR (reward.until IS NOT NULL AND (gone.id IS NULL OR gone.entry <> reward.until))
         ORDER BY reward.id
        """,
        "Phần thưởng số {reward}: tình trạng thu hồi khác quyết định thu hồi.",
    ),
    Check(
        "Người được đề xuất khen đúng tổng các khoản làm căn cứ",
        """
        SELECT candidate.id AS candidate, candidate.run_id AS run, candidate.amount AS kept_amount,
               COALESCE(SUM(evidence.amount), 0) AS found_amount
          FROM reward_candidate AS candidate
          LEFT JOIN reward_evidence AS evidence ON evidence.candidate_id = candidate.id
         GROUP BY candidate.id, candidate.run_id, candidate.amount
        HAVING candidate.amount <> COALESCE(SUM(evidence.amount), 0)
         ORDER BY candidate.id
        """,
        "Danh sách đề xuất {run}, người {candidate}: ghi {kept_amount}, các khoản cộng lại {found_amount}.",
    ),
    Check(
        "Tiền thưởng chi theo đúng phần thưởng",
        """
        SELECT reward.id AS reward, COALESCE(reward.prize, 0) AS prize_amount, line.amount AS decided_amount
          FROM reward_prize AS prize
          JOIN reward ON reward.id = prize.reward_id
          JOIN decision_row AS line ON line.id = prize.decision_row_id
         WHERE COALESCE(reward.prize, 0) <> line.amount
         ORDER BY reward.id
        """,
        "Phần thưởng số {reward} có tiền thưởng {prize_amount}, quyết định chi ghi {decided_amount}.",
    ),
    Check(
        "Tiền thưởng thu lại đúng chứng từ, không quá số đã chi",
        """
        SELECT back.posting_number AS number, back.amount AS kept_amount,
               COALESCE(MAX(transfer.amount), 0) AS booked_amount
          FROM prize_back AS back
          JOIN reward ON reward.id = back.reward_id
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = back.posting_number
          LEFT JOIN ledger_posting AS undone ON undone.reverses = back.posting_number
         GROUP BY back.posting_number, back.amount, back.reversed, back.reward_id, reward.until
        HAVING back.amount <> COALESCE(SUM(transfer.amount), 0) OR reward.until IS NULL
            OR (COUNT(undone.number) > 0 AND NOT back.reversed) OR (COUNT(undone.number) = 0 AND back.reversed)
            OR (NOT back.reversed AND back.amount > (
                SELECT COALESCE(SUM(paid.amount), 0)
                  FROM voucher_row AS paid
                  JOIN voucher ON voucher.id = paid.voucher_id AND voucher.state = 'paid'
                  JOIN reward_prize AS prize ON prize.decision_row_id = paid.decision_row_id
                 WHERE prize.reward_id = back.reward_id AND paid.refused IS NULL)
              + (SELECT COALESCE(SUM(direct.amount), 0)
                  FROM in_and_out AS direct
                  JOIN reward_prize AS prize ON prize.decision_row_id = direct.decision_row_id
                  LEFT JOIN ledger_posting AS mirror ON mirror.reverses = direct.posting_number
                 WHERE prize.reward_id = back.reward_id AND direct.posting_number IS NOT NULL
                   AND mirror.number IS NULL))
         ORDER BY back.posting_number
        """,
        "Chứng từ số {number} thu lại tiền thưởng {kept_amount}: khác sổ ({booked_amount}), hoặc quá số đã chi.",
    ),
)
