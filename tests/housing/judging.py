"""What tests of houses ask of refusals and of the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.operate.verify import first_problem


def agree() -> None:
    """`portal verify` finds nothing wrong."""
    db.session.commit()
    assert first_problem(db.session.connection()) is None


def refused(act: Callable[[], Any], *words: str, field: str | None = None) -> Refused:
    """The sentence of a refusal, which says these words at this field."""
    with pytest.raises(Refused) as caught:
        act()
    for word in words:
        assert word in caught.value.text, caught.value.text
    if field is not None:
        assert caught.value.field == field
    return caught.value
