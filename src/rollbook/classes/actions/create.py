"""Creating a class."""

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.classes.actions.check import check_class
from rollbook.classes.actions.training_key import with_training_key
from rollbook.classes.actions.warn import warn_of_schedule
from rollbook.classes.actions.write import add_class, write_meetings
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges, ClassDetails, default_delivery, settle
from rollbook.classes.schedule import MeetingPlan
from rollbook.courses.queries.courses import get_course
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse
from rollbook.organizations.queries.organizations import get_organization
from rollbook.organizations.queries.preferences import preferences_for


class NewClass(ClassChanges, frozen=True, kw_only=True):
    """
    A class to create: what is UNSET gets its default.

    The name is by default the course's, the time zone the organization's, the maximum the preference ``default_maximum`` (P1), the delivery
    physical, or virtual or mixed where the class has a place to meet online; whether a training key opens it says the preference
    ``class_training_keys``, and the key is made.
    """

    organization_id: int
    course_id: int


class CreatedClass(Struct, frozen=True):
    """The id of a new class, and what is worth telling about it (C3)."""

    id: int
    warnings: list[ScheduleWarning]


async def create_class(transaction: Transaction, *, actor: Actor, new: NewClass) -> CreatedClass:
    """
    Create a class.

    Raises:
        CourseNotFoundError: The actor has no such course.
        OrganizationNotFoundError: The actor has no such organization.
        CourseArchivedError: No class is made of an archived course.
        CourseNotInstructorLedError: The course is not for classes.
        NotFoundError: The actor has no such company, user or classroom.
        ClassExternalIdTakenError: Another class of the organization has the external id.
        ClassTrainingKeyTakenError: Another class of the server has the training key.
        InvalidError: The meetings cannot be those of one class (C2).
        SeveralRefusalsError: More than one of these.
    """
    course = await get_course(transaction, viewer=actor.viewer, course_id=new.course_id, field="course_id")
    organization = await get_organization(transaction, viewer=actor.viewer, organization_id=new.organization_id, field="organization_id")
    preferences = await preferences_for(transaction, organization_id=organization.id)
    initial = ClassDetails(
        organization_id=organization.id,
        course_id=course.id,
        name=course.name,
        time_zone=organization.time_zone,
        time_zone_iana=organization.time_zone_iana,
        maximum=preferences.default_maximum,
        enable_training_key=preferences.class_training_keys,
        delivery=default_delivery(new),
    )
    wanted = await with_training_key(transaction, settle(initial, new))
    refuse(await check_class(transaction, actor=actor, stored=None, wanted=wanted, given=new, course=course))
    warnings = await warn_of_schedule(transaction, actor=actor, class_id=0, stored=None, wanted=wanted)
    class_id = await add_class(transaction, actor=actor, wanted=wanted)
    await write_meetings(transaction, class_id=class_id, plan=MeetingPlan(kept=(), changed=(), added=wanted.meetings, removed=()))
    return CreatedClass(class_id, warnings)
