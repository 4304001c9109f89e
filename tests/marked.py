"""A person every value of whom is a mark that nothing else has, wherever anything can be kept of people."""

from typing import Any

from msgspec import Struct

from rollbook.access.actor import Actor, ActorKind
from rollbook.assignments.model import assignments
from rollbook.courses.model import catalog_searches, course_feedback
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.update import update
from rollbook.organizations.time_zones import TimeZone
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.model import merged_users, sign_ins, user_activity
from rollbook.sessions.model import failed_sign_ins, one_time_links, sessions
from rollbook.subscriptions.model import subscription_profiles, subscriptions
from tests.cast import MAY, TESTS, Cast, add_class, add_company, add_course, add_user, enroll, meeting
from tests.rows import add_row, record_row

LONG = 3_000
"""How long a note is: longer than SQLite keeps in one page with its row."""

MERGED_ID = 800_000


class Marked(Struct, frozen=True):
    """
    A person, and the marks.

    Attributes:
        marks: Every text that was ever said of the person.
    """

    user_id: int
    enrollment_ids: tuple[int, ...]
    marks: tuple[str, ...]


class Marks:
    """Gives marks and remembers them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.given: list[str] = []

    def __call__(self, what: str, *, length: int = 0, pattern: str = "{}") -> str:
        mark = f"xq{self.name}{what}{len(self.given):03d}xq"
        self.given.append(mark)
        return pattern.format(mark + ("." + mark) * (length // (len(mark) + 1)))


def user_values(mark: Marks) -> dict[str, Any]:
    """Give a mark for each text of a user."""
    names = ("title", "middle_name", "phone", "phone2", "address1", "address2", "city", "state", "country", "external_id", "user_name")
    values = {name: mark(name[:6]) for name in names}
    return values | {
        "email": mark("mail", pattern="{}@example.com"),
        "first_name": mark("first"),
        "last_name": mark("last"),
        "profile_image_url": mark("image", pattern="https://example.com/{}"),
        "note": mark("note", length=LONG),
        "zip": mark("zip")[:20],
        "country_code": "DE",
        "time_zone": TimeZone("Romance Standard Time", "Europe/Paris"),
    }


async def mark_person(database: Database, cast: Cast, name: str, *, class_ids: tuple[int, ...] = ()) -> Marked:
    """Create a person, change everything about them once, and let them leave traces everywhere."""
    mark = Marks(name)
    company_id = await add_company(database, f"Company of {name}", organization_id=cast.organization_id)
    first = user_values(mark)
    user_id = await add_user(
        database,
        name,
        **{**first, "organization_id": cast.organization_id, "company_id": company_id, "manager_id": cast.ivan_id, "role_ids": (1,)},
        password_hash=mark("hash"),
        managed_organization_ids=(cast.organization_id,),
    )
    await database.write(update_user, actor=TESTS, user_id=user_id, changes=UserChanges(**user_values(mark)))
    acting = Actor(ActorKind.USER, user_id, mark("acting"), cast.ada.viewer, key_id=cast.ada.id)
    enrollment_ids = []
    for class_id in class_ids or (await add_class(database, cast, meetings=(meeting(MAY),)),):
        enrollment_id = await enroll(database, class_id=class_id, user_id=user_id, external_id=mark("enr"), note=mark("why", length=LONG))
        for changes in (EnrollmentChanges(note=mark("because", length=LONG), external_id=mark("enr")), EnrollmentChanges(grade=1)):
            await database.write(
                update, caller=acting, enrollment_id=enrollment_id, changes=changes, reason=mark("reason"), place_is_spoken_for=True
            )
        enrollment_ids.append(enrollment_id)
    await database.write(_leave_traces, cast=cast, mark=mark, user_id=user_id, course_id=await add_course(database, cast))
    return Marked(user_id, tuple(enrollment_ids), tuple(mark.given))


async def _leave_traces(transaction: Transaction, *, cast: Cast, mark: Marks, user_id: int, course_id: int) -> None:
    now = transaction.now
    own = {"user_id": user_id, "at": now}
    dated = {"created_at": now, "modified_at": now}
    await add_row(transaction, sign_ins, **own, address=mark("from"), user_agent=mark("agent"))
    await add_row(transaction, user_activity, **own, method="GET", path=mark("path"), referrer=mark("ref"), user_agent=mark("agent"))
    secret = {"user_id": user_id, "password_mark": mark("password")}
    await add_row(transaction, sessions, **secret, secret_hash=mark("session"), with_password=True, started_at=now, seen_at=now)
    link = {"purpose": "sign_in", "destination": mark("goes", pattern="/{}"), "expires_at": now + 60}
    await add_row(transaction, one_time_links, **secret, **link, token_hash=mark("link"))
    await add_row(transaction, failed_sign_ins, user_id=user_id, tried=mark("tried"), moments="[]", last_at=now)
    await add_row(transaction, catalog_searches, **own, text=mark("sought"), found=1)
    await add_row(transaction, course_feedback, user_id=user_id, course_id=course_id, rating=4, comment=mark("said", length=LONG), **dated)
    await add_row(transaction, merged_users, merged_id=MERGED_ID + user_id, user_id=user_id, merged_at=now)
    await record_row(
        transaction, kind="user.created", subject_id=MERGED_ID + user_id, after={"user_name": mark("merged"), "disabled": False}
    )
    told = {"user_id": user_id, "external_id": mark("gone"), "attendance": {"7": True}, "status": 60}
    await record_row(transaction, kind="enrollment.deleted", subject_id=700_000 + user_id, before=told)
    profile = {"organization_id": cast.organization_id, "name": f"Club {user_id}", "name_folded": f"club {user_id}"}
    profile_id = await add_row(transaction, subscription_profiles, **profile, **dated)
    await add_row(transaction, subscriptions, profile_id=profile_id, user_id=user_id, external_id=mark("sub"), starts_at=now, **dated)
    await add_row(transaction, assignments, course_id=course_id, user_id=user_id, external_id=mark("asg"), **dated)
    number = {"organization_id": cast.organization_id, "subject": "user", "data_type": 0, "choices": "[]"}
    field_id = await add_row(transaction, custom_fields, **number, name=f"F{user_id}", name_folded=f"f{user_id}", **dated)
    key = {"custom_field_id": field_id, "subject": "user", "subject_id": user_id}
    words = mark("custom", length=LONG)
    await add_row(transaction, custom_field_values, **key, text_value=words, integer_value=None, boolean_value=None)
    await record_row(
        transaction, kind="user.updated", subject_id=user_id, before={"custom_fields": {str(field_id): 4711}}, after={str(field_id): words}
    )
