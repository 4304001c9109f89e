"""Reading single classes with everything that belongs to them, and all classes page by page."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Integer, Select, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.details import ClassDetails
from rollbook.classes.model import class_classrooms, class_instructors, class_organizations, classes, meetings
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.classrooms.model import classrooms
from rollbook.courses.model import courses
from rollbook.custom_fields.queries.values import ShownValue
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import users


class ClassRow(Struct, frozen=True):
    """
    A class's own values, and those of what it refers to that are told with it.

    Attributes:
        starts_at: The first meeting's start in epoch seconds.
        ends_at: The last meeting's end in epoch seconds.
        created_at: Epoch seconds.
        modified_at: Epoch seconds.
    """

    organization_name: str
    course_name: str
    instructor_first_name: str | None
    instructor_last_name: str | None
    classroom_name: str | None
    classroom_address1: str | None
    classroom_address2: str | None
    classroom_city: str | None
    classroom_state: str | None
    classroom_country: str | None
    classroom_zip: str | None
    id: int
    organization_id: int
    course_id: int
    name: str
    time_zone: str
    time_zone_iana: str
    company_id: int | None
    external_id: str | None
    description: str | None
    html_description: str | None
    status: ClassStatus
    delivery: Delivery
    minimum: int | None
    maximum: int | None
    primary_instructor_id: int | None
    primary_classroom_id: int | None
    virtual_meeting_host_id: int | None
    custom_virtual_classroom_url: str | None
    enabled: bool
    allow_self_enrollment: bool
    is_public: bool
    requires_approval: bool
    note: str | None
    disable_labs: bool
    survey_id: int | None
    student_survey_availability_start_type_id: int | None
    survey_availability_start_hours: int | None
    survey_availability_end_days: int | None
    instructor_survey_id: int | None
    organization_survey_id: int | None
    enable_training_key: bool
    training_key: str | None
    starts_at: int | None
    ends_at: int | None
    created_at: int
    modified_at: int
    version: int


class TrainingClass(Struct, frozen=True):
    """
    A class with everything that belongs to it.

    Attributes:
        meetings: By their starts.
        instructor_ids: In the order that they were given.
        classroom_ids: In the order that they were given.
        available_to_organization_ids: Ascending.
        custom_fields: What it shows of custom fields, where that was asked for.
    """

    row: ClassRow
    meetings: tuple[Meeting, ...]
    instructor_ids: tuple[int, ...]
    classroom_ids: tuple[int, ...]
    available_to_organization_ids: tuple[int, ...]
    custom_fields: tuple[ShownValue, ...] = ()

    def details(self) -> ClassDetails:
        """Give what can be changed of the class."""
        row = asdict(self.row)
        own: dict[str, Any] = {name: row[name] for name in ClassDetails.__struct_fields__ if name in row}
        return ClassDetails(
            **own,
            meetings=self.meetings,
            instructor_ids=self.instructor_ids,
            classroom_ids=self.classroom_ids,
            available_to_organization_ids=self.available_to_organization_ids,
        )


class ClassNotFoundError(NotFoundError):
    """The viewer has no such class."""

    def __init__(self, training_class: int | str, *, field: str | None = None) -> None:
        self.training_class = training_class
        self.field = field
        super().__init__(f"there is no class {training_class}; give the id of a class of your organization or of one beneath it")


class SeveralClassesError(ConflictError):
    """An external id stands for several classes of the viewer's tree."""

    def __init__(self, external_id: str, class_ids: Sequence[int]) -> None:
        self.external_id = external_id
        self.class_ids = tuple(class_ids)
        ids = ", ".join(str(class_id) for class_id in class_ids)
        super().__init__(f"several classes have the external id {external_id} ({ids}); ask for one of them by its id")


class _IdRow(Struct, frozen=True):
    id: int


class _MeetingRow(Struct, frozen=True):
    class_id: int
    starts_at: int
    ends_at: int


class _PartyRow(Struct, frozen=True):
    class_id: int
    party_id: int


_PATH = bindparam("path", type_=Text)
_VIEWED = within(organizations.c.path, _PATH)
_TOLD: Final = (
    organizations.c.name.label("organization_name"),
    courses.c.name.label("course_name"),
    users.c.first_name.label("instructor_first_name"),
    users.c.last_name.label("instructor_last_name"),
    *(classrooms.c[name].label(f"classroom_{name}") for name in ("name", "address1", "address2", "city", "state", "country", "zip")),
)

CLASSES: Final[Select[Any]] = (
    select(*_TOLD, *(classes.c[name] for name in ClassRow.__struct_fields__[len(_TOLD) :]))
    .select_from(classes)
    .join(organizations, classes.c.organization_id == organizations.c.id)
    .join(courses, classes.c.course_id == courses.c.id)
    .outerjoin(users, classes.c.primary_instructor_id == users.c.id)
    .outerjoin(classrooms, classes.c.primary_classroom_id == classrooms.c.id)
)
"""Every class; its columns are the fields of ClassRow."""

_get_class = Query(CLASSES.where(classes.c.id == bindparam("class_id", type_=Integer), _VIEWED), ClassRow)
_classes_by_external_id = Query(
    CLASSES.where(classes.c.external_id == bindparam("external_id", type_=Text), _VIEWED).order_by(classes.c.id), ClassRow
)
_page_classes = Query(
    CLASSES.where(classes.c.id > bindparam("after_id", type_=Integer), _VIEWED)
    .order_by(classes.c.id)
    .limit(bindparam("limit", type_=Integer)),
    # SQLite's compiler would bind an offset of its own that nobody gives a value for.
    ClassRow,
)
_id_of_external_id = Query(
    select(classes.c.id).where(
        classes.c.organization_id == bindparam("organization_id", type_=Integer),
        classes.c.external_id == bindparam("external_id", type_=Text),
    ),
    _IdRow,
)
_lock_class = Query(
    select(classes.c.id).where(classes.c.id == bindparam("class_id", type_=Integer)).with_for_update(key_share=True, of=classes), _IdRow
)
_meetings = Query(
    select(meetings.c.class_id, meetings.c.starts_at, meetings.c.ends_at)
    .where(any_of(meetings.c.class_id, "class_ids"))
    .order_by(meetings.c.class_id, meetings.c.starts_at),
    _MeetingRow,
)
_instructors = Query(
    select(class_instructors.c.class_id, class_instructors.c.user_id.label("party_id"))
    .where(any_of(class_instructors.c.class_id, "class_ids"))
    .order_by(class_instructors.c.class_id, class_instructors.c.position),
    _PartyRow,
)
_classrooms = Query(
    select(class_classrooms.c.class_id, class_classrooms.c.classroom_id.label("party_id"))
    .where(any_of(class_classrooms.c.class_id, "class_ids"))
    .order_by(class_classrooms.c.class_id, class_classrooms.c.position),
    _PartyRow,
)
_organizations = Query(
    select(class_organizations.c.class_id, class_organizations.c.organization_id.label("party_id"))
    .where(any_of(class_organizations.c.class_id, "class_ids"))
    .order_by(class_organizations.c.class_id, class_organizations.c.organization_id),
    _PartyRow,
)


async def get_class(transaction: Transaction, *, viewer: Viewer, class_id: int) -> TrainingClass:
    """
    Give a class by its id.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    rows = await transaction.all(_get_class, class_id=class_id, path=viewer.path)
    if not rows:
        raise ClassNotFoundError(class_id)
    (found,) = await complete(transaction, rows)
    return found


async def get_class_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> TrainingClass:
    """
    Give a class by the id that another system gave it.

    Raises:
        ClassNotFoundError: The viewer has none with it.
        SeveralClassesError: Classes of several organizations have it.
    """
    rows = await transaction.all(_classes_by_external_id, external_id=external_id, path=viewer.path)
    if not rows:
        raise ClassNotFoundError(external_id)
    if len(rows) > 1:
        raise SeveralClassesError(external_id, [row.id for row in rows])
    (found,) = await complete(transaction, rows)
    return found


async def page_classes(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[TrainingClass]:
    """Give the classes with an id above *after_id*, ascending, at most *limit* of them."""
    return await complete(transaction, await transaction.all(_page_classes, path=viewer.path, after_id=after_id, limit=limit))


async def find_class_with_external_id(transaction: Transaction, *, organization_id: int, external_id: str) -> int | None:
    """Give the id of an organization's class with that external id; the caller has found the organization, which is scope enough."""
    row = await transaction.find(_id_of_external_id, organization_id=organization_id, external_id=external_id)
    return None if row is None else row.id


async def lock_class(transaction: Transaction, class_id: int) -> None:
    """Lock a class until the end of the transaction."""
    await transaction.lock(_lock_class, class_id=class_id)


async def complete(transaction: Transaction, rows: Sequence[ClassRow]) -> list[TrainingClass]:
    """Give classes with their meetings, instructors, classrooms and organizations; the rows are what the viewer may see."""
    if not rows:
        return []
    class_ids = [row.id for row in rows]
    met: defaultdict[int, list[Meeting]] = defaultdict(list)
    for meeting in await transaction.all(_meetings, class_ids=class_ids):
        met[meeting.class_id].append(Meeting(starts_at=meeting.starts_at, ends_at=meeting.ends_at))
    instructors, rooms, offered = [
        _by_class(await transaction.all(query, class_ids=class_ids)) for query in (_instructors, _classrooms, _organizations)
    ]
    return [
        TrainingClass(row, tuple(met[row.id]), tuple(instructors[row.id]), tuple(rooms[row.id]), tuple(offered[row.id])) for row in rows
    ]


def _by_class(rows: Sequence[_PartyRow]) -> defaultdict[int, list[int]]:
    parties: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        parties[row.class_id].append(row.party_id)
    return parties
