"""What the public may see of a gift. Donors choose per gift (họ tên · viết tắt · ẩn danh) and may change it later.

Not asked means not agreed: a person's name then stays out, an organisation's or company's does not (personal data is
about people: Luật 91/2025/QH15). The text of a bank transfer is public with its numbers masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.kit.masking import mask_public
from portal.kit.vietnamese import initials

if TYPE_CHECKING:
    from portal.donations.models import Donation

ANONYMOUS = "Nhà hảo tâm"
UNKNOWN = "Không rõ tên"
NAME, INITIALS, HIDDEN = "name", "initials", "anonymous"
NOT_PERSONAL = ("organisation", "company", "group")


def shown_name(donor_name: str | None, donor_kind: str | None, shown_as: str | None) -> str:
    """The giver as public pages and searches may name them."""
    if not donor_name:
        return UNKNOWN
    if shown_as == NAME or (shown_as is None and donor_kind in NOT_PERSONAL):
        return mask_public(donor_name)
    return initials(donor_name) if shown_as == INITIALS else ANONYMOUS


def shown_text(donation: Donation) -> str:
    """One line for public lists: the masked text of a transfer, else the name as the donor wants it."""
    if donation.text:
        return mask_public(donation.text)
    return shown_name(donation.donor_name, donation.donor_kind, donation.shown_as)


def public_text(donation: Donation) -> str:
    """Everything of a gift that a public search may find."""
    name = shown_name(donation.donor_name, donation.donor_kind, donation.shown_as)
    parts = [shown_text(donation)]
    if donation.text and donation.donor_name and name != ANONYMOUS:
        parts.append(name)
    return " ".join(parts)
