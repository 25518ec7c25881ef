"""What the public may see of a gift. Donors choose per gift (họ tên · viết tắt · ẩn danh) and may change it.

Not asked means not agreed: a person's name then stays out, an organisation's or company's does not (personal
data is about people: Luật 91/2025/QH15; which kinds of donors are people is data). The text of a bank transfer
is public with its numbers masked, unless the giver wants to be hidden or the account does not publish its
statement: it would name them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.donations.rules import ACCOUNTING_SERIES, GOODS_SERIES
from portal.donors.queries import is_personal
from portal.kit.masking import mask_public
from portal.kit.vietnamese import initials

if TYPE_CHECKING:
    from portal.donations.models import Donation

ANONYMOUS = "Nhà hảo tâm"
UNKNOWN = "Không rõ tên"
NAME, INITIALS, HIDDEN = "name", "initials", "anonymous"


def shown_name(donor_name: str | None, donor_kind: str | None, shown_as: str | None) -> str:
    """The giver as public pages and searches may name them."""
    if not donor_name:
        return UNKNOWN
    if shown_as == NAME or (shown_as is None and not is_personal(donor_kind)):
        return mask_public(donor_name)
    return initials(donor_name) if shown_as == INITIALS else ANONYMOUS


def giver(donation: Donation) -> str:
    """`shown_name` of a gift."""
    return shown_name(donation.donor_name, donation.donor_kind, donation.shown_as)


def transfer_text(donation: Donation, *, published: bool = True) -> str | None:
    """What the bank or the giver wrote, masked; None where there is nothing the public may read."""
    if not donation.text or not published or donation.shown_as in (INITIALS, HIDDEN):
        return None
    return mask_public(donation.text)


def receipt_number(donation: Donation) -> str | None:
    """The number on the gift's receipt as people say it, "0413/2026", or the one of a paper book."""
    posting = donation.posting
    if posting.series is not None:
        return f"{posting.series_no:04d}/{posting.series_year}"
    return mask_public(donation.paper_number) if donation.paper_number else None


def receipt_label(donation: Donation) -> str:
    """What the paper of a gift is called: goods alone come with a goods receipt."""
    names = {GOODS_SERIES: "Phiếu nhập kho", ACCOUNTING_SERIES: "Phiếu kế toán"}
    return names.get(donation.posting.series or "", "Phiếu thu")


def goods_text(donation: Donation) -> str | None:
    """Goods with their quantity, "20 thùng mì"; None for money."""
    if not donation.goods:
        return None
    return mask_public(
        " ".join(part for part in (donation.quantity, donation.measure, donation.goods) if part)
    )


def shown_text(donation: Donation, *, published: bool = True) -> str:
    """One line for public lists: the masked text of a transfer, else receipt and name as the donor wants."""
    text = transfer_text(donation, published=published)
    if text:
        return text
    receipt, goods = receipt_number(donation), goods_text(donation)
    name = giver(donation) + (f", {goods}" if goods else "")
    return f"{receipt_label(donation)} {receipt}: {name}" if receipt else name


def public_text(donation: Donation, *, published: bool = True) -> str:
    """Everything of a gift that a public search may find."""
    name = giver(donation)
    parts = [shown_text(donation, published=published)]
    if name not in (ANONYMOUS, UNKNOWN) and name not in parts[0]:
        parts.append(name)
    paper = donation.posting.paper_number
    if paper:
        parts.append(paper)
    return " ".join(parts)
