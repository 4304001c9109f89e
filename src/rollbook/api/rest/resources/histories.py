"""The histories of the REST API: who changed what, from what to what."""

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import place_of
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME
from rollbook.api.rest.lists import ListQuery, Page, page_of
from rollbook.api.rest.performing import told_value
from rollbook.api.rest.values import Time, moment_of
from rollbook.changes.queries.histories import HistoryEntry, Subject, page_history

TAG: Final = "Histories"


class HistoryActor(Struct, frozen=True, kw_only=True):
    """Who changed something."""

    kind: Annotated[str, Meta(description="`key`, `user`, or `system` for a command on the server itself.")]
    id: Annotated[int | None, Meta(description="The key's, or the user's.")]
    name: Annotated[str, Meta(description="As it was then.")]
    through_key_id: Annotated[int | None, Meta(description="The key that acted for a user.")]


class HistoryChange(Struct, frozen=True, kw_only=True):
    """A change."""

    id: int
    at: Time
    actor: HistoryActor
    kind: Annotated[str, Meta(description="What became of what, such as `enrollment.cancelled`.")]
    organization_id: Annotated[int, Meta(description="To which organization the thing belonged.")]
    before: Annotated[dict[str, Any] | None, Meta(description="What changed, as it was; null where the thing was made.")]
    after: Annotated[dict[str, Any] | None, Meta(description="What changed, as it is since; null where the thing was deleted.")]


class History(Page, frozen=True, kw_only=True):
    """A page of the history of a thing, the newest change first."""

    items: list[HistoryChange]


EXAMPLE: Final = History(
    items=[
        HistoryChange(
            id=202,
            at=SOME_TIME,
            actor=HistoryActor(kind="key", id=1, name="Enrollment desk", through_key_id=None),
            kind="enrollment.cancelled",
            organization_id=1,
            before={"status": "enrolled"},
            after={"status": "cancelled"},
        )
    ],
    next="n.202",
)


@endpoint("GET", "/organizations/{organization_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_organization_history(call: Call, organization_id: int, query: ListQuery) -> History:
    """List what became of an organization and of its preferences, the newest change first."""
    return await _list(call, Subject.ORGANIZATION, organization_id, query)


@endpoint("GET", "/companies/{company_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_company_history(call: Call, company_id: int, query: ListQuery) -> History:
    """List what became of a company, the newest change first."""
    return await _list(call, Subject.COMPANY, company_id, query)


@endpoint("GET", "/users/{user_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_user_history(call: Call, user_id: int, query: ListQuery) -> History:
    """List what became of a user, the newest change first."""
    return await _list(call, Subject.USER, user_id, query)


@endpoint("GET", "/courses/{course_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_course_history(call: Call, course_id: int, query: ListQuery) -> History:
    """List what became of a course, the newest change first."""
    return await _list(call, Subject.COURSE, course_id, query)


@endpoint("GET", "/assignments/{assignment_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_assignment_history(call: Call, assignment_id: int, query: ListQuery) -> History:
    """
    List what became of a course assignment, the newest change first.

    A deleted assignment keeps its history.
    """
    return await _list(call, Subject.ASSIGNMENT, assignment_id, query)


@endpoint("GET", "/classrooms/{classroom_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_classroom_history(call: Call, classroom_id: int, query: ListQuery) -> History:
    """List what became of a classroom, the newest change first."""
    return await _list(call, Subject.CLASSROOM, classroom_id, query)


@endpoint("GET", "/custom-fields/{custom_field_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_custom_field_history(call: Call, custom_field_id: int, query: ListQuery) -> History:
    """
    List what became of a custom field, the newest change first.

    What became of its values is in the histories of what has them; a deleted field keeps its history.
    """
    return await _list(call, Subject.CUSTOM_FIELD, custom_field_id, query)


@endpoint("GET", "/classes/{class_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_class_history(call: Call, class_id: int, query: ListQuery) -> History:
    """
    List what became of a class, the newest change first.

    What became of its students is in the histories of their enrollments.
    """
    return await _list(call, Subject.CLASS, class_id, query)


@endpoint("GET", "/enrollments/{enrollment_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_enrollment_history(call: Call, enrollment_id: int, query: ListQuery) -> History:
    """
    List what became of an enrollment and of its attendance, the newest change first.

    A deleted enrollment keeps its history.
    """
    return await _list(call, Subject.ENROLLMENT, enrollment_id, query)


@endpoint("GET", "/subscription-profiles/{profile_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_profile_history(call: Call, profile_id: int, query: ListQuery) -> History:
    """List what became of a subscription profile, the newest change first."""
    return await _list(call, Subject.SUBSCRIPTION_PROFILE, profile_id, query)


@endpoint("GET", "/subscriptions/{subscription_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_subscription_history(call: Call, subscription_id: int, query: ListQuery) -> History:
    """List what became of a subscription, the newest change first."""
    return await _list(call, Subject.SUBSCRIPTION, subscription_id, query)


@endpoint("GET", "/subscription-training-keys/{key_id}/history", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def list_key_history(call: Call, key_id: int, query: ListQuery) -> History:
    """List what became of a training key of subscriptions, its uses included, the newest change first."""
    return await _list(call, Subject.SUBSCRIPTION_TRAINING_KEY, key_id, query)


async def _list(call: Call, subject: Subject, subject_id: int, query: ListQuery) -> History:
    found = await call.database.search(
        page_history,
        viewer=call.actor.viewer,
        subject=subject,
        subject_id=subject_id,
        behind=place_of(query.cursor),
        limit=query.limit,
    )
    return page_of(History, found, lambda entry: _show(subject, entry))


def _show(subject: Subject, entry: HistoryEntry) -> HistoryChange:
    return HistoryChange(
        id=entry.id,
        at=moment_of(entry.at),
        actor=HistoryActor(kind=entry.actor_kind, id=entry.actor_id, name=entry.actor_name, through_key_id=entry.through_key_id),
        kind=entry.kind,
        organization_id=entry.organization_id,
        before=_told(subject, entry.before),
        after=_told(subject, entry.after),
    )


def _told(subject: Subject, values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: told_value(subject.value, name, value) for name, value in values.items()}


ENDPOINTS: tuple[Endpoint, ...] = (
    list_organization_history,
    list_company_history,
    list_user_history,
    list_course_history,
    list_assignment_history,
    list_classroom_history,
    list_custom_field_history,
    list_class_history,
    list_enrollment_history,
    list_profile_history,
    list_subscription_history,
    list_key_history,
)
