"""The look: components, drawings, fonts and vendored files."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from fontTools.ttLib import TTFont
from weasyprint import HTML

from portal.kit import charts, patterns, ui

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "portal" / "static"
TEMPLATES = ROOT / "portal" / "templates"
FONTS = STATIC / "vendor" / "fonts"
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
SENTENCE = "Nguyễn Thị Mỹ Duyên, Quỹ “Vì người nghèo” – 1.234.567 đồng, Ủy ban, hoà, ĐƯỜNG ưỡng"


@pytest.fixture
def pattern_html() -> str:
    app = Flask("portal", root_path=str(ROOT / "portal"))
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    ui.register_ui(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    site = {"fund_name": "Quỹ", "unit_name": "xã Tân Phú Hòa", "owner_name": "Ủy ban", "is_sample": True}
    with app.test_request_context("/patterns"):
        return app.jinja_env.get_template("patterns.html").render(site=site, **patterns.samples())


def test_the_pattern_page_shows_every_public_macro(pattern_html: str) -> None:
    named = re.compile(r"{%-? macro ([a-z]\w*)")
    for file in ui.MACRO_FILES:
        assert named.search((TEMPLATES / file).read_text(encoding="utf-8")), file
    for shape in (
        "page-header",
        "breadcrumb",
        "filter-bar",
        "bulk-strip",
        "table-foot",
        "empty-state",
        "error-summary",
        "amount-words",
        "picker-list",
        "file-drop",
        "action-bar",
        "confirm-object",
        "step-line",
        "timeline",
        "job-numbers",
        "figure-line",
        "control-totals",
        "chart-drawing",
        "bar-table",
        "badge-warn",
        "notice-bad",
    ):
        assert shape in pattern_html, shape


def test_no_page_names_a_style_or_a_script_inline(pattern_html: str) -> None:
    assert not re.search(r"\sstyle=|<style|\shx-on|javascript:|<script(?![^>]*\ssrc=)|\son\w+=", pattern_html)


def test_ids_are_unique_and_labels_lead_somewhere(pattern_html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', pattern_html)
    # the filters of the three sample lists repeat only in the first one, which alone has a filter bar
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', pattern_html)) <= set(ids)


def test_the_two_empty_states_use_different_words(pattern_html: str) -> None:
    assert "Chưa có dữ liệu" in pattern_html
    assert "Không có kết quả" in pattern_html


def test_an_error_stands_between_its_label_and_its_field(pattern_html: str) -> None:
    field = pattern_html[pattern_html.index('<label for="day"') :]
    assert field.index('id="day-error"') < field.index("<input")
    assert 'aria-describedby="day-error"' in field


def test_templates_never_call_safe() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"\|\s*safe\b", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (0, "0"), (1234567, "1.234.567"), (-5000, "−5.000"), (10**15, "1.000.000.000.000.000")],
)
def test_numbers_are_written_the_vietnamese_way(value: int | None, shown: str) -> None:
    assert ui.number(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (642_350_000, 900_000_000, "71,4%"),
        (36, 400, "9%"),
        (5, 0, "—"),
        (5, None, "—"),
        (0, 3, "0%"),
        (2, 3, "66,7%"),
    ],
)
def test_percentages_have_one_decimal_at_most(part: int, whole: int | None, shown: str) -> None:
    assert ui.percent(part, whole) == shown


def test_a_bar_is_as_long_as_its_share_and_never_longer_than_the_track() -> None:
    assert charts.width_of(0, 100) == 0
    assert charts.width_of(50, 100) == 500
    assert charts.width_of(1, 10**12) == 2
    assert charts.width_of(300, 100) == 1000


def test_progress_over_the_target_keeps_its_scale() -> None:
    over = charts.progress_bar(150, 100)
    assert 'class="bar-track" x="0" y="0" width="667"' in over
    assert 'class="bar-tick" x="667"' in over
    assert "bar-tick" not in charts.progress_bar(99, 100)


def test_names_in_a_drawing_are_escaped() -> None:
    drawn = charts.draw_bars([charts.Bar('<b>"Xóm 2"', 5)], "Tên <i>")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "&lt;b&gt;" in drawn


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.woff2")), ids=lambda path: path.stem)
def test_each_face_is_one_small_file_with_every_letter(path: Path) -> None:
    letters = set(TTFont(path).getBestCmap())
    wanted = (
        "0123456789" if "digits" in path.stem else VIETNAMESE + VIETNAMESE.upper() + "0123456789“”‘’–—…−•/()"
    )
    assert not {char for char in wanted if ord(char) not in letters}
    assert path.stat().st_size < 30_000


@pytest.mark.parametrize(("weight", "cell"), [(400, 640), (600, 660)])
def test_digits_of_columns_have_equal_cells(weight: int, cell: int) -> None:
    font = TTFont(FONTS / f"be-vietnam-pro-digits-{weight}.woff2")
    names = font.getBestCmap().values()
    assert {font["hmtx"][name][0] for name in names} == {cell}
    for name in names:
        glyph = font["glyf"][name]
        assert abs(glyph.xMin - (cell - glyph.xMax)) <= 1


def test_text_copied_from_a_pdf_is_what_was_printed(tmp_path: Path) -> None:
    styles = "".join(
        f"<link rel=stylesheet href='{(STATIC / 'css' / name).as_uri()}'>"
        for name in ("document.css", "tokens.css")
    )
    faces = (
        "font:13pt Tinos",
        "font:bold 13pt Tinos",
        "font:italic 13pt Tinos",
        "font:italic bold 13pt Tinos",
        "font:13pt Be Vietnam Pro",
        "font:600 13pt Be Vietnam Pro Digits,Be Vietnam Pro",
    )
    body = "".join(f'<p class="flush" style="{face};text-align:left">{SENTENCE}</p>' for face in faces)
    target = tmp_path / "fonts.pdf"
    HTML(string=f'{styles}<body class="paper">{body}').write_pdf(target)
    copied = subprocess.run(
        ["pdftotext", str(target), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert " ".join(copied.split()).count(SENTENCE) == len(faces)
    fonts = subprocess.run(["pdffonts", str(target)], capture_output=True, text=True, check=True).stdout
    used = [line.split()[0].split("+")[1] for line in fonts.splitlines()[2:]]
    assert all(name.startswith(("Tinos", "Be-Vietnam-Pro")) for name in used), used
    assert len(used) == len(set(used)) == 7


def test_vendored_files_are_what_the_list_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "vendor_assets.py"), "--check"], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def _with_imports(script: Path) -> set[Path]:
    """A module and all that it brings along; scripts of single staff pages are not among those of public ones."""
    found, new = set(), {script}
    while new:
        one = new.pop()
        found.add(one)
        named = re.findall(r'(?:from|import)\s*\(?"\./([\w-]+\.js)"', one.read_text(encoding="utf-8"))
        new |= {one.parent / name for name in named} - found
    return found


def _scripts_of(*templates: Path) -> set[str]:
    found = (re.findall(r"asset\('(js/[^']+)'\)", path.read_text(encoding="utf-8")) for path in templates)
    return {name for names in found for name in names}


def test_public_pages_load_the_one_script_of_the_frame() -> None:
    assert _scripts_of(TEMPLATES / "layouts/base.html", TEMPLATES / "layouts/public.html") == {"js/portal.js"}
    assert not _scripts_of(*(TEMPLATES / "public").rglob("*.html"), TEMPLATES / "files/_public_album.html")


def test_styles_scripts_and_fonts_of_a_public_page_are_light() -> None:
    css = [STATIC / "css" / f"{name}.css" for name in ("tokens", "portal", "tables", "public", "print")]
    packed = [
        *css,
        *_with_imports(STATIC / "js" / "portal.js"),
        STATIC / "vendor/htmx/htmx.min.js",
        STATIC / "icons.svg",
        STATIC / "vendor/bootstrap/bootstrap.min.css",
    ]
    total = sum(len(gzip.compress(path.read_bytes())) for path in packed)
    total += sum(path.stat().st_size for path in FONTS.glob("be-vietnam-pro-*.woff2"))
    assert total < 90_000


def test_only_the_tokens_name_a_colour_or_a_face() -> None:
    for name in ("portal", "tables", "public", "staff"):
        text = (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), name
        assert "Be Vietnam" not in text, name


def test_nothing_points_to_an_outside_host() -> None:
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *TEMPLATES.rglob("*.html")]:
        if "vendor" in path.parts:
            continue
        found = re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8"))
        assert not [url for url in found if not url.startswith("http://www.w3.org/")], path
