"""What must agree between score sheets, their steps and published rankings."""

from __future__ import annotations

from portal.operate.verify_check import Check

MOVEMENTS: tuple[Check, ...] = (
    Check(
        "Điểm chấm không quá điểm chuẩn và điểm thưởng của tiêu chí",
        """
        SELECT entry.id AS number, unit.name AS unit, criterion.code AS code
          FROM score_mark AS mark
          JOIN score_line AS line ON line.id = mark.line_id
          JOIN movement_criterion AS criterion ON criterion.id = line.criterion_id
          JOIN movement_entry AS entry ON entry.id = line.entry_id
          JOIN unit ON unit.id = entry.unit_id
         WHERE mark.points > criterion.points OR mark.bonus > criterion.bonus
         ORDER BY entry.id, criterion.code
        """,
        "Phiếu chấm {number}, {unit}: tiêu chí {code} có điểm cao hơn mức của tiêu chí.",
    ),
    Check(
        "Phiếu đã qua một bước thì có người gửi bước đó",
        """
        SELECT entry.id AS number, unit.name AS unit
          FROM movement_entry AS entry JOIN unit ON unit.id = entry.unit_id
         WHERE entry.kind = 'unit' AND entry.at <> 'self'
           AND NOT EXISTS (SELECT 1 FROM score_step AS step
                            WHERE step.entry_id = entry.id AND step.to_step = entry.at AND (step.returned OR NOT step.void))
         ORDER BY entry.id
        """,
        "Phiếu chấm {number}, {unit}: đang ở một bước mà không có ai gửi tới.",
    ),
    Check(
        "Mỗi kỳ chấm nhiều nhất một bảng xếp hạng còn hiệu lực",
        """
        SELECT movement_round.code AS code, COUNT(*) AS count
          FROM movement_ranking JOIN movement_round ON movement_round.id = movement_ranking.round_id
         WHERE movement_ranking.until IS NULL
         GROUP BY movement_round.code HAVING COUNT(*) > 1
         ORDER BY movement_round.code
        """,
        "Kỳ chấm {code} có {count} bảng xếp hạng cùng còn hiệu lực.",
    ),
    Check(
        "Điểm trong bảng xếp hạng đúng với phiếu đã chốt",
        """
        SELECT movement_rank.id AS number, movement_rank.unit_name AS unit
          FROM movement_rank
          JOIN movement_ranking ON movement_ranking.id = movement_rank.ranking_id
          JOIN movement_entry ON movement_entry.id = movement_rank.entry_id
         WHERE movement_ranking.until IS NULL
           AND (movement_entry.at <> 'done'
                OR movement_rank.points + movement_rank.bonus <> (
                   SELECT COALESCE(SUM(COALESCE(score_mark.points, 0) + COALESCE(score_mark.bonus, 0)), 0)
                     FROM score_mark JOIN score_line ON score_line.id = score_mark.line_id
                    WHERE score_line.entry_id = movement_entry.id AND score_mark.step = 'council'))
         ORDER BY movement_rank.id
        """,
        "Dòng xếp hạng {number}, {unit}: điểm khác phiếu chấm, hoặc phiếu chưa chấm xong.",
    ),
    Check(
        "Hạng đúng thứ tự tổng điểm, bằng điểm thì cùng hạng",
        """
        SELECT one.id AS number, one.unit_name AS unit
          FROM movement_rank AS one
         WHERE one.place <> 1 + (SELECT COUNT(*) FROM movement_rank AS other
                                  WHERE other.ranking_id = one.ranking_id
                                    AND other.points + other.bonus > one.points + one.bonus)
         ORDER BY one.id
        """,
        "Dòng xếp hạng {number}, {unit}: hạng không đúng thứ tự điểm.",
    ),
    Check(
        "Mô hình đang công khai có người công bố và có câu chuyện",
        """
        SELECT good_model.id AS number, unit.name AS unit
          FROM good_model JOIN unit ON unit.id = good_model.unit_id
         WHERE good_model.published_on IS NOT NULL
           AND (good_model.published_by_id IS NULL OR TRIM(good_model.story) = '' OR TRIM(good_model.results) = '')
         ORDER BY good_model.id
        """,
        "Mô hình số {number}, {unit}: đang công khai mà thiếu người công bố, câu chuyện hoặc kết quả.",
    ),
)
