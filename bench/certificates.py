"""Certificates in one job against bare WeasyPrint over a fixed page as often, in the same run; and the memory of both.

    python -m bench.certificates [CERTIFICATES …]        default: 100 500

Ours: the job of a decision, from the database to the merged file. Reference: one certificate's page in plain HTML
with its frame and QR picture, repeated, given to weasyprint.HTML(…).write_pdf(). Each measurement in a process of its
own, in turns, least processor time of some rounds; memory is what the process held at most beyond its start.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import segno

from bench.report import print_table, seconds, verdict

LIMIT, FLAT, JUDGED, ROUNDS = 1.3, 1.25, 500, 2
OURS, BARE = "ours", "bare"
CHECK = "https://vidu.vn/xac-minh/"
REFERENCE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><style>'
    "@page { size: A4 landscape; margin: 0 } * { box-sizing: border-box } body { margin: 0; font: 15pt/1.35 serif }"
    "section { width: 297mm; height: 210mm; padding: 9mm; break-after: page; text-align: center }"
    ".a { height: 192mm; padding: 2mm; border: 1.6mm solid #b8860b } .b { height: 185mm; padding: 9mm 20mm; border: .3mm solid #b8860b }"
    "p { margin: 0 } h1 { font-size: 42pt; margin: 3mm 0 } .n { font-size: 26pt; font-weight: 700 } .q { width: 26mm; height: 26mm; text-align: left }"
    "table { width: 100%; table-layout: fixed; font-size: 12.5pt }"
    "</style></head><body>{body}</body></html>"
)
HEAD = (
    "<table><tr><td>ỦY BAN MTTQ VIỆT NAM TỈNH MẪU<br>ỦY BAN MTTQ VIỆT NAM XÃ ĐO LƯỜNG<br><b>BAN THƯỜNG TRỰC</b></td>"
    "<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br><b>Độc lập - Tự do - Hạnh phúc</b></td></tr></table>"
)
WORDS = "vận động, ủng hộ Quỹ “Vì người nghèo” 60.000.000 đồng từ 01/01/2026 đến 20/11/2026"


def reference_of(pages: int) -> str:
    """The fixed page, so many times, each with a code of its own."""
    body = []
    for number in range(pages):
        qr = segno.make(f"{CHECK}4K7M{number:04d}", error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="q")
        body.append(
            f"<section><div class=a><div class=b>{HEAD}<p><b>BAN THƯỜNG TRỰC ỦY BAN MTTQ VIỆT NAM XÃ ĐO LƯỜNG</b></p><p><b>TẶNG</b></p>"
            f"<h1>GIẤY KHEN</h1><p class=n>Nguyễn Văn Mẫu {number}</p><p><i>Ấp Giả, Xã Đo Lường</i></p><p>Đã có thành tích: {WORDS}.</p>"
            f'<table><tr><td><div class=q>{qr}</div><p>Vào sổ số: <b>GK-{number:04d}/2026</b></p><p>Mã xác minh: <b>4K7M-{number:04d}</b></p></td>'
            "<td><p><i>Đo Lường, ngày 10 tháng 11 năm 2026</i></p><p><b>TM. BAN THƯỜNG TRỰC</b></p><p><b>CHỦ TỊCH</b></p><br><br><p><b>Hoàng Thị Mẫu</b></p>"
            "</td></tr></table></div></div></section>"
        )  # fmt: skip
    return REFERENCE.replace("{body}", "".join(body))


def held() -> int:
    """What this process has held at most, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def run_bare(count: int) -> dict[str, float]:
    """Bare WeasyPrint in this process."""
    from weasyprint import HTML

    HTML(string=reference_of(1)).write_pdf()
    html, before, begin = reference_of(count), held(), time.process_time()
    size = len(HTML(string=html).write_pdf())
    return {"cpu": time.process_time() - begin, "held": held() - before, "size": size}


def run_ours(count: int) -> dict[str, float]:
    """The job in this process, in a new portal; the rewards are given before."""
    from flask_migrate import upgrade

    from portal import create_app
    from portal.config import Config
    from portal.kit.db import db, writing

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'portal.sqlite3'}"
        app = create_app(Config(instance=Path(folder), database_url=url, secret_key="đo", testing=True))  # noqa: S106
        with app.app_context(), writing():
            upgrade()
        with app.app_context(), writing():
            warm, job_id = make_print(1, "TCO 1"), make_print(count, "TCO 2")
            db.session.commit()
            carry_out(warm)
            before, begin = held(), time.process_time()
            carry_out(job_id)
            cpu = time.process_time() - begin
            size = max(path.stat().st_size for path in (Path(app.instance_path) / "made").iterdir())
            db.session.remove()
    return {"cpu": cpu, "held": held() - before, "size": size}


def make_print(count: int, number: str) -> int:
    """A decision with so many rewards and its print; returns the job's id."""
    from sqlalchemy import select

    from portal.emulation.actions_certificates import draft_award, issue
    from portal.emulation.actions_nominations import nominate
    from portal.emulation.models_rewards import RewardForm
    from portal.emulation.printing_certificates import open_print
    from portal.kit.db import db
    from portal.people.models import User
    from portal.units.models import Unit

    day = date(2026, 11, 10)
    unit = Unit(code=f"DO{count}", name="Xã Đo Lường", level="xã")
    people = [User(name=f"Người {place}", email=f"n{place}.{count}@vidu.vn", active=True) for place in (1, 2)]
    db.session.add_all([unit, *people])
    db.session.flush()
    form = db.session.scalars(select(RewardForm).where(RewardForm.key == "giay_khen")).one()
    form.needs_council = False
    told = {"subject": "person", "achievement": WORDS, "address": "Ấp Giả, Xã Đo Lường", "starts_on": date(2026, 1, 1), "ends_on": day}
    ids = [
        nominate(unit, form, {**told, "name": f"Nguyễn Văn Mẫu {place}"}, by=people[0]).id for place in range(count)
    ]
    head = {"number": number, "decided_on": day, "subject": "Về việc tặng Giấy khen", "signer_title": "TM. BAN THƯỜNG TRỰC\nCHỦ TỊCH", "signer_name": "Hoàng Thị Mẫu"}
    decision = draft_award(unit, form, ids, head=head, by=people[0])
    issue(decision, by=people[1])
    return open_print(decision, prefix=CHECK, sample=False, by=people[0]).job_id


def carry_out(job_id: int) -> None:
    """What the worker does with the job."""
    from portal.jobs import actions, worker
    from portal.jobs.models import Job
    from portal.kit.db import db

    actions.begin(db.session.get_one(Job, job_id))
    db.session.commit()
    worker.carry_out(db.session.get_one(Job, job_id))
    assert db.session.get_one(Job, job_id).state == "done", db.session.get_one(Job, job_id).message
    db.session.commit()


def measured(which: str, count: int) -> dict[str, float]:
    """One measurement in a process of its own."""
    asked = [sys.executable, "-m", "bench.certificates", which, str(count)]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def line_of(count: int, first: float | None) -> tuple[list[str], float]:
    """One line of the table, and what ours held (bytes)."""
    rounds = [(measured(BARE, count), measured(OURS, count)) for _ in range(ROUNDS)]
    bare, ours = (min(round_[place]["cpu"] for round_ in rounds) for place in (0, 1))
    theirs, mine = (min(round_[place]["held"] for round_ in rounds) for place in (0, 1))
    ratio = ours / bare
    judged = f"≤ {LIMIT} {verdict(ratio, LIMIT)}" if count == JUDGED else ""
    if first and count == JUDGED:
        judged += f", memory ≤ {FLAT} × of the first line {verdict(mine / first, FLAT)}"
    cells = [str(count), seconds(ours), seconds(bare), f"{ratio:.2f}", f"{mine / 1e6:.0f} MB", f"{theirs / 1e6:.0f} MB", judged]
    return cells, mine


def main(counts: list[int]) -> None:
    """Print the table."""
    rows, first = [], None
    for count in counts:
        cells, mine = line_of(count, first)
        rows.append(cells)
        first = first or mine
    heads = ["certificates", "the job", "bare WeasyPrint", "ratio", "job holds", "bare holds", "limits"]
    print_table("Certificates in one job against bare WeasyPrint over a fixed page", heads, rows)


if __name__ == "__main__":
    if sys.argv[1:2] in ([OURS], [BARE]):
        print(json.dumps((run_ours if sys.argv[1] == OURS else run_bare)(int(sys.argv[2]))))
    else:
        main([int(text) for text in sys.argv[1:]] or [100, 500])
