"""Run as a process of its own: clean what `sys.argv[1]` names, then print the most memory it ever held, in MB.

Used by test_memory: C libraries allocate beside Python, so only the process can be asked.
"""

from __future__ import annotations

import gc
import resource
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from portal.files.pages import pages_of
from portal.files.pictures import SCAN, clean
from portal.kit.errors import Refused


def brought(what: str) -> bytes:
    """What people bring that is large."""
    kind, _, size = what.partition("-")
    width, height = (int(side) for side in size.split("x"))
    image = Image.linear_gradient("L").resize((width, height))
    out = BytesIO()
    if kind == "png":
        image.convert("RGB").save(out, "PNG", compress_level=1)
    elif kind == "pdf":
        image.convert("RGB").save(out, "PDF", resolution=300, quality=60)
    else:
        image.convert("RGB").save(out, "JPEG", quality=60, progressive=kind == "progressive")
    return out.getvalue()


def main() -> None:
    """`make KIND-WIDTHxHEIGHT FILE` writes the file; `clean FILE` cleans it and tells the memory."""
    verb, what, *rest = sys.argv[1:]
    if verb == "make":
        Path(rest[0]).write_bytes(brought(what))
        return
    data = Path(what).read_bytes()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        size = (
            [page.picture.width for page in pages_of(data)]
            if data[:4] == b"%PDF"
            else [clean(data, what=SCAN).width]
        )
    except Refused as refused:
        size = [refused.text[:60]]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(before // 1024, after // 1024, child // 1024, size[0])


if __name__ == "__main__":
    main()
