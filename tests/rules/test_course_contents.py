"""Where an activity may stand, what address it may have, who may open it, and which tags a course may have."""

import pytest

from rollbook.courses.activity_access import (
    ActivityForInstructorsError,
    ActivityNotExternalError,
    CourseNotTakenError,
    Taking,
    refuse_feedback,
    refuse_opening,
)
from rollbook.courses.activity_tree import (
    MOST_LEVELS,
    ActivityCircleError,
    ActivityTooDeepError,
    ParentActivityNotFoundError,
    refuse_parent,
)
from rollbook.courses.activity_types import EXTERNAL, ActivityType, Availability
from rollbook.courses.activity_urls import (
    ActivityUrlInvalidError,
    ActivityUrlMissingError,
    UnknownPlaceholderError,
    fill_url,
    refuse_url,
)
from rollbook.courses.tagging import Tag, TagGroupDisabledError, TagsExcludeEachOtherError, refuse_tags

TREE = {1: None, 2: 1, 3: 2, 4: None}
CHAIN = {number: number - 1 or None for number in range(1, MOST_LEVELS + 1)}


@pytest.mark.parametrize(
    "activity_id, parent_id, expected",
    [
        (None, 1, None),
        (None, 3, None),
        (None, 9, ParentActivityNotFoundError),
        (4, 3, None),
        (3, 1, None),
        (1, 1, ActivityCircleError),
        (1, 2, ActivityCircleError),
        (1, 3, ActivityCircleError),
        (2, 3, ActivityCircleError),
    ],
)
def test_an_activity_belongs_to_another_one_of_its_course_and_never_to_itself(
    activity_id: int | None, parent_id: int, expected: type[Exception] | None
) -> None:
    refusal = refuse_parent(course_id=7, activity_id=activity_id, parent_id=parent_id, parents=TREE)

    assert expected == (None if refusal is None else type(refusal))
    assert refusal is None or "parent_id" == refusal.field


def test_activities_lie_ten_levels_deep_at_most() -> None:
    def of(activity_id: int | None, parent_id: int) -> object:
        return refuse_parent(course_id=7, activity_id=activity_id, parent_id=parent_id, parents={**CHAIN, 20: None, 21: 20, 22: 20})

    assert of(None, MOST_LEVELS - 1) is None
    assert isinstance(of(None, MOST_LEVELS), ActivityTooDeepError)
    assert of(20, MOST_LEVELS - 2) is None
    assert "the course's activities would be 11 levels deep" in str(of(20, MOST_LEVELS - 1))


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://example.com", None),
        ("http://example.com:8080/a?b=c#d", None),
        ("https://example.com/{userId}/{email}?name={firstName}+{lastName}", None),
        ('https://example.com/?filter={"a":1}', None),
        ("https://example.com/{userid}", UnknownPlaceholderError),
        ("https://example.com/{password}", UnknownPlaceholderError),
        ("https://{firstName}.example.com/", ActivityUrlInvalidError),
        ("https://{firstName}@example.com/", ActivityUrlInvalidError),
        ("https:///path", ActivityUrlInvalidError),
        ("https://:80/", ActivityUrlInvalidError),
        ("https://[::1/", ActivityUrlInvalidError),
        ("javascript:alert(1)", ActivityUrlInvalidError),
        ("ftp://example.com/", ActivityUrlInvalidError),
        ("example.com", ActivityUrlInvalidError),
        ("https://example.com/a b", ActivityUrlInvalidError),
    ],
)
def test_the_address_of_an_activity_is_that_of_a_web_page(url: str, expected: type[Exception] | None) -> None:
    for activity_type in (ActivityType.VIDEO, ActivityType.LAB):
        refusal = refuse_url(activity_type=activity_type, url=url)
        assert expected == (None if refusal is None else type(refusal))


@pytest.mark.parametrize("activity_type", ActivityType)
def test_what_is_opened_at_an_address_has_one(activity_type: ActivityType) -> None:
    refusal = refuse_url(activity_type=activity_type, url=None)

    assert (activity_type in EXTERNAL) == isinstance(refusal, ActivityUrlMissingError)


def test_what_an_address_takes_of_a_user_is_percent_encoded() -> None:
    values = {"userId": "7", "email": "a+b@example.com", "firstName": "Zoë /?#&", "lastName": "{userId}"}

    url = fill_url('https://example.com/{userId}/{email}?n={firstName}&l={lastName}&f={"a":1}', values)

    assert 'https://example.com/7/a%2Bb%40example.com?n=Zo%C3%AB%20%2F%3F%23%26&l=%7BuserId%7D&f={"a":1}' == url


def taking(*, attends: bool = False, was_assigned: bool = False, is_assigned: bool = False, instructs: bool = False) -> Taking:
    return Taking(attends=attends, was_assigned=was_assigned or is_assigned, is_assigned=is_assigned, instructs=instructs)


@pytest.mark.parametrize(
    "who, everyone, instructors",
    [
        (taking(), CourseNotTakenError, CourseNotTakenError),
        (taking(was_assigned=True), CourseNotTakenError, CourseNotTakenError),
        (taking(attends=True), None, ActivityForInstructorsError),
        (taking(is_assigned=True), None, ActivityForInstructorsError),
        (taking(instructs=True), None, None),
        (taking(attends=True, instructs=True), None, None),
    ],
)
@pytest.mark.parametrize("activity_type", ActivityType)
def test_an_activity_is_opened_for_who_takes_or_instructs_its_course(
    who: Taking, everyone: type[Exception] | None, instructors: type[Exception] | None, activity_type: ActivityType
) -> None:
    for availability, expected in ((Availability.EVERYONE, everyone), (Availability.INSTRUCTORS, instructors)):
        refusals = refuse_opening(activity_id=3, course_id=4, user_id=5, activity_type=activity_type, availability=availability, taking=who)
        kinds = {type(refusal) for refusal in refusals if refusal is not None}
        assert {each for each in (expected, None if activity_type in EXTERNAL else ActivityNotExternalError) if each} == kinds


@pytest.mark.parametrize(
    "who, is_refused",
    [
        (taking(), True),
        (taking(instructs=True), True),
        (taking(attends=True), False),
        (taking(was_assigned=True), False),
        (taking(is_assigned=True), False),
    ],
)
def test_a_course_is_rated_by_who_takes_or_took_it(who: Taking, *, is_refused: bool) -> None:
    assert is_refused == isinstance(refuse_feedback(course_id=4, user_id=5, taking=who), CourseNotTakenError)


def tag(tag_id: int, group_id: int, *, exclusive: bool = False, enabled: bool = True) -> Tag:
    return Tag(tag_id, f"Tag {tag_id}", group_id, "Group", 1, exclusive, enabled)


@pytest.mark.parametrize(
    "wanted, added, expected",
    [
        ([tag(1, 1), tag(2, 1)], [1, 2], []),
        ([tag(1, 1, exclusive=True), tag(2, 2, exclusive=True)], [1, 2], []),
        ([tag(1, 1, exclusive=True), tag(2, 1, exclusive=True)], [2], [TagsExcludeEachOtherError]),
        ([tag(1, 1, enabled=False)], [], []),
        ([tag(1, 1, enabled=False)], [1], [TagGroupDisabledError]),
        (
            [tag(1, 1, exclusive=True, enabled=False), tag(2, 1, exclusive=True, enabled=False)],
            [2],
            [TagGroupDisabledError, TagsExcludeEachOtherError],
        ),
    ],
)
def test_a_course_has_one_tag_of_an_exclusive_group_and_no_new_one_of_a_disabled_group(
    wanted: list[Tag], added: list[int], expected: list[type[Exception]]
) -> None:
    assert expected == [type(refusal) for refusal in refuse_tags(wanted=wanted, added=added)]
