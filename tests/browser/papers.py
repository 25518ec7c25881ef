"""What tests bring and read: a bank statement whose totals tie, the text of a PDF."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

HEAD = (
    "STT\nNo.",
    "Ngày/\nTNX Date/ Số CT/ Doc No",
    "Số tiền ghi nợ/ Debit",
    "Số tiền ghi có/ Credit",
    "Số dư/ Balance",
    "Nội dung chi tiết/ Transactions in detail",
)


def write_statement(
    path: Path, gifts: Sequence[tuple[int, str]], day: date, *, opening: int = 10_000_000, off_by: int = 0
) -> None:
    """A Vietcombank account statement of credits (amount, text); `off_by` đồng spoils its closing balance."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["SAO KÊ TÀI KHOẢN / ACCOUNT STATEMENT"])
        out.writerow(["Số tài khoản/ Account number", "0011000990186", "", "Loại tiền/ Currency", "VND"])
        out.writerow(["Số dư đầu kỳ/ Opening", opening])
        out.writerow(HEAD)
        balance = opening
        for number, (amount, text) in enumerate(gifts, start=1):
            balance += amount
            out.writerow(
                [number, f"{day:%d/%m/%Y}\n{7000 + number} - {20000 + number}", "", amount, balance, text]
            )
        out.writerow(["Tổng số/ Total", "", 0, sum(amount for amount, _ in gifts), "", ""])
        out.writerow(["Số dư cuối kỳ/ Closing", balance + off_by])


def text_of_pdf(content: bytes) -> str:
    """The text as a reader would copy it, in one line."""
    assert content.startswith(b"%PDF-")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)  # noqa: S607
    return " ".join(done.stdout.decode().split())
