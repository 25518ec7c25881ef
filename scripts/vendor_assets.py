"""Rebuild portal/static/vendor from npm at pinned versions, or check that it is what the hash list says.

    python scripts/vendor_assets.py            fetch with npm, merge and subset the fonts, write SHA256SUMS
    python scripts/vendor_assets.py --check    compare the folder with SHA256SUMS; no network

Needs npm and the development dependency fonttools[woff]. The result is byte for byte the same on every run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from vendor_fonts import build_fonts  # noqa: E402

VENDOR = Path(__file__).resolve().parent.parent / "portal" / "static" / "vendor"
SUMS = "SHA256SUMS"
PINS = {
    "htmx.org": "2.0.11",
    "bootstrap": "5.3.9",
    "@fontsource/be-vietnam-pro": "5.3.0",
    "@fontsource/tinos": "5.3.0",
}

# The part of Bootstrap's grid and utilities that pages may use; the rest would be dead weight on a phone.
SIDES = r"[tbsexy]?"
WANTED = re.compile(
    r"\.(?:container|container-fluid|row|col|col-auto|col-(?:sm|md|lg)-(?:auto|\d+)|col-\d+|g[xy]?-[0-4]"
    rf"|d-(?:(?:sm|md|lg|print)-)?(?:none|block|inline|inline-block|flex|grid)|m{SIDES}-(?:[0-4]|auto)|p{SIDES}-[0-4]"
    r"|flex-(?:wrap|nowrap|column|fill|grow-[01]|shrink-[01])|justify-content-(?:start|end|center|between)"
    r"|align-items-(?:start|end|center|baseline)|align-self-(?:start|end|center)|gap-[0-4]|ms-auto|w-100|w-auto"
    r"|text-(?:start|end|center|nowrap|break)|visually-hidden|visually-hidden-focusable)(?![\w-])"
)


def fetch(folder: Path) -> dict[str, Path]:
    """Download and unpack every pinned package; package name → its folder."""
    unpacked = {}
    for name, version in PINS.items():
        packed = subprocess.run(
            ["npm", "pack", "--json", "--pack-destination", str(folder), f"{name}@{version}"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        archive = folder / json.loads(packed.stdout)[0]["filename"].replace("@", "").replace("/", "-")
        target = folder / name.replace("/", "-").strip("@")
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")
        unpacked[name] = target / "package"
    return unpacked


def top_level_rules(css: str) -> list[tuple[str, str]]:
    """(prelude, body) of each rule of a minified stylesheet, one level deep."""
    rules, depth, start, prelude = [], 0, 0, ""
    for position, char in enumerate(css):
        if char == "{":
            if depth == 0:
                prelude, start = css[start:position], position + 1
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                rules.append((prelude.strip(), css[start:position]))
                start = position + 1
    return rules


def wanted_only(css: str) -> str:
    """The rules of `css` whose selectors are in WANTED (:root is in reboot)."""
    kept = []
    for prelude, body in top_level_rules(css):
        if prelude.startswith("@media"):
            inner = wanted_only(body)
            if inner:
                kept.append(f"{prelude}{{{inner}}}")
            continue
        selectors = [part for part in prelude.split(",") if WANTED.match(part.strip())]
        if selectors:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def plain_css(path: Path) -> str:
    """A minified stylesheet without its comments (banner and source map)."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).strip()


def build_bootstrap(package: Path, target: Path) -> None:
    """Reboot whole; grid and utilities only as far as WANTED."""
    css = package / "dist" / "css"
    seen: dict[str, None] = {}
    for name in ("bootstrap-grid.min.css", "bootstrap-utilities.min.css"):
        for prelude, body in top_level_rules(wanted_only(plain_css(css / name))):
            seen.setdefault(f"{prelude}{{{body}}}")
    banner = f"/*! Bootstrap {PINS['bootstrap']} (MIT): reboot, and a selection of grid and utilities */\n"
    text = banner + plain_css(css / "bootstrap-reboot.min.css") + "\n" + "".join(seen) + "\n"
    target.mkdir(parents=True)
    (target / "bootstrap.min.css").write_text(text, encoding="utf-8")
    shutil.copy(package / "LICENSE", target / "LICENSE")


def build_htmx(package: Path, target: Path) -> None:
    target.mkdir(parents=True)
    shutil.copy(package / "dist" / "htmx.min.js", target / "htmx.min.js")
    shutil.copy(package / "LICENSE", target / "LICENSE")


def sums_of(folder: Path) -> dict[str, str]:
    """Relative path → SHA-256 of every file but the list itself."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != SUMS
    }


def check(folder: Path) -> list[str]:
    """Names of files that are missing, foreign or changed; empty when the folder is as listed."""
    listed = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    found = sums_of(folder)
    return sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))


def rebuild() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        packages = fetch(Path(scratch))
        if VENDOR.exists():
            shutil.rmtree(VENDOR)
        build_htmx(packages["htmx.org"], VENDOR / "htmx")
        build_bootstrap(packages["bootstrap"], VENDOR / "bootstrap")
        build_fonts(packages["@fontsource/be-vietnam-pro"], packages["@fontsource/tinos"], VENDOR / "fonts")
    versions = "".join(f"{name} {version}\n" for name, version in PINS.items())
    (VENDOR / "VERSIONS").write_text(versions, encoding="utf-8")
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums_of(VENDOR).items())
    (VENDOR / SUMS).write_text(lines, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare with the hash list")
    if not parser.parse_args().check:
        rebuild()
    wrong = check(VENDOR)
    for name in wrong:
        print(f"differs from {SUMS}: {name}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
