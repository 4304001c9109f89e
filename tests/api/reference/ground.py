"""What the calls of the reference are about: one database with something of everything, to be copied for every call."""

from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from rollbook.access.actor import Actor, ActorKind
from rollbook.classes.statuses import Delivery
from rollbook.courses.actions.course_details import CourseChanges
from rollbook.courses.actions.courses import update_course
from rollbook.custom_fields.values import DataType, Subject
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.subscriptions.actions.training_keys import NewTrainingKeys, create_training_keys
from tests.api.estate import Estate
from tests.api.estate import build as build_estate
from tests.cast import DAY, MAY, TESTS, Cast, add_class, add_company, add_organization, add_room, add_user, gather, meeting
from tests.course_contents import add_activity, add_section
from tests.custom_fields import add_field, give
from tests.self_paced import add_self_paced_course, assign, change_assignment
from tests.subscribing import add_profile, add_subscription

NOW: Final = 1_800_000_000
"""The time at which everything happens, in epoch seconds."""

MIDNIGHT: Final = NOW - NOW % DAY
"""When the day of it began, in UTC."""


class Fields(Struct, frozen=True, kw_only=True):
    """Custom fields of one subject; of the list there are "Red", "Green" and "Blue" to choose."""

    textbox: int
    checkbox: int
    number: int
    checkbox_list: int


class Ground(Struct, frozen=True, kw_only=True):
    """
    What there is.

    Attributes:
        path: The SQLite file, which nobody changes.
        cast: Whose key calls.
        estate: What the calls are about, in an organization beneath the key's.
        beneath_id: An organization in which there is nothing.
        manager_id: A user who manages the estate's organization, and nobody yet.
        class_id: A class of two days in the classroom and in another one, open to students on the spot and elsewhere, with a value of each field.
        class_fields: Custom fields of classes.
        user_fields: Custom fields of users; the estate's user has a value of each.
        assignment_id: One that has not been started.
        completed_assignment_id: One with everything that an assignment can have, of the course and the subscription.
        other_course_id: Another course to be taken alone.
        profile_id: A subscription profile with the first of these courses, that of the subscription; the other one is the manager's.
        plain_subscription_id: One of the estate's user that nothing is taken through.
        training_key_id: One that the manager made and nobody has redeemed.
    """

    path: Path
    cast: Cast
    estate: Estate
    beneath_id: int
    empty_company_id: int
    manager_id: int
    classroom_id: int
    class_id: int
    class_fields: Fields
    user_fields: Fields
    assignment_id: int
    completed_assignment_id: int
    self_paced_course_id: int
    other_course_id: int
    profile_id: int
    other_profile_id: int
    subscription_id: int
    other_subscription_id: int
    plain_subscription_id: int
    training_key_id: int


async def build(path: Path) -> Ground:
    """Put something of everything into a migrated and empty file."""
    async with open_database(f"sqlite:///{path}") as database:
        cast = await gather(database)
        organization_id = await add_organization(database, "Ours", parent_id=cast.organization_id, external_id="ours")
        estate = await build_estate(database, cast, organization_id=organization_id, mark="ours")
        await _contents(database, estate)
        manager_id = await add_user(database, "Mona", organization_id=organization_id, managed_organization_ids=(organization_id,))
        return Ground(
            path=path,
            cast=cast,
            estate=estate,
            beneath_id=await add_organization(database, "Beneath", parent_id=organization_id),
            empty_company_id=await add_company(database, "Empty", organization_id=organization_id),
            manager_id=manager_id,
            **await _class(database, cast, estate),
            user_fields=await _custom_fields(database, cast, estate, Subject.USER, estate.user_id),
            **await _self_paced(database, cast, estate, manager_id),
        )


async def _class(database: Database, cast: Cast, estate: Estate) -> dict[str, Any]:
    own: dict[str, Any] = {"organization_id": estate.organization_id}
    rooms = [await add_room(database, cast, name=name, capacity=20, **own) for name in ("Hall", "Laboratory")]
    class_id = await add_class(
        database,
        cast,
        course_id=estate.course_id,
        delivery=Delivery.MIXED,
        classroom_ids=tuple(rooms),
        meetings=(meeting(MAY), meeting(MAY + DAY)),
        **own,
    )
    fields = await _custom_fields(database, cast, estate, Subject.CLASS, class_id)
    return {"classroom_id": rooms[1], "class_id": class_id, "class_fields": fields}


async def _custom_fields(database: Database, cast: Cast, estate: Estate, subject: Subject, subject_id: int) -> Fields:
    own: dict[str, Any] = {"organization_id": estate.organization_id, "subject": subject}
    fields = Fields(
        textbox=await add_field(database, cast, name="Words", **own),
        checkbox=await add_field(database, cast, name="Yes", data_type=DataType.CHECKBOX, **own),
        number=await add_field(database, cast, name="Many", data_type=DataType.NUMBER, **own),
        checkbox_list=await add_field(
            database, cast, name="Colors", data_type=DataType.CHECKBOX_LIST, choices=("Red", "Green", "Blue"), **own
        ),
    )
    await give(database, subject, subject_id, fields.textbox, text_value="few")
    await give(database, subject, subject_id, fields.checkbox, boolean_value=False)
    await give(database, subject, subject_id, fields.number, numeric_value=1)
    await give(database, subject, subject_id, fields.checkbox_list, separated_list_values=("Green",))
    return fields


async def _contents(database: Database, estate: Estate) -> None:
    section_id = await add_section(database, estate.course_id)
    await add_activity(database, estate.course_id, "Tools", parent_id=section_id)
    changes = CourseChanges(tag_ids=(estate.tag_id,))
    await database.write(update_course, actor=TESTS, course_id=estate.course_id, changes=changes)


async def _self_paced(database: Database, cast: Cast, estate: Estate, manager_id: int) -> dict[str, Any]:
    own: dict[str, Any] = {"organization_id": estate.organization_id}
    course_id, other_course_id = [await add_self_paced_course(database, cast, name=name, **own) for name in ("Alone", "Alone again")]
    profile_id, other_profile_id = [await add_profile(database, cast, course_ids=(each,), **own) for each in (course_id, other_course_id)]
    subscription_id = await add_subscription(
        database,
        profile_id=profile_id,
        user_id=estate.user_id,
        external_id="S-9",
        expires_at=MAY + 2 * DAY,
        target_completion_at=MAY + DAY,
    )
    keys = NewTrainingKeys(**own, profile_id=profile_id, expires_at=MAY, training_keys=("SPARK-9",))
    manager = Actor(ActorKind.USER, manager_id, "Mona", cast.ada.viewer)
    (key,) = await database.write(create_training_keys, actor=manager, keys=keys)
    mine = {"course_id": course_id, "user_id": estate.user_id}
    completed_id = await assign(
        database,
        **mine,
        subscription_id=subscription_id,
        external_id="A-9",
        expires_at=MIDNIGHT + 30 * DAY,
        target_completion_at=MIDNIGHT + 20 * DAY,
    )
    await change_assignment(database, completed_id, started_at=MIDNIGHT - DAY, completed_at=MIDNIGHT)
    return {
        "self_paced_course_id": course_id,
        "other_course_id": other_course_id,
        "profile_id": profile_id,
        "other_profile_id": other_profile_id,
        "subscription_id": subscription_id,
        "other_subscription_id": await add_subscription(database, profile_id=other_profile_id, user_id=manager_id),
        "plain_subscription_id": await add_subscription(database, profile_id=other_profile_id, user_id=estate.user_id),
        "training_key_id": key.id,
        "assignment_id": await assign(database, **mine),
        "completed_assignment_id": completed_id,
    }
