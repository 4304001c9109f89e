"""What a viewer sees of single enrollments."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, case, select

from rollbook.access.actor import Actor, Viewer
from rollbook.access.errors import InvalidKeyError
from rollbook.access.scopes import Scope, check_scope
from rollbook.classes.model import classes
from rollbook.classes.statuses import ClassStatus
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.organizations.queries.keys import HAS_THE_KEY, actor_of, holders, key_holder_columns, key_holders


class EnrollmentNotFoundError(NotFoundError):
    """The viewer has no such enrollment."""

    def __init__(self) -> None:
        super().__init__("there is no such enrollment")


class EnrollmentRow(msgspec.Struct, frozen=True):
    """An enrollment as it is stored."""

    id: int
    class_id: int
    user_id: int
    organization_id: int
    external_id: str | None
    status: EnrollmentStatus
    completion: CompletionStatus
    late_cancel: bool
    retake: bool
    location: LocationType
    classroom_id: int | None
    hours_spent: int | None
    grade: int | None
    waiting_since: int | None
    passed_over: str | None
    note: str | None
    last_result_id: int | None
    created_at: int
    modified_at: int
    version: int


class EnrollmentInClass(EnrollmentRow, frozen=True):
    """An enrollment, and what its class says of when it freezes and who may be in it."""

    class_status: ClassStatus
    class_starts_at: int | None


class _Sight(msgspec.Struct, frozen=True):
    key_id: int
    key_name: str
    key_organization_id: int
    key_path: str
    key_scope: Scope
    enrollment: EnrollmentInClass | None


class UnknownHolder(msgspec.Struct):
    """
    Whoever sent an API key that is looked up by the statement that reads the object.

    Attributes:
        key_hash: The key's SHA-256 in hexadecimal digits.
        needed: The scope that the key must have.
        actor: Who it turned out to be.
    """

    key_hash: str
    needed: Scope
    actor: Actor | None = None


Caller = Actor | UnknownHolder

_class_facts = (classes.c.status.label("class_status"), classes.c.starts_at.label("class_starts_at"))
_rest = [enrollments.c[name] for name in EnrollmentRow.__struct_fields__ if name != "id"]
_visible = organizations.c.id.is_not(None)


def _by_key(which: ColumnElement[bool]) -> Query[_Sight]:
    return Query(
        select(*key_holder_columns(), case((_visible, enrollments.c.id)).label("id"), *_rest, *_class_facts)
        .select_from(key_holders)
        .outerjoin(enrollments, which)
        .outerjoin(organizations, (organizations.c.id == enrollments.c.organization_id) & within(organizations.c.path, holders.c.path))
        .outerjoin(classes, classes.c.id == enrollments.c.class_id)
        .where(HAS_THE_KEY),
        _Sight,
    )


def _in_scope(which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(enrollments.c.id, *_rest, *_class_facts)
        .select_from(enrollments)
        .join(organizations, organizations.c.id == enrollments.c.organization_id)
        .join(classes, classes.c.id == enrollments.c.class_id)
        .where(which, within(organizations.c.path, bindparam("path", type_=Text)))
    )


_with_id = enrollments.c.id == bindparam("enrollment_id", type_=Integer)
_of_class_and_user = (enrollments.c.class_id == bindparam("class_id", type_=Integer)) & (
    enrollments.c.user_id == bindparam("user_id", type_=Integer)
)
_with_external_id = enrollments.c.external_id == bindparam("external_id", type_=Text)

one_by_key = _by_key(_with_id)
_one_in_scope = Query(_in_scope(_with_id), EnrollmentInClass)
_of_class_and_user_in_scope = Query(_in_scope(_of_class_and_user), EnrollmentInClass)
_with_external_id_in_scope = Query(_in_scope(_with_external_id).order_by(enrollments.c.id), EnrollmentInClass)


async def see_enrollment(transaction: Transaction, *, caller: Caller, enrollment_id: int) -> tuple[Actor, EnrollmentInClass]:
    """
    Give who calls and the enrollment that they see, in one statement.

    Raises:
        InvalidKeyError: The key is unknown, revoked, expired, or of a disabled organization.
        ScopeError: Its scope does not reach so far.
        EnrollmentNotFoundError: The caller has no such enrollment.
    """
    if isinstance(caller, Actor):
        enrollment = await transaction.find(_one_in_scope, enrollment_id=enrollment_id, path=caller.viewer.path)
        actor = caller
    else:
        sight = await transaction.find(one_by_key, enrollment_id=enrollment_id, key_hash=caller.key_hash, now=transaction.now)
        if sight is None:
            raise InvalidKeyError
        actor = actor_of(sight)
        caller.actor = actor
        check_scope(actor.scope, needed=caller.needed)
        enrollment = sight.enrollment
    if enrollment is None:
        raise EnrollmentNotFoundError
    return actor, enrollment


async def get_enrollment_by_id(transaction: Transaction, *, viewer: Viewer, enrollment_id: int) -> EnrollmentInClass:
    """
    Give an enrollment.

    Raises:
        EnrollmentNotFoundError: The viewer has no such enrollment.
    """
    row = await transaction.find(_one_in_scope, enrollment_id=enrollment_id, path=viewer.path)
    if row is None:
        raise EnrollmentNotFoundError
    return row


async def find_enrollment(transaction: Transaction, *, viewer: Viewer, class_id: int, user_id: int) -> EnrollmentInClass | None:
    """Give the enrollment of a student in a class; None where the viewer has none of both."""
    return await transaction.find(_of_class_and_user_in_scope, class_id=class_id, user_id=user_id, path=viewer.path)


async def get_enrollment(transaction: Transaction, *, viewer: Viewer, class_id: int, user_id: int) -> EnrollmentInClass:
    """
    Give the enrollment of a student in a class.

    Raises:
        EnrollmentNotFoundError: The viewer has none of both.
    """
    row = await find_enrollment(transaction, viewer=viewer, class_id=class_id, user_id=user_id)
    if row is None:
        raise EnrollmentNotFoundError
    return row


async def list_enrollments(transaction: Transaction, *, viewer: Viewer, external_id: str) -> list[EnrollmentInClass]:
    """Give every enrollment with an external id, by ascending id: any number may share one (N2)."""
    return await transaction.all(_with_external_id_in_scope, external_id=external_id, path=viewer.path)
