"""How the public reads whom a reward was given to. Flushes; the caller commits."""

from __future__ import annotations

from portal.emulation import rules_nominations as rules
from portal.emulation.models_certificates import Reward
from portal.kit.db import db
from portal.kit.vietnamese import nfc


def change_shown(reward: Reward, *, shown_as: str | None, consent: str | None) -> None:
    """How the public reads whom a reward was given to; the certificate keeps its words. Raises Refused."""
    said = nfc(consent) or None
    rules.check_shown(reward.subject, shown_as, said)
    reward.shown_as, reward.consent = shown_as, said
    let_find(reward)
    db.session.flush()


def let_find(reward: Reward) -> None:
    """Everybody looks for a reward by what its public line shows now."""
    told = reward.name, reward.subject, reward.shown_as, reward.achievement, reward.number
    reward.words = rules.searched_words(*told)
