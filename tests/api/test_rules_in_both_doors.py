"""Whatever a rule refuses carries the rule's number, through whichever door the caller came."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rollbook
from rollbook.api.rest.problems import problem_of
from rollbook.api.tms.refusals import told
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.history.versions import VersionChangedError

RULES = Path(__file__).parents[2] / "docs" / "rules.md"


def _refusals() -> list[type[RollbookError]]:
    for module in pkgutil.walk_packages(rollbook.__path__, "rollbook."):
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sorted({kind for kind in _beneath(RollbookError) if kind.rule}, key=lambda kind: kind.__name__)


def _beneath(kind: type[RollbookError]) -> Iterator[type[RollbookError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _beneath(each)


REFUSALS = _refusals()


def _raised(kind: type[RollbookError]) -> RollbookError:
    """Give an error with a sentence of its own, whatever it takes to raise it otherwise."""
    error = kind.__new__(kind)
    Exception.__init__(error, "the fact; the remedy")
    return error


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_carries_its_rules_number_in_both_doors(kind: type[RollbookError]) -> None:
    error = _raised(kind)
    problem = problem_of(error).problem

    assert f"{kind.rule}: the fact; the remedy" == told(error, None)
    assert (kind.rule, "the remedy") == (problem.rule, problem.remedy)


def test_several_refusals_carry_the_number_of_each() -> None:
    several = SeveralRefusalsError([_raised(kind) for kind in REFUSALS])

    assert [kind.rule for kind in REFUSALS] == re.findall(r"(\w\d): the fact", told(several, None))
    assert [kind.rule for kind in REFUSALS] == [part.rule for part in problem_of(several).problem.errors or []]


def test_every_rule_that_refuses_is_told_in_the_rules() -> None:
    explained = set(re.findall(r"^\| \*\*(\w\d)\*\* \|", RULES.read_text(), re.MULTILINE))

    assert 30 < len(REFUSALS)
    assert set() == {kind.rule for kind in REFUSALS} - explained
    assert VersionChangedError not in REFUSALS
