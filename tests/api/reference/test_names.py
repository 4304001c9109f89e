"""What the commands take and answer is called exactly what the documentation calls it; whatever is beyond it is marked."""

from collections.abc import Iterator

import pytest

from rollbook.api.tms.choices import Sort
from rollbook.api.tms.numbers import PageSize
from rollbook.app import COMMANDS
from tests.api.reference.described import Schema, answer_of, envelope_of, is_ours, object_in, parameters_of, unlike
from tests.api.reference.facts import FACTS, NOT_HERE
from tests.api.reference.ground import Ground
from tests.api.reference.here import HERE
from tests.api.reference.objects import INNER, OBJECTS
from tests.api.reference.outcome import Copy
from tests.api.reference.values import calls_of
from tests.api.reference.variants import address_of, sent

SEARCHES = [name for name in HERE if FACTS[name].sort or FACTS[name].sorts]
SHOWING = [name for name in HERE if FACTS[name].shows]
ALWAYS_EMPTY = {"SearchLabInstances": "Rollbook runs no labs"}


def strange_fields(name: str, shown: Schema, around: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give the fields of an object, and of what it lists, that are missing, or there although neither documented nor marked."""
    fields = {field: schema for field, schema in shown["properties"].items() if not is_ours(schema)}
    yield from (f"{name}.{field}" for field in OBJECTS[name] ^ fields.keys())
    for field, schema in fields.items():
        inner, described = INNER.get((name, field)), object_in(schema)
        if inner is None and described is not None:
            yield f"{name}.{field} lists what is not documented"
        if inner is not None and inner not in around and described is not None:
            yield from strange_fields(inner, described, around | {inner})


def test_what_is_not_documented_is_marked_as_ours() -> None:
    assert [] == [command.name for command in COMMANDS if command.name not in FACTS and not command.ours]


def test_nothing_that_is_here_is_said_to_be_missing_or_ours() -> None:
    assert set() == set(HERE) & set(NOT_HERE)
    assert [] == [name for name, command in HERE.items() if command.ours]


@pytest.mark.parametrize("name", HERE)
def test_it_takes_every_documented_parameter_in_its_spelling_and_marks_what_it_takes_beyond(name: str) -> None:
    documented = set(FACTS[name].parameters)

    assert documented == {parameter for parameter, ours in parameters_of(name).items() if not ours}


@pytest.mark.parametrize("name", HERE)
def test_status_and_error_are_in_the_documented_case(name: str) -> None:
    assert ({"status", "error"} if FACTS[name].lower_case else {"Status", "Error"}) == envelope_of(name)


@pytest.mark.parametrize("name", [name for name in HERE if FACTS[name].answer is not None])
def test_it_answers_what_is_documented_and_marks_the_rest(name: str) -> None:
    answered = {field for field, schema in answer_of(name).items() if field != "warnings" and not is_ours(schema)}

    assert set(FACTS[name].answer or ()) == answered


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_sorts_by_the_documented_keys_and_has_pages_of_the_documented_size(name: str) -> None:
    fact, kinds = FACTS[name], {parameter.name: parameter.kind for parameter in HERE[name].parser.declared}
    sort, page_size = kinds["sort"], kinds["pageSize"]

    assert isinstance(sort, Sort)
    assert isinstance(page_size, PageSize)
    assert set() == set(fact.sorts) - set(sort.keys)
    assert not fact.sort or sort.reader()(fact.sort) == sort.default
    assert fact.page_size == page_size.default


@pytest.mark.parametrize("name", SHOWING)
def test_the_fields_of_an_object_are_the_documented_ones_and_marked_ones(name: str) -> None:
    (shown,) = [described for schema in answer_of(name).values() if (described := object_in(schema)) and described["title"] != "Change"]

    assert [] == list(strange_fields(FACTS[name].shows, shown))


@pytest.mark.parametrize("name", SHOWING)
async def test_an_answer_has_exactly_these_fields(name: str, ground: Ground, copy: Copy) -> None:
    values = calls_of(name, ground)[0]
    outcome = await copy.outcome(sent(address_of(name), list(values.items()), method="GET"))
    payload = {field: value for field, value in outcome.answer.items() if field not in envelope_of(name)}
    schemas = answer_of(name)

    assert payload.keys() <= schemas.keys()
    assert [] == [place for field, value in payload.items() for place in unlike(schemas[field], value, field)]
    assert name in ALWAYS_EMPTY or any(isinstance(value, list | dict) and value for value in payload.values())
