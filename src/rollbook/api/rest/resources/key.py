"""Who calls, as the REST API tells it."""

from typing import Annotated, Final, Literal, cast

from msgspec import Meta, Struct

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME
from rollbook.api.rest.values import Time, moment_of, optional_moment_of
from rollbook.organizations.queries.keys import get_key as get_key_row

ScopeWord = Literal["read", "enroll", "manage", "admin"]


class Key(Struct, frozen=True, kw_only=True):
    """The key of a call."""

    id: int
    name: str
    scope: Annotated[ScopeWord, Meta(description="How far it reaches; each includes those before it.")]
    organization_id: Annotated[int, Meta(description="It acts on this organization and on all beneath it.")]
    created_at: Time
    expires_at: Annotated[Time | None, Meta(description="From when on it opens nothing; null for never.")]
    last_used_at: Annotated[Time | None, Meta(description="Noted about once a minute.")]
    acting_user_id: Annotated[int | None, Meta(description="The user for whom it acts in this call.")]


@endpoint(
    "GET",
    "/key",
    tag="Key",
    scope=Scope.READ,
    students=True,
    answers=Key(
        id=1,
        name="Course catalog",
        scope="manage",
        organization_id=1,
        created_at=SOME_TIME,
        expires_at=None,
        last_used_at=SOME_TIME,
        acting_user_id=None,
    ),
)
async def get_key(call: Call) -> Key:
    """Tell who calls: the key, what it may do, and for whom."""
    actor = call.actor
    student = actor.student
    key_id = cast("int", actor.key_id if student else actor.id)
    row = await call.database.read(get_key_row, viewer=actor.viewer, key_id=key_id)
    return Key(
        id=row.id,
        name=row.name,
        scope=row.scope.value,
        organization_id=row.organization_id,
        created_at=moment_of(row.created_at),
        expires_at=optional_moment_of(row.expires_at),
        last_used_at=optional_moment_of(row.last_used_at),
        acting_user_id=student.user_id if student else None,
    )


ENDPOINTS: Final[tuple[Endpoint, ...]] = (get_key,)
