"""No page, search, export, total, suggestion, photo or PDF of a family is reached from another unit or from outside.

The addresses come from the application itself: a new route is asked as well, and fails here until
`tests.reach.world` says which record its arguments name.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.households.models_private import HouseholdAccess
from portal.kit import access
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.people.models import User
from tests.cast import Cast, grant, make_unit, make_user, sign_in
from tests.reach.rounds import add_round
from tests.reach.singles import add_case
from tests.reach.walking import (
    addresses,
    ask,
    doors,
    fields_of,
    is_guarded,
    is_public,
    may_enter,
    missing,
    said,
)
from tests.reach.world import GUARDED, World, make_world

EXPORTS = ("xlsx", "csv")
BEYOND = 2**31 - 1  # a number that no record has


@dataclass(frozen=True)
class Two:
    """Our commune, and another one of the same province."""

    ours: World
    theirs: World


@pytest.fixture
def two(cast: Cast, app: Flask) -> Two:
    made = Two(
        make_world(cast.commune, "Lục Bình", phone="0911222333", cccd="079061000111", amount=1_234_567),
        make_world(
            cast.other_commune, "Hoàng Lan", phone="0944555666", cccd="079061000222", amount=2_345_678
        ),
    )
    add_round(made.ours, "Lục Bình", "LB", 765_000)
    add_round(made.theirs, "Hoàng Lan", "HL", 654_000)
    add_case(made.ours, "Lục Bình", 7_111_000)
    add_case(made.theirs, "Hoàng Lan", 7_222_000)
    db.session.commit()
    return made


def everything(role_in: World) -> User:
    """One person with every role in a commune: what is hidden from them is hidden by the unit alone."""
    user = make_user(name="Người đủ quyền", role=access.RECORDER, unit=role_in.unit)
    for role in access.ROLES:
        if role != access.RECORDER:
            grant(user=user, role=role, unit=role_in.unit)
    return user


def neighbour(world: World) -> User:
    """Who records in another hamlet of our own commune: a hamlet's helper sees that hamlet."""
    hamlet = make_unit(name="Ấp Bên Kia", level="ấp", parent=world.unit)
    return make_user(name="Người ấp bên", role=access.RECORDER, unit=hamlet)


def changes() -> tuple[int, ...]:
    """How much was ever written down about a change or a reading."""
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (AuditEntry, HouseholdAccess)
    )


def test_every_argument_of_a_guarded_room_is_known(app: Flask, two: Two) -> None:
    """A new route whose record nobody has named is not guarded by this matrix: name it in tests/reach/world.py."""
    unknown = [
        f"{door}: {', '.join(missing(door, world))}"
        for world in (two.ours, two.theirs)
        for door in doors(app)
        if is_guarded(door) and missing(door, world)
    ]
    assert not unknown, unknown
    rooms = {door.endpoint.partition(".")[0] for door in doors(app)}
    assert set(GUARDED) & rooms >= {"households", "files"}


def ours_by_number(app: Flask, two: Two) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of everything with a number of ours in it, mixed with theirs where there are two."""
    return [
        (door.endpoint, door.method, address)
        for door in doors(app)
        if door.own
        and not is_public(app, door)
        and not missing(door, two.ours)
        and not missing(door, two.theirs)
        for address in addresses(app, door, two.ours, two.theirs)
    ]


@pytest.mark.parametrize("role", access.ROLES)
def test_nobody_of_another_commune_reaches_ours_by_its_number(
    app: Flask, client: FlaskClient, two: Two, role: str
) -> None:
    sign_in(client, two.theirs.people[role])
    by_endpoint = {(door.endpoint, door.method): door for door in doors(app)}
    before, wrong, asked = changes(), [], 0
    for endpoint, method, address in ours_by_number(app, two):
        allowed = may_enter(app, by_endpoint[endpoint, method], role)
        answer, asked = ask(client, method, address), asked + 1
        if answer.status_code != (404 if allowed else 403):
            wrong.append(f"{method} {address}: {answer.status_code}")
        wrong += [f"{method} {address} says {word}" for word in two.ours.families if word in said(answer)]
    assert not wrong, wrong
    assert changes() == before, "something was written"
    assert asked > 60


def test_not_even_who_holds_every_role_there(app: Flask, client: FlaskClient, two: Two) -> None:
    sign_in(client, everything(two.theirs))
    before = changes()
    wrong = [
        f"{method} {address}: {status}"
        for _, method, address in ours_by_number(app, two)
        if (status := ask(client, method, address).status_code) != 404
    ]
    assert not wrong, wrong
    assert changes() == before


def test_a_helper_of_one_hamlet_reaches_no_other(app: Flask, client: FlaskClient, two: Two) -> None:
    sign_in(client, neighbour(two.ours))
    before = changes()
    wrong = [
        f"{method} {address}: {status}"
        for _, method, address in ours_by_number(app, two)
        if (status := ask(client, method, address).status_code) not in (403, 404)
    ]
    assert not wrong, wrong
    assert changes() == before


def test_nobody_reaches_anything_without_a_session(app: Flask, client: FlaskClient, two: Two) -> None:
    before, wrong = changes(), []
    for _, method, address in ours_by_number(app, two):
        answer = ask(client, method, address)
        sent_to_sign_in = answer.status_code == 303 and answer.location.startswith("/dang-nhap")
        if not sent_to_sign_in and answer.status_code != 401:
            wrong.append(f"{method} {address}: {answer.status_code}")
        wrong += [f"{method} {address} says {word}" for word in two.ours.families if word in said(answer)]
    assert not wrong, wrong
    assert changes() == before


def test_our_own_people_do_reach_them(app: Flask, client: FlaskClient, two: Two) -> None:
    """Otherwise the matrix would ask for records that are not there."""
    sign_in(client, everything(two.ours))
    shut = [
        f"{door}: {address}"
        for door in doors(app)
        if is_guarded(door) and door.method == "GET" and door.own
        for address in addresses(app, door, two.ours)
        if ask(client, "GET", address).status_code not in (200, 303)
    ]
    assert not shut, shut


def test_posts_of_our_own_people_find_the_record(app: Flask, client: FlaskClient, two: Two) -> None:
    """An empty form is refused at its fields or carried out, but its record is found."""
    user = everything(two.ours)
    lost = []
    for door in doors(app):
        if not is_guarded(door) or door.method == "GET" or not door.own:
            continue
        for address in addresses(app, door, two.ours):
            sign_in(client, user)
            if ask(client, door.method, address).status_code == 404:
                lost.append(f"{door}: {address}")
    assert not lost, lost


def lists(app: Flask, client: FlaskClient) -> list[tuple[str, str]]:
    """(endpoint, address) of every page without a number that this person may open, with its files."""
    found = []
    for door in doors(app):
        if door.method != "GET" or door.own:
            continue
        for address in addresses_without_number(app, door):
            found.append((door.endpoint, address))
    return found


def addresses_without_number(app: Flask, door) -> list[str]:  # type: ignore[no-untyped-def]
    """Its addresses, one for each word it knows."""
    nobody = World(None, {})  # type: ignore[arg-type]
    return list(addresses(app, door, nobody)) if door.own or door.choices else [plain(app, door)]


def plain(app: Flask, door) -> str:  # type: ignore[no-untyped-def]
    with app.test_request_context():
        return app.url_for(door.endpoint, _method=door.method)


def leaks(text: str, words: list[str], typed: str = "") -> list[str]:
    """Which of the words stand in a text, apart from what was typed into the address."""
    return [word for word in words if word in text and word != typed]


def test_no_list_file_total_or_suggestion_tells_of_ours(app: Flask, client: FlaskClient, two: Two) -> None:
    """Every page of the staff without a number: as it is, as a file, and asked for our words and our numbers."""
    sign_in(client, everything(two.theirs))
    words, wrong = two.ours.families + two.ours.works, []
    for endpoint, address in lists(app, client):
        answer = ask(client, "GET", address)
        text = said(answer)
        wrong += [f"{address}: {word}" for word in leaks(text, words)]
        for query in questions(endpoint, text, two.ours):
            asked = client.get(address, query_string=query)
            typed = str(next(iter(query.values())))
            wrong += [f"{address} {query}: {word}" for word in leaks(said(asked), words, typed)]
    assert not wrong, wrong


def questions(endpoint: str, page: str, world: World) -> list[dict[str, str]]:
    """What may be asked of a page in its address: files, our words, our numbers in each of its fields."""
    asked = [{"xuat": ending} for ending in EXPORTS]
    asked += [{"q": word} for word in world.searches]
    if endpoint.partition(".")[0] not in GUARDED:
        return asked
    numbers = sorted({str(value) for value in world.ids.values() if isinstance(value, int | str)})
    numbers += [str(world.unit.id), str(world.ids["hamlet"].id)]
    return asked + [{name: value} for name in fields_of(page) for value in numbers]


def test_the_lists_do_tell_their_own_people(app: Flask, client: FlaskClient, two: Two) -> None:
    """The same walk finds the words where they may stand; otherwise it looked at nothing."""
    sign_in(client, everything(two.ours))
    text = " ".join(said(ask(client, "GET", address)) for _, address in lists(app, client))
    files = " ".join(
        said(client.get(address, query_string={"xuat": "xlsx"})) for _, address in lists(app, client)
    )
    name = two.ours.families[0]
    assert name in text and name in files
    assert any(work in text for work in two.ours.works)


def test_the_public_reads_no_family_anywhere(app: Flask, client: FlaskClient, two: Two) -> None:
    words, wrong = two.ours.families, []
    for _, address in lists(app, client):
        for query in ({}, *({"q": word} for word in two.ours.searches), {"xuat": "csv"}):
            answer = client.get(address, query_string=query)
            typed = query.get("q", "")
            wrong += [f"{address} {query}: {word}" for word in leaks(said(answer), words, typed)]
    assert not wrong, wrong


def test_forms_that_make_something_take_no_record_of_ours(app: Flask, client: FlaskClient, two: Two) -> None:
    """Each field of a form for something new, filled with our numbers by somebody of another commune."""
    sign_in(client, everything(two.theirs))
    for door in doors(app):
        if door.method != "POST" or door.own or not is_guarded(door):
            continue
        for address in addresses_without_number(app, door):
            page = client.get(address)
            fields = fields_of(said(page)) if page.status_code == 200 else []
            for value in {
                str(two.ours.unit.id),
                str(two.ours.ids["hamlet"].id),
                str(two.ours.ids["household_id"]),
            }:
                told = dict.fromkeys(fields, value)
                before = in_our_unit(two.ours)
                answer = client.post(address, data=told)
                assert in_our_unit(two.ours) == before, f"{address} {told}"
                assert not leaks(said(answer), two.ours.families + two.ours.works), address


def in_our_unit(world: World) -> int:
    """Changes that were written down for our commune."""
    db.session.rollback()
    here = [world.unit.id, world.ids["hamlet"].id]
    rows = select(func.count()).select_from(AuditEntry).where(AuditEntry.unit_id.in_(here))
    return db.session.scalar(rows) or 0
