"""Which days an account's statements cover: the pure rule, against a day by day count."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.statements.calendar import Day, months_of, strip, told
from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED
from portal.statements.coverage import MISSING, STATES, Run, by_day, counts, cover, missing, overlaps, pieces

BASE = date(2026, 1, 1)
DAY = timedelta(days=1)


def on(number):
    return BASE + number * DAY


def gap(first, last, proved):
    return {"first": on(first).isoformat(), "last": on(last).isoformat(), "proved": proved}


@st.composite
def statements(draw):
    """(first, last, proof, gaps, adds): days as numbers, gaps inside or at the ends, as certificates have them."""
    first = draw(st.integers(0, 60))
    last = first + draw(st.integers(0, 30))
    gaps = []
    if draw(st.booleans()):
        gaps.append((first - draw(st.integers(1, 4)), first - 1, draw(st.booleans())))
    if last - first > 2 and draw(st.booleans()):
        begin = draw(st.integers(first + 1, last - 1))
        gaps.append((begin, draw(st.integers(begin, last - 1)), True))
    if draw(st.booleans()):
        gaps.append((last + 1, last + draw(st.integers(1, 4)), draw(st.booleans())))
    return first, last, draw(st.sampled_from([PROVED, NOT_PROVABLE, BROKEN, None])), gaps, draw(st.booleans())


def pieces_of(one):
    first, last, proof, gaps, adds = one
    return pieces(on(first), on(last), proof, [gap(*item) for item in gaps], adds=adds)


def expected(brought, number):
    """The state of a day, told without any interval."""
    found = set()
    for first, last, proof, gaps, adds in brought:
        inside = [proved for begin, end, proved in gaps if begin <= number <= end]
        if not (first <= number <= last or inside):
            continue
        if proof == PROVED and inside and not all(inside):
            found.add(NOT_PROVABLE)
        elif proof == BROKEN and not adds:
            found.add("harmless")
        else:
            found.add(proof or NOT_PROVABLE)
    for state in (BROKEN, PROVED, NOT_PROVABLE):
        if state in found:
            return state
    return BROKEN if found else MISSING


@given(st.lists(statements(), max_size=8), st.integers(0, 40), st.integers(0, 60))
def test_every_day_stands_in_one_run_with_the_state_of_its_statements(brought, start, length):
    runs = cover([run for one in brought for run in pieces_of(one)], on(start), on(start + length))
    found = list(by_day(runs))
    assert [day for day, _ in found] == [on(number) for number in range(start, start + length + 1)]
    assert [state for _, state in found] == [
        expected(brought, number) for number in range(start, start + length + 1)
    ]
    assert all(above.state != below.state for above, below in zip(runs, runs[1:], strict=False))
    assert sum(counts(runs).values()) == length + 1 and set(counts(runs)) == set(STATES)
    assert sum(run.days for run in missing(runs)) == counts(runs)[MISSING]


@given(statements())
def test_the_pieces_of_a_statement_follow_each_other_without_a_hole(one):
    said = pieces_of(one)
    assert all(below.first - above.last == DAY for above, below in zip(said, said[1:], strict=False))
    assert said[0].first <= on(one[0]) and said[-1].last >= on(one[1])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15)), max_size=10))
def test_overlaps_are_all_pairs_with_common_days(spans):
    dated = [(number, on(first), on(first + more)) for number, (first, more) in enumerate(spans)]
    wanted = {}
    for one, first, last in dated:
        for other, begin, end in dated:
            if one != other and max(first, begin) <= min(last, end):
                wanted.setdefault(one, set()).add((other, max(first, begin), min(last, end)))
    assert {one: set(others) for one, others in overlaps(dated).items()} == wanted


def test_a_day_without_a_line_in_a_proved_statement_is_covered():
    said = pieces(on(0), on(9), PROVED, [gap(3, 5, True), gap(10, 12, False)])
    assert said == [Run(on(0), on(9), PROVED), Run(on(10), on(12), NOT_PROVABLE)]


def test_an_override_stays_marked_though_another_file_proves_the_day():
    override = pieces(on(0), on(9), BROKEN, [])
    whole = pieces(on(0), on(19), PROVED, [])
    assert cover([*override, *whole], on(0), on(19)) == [
        Run(on(0), on(9), BROKEN),
        Run(on(10), on(19), PROVED),
    ]
    added_nothing = pieces(on(0), on(9), BROKEN, [], adds=False)
    assert cover([*added_nothing, *whole], on(0), on(19)) == [Run(on(0), on(19), PROVED)]
    assert cover(added_nothing, on(0), on(9)) == [Run(on(0), on(9), BROKEN)]


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_calendar_shows_every_day_once(start, length):
    runs = cover([Run(on(start), on(start + length // 2), PROVED)], on(start), on(start + length))
    months = months_of(runs)
    shown = [cell for month in months for week in month.weeks for cell in week if cell]
    assert all(len(week) == 7 for month in months for week in month.weeks)
    assert [cell for cell in shown if cell.state] == [Day(*day) for day in by_day(runs)]
    assert sum(run.days for month in months for run in month.runs) == length + 1


def test_the_calendar_in_words_and_as_a_strip():
    runs = [Run(on(0), on(9), PROVED), Run(on(10), on(12), MISSING), Run(on(13), on(13), NOT_PROVABLE)]
    assert told(runs) == (
        "10 ngày đã chứng minh đủ; 1 ngày không chứng minh được; "
        "3 ngày chưa có sao kê: 11/01/2026 – 13/01/2026"
    )
    many = [run for number in range(6) for run in (Run(on(2 * number), on(2 * number), MISSING),)]
    assert told(many).endswith("07/01/2026 và 2 khoảng nữa")
    drawn = strip(runs, 2026)
    assert drawn.count("<rect") == 3 and 'class="cover-not-provable"' in drawn and "style" not in drawn
    assert months_of([]) == []
