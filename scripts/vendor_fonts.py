"""Build the web and print fonts out of the @fontsource packages.

@fontsource splits a face by script. Split files under one family name break kerning, and WeasyPrint prints
wrong glyphs from them; so each face becomes one file. Be Vietnam Pro has no tabular numerals: a digits-only
companion with equal cells is made for right-aligned columns.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

VIETNAMESE = {
    0x102,
    0x103,
    0x110,
    0x111,
    0x128,
    0x129,
    0x168,
    0x169,
    0x1A0,
    0x1A1,
    0x1AF,
    0x1B0,
    *range(0x1EA0, 0x1EFA),
}
# Names of people in the Central Highlands (Ê Đê, Ba Na, Gia Rai) need these beside Vietnamese letters.
HIGHLANDS = {0x10C, 0x10D, 0x114, 0x115, 0x12C, 0x12D, 0x14E, 0x14F, 0x16C, 0x16D, 0x180, 0x243}
MARKS = {0x300, 0x301, 0x303, 0x309, 0x323}
SIGNS = {
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2022,
    0x2026,
    0x2030,
    0x20AB,
    0x2212,
    0x2191,
    0x2193,
    0x202F,
}
WANTED = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | VIETNAMESE | HIGHLANDS | MARKS | SIGNS
SUBSETS = ("latin", "vietnamese", "latin-ext")
DIGIT_CELLS = {"400": 640, "600": 660}  # units of 1000
TINOS_FACES = {
    "400-normal": "Regular",
    "700-normal": "Bold",
    "400-italic": "Italic",
    "700-italic": "BoldItalic",
}


def subset_to(font: TTFont, codepoints: set[int], layout: list[str]) -> TTFont:
    """Keep only `codepoints` and what their layout features need."""
    options = Options()
    options.layout_features = layout
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codepoints)
    subsetter.subset(font)
    return font


def rename(font: TTFont, family: str, style: str) -> None:
    """One name of its own per file: in some PDF readers embedded fonts of one name share a text map."""
    names = {
        1: family,
        2: style,
        3: f"{family} {style}",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
    }
    for name_id, text in names.items():
        font["name"].removeNames(nameID=name_id)
        font["name"].setName(text, name_id, 3, 1, 0x409)


def one_face(files: Path, stem: str, face: str, work: Path) -> TTFont:
    """Merge the script files of one face; each letter is taken from one file only."""
    parts, taken = [], set()
    for script in SUBSETS:
        font = TTFont(files / f"{stem}-{script}-{face}.woff2", recalcTimestamp=False)
        mine = (set(font.getBestCmap()) & WANTED) - taken
        taken |= mine
        font.flavor = None
        path = work / f"{stem}-{script}-{face}.ttf"
        subset_to(font, mine, ["kern", "mark", "mkmk", "ccmp"]).save(path)
        parts.append(str(path))
    merged = Merger().merge(parts)
    first = TTFont(parts[0], recalcTimestamp=False)["head"]
    merged["head"].created, merged["head"].modified = first.created, first.created  # not the time of this run
    merged.recalcTimestamp = False
    return merged


def equal_digits(source: TTFont, cell: int) -> TTFont:
    """Only 0–9, each glyph centred in a cell of `cell` units."""
    subset_to(source, set(range(0x30, 0x3A)), [])
    glyphs, widths = source["glyf"], source["hmtx"]
    for name in source.getBestCmap().values():
        glyph = glyphs[name]
        shift = round((cell - (glyph.xMax - glyph.xMin)) / 2) - glyph.xMin
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        widths[name] = (cell, glyph.xMin)
    return source


def save(font: TTFont, path: Path) -> None:
    font.flavor = "woff2"
    font.recalcTimestamp = False
    font.save(path)


def build_fonts(be_vietnam: Path, tinos: Path, target: Path) -> None:
    """Write every web font and the licences of both families into `target`."""
    target.mkdir(parents=True)
    work = target / "work"
    work.mkdir()
    for weight, cell in DIGIT_CELLS.items():
        style = "Regular" if weight == "400" else "SemiBold"
        face = one_face(be_vietnam / "files", "be-vietnam-pro", f"{weight}-normal", work)
        rename(face, "Be Vietnam Pro", style)
        save(face, target / f"be-vietnam-pro-{weight}.woff2")
        digits = TTFont(
            be_vietnam / "files" / f"be-vietnam-pro-latin-{weight}-normal.woff2", recalcTimestamp=False
        )
        digits = equal_digits(digits, cell)
        rename(digits, "Be Vietnam Pro Digits", style)
        save(digits, target / f"be-vietnam-pro-digits-{weight}.woff2")
    for name, style in TINOS_FACES.items():
        face = one_face(tinos / "files", "tinos", name, work)
        rename(face, "Tinos", style)
        save(face, target / f"tinos-{name}.woff2")
    shutil.rmtree(work)
    shutil.copy(be_vietnam / "LICENSE", target / "LICENSE-be-vietnam-pro")
    shutil.copy(tinos / "LICENSE", target / "LICENSE-tinos")
