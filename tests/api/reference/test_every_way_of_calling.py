"""Each command, called with exactly the documented names, answers and does the same whichever way it is called."""

from pathlib import Path

import pytest

from tests.api.reference.facts import FACTS
from tests.api.reference.ground import Ground
from tests.api.reference.here import HERE
from tests.api.reference.outcome import outcome_on_a_copy
from tests.api.reference.values import VALUES
from tests.api.reference.variants import METHODS, address_of, request_of, sent, variants

WRITING = [name for name, command in HERE.items() if command.writes]
SLIPPING = [(name, slip) for name in HERE for slip in FACTS[name].slips]

NEVER_FOUND = ("ExportSurveyResponses",)


def test_every_documented_parameter_of_every_command_gets_a_value(ground: Ground) -> None:
    documented = {name: set(FACTS[name].parameters) for name in HERE}

    assert documented == {name: set(VALUES[name](ground)) for name in HERE}


@pytest.mark.parametrize("name", HERE)
async def test_it_is_the_same_in_any_case_in_the_path_or_by_name_by_get_or_post(name: str, ground: Ground, tmp_path: Path) -> None:
    fact, values = FACTS[name], VALUES[name](ground)
    ways = list(variants(with_path=fact.identity is not None))
    requests = [request_of(way, name, values, identity=fact.identity) for way in ways]

    outcomes = [await outcome_on_a_copy(ground, tmp_path, request) for request in requests]

    assert (200, None, 20 if name in NEVER_FOUND else 0) == (outcomes[0].http_status, outcomes[0].ignored, outcomes[0].status), outcomes[
        0
    ].answer
    assert [] == [str(way) for way, outcome in zip(ways, outcomes, strict=True) if outcome != outcomes[0]]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name, slip", SLIPPING)
async def test_the_slips_of_the_vendors_collection_mean_what_they_should(
    name: str, slip: str, method: str, ground: Ground, tmp_path: Path
) -> None:
    meant, values = FACTS[name].slips[slip], VALUES[name](ground)
    slipped = [("", ""), *((slip if given == meant else given, value) for given, value in values.items())]

    right = await outcome_on_a_copy(ground, tmp_path, sent(address_of(name), list(values.items()), method=method))
    wrong = await outcome_on_a_copy(ground, tmp_path, sent(address_of(name), slipped, method=method))

    assert 0 == right.status
    assert right == wrong


@pytest.mark.parametrize("name", WRITING)
async def test_whatever_may_be_left_out_makes_a_difference_when_it_is_given(name: str, ground: Ground, tmp_path: Path) -> None:
    optional = {parameter.name for parameter in HERE[name].parser.declared if not parameter.required}
    # Hashing a password takes longer than everything else.
    values = {given: value for given, value in VALUES[name](ground).items() if given not in optional & {"Password"}}
    given = await outcome_on_a_copy(ground, tmp_path, sent(address_of(name), list(values.items()), method="GET"))
    assert 0 == given.status

    for parameter in values.keys() & optional:
        without = [(other, value) for other, value in values.items() if other != parameter]
        left_out = await outcome_on_a_copy(ground, tmp_path, sent(address_of(name), without, method="GET"))

        assert given != left_out, parameter
