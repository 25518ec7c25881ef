"""The shape of an answer to a reversal request."""

from __future__ import annotations

from portal.kit.forms import NoteField, PortalForm


class DecisionForm(PortalForm):
    """Approve, or refuse with a reason (the rule lies in ledger.actions)."""

    answer = NoteField("Ý kiến", max_length=500)
