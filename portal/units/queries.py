"""Finding units: by code and day, with all below, and what they print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import in_words
from portal.units.models import PaperForm, Unit, UnitSuccession, UnitText
from portal.units.rules import default_texts

COMMUNE_SPELLINGS = [
    spelling
    for level in ("xã", "phường", "thị trấn", "đặc khu")
    for spelling in (level, level.capitalize(), level.title(), level.upper())
]


@lru_cache(maxsize=1024)
def subtree(unit_id: int) -> Select[tuple[int]]:
    """Ids of the unit and of every unit below it, as a select to use in `IN`; pure, so each is built once."""
    # unnamed, because one statement may ask twice
    tree = select(Unit.id).where(Unit.id == unit_id).cte(recursive=True)
    child = aliased(Unit)
    tree = tree.union_all(select(child.id).where(child.parent_id == tree.c.id))
    return select(tree.c.id)


def lies_below_commune() -> ColumnElement[bool]:
    """Condition: a hamlet (thôn, ấp, khu phố of a commune), which has no books."""
    above = aliased(Unit)
    return exists().where(above.id == Unit.parent_id, above.level.in_(COMMUNE_SPELLINGS))


def keeps_books() -> ColumnElement[bool]:
    """Condition: a living unit that may have books of its own, so no hamlet."""
    return and_(Unit.valid_to.is_(None), ~lies_below_commune())


def unit_at(code: str, day: date) -> Unit | None:
    """The unit that bears `code` on `day`, else the last one before it, else None (codes are reused)."""
    bearers = select(Unit).where(Unit.code == code, Unit.valid_from <= day)
    return db.session.scalar(bearers.order_by(Unit.valid_from.desc()).limit(1))


def unit_or_refused(code: str, day: date, *, field: str | None = None) -> Unit:
    """`unit_at`, or Refused with a sentence at `field`."""
    unit = unit_at(code, day)
    if unit is None:
        raise Refused(f"Chưa có đơn vị mang mã “{code}”. Nhập danh mục đơn vị trước, hoặc sửa mã.", field)
    return unit


def successors(unit: Unit) -> list[Unit]:
    """Who takes over from a unit, in the order of the day and name."""
    rows = select(Unit).join(UnitSuccession, UnitSuccession.successor_id == Unit.id)
    rows = rows.where(UnitSuccession.predecessor_id == unit.id)
    return list(db.session.scalars(rows.order_by(UnitSuccession.on, Unit.name)))


def ended_text(unit: Unit) -> str:
    """The sentence for a document dated after the end of `unit`: it names who follows."""
    ended = f"{unit.name} đã kết thúc ngày {unit.valid_to:%d/%m/%Y}"
    names = [f"{successor.name} (mã {successor.code})" for successor in successors(unit)]
    if not names:
        return (
            f"{ended}, chưa ghi đơn vị kế thừa. "
            "Sửa ngày chứng từ, hoặc ghi đơn vị kế thừa trong danh mục đơn vị."
        )
    return f"{ended}, đơn vị kế thừa là {', '.join(names)}. Ghi vào đơn vị kế thừa, hoặc sửa ngày chứng từ."


def top_unit() -> Unit | None:
    """The unit whose portal this is: the first one without a parent (in an empty portal None)."""
    newest = select(Unit).where(Unit.parent_id.is_(None), Unit.valid_to.is_(None)).order_by(Unit.id).limit(1)
    return db.session.scalar(newest) or db.session.scalar(select(Unit).order_by(Unit.id).limit(1))


@dataclass(frozen=True)
class UnitTexts:
    """What a unit prints; "" where nothing is set (papers show dotted lines)."""

    owner_name: str = ""
    issuing_body: str = ""  # lines, parted by newlines
    issuing_office: str = ""
    committee: str = ""
    place: str = ""
    address: str = ""
    phone: str = ""
    tax_code: str = ""
    head: str = ""
    accountant: str = ""
    treasurer: str = ""
    signer_title: str = ""
    signer_name: str = ""
    zero_word: str = "lẻ"
    thousand: str = "nghìn"
    four: str = "tư"
    helped_often: str = "3"  # from so many times a year on helping a household again needs a reason

    def in_words(self, amount: int) -> str:
        """An amount (đồng) in the words that the unit has chosen ("lẻ" or "linh", "nghìn" or "ngàn" …)."""
        return in_words(amount, zero_word=self.zero_word, thousand=self.thousand, four=self.four)

    @property
    def issuing_lines(self) -> list[str]:
        """The issuing body line by line."""
        return self.issuing_body.split("\n") if self.issuing_body else []


def unit_texts(unit: Unit, day: date) -> UnitTexts:
    """The texts of `unit` as they stood on `day`, over defaults made from its name."""
    valid = or_(UnitText.valid_to.is_(None), UnitText.valid_to >= day)
    rows = select(UnitText.key, UnitText.value).where(
        UnitText.unit_id == unit.id, UnitText.valid_from <= day, valid
    )
    known = UnitTexts.__dataclass_fields__
    kept = {
        key: value for key, value in db.session.execute(rows.order_by(UnitText.valid_from)) if key in known
    }
    return UnitTexts(**{**default_texts(unit.name), **kept})


def paper_form(key: str, unit_id: int, day: date) -> PaperForm | None:
    """What stands on a paper of this kind on a day ("Mẫu số C20-HD"): the unit's own row, else everybody's."""
    valid = or_(PaperForm.valid_to.is_(None), PaperForm.valid_to >= day)
    mine = or_(PaperForm.unit_id.is_(None), PaperForm.unit_id == unit_id)
    rows = select(PaperForm).where(PaperForm.key == key, PaperForm.valid_from <= day, mine, valid)
    return db.session.scalar(rows.order_by(PaperForm.unit_id.is_(None), PaperForm.valid_from.desc()).limit(1))
