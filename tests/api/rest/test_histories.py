"""Histories over the REST API."""

import pytest

from rollbook.changes.queries.histories import Subject
from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_class, enroll, gather
from tests.roster import ENROLLED, WAITLISTED, change, drop

PATHS = {
    Subject.ORGANIZATION: "organizations",
    Subject.COMPANY: "companies",
    Subject.USER: "users",
    Subject.COURSE: "courses",
    Subject.ASSIGNMENT: "assignments",
    Subject.CLASSROOM: "classrooms",
    Subject.CUSTOM_FIELD: "custom-fields",
    Subject.CLASS: "classes",
    Subject.ENROLLMENT: "enrollments",
    Subject.SUBSCRIPTION_PROFILE: "subscription-profiles",
    Subject.SUBSCRIPTION: "subscriptions",
    Subject.SUBSCRIPTION_TRAINING_KEY: "subscription-training-keys",
}


async def test_it_tells_what_became_of_an_enrollment(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id, status=WAITLISTED)
        await change(database, enrollment_id, actor=cast.ada, status=ENROLLED)
        await drop(database, enrollment_id)

        first = await caller.request("GET", f"/enrollments/{enrollment_id}/history", params={"limit": 2})
        last = await caller.get(f"/enrollments/{enrollment_id}/history", cursor=first.json()["next"])

        deleted, enrolled = first.json()["items"]
        assert ("enrollment.deleted", None, "enrolled") == (deleted["kind"], deleted["after"], deleted["before"]["status"])
        assert ({"kind": "key", "id": cast.ada.id, "name": "Ada", "through_key_id": None}, "waitlisted", "enrolled") == (
            enrolled["actor"],
            enrolled["before"]["status"],
            enrolled["after"]["status"],
        )
        assert enrolled["after"]["waiting_since"] is None
        assert enrolled["before"]["waiting_since"].endswith("Z")
        assert [("enrollment.waitlisted", None)] == [(item["kind"], item["before"]) for item in last["items"]]
        assert 'rel="next"' in first.headers["link"]


@pytest.mark.parametrize("subject", Subject)
async def test_each_thing_has_a_history(database: Database, subject: Subject) -> None:
    async with database:
        cast = await gather(database)
        known = {Subject.ORGANIZATION: cast.organization_id, Subject.USER: cast.sam_id}
        subject_id = known.get(subject)
        if subject is Subject.CLASS:
            subject_id = await add_class(database, cast)

        if subject_id is not None:
            (made,) = (await Caller(database, cast.ada_key).get(f"/{PATHS[subject]}/{subject_id}/history"))["items"]
            assert (f"{subject}.created", None, "system") == (made["kind"], made["before"], made["actor"]["kind"])
            await Caller(database, cast.olga_key).get(f"/{PATHS[subject]}/{subject_id}/history", status=404)
        told = await Caller(database, cast.ada_key).get(f"/{PATHS[subject]}/{NOBODY}/history", status=404)

        assert f"{subject}_not_found" == told["code"]
