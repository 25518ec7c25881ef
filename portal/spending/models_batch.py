"""In which form a bank takes a list of transfers: the columns of its file, as data (banks change them)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Text, db


class BankBatchForm(Audited, db.Model):
    """The batch file of one bank ("" = any other): `columns` = [[field, heading], …] in their order.

    Fields: stt, receiver, account, bank, amount, content. `plain` = names and contents in capitals without accents.
    """

    __tablename__ = "bank_batch_form"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    bank: Mapped[str] = mapped_column(Text(100), default="")  # as BankAccount.bank begins
    columns: Mapped[list[Any]] = mapped_column(JSON)
    plain: Mapped[bool] = mapped_column(default=True)
    content_limit: Mapped[int] = mapped_column(default=140)  # characters
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]
