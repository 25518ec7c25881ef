"""What must agree between gifts and the books: parts of a gift share a document; goods may have no value."""

from __future__ import annotations

from portal.operate.verify_check import Check

DONATIONS: tuple[Check, ...] = (
    Check(
        "Khoản ủng hộ bằng bút toán của nó",
        """
        SELECT donation.id / 10000000 AS day, donation.id % 10000000 AS place,
               donation.amount AS gift_amount, transfer.amount AS booked_amount,
               donation.posting_number AS number, donation.ordinal AS ordinal
          FROM donation
          LEFT JOIN ledger_transfer AS transfer ON transfer.posting_number = donation.posting_number
                AND transfer.ordinal = donation.ordinal
         WHERE COALESCE(transfer.amount, 0) <> donation.amount
         ORDER BY donation.id
        """,
        "Khoản ủng hộ {day}-{place} là {gift_amount} nhưng bút toán {ordinal} của chứng từ số {number} là "
        "{booked_amount}.",
    ),
    Check(
        "Mỗi bút toán ủng hộ là một phần của khoản",
        """
        SELECT posting.number AS number, transfer.ordinal AS ordinal, transfer.amount AS booked_amount
          FROM ledger_posting AS posting
          JOIN ledger_transfer AS transfer ON transfer.posting_number = posting.number
          LEFT JOIN donation ON donation.posting_number = posting.number
                AND donation.ordinal = transfer.ordinal
         WHERE posting.kind IN ('donation', 'in_and_out') AND donation.id IS NULL
         ORDER BY 1, 2
        """,
        "Chứng từ số {number}, bút toán {ordinal} ({booked_amount}): không có khoản ủng hộ nào.",
    ),
    Check(
        "Các phần của một khoản cùng chứng từ, đánh số từ 1, trỏ về phần đầu",
        """
        SELECT donation.id / 10000000 AS day, donation.id % 10000000 AS place,
               donation.posting_number AS number, donation.ordinal AS ordinal
          FROM donation
          JOIN ledger_posting AS posting ON posting.number = donation.posting_number
               AND posting.kind IN ('donation', 'in_and_out')
          LEFT JOIN donation AS head ON head.posting_number = donation.posting_number AND head.ordinal = 1
         WHERE head.id IS NULL
            OR donation.id <> head.id + donation.ordinal - 1
            OR (donation.ordinal = 1 AND donation.part_of IS NOT NULL)
            OR (donation.ordinal > 1 AND COALESCE(donation.part_of, 0) <> head.id)
         ORDER BY donation.id
        """,
        "Khoản ủng hộ {day}-{place} đứng ở phần {ordinal} của chứng từ số {number} nhưng không khớp phần đầu.",
    ),
    Check(
        "Bút toán ủng hộ đi từ nguồn của đúng hình thức",
        """
        SELECT donation.id / 10000000 AS day, donation.id % 10000000 AS place,
               donation.posting_number AS number, source.purpose AS purpose
          FROM donation
          JOIN ledger_posting AS posting ON posting.number = donation.posting_number
               AND posting.kind IN ('donation', 'in_and_out')
          JOIN ledger_transfer AS transfer ON transfer.posting_number = donation.posting_number
               AND transfer.ordinal = donation.ordinal
          JOIN ledger_account AS source ON source.id = transfer.credit_id
         WHERE source.kind <> 'received' OR source.purpose <> donation.form
            OR source.unit_id <> donation.unit_id
         ORDER BY donation.id
        """,
        "Khoản ủng hộ {day}-{place}: chứng từ số {number} ghi từ nguồn “{purpose}”, khác hình thức của khoản.",
    ),
    Check(
        "Ngoại tệ của khoản ủng hộ có khoản của nó",
        """
        SELECT donation.id / 10000000 AS day, donation.id % 10000000 AS place,
               donation.amount AS gift_amount
          FROM foreign_amount AS foreign_money
          JOIN donation ON donation.id = foreign_money.donation_id
         WHERE donation.form NOT IN ('cash', 'bank')
         ORDER BY donation.id
        """,
        "Khoản ủng hộ {day}-{place} ({gift_amount}) có ghi ngoại tệ nhưng không phải tiền.",
    ),
    Check(
        "Đợt của khoản ủng hộ là đợt trong sổ",
        """
        SELECT donation.id / 10000000 AS day, donation.id % 10000000 AS place,
               COALESCE(donation.campaign_id, 0) AS shown, COALESCE(booked.campaign_id, 0) AS counted
          FROM donation
          JOIN ledger_posting AS posting ON posting.number = donation.posting_number
               AND posting.kind IN ('donation', 'in_and_out', 'statement', 'settlement')
          JOIN ledger_transfer AS transfer ON transfer.posting_number = donation.posting_number
               AND transfer.ordinal = donation.ordinal
          JOIN ledger_account AS source ON source.id = transfer.credit_id
          LEFT JOIN (SELECT move.donation_id AS donation_id, MAX(move.posting_number) AS posting_number
                       FROM reclassification AS move
                      WHERE NOT EXISTS (SELECT 1 FROM ledger_posting AS answer
                                         WHERE answer.reverses = move.posting_number)
                      GROUP BY move.donation_id) AS newest ON newest.donation_id = donation.id
          LEFT JOIN reclassification AS last ON last.donation_id = donation.id
                AND last.posting_number = newest.posting_number
          JOIN (SELECT id AS account_id, campaign_id FROM ledger_account) AS booked
               ON booked.account_id = source.id
         WHERE COALESCE(donation.campaign_id, 0)
               <> COALESCE(CASE WHEN newest.donation_id IS NULL THEN booked.campaign_id
                                ELSE last.to_campaign_id END, 0)
         ORDER BY donation.id
        """,
        "Khoản ủng hộ {day}-{place} đang ghi đợt số {shown} nhưng sổ tính vào đợt khác (gốc là số {counted}).",
    ),
)
