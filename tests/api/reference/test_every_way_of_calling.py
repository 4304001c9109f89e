"""Each command, called with exactly the documented names, answers and does the same whichever way it is called."""

import pytest

from tests.api.reference.facts import FACTS
from tests.api.reference.ground import Ground
from tests.api.reference.here import HERE
from tests.api.reference.outcome import Copy
from tests.api.reference.values import calls_of
from tests.api.reference.variants import METHODS, address_of, request_of, sent, variants

WRITING = [name for name, command in HERE.items() if command.writes]
SLIPPING = [(name, slip) for name in HERE for slip in FACTS[name].slips]
NEVER_FOUND = ("ExportSurveyResponses",)
WITHOUT_EFFECT = frozenset({"dataTypeId", "numberOfKeys"})
"""Parameters that have one value only, or are ignored beside another one."""


def test_every_documented_parameter_of_every_command_gets_a_value(ground: Ground) -> None:
    documented = {name: set(FACTS[name].parameters) for name in HERE}
    given = {name: {parameter for values in calls_of(name, ground) for parameter, value in values.items() if value != ""} for name in HERE}

    assert documented == given


@pytest.mark.parametrize("name", HERE)
async def test_it_is_the_same_in_any_case_in_the_path_or_by_name_by_get_or_post(name: str, ground: Ground, copy: Copy) -> None:
    fact, status = FACTS[name], 20 if name in NEVER_FOUND else 0
    ways = list(variants(with_path=fact.identity is not None))

    for values in calls_of(name, ground):
        requests = [request_of(way, name, values, identity=fact.identity) for way in ways]
        outcomes = [await copy.outcome(request) for request in requests]
        first = outcomes[0]

        assert fact.parameters == () or set(fact.parameters) == set(values)
        assert (200, None, status) == (first.http_status, first.ignored, first.status), first.answer
        assert [] == [str(way) for way, outcome in zip(ways, outcomes, strict=True) if outcome != first]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name, slip", SLIPPING)
async def test_the_slips_of_the_vendors_collection_mean_what_they_should(
    name: str, slip: str, method: str, ground: Ground, copy: Copy
) -> None:
    (values,) = calls_of(name, ground)
    meant = FACTS[name].slips[slip]
    slipped = [("", ""), *((slip if given == meant else given, value) for given, value in values.items())]

    right = await copy.outcome(sent(address_of(name), list(values.items()), method=method))
    wrong = await copy.outcome(sent(address_of(name), slipped, method=method))

    assert 0 == right.status
    assert right == wrong


@pytest.mark.parametrize("name", WRITING)
async def test_whatever_may_be_left_out_makes_a_difference_when_it_is_given(name: str, ground: Ground, copy: Copy) -> None:
    optional = {parameter.name for parameter in HERE[name].parser.declared if not parameter.required} - WITHOUT_EFFECT
    for values in calls_of(name, ground):
        # Hashing a password takes longer than everything else.
        told = {given: value for given, value in values.items() if value != "" and given not in optional & {"Password"}}
        given = await copy.outcome(sent(address_of(name), list(told.items()), method="GET"))
        assert 0 == given.status

        for parameter in told.keys() & optional:
            without = [(other, value) for other, value in told.items() if other != parameter]
            left_out = await copy.outcome(sent(address_of(name), without, method="GET"))

            assert given != left_out, parameter
