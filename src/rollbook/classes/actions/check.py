"""Looking up what a class is to refer to, and refusing what cannot be."""

from rollbook.access.actor import Actor, Viewer
from rollbook.classes.actions.training_key import check_training_key
from rollbook.classes.details import ClassChanges, ClassDetails
from rollbook.classes.queries.classes import find_class_with_external_id
from rollbook.classes.schedule import check_meetings
from rollbook.classrooms.queries import ClassroomNotFoundError, list_missing_classrooms
from rollbook.courses.queries.courses import CourseNotFoundError, CourseRow, find_course
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError
from rollbook.organizations.queries.organizations import list_missing_organizations
from rollbook.people.queries.companies import CompanyNotFoundError, find_company
from rollbook.people.queries.users import UserNotFoundError, find_user


class CourseArchivedError(ConflictError):
    """No class is made of an archived course."""

    field = "course_id"

    def __init__(self, course_id: int) -> None:
        self.course_id = course_id
        super().__init__(
            f"course {course_id} is archived, so no class can be made of it; give another course, or take it out of the archive"
        )


class CourseNotInstructorLedError(ConflictError):
    """No class is made of a course that is not instructor-led."""

    field = "course_id"

    def __init__(self, course_id: int) -> None:
        self.course_id = course_id
        super().__init__(
            f"course {course_id} is not instructor-led, so no class can be made of it; give another course, or make it available"
        )


class ClassExternalIdTakenError(ConflictError):
    """Another class of the organization has the external id."""

    field = "external_id"

    def __init__(self, external_id: str, class_id: int) -> None:
        self.external_id = external_id
        self.class_id = class_id
        super().__init__(f"class {class_id} of the organization has {external_id} already; give another, or update that class")


async def check_class(
    transaction: Transaction,
    *,
    actor: Actor,
    stored: ClassDetails | None,
    wanted: ClassDetails,
    given: ClassChanges,
    course: CourseRow | None = None,
) -> list[RollbookError]:
    """
    Give everything that keeps a class from saying what is wanted; what is said already is neither looked up nor checked.

    *given* is what the caller gave, to name the value that is refused; *course* is the class's course where it has been looked up.
    """
    viewer = actor.viewer
    refusals: list[RollbookError] = []
    if stored is None or wanted.course_id != stored.course_id:
        refusals += await _check_course(transaction, viewer=viewer, course_id=wanted.course_id, course=course)
    moved = stored is None or wanted.organization_id != stored.organization_id
    missing = []
    if moved:
        missing = await list_missing_organizations(
            transaction, viewer=viewer, organization_ids=[wanted.organization_id], field="organization_id"
        )
        refusals += missing
    external_id = wanted.external_id
    if external_id is not None and not missing and (stored is None or moved or external_id != stored.external_id):
        taken_by = await find_class_with_external_id(transaction, organization_id=wanted.organization_id, external_id=external_id)
        if taken_by is not None:
            refusals.append(ClassExternalIdTakenError(external_id, taken_by))
    refusals += await _check_parties(transaction, viewer=viewer, stored=stored, wanted=wanted, given=given)
    taken_key = await check_training_key(transaction, stored=stored, wanted=wanted)
    if taken_key is not None:
        refusals.append(taken_key)
    if stored is None or wanted.meetings != stored.meetings:
        refusals += check_meetings(wanted.meetings)
    return refusals


async def _check_course(transaction: Transaction, *, viewer: Viewer, course_id: int, course: CourseRow | None) -> list[RollbookError]:
    course = course or await find_course(transaction, viewer=viewer, course_id=course_id)
    if course is None:
        return [CourseNotFoundError(course_id, field="course_id")]
    refusals: list[RollbookError] = []
    if course.archived:
        refusals.append(CourseArchivedError(course_id))
    if not course.available_instructor_led:
        refusals.append(CourseNotInstructorLedError(course_id))
    return refusals


async def _check_parties(
    transaction: Transaction, *, viewer: Viewer, stored: ClassDetails | None, wanted: ClassDetails, given: ClassChanges
) -> list[RollbookError]:
    refusals: list[RollbookError] = []
    company_id = wanted.company_id
    known_company_id = stored.company_id if stored else None
    if company_id not in {None, known_company_id} and await find_company(transaction, viewer=viewer, company_id=company_id) is None:
        refusals.append(CompanyNotFoundError(company_id, field="company_id"))
    for user_id in wanted.instructor_ids:
        if (stored is None or user_id not in stored.instructor_ids) and not await find_user(transaction, viewer=viewer, user_id=user_id):
            field = "primary_instructor_id" if user_id == given.primary_instructor_id else "instructor_ids"
            refusals.append(UserNotFoundError(user_id, field=field))
    known_rooms = stored.classroom_ids if stored else ()
    new_rooms = [classroom_id for classroom_id in wanted.classroom_ids if classroom_id not in known_rooms]
    refusals += [
        ClassroomNotFoundError(missing.classroom, field="primary_classroom_id")
        if missing.classroom == given.primary_classroom_id
        else missing
        for missing in await list_missing_classrooms(transaction, viewer=viewer, classroom_ids=new_rooms, field="classroom_ids")
    ]
    known = stored.available_to_organization_ids if stored else ()
    refusals += await list_missing_organizations(
        transaction,
        viewer=viewer,
        organization_ids=[asked for asked in wanted.available_to_organization_ids if asked not in known],
        field="available_to_organization_ids",
    )
    return refusals
