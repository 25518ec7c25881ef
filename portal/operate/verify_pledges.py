"""What must agree between pledges and gifts: one present version each, parts = the whole, no match beyond its gift."""

from __future__ import annotations

from portal.operate.verify_check import Check

_NUMBER = "pledge.number AS number, pledge.year AS year, unit.name AS unit"
_NAMES = "JOIN unit ON unit.id = pledge.unit_id"

PLEDGES: tuple[Check, ...] = (
    Check(
        "Mỗi đăng ký có một bản hiện hành",
        f"""
        SELECT {_NUMBER}, COUNT(terms.id) AS versions
          FROM pledge {_NAMES}
          LEFT JOIN pledge_terms AS terms ON terms.pledge_id = pledge.id AND terms.until IS NULL
         GROUP BY pledge.id, pledge.number, pledge.year, unit.name
        HAVING COUNT(terms.id) <> 1
         ORDER BY pledge.id
        """,  # noqa: S608
        "Đăng ký số {number}/{year}, {unit}: có {versions} bản hiện hành, phải có đúng 1.",
    ),
    Check(
        "Các đợt của đăng ký cộng lại bằng số đăng ký",
        f"""
        SELECT {_NUMBER}, COALESCE(terms.amount, 0) AS whole_amount, SUM(part.amount) AS parts_amount
          FROM pledge_terms AS terms
          JOIN pledge_instalment AS part ON part.terms_id = terms.id
          JOIN pledge ON pledge.id = terms.pledge_id {_NAMES}
         GROUP BY terms.id, pledge.number, pledge.year, unit.name, terms.amount
        HAVING SUM(part.amount) <> COALESCE(terms.amount, 0)
         ORDER BY terms.id
        """,  # noqa: S608
        "Đăng ký số {number}/{year}, {unit}: đăng ký {whole_amount}, các đợt cộng lại {parts_amount}.",
    ),
    Check(
        "Khoản ủng hộ không thực hiện đăng ký quá số còn lại của khoản",
        f"""
        SELECT {_NUMBER}, gift.posting_number AS posting, gift.net AS gift_amount, used.matched AS matched_amount
          FROM (SELECT posting_number, ordinal, SUM(amount) AS matched, MIN(pledge_id) AS pledge_id
                  FROM pledge_fulfilment WHERE until IS NULL
                 GROUP BY posting_number, ordinal) AS used
          JOIN (SELECT donation.posting_number, donation.ordinal,
                       CASE WHEN donation.amount = 0 AND reversal.number IS NULL THEN NULL
                            WHEN reversal.number IS NOT NULL THEN 0
                            ELSE donation.amount - COALESCE((
                                SELECT SUM(refund.amount) FROM refund
                                 WHERE refund.donation_id = donation.id AND refund.posting_number IS NOT NULL
                                   AND NOT EXISTS (SELECT 1 FROM ledger_posting AS back
                                                    WHERE back.reverses = refund.posting_number)), 0)
                       END AS net
                  FROM donation
                  LEFT JOIN ledger_posting AS reversal ON reversal.reverses = donation.posting_number) AS gift
            ON gift.posting_number = used.posting_number AND gift.ordinal = used.ordinal
          JOIN pledge ON pledge.id = used.pledge_id {_NAMES}
         WHERE used.matched > gift.net
         ORDER BY gift.posting_number
        """,  # noqa: S608
        "Đăng ký số {number}/{year}, {unit}: chứng từ số {posting} còn {gift_amount} nhưng đã ghép {matched_amount}.",
    ),
)
