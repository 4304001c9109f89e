"""Training keys of classes through both doors."""

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.api.rest.caller import Caller
from tests.cast import add_class, add_course, gather


async def test_a_class_is_made_with_a_key_found_by_it_and_entered_with_it(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)

        class_id = (await door.ask("CreateClass", CourseId=course_id, EnableClassTrainingKey="true", ClassTrainingKey="Weld it"))["ClassId"]
        (found,) = (await door.ask("GetClassByClassTrainingKey", id="Weld it"))["Results"]
        redeemed = await door.ask("RedeemClassTrainingKey", userId=cast.sam_id, classTrainingKey="Weld it")
        (enrollment,) = (await door.ask("GetClassEnrollment", id=redeemed["ClassEnrollmentId"]))["Results"]
        (searched,) = (await door.ask("SearchClasses"))["Results"]

        assert (class_id, True, "Weld it") == (found["Id"], found["EnableClassTrainingKey"], found["ClassTrainingKey"])
        assert (True, "Weld it") == (searched["EnableClassTrainingKey"], searched["ClassTrainingKey"])
        assert (class_id, cast.sam_id, 60) == tuple(enrollment[name] for name in ("ClassId", "UserId", "EnrollmentStatusId"))
        assert found == (await door.ask("GetClassByClassTrainingKey/Weld%20it"))["Results"][0]
        assert {"Status": 20, "Error": None, "Results": []} == await door.call("GetClassByClassTrainingKey", id="weld it")


async def test_refusals_name_the_parameter_as_documented(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)
        await add_class(database, cast, enable_training_key=True, training_key="WELD")

        taken = await door.refused("CreateClass", CourseId=course_id, ClassTrainingKey="WELD")
        unknown = await door.refused("RedeemClassTrainingKey", userId=cast.sam_id, classTrainingKey="NONE")
        nobody = await door.refused("RedeemClassTrainingKey", userId=cast.olga_id, classTrainingKey="WELD")
        long = await door.refused("CreateClass", CourseId=course_id, ClassTrainingKey="x" * 51)

        assert "ClassTrainingKey: WELD is the training key of another class already; give another one, or let one be made" == taken
        assert unknown.startswith("classTrainingKey: no class is opened by that training key")
        assert nobody.startswith("userId: there is no user")
        assert long.startswith("ClassTrainingKey: is 51 characters long")


async def test_a_dry_run_tells_the_names_of_the_tms_and_keeps_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast)
        class_id = await add_class(database, cast, course_id=course_id, enable_training_key=True, training_key="WELD")

        changed = await door.ask(
            "UpdateClass", id=class_id, CourseId=course_id, EnableClassTrainingKey="0", ClassTrainingKey="null", dryRun="1"
        )
        redeemed = await door.ask("RedeemClassTrainingKey", userId=cast.sam_id, classTrainingKey="WELD", dryRun="true")

        assert {("EnableClassTrainingKey", True, False), ("ClassTrainingKey", "WELD", None)} == {
            (change["field"], change["before"], change["after"]) for change in changed["changes"]
        }
        assert redeemed["ClassEnrollmentId"] is None
        assert 0 == (await door.ask("SearchClassEnrollments"))["TotalCount"]


async def test_a_key_is_never_logged(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        caller = Caller(database, cast.ada_key)
        await add_class(database, cast, enable_training_key=True, training_key="SECRETKEY")

        await door.ask("GetClassByClassTrainingKey/SECRETKEY")
        await door.refused("RedeemClassTrainingKey", userId=cast.olga_id, classTrainingKey="SECRETKEY")
        await caller.post("/class-training-key-redemptions", {"training_key": "SECRETKEY", "user_id": cast.sam_id})

        for lines in (door.lines.getvalue(), caller.lines.getvalue()):
            assert lines
            assert b"SECRETKEY" not in lines


async def test_a_student_redeems_a_key_and_is_never_told_one(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        made = await caller.post(
            "/classes", {"course_id": await add_course(database, cast), "enable_training_key": True, "is_public": True}
        )
        path, training_key = f"/classes/{made['result']['id']}", made["result"]["training_key"]
        sam = {"Rollbook-Acting-User": str(cast.sam_id)}

        foreign = await caller.post(
            "/class-training-key-redemptions", {"training_key": training_key, "user_id": cast.sue_id}, status=403, headers=sam
        )
        redeemed = await caller.post("/class-training-key-redemptions", {"training_key": training_key}, headers=sam)
        nobody = await caller.post("/class-training-key-redemptions", {"training_key": training_key}, status=422)
        unknown = await caller.post("/class-training-key-redemptions", {"training_key": "NONE"}, status=422, headers=sam)
        seen = await caller.get(path, headers=sam)
        changed = (await caller.patch(path, {"training_key": "WELD"}))["result"]

        assert "not_oneself" == foreign["code"]
        assert ("enrolled", cast.sam_id) == (redeemed["result"]["status"], redeemed["result"]["user_id"])
        assert [1] == [places["enrolled"] for places in redeemed["places"]]
        assert "student_missing" == nobody["code"]
        assert ("unknown_class_training_key", "$.training_key") == (unknown["code"], unknown["field"])
        assert seen["enable_training_key"]
        assert "training_key" not in seen
        assert (True, "WELD") == (changed["enable_training_key"], changed["training_key"])
