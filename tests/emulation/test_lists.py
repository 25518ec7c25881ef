"""How lists of decisions are read: what has no number says why, counts stand under one another."""

from __future__ import annotations

from flask.testing import FlaskClient

from portal.emulation.actions_certificates import draft_award, issue
from portal.kit.db import db
from tests.cast import Cast, sign_in
from tests.emulation.builders import HEAD, HOME, form_of, make_nomination


def test_a_letter_in_force_has_no_number_and_a_draft_not_yet(cast: Cast, client: FlaskClient) -> None:
    form = form_of("thu_cam_on")
    form.needs_council = False
    drafts = []
    for name in ("Công ty Giả", "Chùa Giả"):
        one = make_nomination(cast=cast, key="thu_cam_on", name=name, subject="company")
        head = {**HEAD, "number": None}
        drafts.append(draft_award(cast.commune, form, [one.id], head=head, by=cast.officer))
    issue(drafts[0], by=cast.chair)
    db.session.commit()
    shown = sign_in(client, cast.officer).get(f"{HOME}quyet-dinh/").text
    assert shown.count("không có số") == shown.count("chưa có số") == 1
    assert 'k-number right" data-label="Số người"' in " ".join(shown.split()).replace(" short", "")


def test_nobody_is_offered_a_column_of_acts_without_an_act(cast: Cast, client: FlaskClient) -> None:
    form = form_of("thu_cam_on")
    form.needs_council = False
    one = make_nomination(cast=cast, key="thu_cam_on", name="Công ty Giả", subject="company")
    draft = draft_award(cast.commune, form, [one.id], head={**HEAD, "number": None}, by=cast.officer)
    db.session.commit()
    page = f"{HOME}quyet-dinh/{draft.id}"
    assert ">Việc</th>" not in sign_in(client, cast.auditor).get(page).text
    issue(draft, by=cast.chair)
    db.session.commit()
    assert ">Việc</th>" in client.get(page).text
