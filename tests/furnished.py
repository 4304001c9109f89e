"""A row in every table that the enrollment of students does not fill."""

from rollbook.assignments.model import assignments
from rollbook.courses.model import activity_launches, course_activities, course_tag_groups, course_tags, tags_of_courses
from rollbook.database.transaction import Database, Transaction
from rollbook.organizations.model import system_announcements
from rollbook.people.model import user_activity
from rollbook.subscriptions.model import courses_of_profiles, subscription_profiles, subscription_training_keys, subscriptions
from tests.cast import Cast
from tests.marked import mark_person
from tests.rows import add_row


async def furnish_further(database: Database, cast: Cast) -> None:
    """Put a row with every reference into every table that has none."""
    await mark_person(database, cast, "sara")
    await database.write(_fill, cast=cast)


async def _fill(transaction: Transaction, *, cast: Cast) -> None:
    now = transaction.now
    dated = {"created_at": now, "modified_at": now}
    named = {"organization_id": cast.organization_id, "name": "N", "name_folded": "n"}
    activity = {"course_id": 1, "activity_type": 1, "name": "Film"}
    part_id = await add_row(transaction, course_activities, **activity)
    activity_id = await add_row(transaction, course_activities, **activity, parent_id=part_id)
    await add_row(transaction, activity_launches, user_id=cast.sam_id, activity_id=activity_id, at=now)
    group_id = await add_row(transaction, course_tag_groups, **named, **dated)
    tag_id = await add_row(transaction, course_tags, group_id=group_id, name="N", name_folded="n")
    await add_row(transaction, tags_of_courses, course_id=1, tag_id=tag_id)
    profile_id = await add_row(transaction, subscription_profiles, **named, **dated)
    await add_row(transaction, courses_of_profiles, profile_id=profile_id, course_id=1)
    key_id = await add_row(
        transaction,
        subscription_training_keys,
        organization_id=cast.organization_id,
        profile_id=profile_id,
        training_key="K",
        uses=1,
        expires_at=now,
        created_by_id=cast.sam_id,
        modified_by_id=cast.sam_id,
        **dated,
    )
    own = {"user_id": cast.sam_id}
    subscription_id = await add_row(
        transaction, subscriptions, **own, profile_id=profile_id, training_key_id=key_id, starts_at=now, **dated
    )
    await add_row(transaction, assignments, **own, course_id=1, subscription_id=subscription_id, **dated)
    await add_row(transaction, user_activity, **own, impersonating_user_id=cast.sue_id, at=now, method="GET", path="/")
    await add_row(transaction, system_announcements, organization_id=cast.organization_id, title="T", text="T", starts_at=now, **dated)
