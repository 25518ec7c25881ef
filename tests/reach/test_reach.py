"""No page, search, export, total, suggestion, photo or PDF of a family is reached from another unit or from outside.

The addresses come from the application itself: a new route is asked as well, and fails here until
`tests.reach.world` says which record its arguments name.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, or_, select

from portal.households.models_private import HouseholdAccess
from portal.kit import access
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.people.models import User
from tests.cast import Cast, grant, make_unit, make_user, sign_in
from tests.reach.rewards import add_rewards
from tests.reach.rounds import add_round
from tests.reach.singles import add_case
from tests.reach.walking import (
    Door,
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
from tests.reach.world import GUARDED, READ_BELOW, World, make_world

EXPORTS = ("xlsx", "csv")


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
    add_rewards(made.ours, "Lục Bình")
    add_rewards(made.theirs, "Hoàng Lan")
    db.session.commit()
    return made


def everything(role_in: World) -> User:
    """One person with every role in a commune: what is hidden from them is hidden by the unit alone."""
    user = make_user(name="Người đủ quyền", role=access.RECORDER, unit=role_in.unit)
    for role in access.ROLES:
        if role != access.RECORDER:
            grant(user=user, role=role, unit=role_in.unit)
    db.session.commit()
    return user


def neighbour(world: World) -> User:
    """Who records in another hamlet of our own commune: a hamlet's helper sees that hamlet."""
    hamlet = make_unit(name="Ấp Bên Kia", level="ấp", parent=world.unit)
    user = make_user(name="Người ấp bên", role=access.RECORDER, unit=hamlet)
    db.session.commit()
    return user


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


def ours_by_number(app: Flask, two: Two) -> list[tuple[Door, str]]:
    """Every door with a number of ours in its address, mixed with theirs where there are two."""
    return [
        (door, address)
        for door in doors(app)
        if door.own
        and not is_public(app, door)
        and not missing(door, two.ours)
        and not missing(door, two.theirs)
        for address in addresses(app, door, two.ours, two.theirs)
    ]


def test_nobody_of_another_unit_reaches_ours_by_its_number(app: Flask, client: FlaskClient, two: Two) -> None:
    """Each role of another commune alone, all roles together, a helper of another hamlet of ours, and nobody."""
    asked = ours_by_number(app, two)
    assert len(asked) > 150
    roles = {role: two.theirs.people[role] for role in access.ROLES}
    roles |= {"every role": everything(two.theirs), "another hamlet": neighbour(two.ours)}
    before, wrong = changes(), []
    for name, user in roles.items():
        sign_in(client, user)
        for door, address in asked:
            answer = ask(client, door.method, address)
            allowed = any(may_enter(app, door, grant.role) for grant in user.grants)
            if answer.status_code != (404 if allowed else 403):
                wrong.append(f"{name}: {door.method} {address}: {answer.status_code}")
            wrong += [f"{name}: {address} says {word}" for word in leaks(said(answer), two.ours.private)]
    assert not wrong, wrong
    assert changes() == before, "something was written"


def test_nobody_reaches_anything_without_a_session(app: Flask, client: FlaskClient, two: Two) -> None:
    before, wrong = changes(), []
    for door, address in ours_by_number(app, two):
        answer = ask(client, door.method, address)
        sent_to_sign_in = answer.status_code == 303 and answer.location.startswith("/dang-nhap")
        if not sent_to_sign_in and answer.status_code != 401:
            wrong.append(f"{door.method} {address}: {answer.status_code}")
        wrong += [f"{address} says {word}" for word in leaks(said(answer), two.ours.private)]
    assert not wrong, wrong
    assert changes() == before


def test_years_are_read_below_and_nowhere_else(app: Flask, client: FlaskClient, two: Two) -> None:
    """A movement, its years and criteria: closed to another commune, open below, and there without others' families."""
    ours = World(two.ours.unit, {}, ids={**two.ours.ids, **two.ours.above})
    asked = [
        (door, address)
        for door in doors(app)
        if door.endpoint in READ_BELOW
        for address in addresses(app, door, ours)
    ]
    assert {door.endpoint for door, _ in asked} == set(READ_BELOW)
    stranger, below = everything(two.theirs), neighbour(two.ours)
    before, wrong = changes(), []
    sign_in(client, stranger)
    for door, address in asked:
        answer = ask(client, door.method, address)
        if answer.status_code != 404:
            wrong.append(f"{door.method} {address}: {answer.status_code}")
        wrong += [f"{address} says {word}" for word in leaks(said(answer), two.ours.private)]
    sign_in(client, below)
    for _, address in asked:
        wrong += [f"{address} says {word}" for word in leaks(said(client.get(address)), two.ours.families)]
    assert not wrong, wrong
    assert changes() == before


def test_our_own_people_do_reach_them(app: Flask, client: FlaskClient, two: Two) -> None:
    """Otherwise the matrix would ask for records that are not there."""
    people = [everything(two.ours), two.ours.officer]
    shut = {
        address: str(door)
        for door in doors(app)
        if is_guarded(door) and door.method == "GET" and door.own
        for address in addresses(app, door, two.ours)
    }
    for user in people:
        sign_in(client, user)
        for address in list(shut):
            if ask(client, "GET", address).status_code in (200, 303):
                del shut[address]
    assert not shut, shut


NAMED_IN_THE_BODY = {"distributions.tell", "distributions.tell_json", "distributions.undo"}
"""Whose record is named by the form, so that an empty one finds none; see the test of bodies."""


def test_posts_of_our_own_people_find_the_record(app: Flask, client: FlaskClient, two: Two) -> None:
    """An empty form is refused at its fields or carried out, but its record is found."""
    people = [everything(two.ours), two.ours.officer]
    lost = []
    for door in doors(app):
        if not is_guarded(door) or door.method == "GET" or not door.own or door.endpoint in NAMED_IN_THE_BODY:
            continue
        for address in addresses(app, door, two.ours):
            if not any(
                ask(sign_in(client, user), door.method, address).status_code != 404 for user in people
            ):
                lost.append(f"{door}: {address}")
    assert not lost, lost


def test_no_form_sent_to_a_record_of_theirs_touches_one_of_ours(
    app: Flask, client: FlaskClient, two: Two
) -> None:
    """Every form of the guarded rooms, sent to a record of their own commune with our numbers in every field."""
    sign_in(client, everything(two.theirs))
    fields = known_fields(app, client, two.theirs)
    before, wrong = held(two.ours), []
    sent = [
        address
        for door in doors(app)
        if door.method != "GET" and door.own and is_guarded(door)
        for address in addresses(app, door, two.theirs)
    ]
    for number in two.ours.ids["bodies"]:
        told = dict.fromkeys(fields, str(number)) | TOLD
        for address in sent:
            text = said(client.post(address, data=told))
            wrong += [f"{address} {number} says {word}" for word in leaks(text, two.ours.private)]
        assert held(two.ours) == before, f"something of ours was changed by {number}"
    assert not wrong, wrong


TOLD = {"reason": "Thử xem có được không", "purpose": "Thử xem có được không", "outcome": "received"}
ALWAYS = (
    "row",
    "row_id",
    "key",
    "household_id",
    "codes",
    "portion_id",
    "sheet_id",
    "picture_id",
    "case_id",
    "nomination",
)


def known_fields(app: Flask, client: FlaskClient, world: World) -> list[str]:
    """Names of all fields on the pages of this commune's records, and names that scripts send."""
    pages = [
        said(ask(client, "GET", address))
        for door in doors(app)
        if door.method == "GET" and door.own and is_guarded(door)
        for address in addresses(app, door, world)
    ]
    return sorted({name for page in pages for name in fields_of(page)} | set(ALWAYS))


def held(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database that hangs on a record of a commune."""
    db.session.rollback()
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in db.metadata.sorted_tables:
        wanted = [
            table.c[column].in_(numbers)
            for column, numbers in hanging(world, table.name).items()
            if column in table.c
        ]
        if wanted:
            rows = db.session.execute(select(table).where(or_(*wanted)).order_by(*table.primary_key))
            found[table.name] = [tuple(map(str, row)) for row in rows]
    return found


def hanging(world: World, table: str) -> dict[str, list[int]]:
    """Columns by which a row hangs on a record, and the records' numbers."""
    ids = world.ids
    households = [ids["household_id"], ids["other_id"]]
    rounds = [ids["distribution_id"], ids["list_id"]]
    people = {name: [ids[f"emulation.{name}"]] for name in ("nomination_id", "reward_id", "entry_id")}
    found = {
        **people,
        "household_id": households,
        "distribution_id": rounds,
        "case_id": [ids["case_id"]],
        "picture_id": [ids["picture_id"]],
        "row_id": list(ids["bodies"]),
    }
    own = {"household": households, "distribution": rounds, "support_case": [ids["case_id"]]}
    own["picture"] = [ids["picture_id"]]
    own |= {
        name: people[f"{name.removeprefix('movement_')}_id"]
        for name in ("nomination", "reward", "movement_entry")
    }
    return {**found, "id": own[table]} if table in own else found


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
    wrong: list[str] = []
    for endpoint, address in lists(app, client):
        words = two.ours.families if endpoint.startswith("public.") else two.ours.private
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
    fields = fields_of(page)
    asked = [{"xuat": ending} for ending in EXPORTS if f"xuat={ending}" in page]
    if "q" in fields or "<html" not in page:
        asked += [{"q": word} for word in world.searches]
    if endpoint.partition(".")[0] not in GUARDED:
        return asked
    names = ("household_id", "distribution_id", "case_id", "emulation.nomination_id", "emulation.entry_id")
    numbers = {str(world.ids[name]) for name in names} | {str(world.unit.id), str(world.ids["hamlet"].id)}
    return asked + [{name: value} for name in fields if name != "q" for value in sorted(numbers)]


def test_the_lists_do_tell_their_own_people(app: Flask, client: FlaskClient, two: Two) -> None:
    """The same walk finds the words where they may stand; otherwise it looked at nothing."""
    sign_in(client, everything(two.ours))
    rooms = [address for endpoint, address in lists(app, client) if endpoint.partition(".")[0] in GUARDED]
    text = " ".join(said(ask(client, "GET", address)) for address in rooms)
    files = " ".join(said(client.get(address, query_string={"xuat": "xlsx"})) for address in rooms)
    name = two.ours.families[0]
    assert name in text and name in files
    assert any(work in text for work in two.ours.works)


def test_the_public_reads_no_family_anywhere(app: Flask, client: FlaskClient, two: Two) -> None:
    words, wrong = two.ours.families, []
    numbered = [
        address
        for door in doors(app)
        if door.method == "GET" and door.own and is_public(app, door) and not missing(door, two.ours)
        for address in addresses(app, door, two.ours)
    ]
    assert any(address.startswith("/trao-qua/") for address in numbered)
    for address in [*numbered, *(address for _, address in lists(app, client))]:
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
