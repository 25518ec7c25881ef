"""The sample's photos: drawn, not taken. A yard with gifts, a house before and after; nobody on them exists."""

from __future__ import annotations

import random
from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import select

from portal.distributions.album import KIND
from portal.distributions.models import Distribution
from portal.distributions.rules import CLOSED, RELEASED
from portal.files import actions
from portal.files.actions_album import attach
from portal.files.models import Picture
from portal.kit.access import APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.storage import present_storage
from portal.sample.province import Province
from portal.units.models import Unit

SIZE = (1280, 960)
HOUSE_SIZE = (1024, 768)
EARTH, SKY, WALL, ROOF = (176, 150, 112), (186, 208, 224), (222, 206, 178), (150, 82, 64)
SHIRTS = ((70, 98, 140), (150, 60, 60), (88, 120, 84), (200, 180, 120), (110, 90, 130))
PHOTOS = (
    ("goods", "Quà xếp sẵn ở nhà văn hóa ấp", False),
    ("handover", "Trao quà cho bà con", True),
    ("handover", "Ký nhận tại bàn", True),
    ("other", "Sân nhà văn hóa trước giờ trao", None),
)


def record_photos(province: Province, chance: random.Random, today: date) -> None:
    """Four photos of a round (or of the commune, while there is no round): two public, one without consent, one unseen."""
    officer, chair = province.people[RECORDER], province.people[APPROVER]
    handed = select(Distribution).where(Distribution.state.in_((RELEASED, CLOSED)))
    round_ = db.session.scalars(handed.order_by(Distribution.id.desc()).limit(1)).first()
    unit: Unit = round_.unit if round_ else province.communes[0]
    storage = present_storage()
    for place, (role, caption, people) in enumerate(PHOTOS):
        made = actions.ready(drawn(role, chance), storage)
        day = today - timedelta(days=3)
        picture = actions.keep_picture(unit, "photo", made, by=officer, caption=caption, taken_on=day)
        if round_ is not None:
            attach(picture, KIND, round_.id, role=role, by=officer)
        _judge(picture, people, place == 1, round_ is not None)
        if picture.people_shown is False or picture.consent:
            actions.publish(picture, actions.made_public(picture, storage), by=chair)


def _judge(picture: Picture, people: bool | None, agreed: bool, in_album: bool) -> None:
    if people is None or not in_album:
        return
    consent = "Cả ba hộ trong ảnh đồng ý, giấy đồng ý lưu tại UBMTTQ xã" if agreed else None
    boxes = [(0.02, 0.8, 0.2, 0.12)] if agreed else []
    actions.look(picture, people_shown=people, consent=consent, boxes=boxes)


def drawn(role: str, chance: random.Random) -> bytes:
    """A scene as a JPEG: sky, a house of the hamlet, gifts or people in front of it."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 520, *SIZE), fill=EARTH)
    draw.rectangle((260, 260, 1020, 560), fill=WALL)
    draw.polygon([(200, 280), (640, 90), (1080, 280)], fill=ROOF)
    draw.rectangle((580, 380, 700, 560), fill=(96, 74, 56))
    for left in (340, 820):
        draw.rectangle((left, 350, left + 120, 450), fill=(120, 144, 160))
    if role == "goods":
        for row in range(3):
            for left in range(120, 1160 - row * 60, 130):
                top = 800 - row * 90
                draw.rectangle((left + row * 30, top, left + row * 30 + 110, top + 84), fill=(206, 180, 130))
                draw.line(
                    (left + row * 30 + 55, top, left + row * 30 + 55, top + 84), fill=(150, 60, 60), width=8
                )
    elif role == "handover":
        for left in (180, 420, 700, 960):
            _person(draw, left + chance.randint(-20, 20), chance)
        draw.rectangle((30, 780, 270, 870), fill=(240, 240, 236))
    return _saved(image.filter(ImageFilter.GaussianBlur(1)))


def _person(draw: ImageDraw.ImageDraw, left: int, chance: random.Random) -> None:
    """Head, shirt, trousers: nobody's."""
    draw.ellipse((left + 30, 470, left + 110, 560), fill=(196, 156, 124))
    draw.rounded_rectangle((left, 560, left + 140, 740), 30, fill=chance.choice(SHIRTS))
    draw.rectangle((left + 20, 740, left + 120, 900), fill=(60, 60, 70))


def _saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def drawn_house(role: str, chance: random.Random) -> bytes:
    """A hut, a trench or a house, by what the photo of a project shows; as a JPEG, each a little different."""
    image = Image.new("RGB", HOUSE_SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 470, *HOUSE_SIZE), fill=EARTH)
    shade = chance.randrange(40)
    left = 180 + chance.randrange(60)
    if role == "before":
        draw.rectangle((left, 300, left + 560, 560), fill=(150 - shade, 126, 92))
        draw.polygon([(left - 40, 320), (left + 280, 190), (left + 600, 340)], fill=(124, 104, 84))
    elif role == "started":
        draw.rectangle((left, 520, left + 620, 600), fill=(120 - shade, 96, 70))
        for post in range(left + 20, left + 620, 140):
            draw.rectangle((post, 380, post + 22, 540), fill=(170, 166, 160))
    else:
        draw.rectangle((left, 270, left + 600, 580), fill=(230, 216 - shade, 180))
        draw.polygon([(left - 50, 290), (left + 300, 110), (left + 650, 290)], fill=(150, 70 + shade, 60))
        draw.rectangle((left + 250, 380, left + 350, 580), fill=(92, 70, 52))
    out = BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()
