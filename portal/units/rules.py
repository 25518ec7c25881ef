"""Pure rules over the names of units."""

from portal.kit.vietnamese import fold

LEVELS = ("tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "đặc khu", "khu vực")
COMMUNE_LEVELS = frozenset(("xa", "phuong", "thi tran", "dac khu"))


def is_commune(level: str | None) -> bool:
    """Whether a unit of this level is a commune (xã, phường, đặc khu); what lies below is a hamlet."""
    return fold(level) in COMMUNE_LEVELS


def default_texts(name: str) -> dict[str, str]:
    """What papers print until a unit has set its own texts: made from "Xã Tân Phú Hòa"."""
    small = name[:1].lower() + name[1:] if name.lower().startswith(LEVELS) else name
    return {
        "owner_name": f"Ủy ban MTTQ Việt Nam {small}",
        "issuing_body": f"ỦY BAN MTTQ VIỆT NAM\n{name.upper()}",
        "issuing_office": "BAN THƯỜNG TRỰC",
        "committee": "BAN VẬN ĐỘNG QUỸ “VÌ NGƯỜI NGHÈO”",
        "place": place_of(name),
        "signer_title": "CHỦ TỊCH",
    }


def place_of(name: str) -> str:
    """The bare place of a unit's name: "Xã Tân Phú Hòa" → "Tân Phú Hòa"; "Quận 11" stays."""
    for level in sorted(LEVELS, key=len, reverse=True):
        if name.lower().startswith(level + " "):
            rest = name[len(level) + 1 :]
            return name if rest.isdigit() else rest
    return name
