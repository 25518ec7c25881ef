"""What tests of houses share."""

from __future__ import annotations

import pytest

from portal.campaigns.models import Campaign
from tests.cast import Cast
from tests.housing.builders import MILLION
from tests.single_cases.builders import give_money


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """A campaign of the commune with money in its box."""
    return give_money(cast=cast, amount=300 * MILLION)
