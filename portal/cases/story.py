"""What happened to a case, in sentences."""

from __future__ import annotations

from portal.cases.models import SupportCase
from portal.cases.queries import events_of
from portal.kit.days import format_moment


def story_of(case: SupportCase) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done, oldest first."""
    return [
        {"when": f"{one.by_name}, {format_moment(one.at)}", "text": one.text, "note": one.note}
        for one in events_of(case)
    ]
