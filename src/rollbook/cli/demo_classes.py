"""Making one class of the demo with everything that has happened in it."""

from collections.abc import Mapping
from typing import Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.classes.actions.create import NewClass, create_class
from rollbook.classes.actions.custom_field_values import update_class_custom_field_value
from rollbook.classes.details import ClassChanges
from rollbook.classes.schedule import Meeting, has_ended, has_started
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.cli.demo_planning import PlannedClass, needs_approval
from rollbook.custom_fields.values import GivenValue
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.calling_off import call_off
from rollbook.enrollments.actions.checking_in import check_student_in
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.closing import close_class
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.marking import MeetingMarks, mark_meeting
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.attendance import list_held_meetings
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.people.actions.custom_field_values import NewValue

AN_HOUR: Final = 3_600
CATERING: Final = ("Coffee", "Coffee and lunch")
NOTES: Final = ("The projector was repaired last week.", "The caterer needs the final number two days before.")
REASONS: Final = {ClassStatus.CANCELLED: "The instructor is ill.", ClassStatus.DENIED: "There is no budget for it this year."}
REMARKS: Final = ("Needs a parking space near the door.", "Vegetarian.", "Would like to sit in front.")


class Center(Struct, frozen=True, kw_only=True):
    """What the demo's classes refer to, by name."""

    organizations: Mapping[str, int]
    courses: Mapping[str, int]
    rooms: Mapping[str, int]
    people: Mapping[str, int]
    catering_field_id: int


async def make_class(transaction: Transaction, *, actor: Actor, center: Center, plan: PlannedClass) -> None:
    """Make a planned class, and let happen what has happened in it until now."""
    making = _Making(transaction, actor, center, plan)
    await making.create()
    if plan.sketch.to is ClassStatus.RESCHEDULED:
        await making.move()
    if making.has_started:
        await making.fill_in()
        await making.mark()
    else:
        await making.enroll()
    if plan.sketch.to is ClassStatus.COMPLETED:
        await making.close()
    elif plan.sketch.to.is_off:
        await making.call_off()


class _Making:
    """A class on its way."""

    def __init__(self, transaction: Transaction, actor: Actor, center: Center, plan: PlannedClass) -> None:
        self.has_started = has_started(plan.starts_at, now=transaction.now)
        self._transaction = transaction
        self._actor = actor
        self._center = center
        self._plan = plan
        self._class_id = 0
        self._attending: list[int] = []

    async def create(self) -> None:
        plan, sketch, center = self._plan, self._plan.sketch, self._center
        earlier = AN_HOUR if sketch.to is ClassStatus.RESCHEDULED else 0
        happens = sketch.to in {ClassStatus.GUARANTEED_TO_RUN, ClassStatus.TENTATIVE, ClassStatus.REQUESTED}
        new = NewClass(
            organization_id=center.organizations[sketch.branch],
            course_id=center.courses[sketch.course],
            external_id=f"C-{plan.number + 5:03}",
            status=sketch.to if happens else ClassStatus.SCHEDULED,
            delivery=sketch.delivery,
            minimum=sketch.fill.minimum,
            maximum=sketch.fill.maximum,
            instructor_ids=tuple(center.people[name] for name in plan.instructors),
            classroom_ids=(center.rooms[plan.room],) if plan.room else (),
            custom_virtual_classroom_url=(
                UNSET if sketch.delivery is Delivery.PHYSICAL else f"https://meet.harborview.example/{plan.number + 5}"
            ),
            allow_self_enrollment=sketch.offered,
            is_public=sketch.offered,
            requires_approval=needs_approval(sketch),
            enable_training_key=sketch.offered and plan.number % 5 == 0,
            note=NOTES[plan.number % 2] if plan.number % 6 == 0 else None,
            meetings=tuple(Meeting(starts_at=each.starts_at - earlier, ends_at=each.ends_at - earlier) for each in plan.meetings),
        )
        self._class_id = (await create_class(self._transaction, actor=self._actor, new=new)).id
        if plan.number % 3 == 0:
            catering = NewValue(center.catering_field_id, GivenValue(text_value=CATERING[plan.number % 2]))
            await update_class_custom_field_value(self._transaction, actor=self._actor, class_id=self._class_id, new=catering)

    async def move(self) -> None:
        changes = ClassChanges(status=ClassStatus.RESCHEDULED, meetings=self._plan.meetings)
        await update_class(self._transaction, actor=self._actor, class_id=self._class_id, changes=changes, reason="The room opens later.")

    async def enroll(self) -> None:
        """Let students into a class that is to come; some cancel, and their places go to who waited first."""
        cancelling = [await self._add(name, EnrollmentStatus.ENROLLED) for name in self._students(None)]
        enrolled = self._students(EnrollmentStatus.ENROLLED)
        late = len(cancelling) if self._students(EnrollmentStatus.WAITLISTED) else 0
        for name in enrolled[: len(enrolled) - late]:
            await self._add(name, EnrollmentStatus.ENROLLED)
        waiting = [await self._add(name, EnrollmentStatus.WAITLISTED) for name in enrolled[len(enrolled) - late :]]
        await self._add_others()
        for enrollment_id in cancelling:
            await self._change(enrollment_id, EnrollmentChanges(status=EnrollmentStatus.CANCELLED), reason="Cannot come after all.")
        for enrollment_id in waiting:
            await self._change(enrollment_id, EnrollmentChanges(status=EnrollmentStatus.ENROLLED))

    async def fill_in(self) -> None:
        """Write down who is in a class that has begun; nobody comes into one that was called off."""
        off = self._plan.sketch.to.is_off
        for number, name in enumerate(self._students(None)):
            await self._add(name, EnrollmentStatus.CANCELLED, late_cancel=number % 2 == 0)
        for name in self._students(EnrollmentStatus.ENROLLED):
            await self._add(name, EnrollmentStatus.CANCELLED if off else EnrollmentStatus.ENROLLED)
        if not off:
            await self._add_others()

    async def mark(self) -> None:
        """Note who came: to the meetings that are over, and to the one in progress so far."""
        now = self._transaction.now
        for number, meeting in enumerate(await list_held_meetings(self._transaction, class_id=self._class_id)):
            if has_ended(meeting.ends_at, now=now) or (meeting.starts_at <= now and self._plan.sketch.delivery is Delivery.VIRTUAL):
                present = {each: (each + number) % 8 != 0 for each in self._attending}
                marks = MeetingMarks(students=present)
                await mark_meeting(self._transaction, actor=self._actor, class_id=self._class_id, meeting_id=meeting.id, marks=marks)
            elif meeting.starts_at <= now and self._plan.sketch.delivery is Delivery.PHYSICAL:
                for enrollment_id in self._attending[: len(self._attending) * 2 // 3]:
                    await check_student_in(self._transaction, actor=self._actor, enrollment_id=enrollment_id)

    async def close(self) -> None:
        """Complete a class: a few have failed or did not finish, the others get what their attendance says."""
        for enrollment_id in self._attending:
            outcome = {5: CompletionStatus.INCOMPLETE, 6: CompletionStatus.FAILED}.get(enrollment_id % 7)
            changes = EnrollmentChanges(hours_spent=4 * len(self._plan.meetings), grade=68 + enrollment_id % 33)
            if outcome is not None:
                changes = replace(changes, completion=outcome, grade=30 + enrollment_id % 20)
            await self._change(enrollment_id, changes)
        await close_class(self._transaction, actor=self._actor, class_id=self._class_id)

    async def call_off(self) -> None:
        status = self._plan.sketch.to
        if status is ClassStatus.CANCELLED:
            await call_off(self._transaction, actor=self._actor, class_id=self._class_id, reason=REASONS[status])
        else:
            changes = ClassChanges(status=status)
            await update_class(self._transaction, actor=self._actor, class_id=self._class_id, changes=changes, reason=REASONS[status])

    async def _add_others(self) -> None:
        for status, names in self._plan.students.items():
            if status not in {None, EnrollmentStatus.ENROLLED}:
                for name in names:
                    await self._add(name, status)

    async def _add(self, name: str, status: EnrollmentStatus, *, late_cancel: bool = False) -> int:
        wanted = NewEnrollment(
            class_id=self._class_id,
            user_id=self._center.people[name],
            status=status,
            late_cancel=late_cancel,
            location=self._location() if status.is_attending else UNSET,
            note=REMARKS[len(name) % 3] if len(name) % 9 == 0 else None,
        )
        enrollment_id = await create(self._transaction, actor=self._actor, wanted=wanted)
        if status.is_attending:
            self._attending.append(enrollment_id)
        return enrollment_id

    def _location(self) -> LocationType | UnsetType:
        """Give where the next student is; where a class is both here and online, every third one is online, and some do not know yet."""
        if self._plan.sketch.delivery is not Delivery.MIXED:
            return LocationType.VIRTUAL if self._plan.sketch.delivery is Delivery.VIRTUAL else UNSET
        number = len(self._attending)
        return LocationType.VIRTUAL if number % 3 == 2 else LocationType.TO_BE_DETERMINED if number % 7 == 6 else LocationType.CLASSROOM

    async def _change(self, enrollment_id: int, changes: EnrollmentChanges, *, reason: str | None = None) -> None:
        await update(self._transaction, caller=self._actor, enrollment_id=enrollment_id, changes=changes, reason=reason)

    def _students(self, status: EnrollmentStatus | None) -> list[str]:
        return self._plan.students[status]
