"""Students' roads through classes, taken at random on both engines beside a model that knows the rules by heart, and nothing of the program."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import uvloop
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Integer, bindparam, select

from rollbook.access.actor import Actor
from rollbook.access.roles import ROLES
from rollbook.classes.statuses import ClassStatus
from rollbook.database import open_database
from rollbook.database.query import Query
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import RollbookError
from rollbook.history.model import history
from tests.cast import DAY, HOUR, MAY, SELF_ENROLLMENT, Cast, acting, add_class, add_company, add_room, enroll, gather, meeting
from tests.postgresql_server import PostgresqlServer
from tests.road_model import RefusedError, RoadModel
from tests.roster import (
    AUDIT,
    CANCELLED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    breaches,
    change,
    change_class,
    change_user,
    drop,
    prefer,
)
from tests.waiting import add_students, enter_alone, move_up, promote, set_capacity

REMARKS = {"passed_waitlist", "reason", "position"}
ENTRANCES = (REQUESTED, WAITLISTED, ENROLLED)

WHILE = 12
"""How many steps are taken between two of Hypothesis's own choices, most of which do little."""

randoms = st.randoms(use_true_random=True)


class Told(msgspec.Struct, frozen=True):
    """What the history says of an enrollment."""

    id: int
    subject_id: int
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


_ROWS = Query(
    select(*(enrollments.c[name] for name in EnrollmentRow.__struct_fields__)).order_by(enrollments.c.waiting_since, enrollments.c.id),
    EnrollmentRow,
)
_TOLD = Query(
    select(*(history.c[name] for name in Told.__struct_fields__))
    .where(history.c.subject == "enrollment", history.c.id > bindparam("last_id", type_=Integer))
    .order_by(history.c.id),
    Told,
)


async def set_scene(database: Database) -> tuple[Cast, RoadModel]:
    """Create students, rooms, and classes that share rooms and times, and give a model of them."""
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    user_ids = [cast.sam_id, cast.sue_id, *await add_students(database, cast, 8)]
    for user_id in user_ids[:7]:
        await change_user(database, user_id, company_id=company_id)
    rooms = [await add_room(database, cast, name=f"Room {capacity}", capacity=capacity) for capacity in (2, 3)]
    classes: dict[int, dict[str, Any]] = {}
    for room_id, starts_at, hours, maximum, said in (
        (rooms[0], MAY, 8, 1, {}),
        (rooms[0], MAY + HOUR, 2, 2, {}),
        (rooms[1], MAY + 4 * HOUR, 8, 2, {"requires_approval": True}),
        (None, MAY + DAY, 8, 1, {}),
        (rooms[1], LONG_AGO, 8, 2, {}),
        (rooms[1], None, 0, 3, {"allow_self_enrollment": False}),
    ):
        values = {"allow_self_enrollment": True, "requires_approval": False, **said}
        meetings = () if starts_at is None else (meeting(starts_at, hours=hours),)
        room_ids = () if room_id is None else (room_id,)
        class_id = await add_class(database, cast, classroom_ids=room_ids, meetings=meetings, maximum=maximum, **values)
        classes[class_id] = {
            "maximum": maximum,
            "room": room_id,
            "period": None if starts_at is None else (starts_at, starts_at + hours * HOUR),
            "started": starts_at == LONG_AGO,
            "off": False,
            "open": values["allow_self_enrollment"],
            "approval": values["requires_approval"],
            "company": None,
        }
    users = {
        user_id: {"disabled": False, "company": company_id if place < 7 else None, "enrolls": place < 9}
        for place, user_id in enumerate(user_ids)
    }
    return cast, RoadModel(classes=classes, users=users, capacities=dict(zip(rooms, (2, 3), strict=True)))


async def _outcome(act: Coroutine[Any, Any, Any]) -> tuple[Any, list[str]]:
    """Give what a step answers, and the rules that refuse it."""
    try:
        return await act, []
    except RollbookError as error:
        return None, sorted(each.rule or repr(each) for each in getattr(error, "refusals", [error]))


class Road(RuleBasedStateMachine):
    """Take any step that students and administrators can take; after each, program and model agree."""

    steps = 0

    def __init__(self, make_url: Callable[[], str]) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.stack = AsyncExitStack()
        self.database = open_database(make_url())
        self.runner.run(self.stack.enter_async_context(self.database))
        self.cast, self.model = self.runner.run(set_scene(self.database))
        self.class_ids, self.user_ids, self.room_ids = list(self.model.classes), list(self.model.users), list(self.model.capacities)
        self.company_id = next(iter(self.model.users.values()))["company"]
        self.last_told = 0
        self.replayed: dict[int, dict[str, Any]] = {}

    def teardown(self) -> None:
        try:
            assert [] == self.runner.run(breaches(self.database))
        finally:
            self.runner.run(self.stack.aclose())
            self.runner.close()

    def take(self, act: Coroutine[Any, Any, Any], expected: Callable[[Any], Any]) -> None:
        """Take a step, in the program and in the model, which is told the answer; both refuse by the same rules, or none does."""
        Road.steps += 1
        self.model.told = []
        answer, refused = self.runner.run(_outcome(act))
        rules, awaited = self._expect(expected, answer)
        assert rules == refused
        assert awaited is None or awaited == answer

    @staticmethod
    def _expect(expected: Callable[[Any], Any], answer: Any) -> tuple[list[str], Any]:
        try:
            return [], expected(answer)
        except RefusedError as error:
            return error.rules, None

    @initialize(random=randoms)
    def fill(self, random: Random) -> None:
        """Begin with classes that are full, and people waiting for them."""
        self.prefer(random, preference=random.choice(["off", "self_cancel", *["always"] * 4]))
        for _ in range(24):
            self.create(random)
            self.agree()

    @rule(random=randoms)
    def students_act(self, random: Random) -> None:
        random.choice([self.enter_alone, self.enter_alone, self.go_on_alone, self.leave_alone])(random)

    @rule(random=randoms)
    def administrators_act(self, random: Random) -> None:
        acts = [
            self.create,
            self.create,
            self.create,
            self.change_status,
            self.change_status,
            self.move,
            self.move,
            self.replace,
            self.grade,
            self.delete,
        ]
        random.choice([*acts, self.move_up, self.promote])(random)

    @rule(random=randoms)
    def surroundings_change(self, random: Random) -> None:
        acts = [self.set_maximum, self.set_maximum, self.set_maximum, self.set_capacity, self.set_capacity, self.call_off, self.take_up]
        random.choice([*acts, self.dedicate, self.disable, self.prefer])(random)

    @rule(random=randoms)
    def time_goes_by(self, random: Random) -> None:
        for _ in range(WHILE):
            act, *_ = random.choices([self.students_act, self.administrators_act, self.surroundings_change], [4, 7, 3])
            act(random)
            self.agree()

    def one(self, random: Random) -> int:
        """Choose an enrollment, most often one that holds a place."""
        places = [each for each, row in sorted(self.model.enrollments.items()) if row["status"] == ENROLLED]
        return random.choice(places if places and random.random() < 0.6 else sorted(self.model.enrollments) or [0])

    def class_id(self, random: Random) -> int:
        """Choose a class, most often one of those that share rooms and times."""
        return random.choices(self.class_ids, [4, 4, 4, 2, 1, 2])[0]

    def student(self, user_id: int) -> Actor:
        permissions = SELF_ENROLLMENT if self.model.users[user_id]["enrolls"] else ROLES[0].permissions
        return acting(self.cast, user_id, permissions=permissions)

    def enter_alone(self, random: Random) -> None:
        class_id, user_id, status = self.class_id(random), random.choice(self.user_ids), random.choice([*ENTRANCES, ENROLLED])
        self.take(
            enter_alone(self.database, self.student(user_id), class_id, status=status),
            lambda new_id: self.model.create(class_id, user_id, int(status), alone=True, new_id=new_id),
        )

    def go_on_alone(self, random: Random) -> None:
        waiting = [each for line in self.model.lines.values() for each in line]
        chosen = random.choice(waiting) if waiting and random.random() < 0.5 else self.one(random)
        self.act_alone(chosen, random.choice([*ENTRANCES, ENROLLED, *EnrollmentStatus]))

    def leave_alone(self, random: Random) -> None:
        enrolled = [each for each, row in sorted(self.model.enrollments.items()) if row["status"] == ENROLLED]
        self.act_alone(random.choice(enrolled or [self.one(random)]), CANCELLED)

    def act_alone(self, enrollment_id: int, status: EnrollmentStatus) -> None:
        row = self.model.enrollments.get(enrollment_id)
        if row is not None:
            self.take(
                change(self.database, enrollment_id, actor=self.student(row["user"]), status=status),
                lambda _: self.model.change(enrollment_id, status=int(status), alone=True),
            )

    def create(self, random: Random) -> None:
        class_id, user_id = self.class_id(random), random.choice(self.user_ids)
        status = random.choice([*EnrollmentStatus, ENROLLED, ENROLLED, ENROLLED, WAITLISTED, WAITLISTED, WAITLISTED])
        self.take(
            enroll(self.database, class_id=class_id, user_id=user_id, status=status),
            lambda new_id: self.model.create(class_id, user_id, int(status), alone=False, new_id=new_id),
        )

    def change_status(self, random: Random) -> None:
        self.change(self.one(random), status=random.choice([*EnrollmentStatus, AUDIT, ENROLLED, ENROLLED, WAITLISTED]))

    def move(self, random: Random) -> None:
        enrollment_id, class_id = self.one(random), self.class_id(random)
        met = [each for each, row in self.model.enrollments.items() if enrollment_id and self._meets(row, enrollment_id, class_id)]
        # Most moves would end at an enrollment that is there already.
        for each in met if random.random() < 0.8 else []:
            self.take(drop(self.database, each), self._dropped(each))
            self.agree()
        self.change(enrollment_id, class_id=class_id, **self._maybe_a_status(random))

    def _meets(self, row: dict[str, Any], enrollment_id: int, class_id: int) -> bool:
        moved = self.model.enrollments[enrollment_id]
        return row is not moved and (row["class"], row["user"]) == (class_id, moved["user"])

    def _dropped(self, enrollment_id: int) -> Callable[[Any], None]:
        return lambda _: self.model.delete(enrollment_id)

    def replace(self, random: Random) -> None:
        self.change(self.one(random), user_id=random.choice(self.user_ids), **self._maybe_a_status(random))

    def hand_over(self, random: Random) -> None:
        """Move and replace in one step."""
        class_id, user_id = self.class_id(random), random.choice(self.user_ids)
        self.change(self.one(random), class_id=class_id, user_id=user_id, **self._maybe_a_status(random))

    @staticmethod
    def _maybe_a_status(random: Random) -> dict[str, Any]:
        return {"status": random.choice(list(EnrollmentStatus))} if random.random() < 0.3 else {}

    def change(self, enrollment_id: int, **values: Any) -> None:
        if enrollment_id:
            self.take(change(self.database, enrollment_id, **values), lambda _: self.model.change(enrollment_id, **values))

    def grade(self, random: Random) -> None:
        enrollment_id, grade = self.one(random), random.randrange(3)
        if enrollment_id:
            self.take(change(self.database, enrollment_id, grade=grade), lambda _: self.model.grade(enrollment_id, grade))

    def delete(self, random: Random) -> None:
        if enrollment_id := self.one(random):
            self.take(drop(self.database, enrollment_id), lambda _: self.model.delete(enrollment_id))

    def move_up(self, random: Random) -> None:
        waiting = sorted(each for line in self.model.lines.values() for each in line[1:])
        enrollment_id, position = random.choice(waiting or [self.one(random)]), random.randint(1, 3)
        if enrollment_id:
            self.take(move_up(self.database, enrollment_id, position), lambda _: self.model.move_up(enrollment_id, position))

    def promote(self, random: Random) -> None:
        class_id, places = self.class_id(random), random.choice([None, None, 0, 1, 2])
        self.take(promote(self.database, class_id, places=places), lambda _: self.model.promote(class_id, places))

    def set_maximum(self, random: Random) -> None:
        class_id, maximum = self.class_id(random), random.choice([None, 0, 1, 1, 2, 2, 3, 3])
        self.take(change_class(self.database, class_id, maximum=maximum), lambda _: self.model.set_maximum(class_id, maximum))

    def set_capacity(self, random: Random) -> None:
        room_id, capacity = random.choice(self.room_ids), random.choice([None, 0, 1, 1, 2, 2, 3, 4])
        self.take(set_capacity(self.database, room_id, capacity), lambda _: self.model.set_capacity(room_id, capacity))

    def call_off(self, random: Random) -> None:
        class_id = self.class_id(random)
        if random.random() < 0.3:
            self.take(change_class(self.database, class_id, status=ClassStatus.CANCELLED), lambda _: self.model.call_off(class_id))

    def take_up(self, random: Random) -> None:
        off = [class_id for class_id, row in self.model.classes.items() if row["off"]]
        class_id = random.choice(off or self.class_ids)
        self.take(change_class(self.database, class_id, status=ClassStatus.SCHEDULED), lambda _: self.model.take_up(class_id))

    def dedicate(self, random: Random) -> None:
        class_id, company_id = self.class_id(random), random.choice([None, None, self.company_id])
        row = self.model.classes[class_id]
        self.take(change_class(self.database, class_id, company_id=company_id), lambda _: row.update({"company": company_id}))

    def disable(self, random: Random) -> None:
        user_id, disabled = random.choice(self.user_ids), random.random() < 0.3
        row = self.model.users[user_id]
        self.take(change_user(self.database, user_id, disabled=disabled), lambda _: row.update({"disabled": disabled}))

    def prefer(self, random: Random, preference: str | None = None) -> None:
        preference = preference or random.choice(["off", "self_cancel", "self_cancel", *["always"] * 4])
        asked = random.random() < 0.7
        self.runner.run(prefer(self.database, self.cast, waitlist_promotion=preference, promote_requested="on" if asked else "off"))
        self.model.told = []
        self.model.promotion, self.model.promotes_requested = preference, asked

    @invariant()
    def agree(self) -> None:
        """Compare every enrollment, every line, and what the history says of the last step; the history tells how all came to be."""
        rows, told = self.runner.run(self._look())
        self.last_told = told[-1].id if told else self.last_told
        for each in told:
            if each.kind == "enrollment.moved_up" and "reason" not in (each.after or {}):
                self.model.make_way(each.subject_id)
        assert self.model.told == [(each.subject_id, each.kind, bool((each.after or {}).get("passed_waitlist"))) for each in told]
        self.model.told = []
        assert self.model.enrollments == {
            row.id: {
                "class": row.class_id,
                "user": row.user_id,
                "status": row.status,
                "grade": row.grade,
                "passed": row.passed_over,
                "version": row.version,
            }
            for row in rows
        }
        lines: dict[tuple[int, int], list[int]] = {}
        for row in rows:
            assert (row.waiting_since is not None) == (row.status in (0, 20))
            if row.waiting_since is not None:
                lines.setdefault((row.class_id, row.status), []).append(row.id)
            if row.status.is_attending:
                assert self.model.classes[row.class_id]["room"] == row.classroom_id
        assert {name: line for name, line in self.model.lines.items() if line} == lines
        self._replay(rows, told)

    async def _look(self) -> tuple[list[EnrollmentRow], list[Told]]:
        async def read(transaction: Transaction) -> tuple[list[EnrollmentRow], list[Told]]:
            return await transaction.all(_ROWS), await transaction.all(_TOLD, last_id=self.last_told)

        return await self.database.read(read)

    def _replay(self, rows: list[EnrollmentRow], told: list[Told]) -> None:
        for each in told:
            after = {name: value for name, value in (each.after or {}).items() if name not in REMARKS}
            state = self.replayed.setdefault(each.subject_id, {})
            assert (each.before or {}) == {name: state[name] for name in each.before or {}}
            state.update(after)
            if each.after is None:
                del self.replayed[each.subject_id]
        assert self.replayed == {row.id: {name: getattr(row, name) for name in self.replayed[row.id]} for row in rows}


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )


def test_every_road_leads_where_the_rules_say_on_one_file(migrated_file: Path, tmp_path: Path) -> None:
    names = itertools.count()

    def make() -> Road:
        return Road(lambda: f"sqlite:///{shutil.copy(migrated_file, tmp_path / f'{next(names)}.db')}")

    run_state_machine_as_test(make, settings=_settings(20, 30))  # type: ignore[arg-type]  # any factory does


def test_every_road_leads_where_the_rules_say_on_a_server(postgresql_server: PostgresqlServer, migrated_template: str) -> None:
    names = itertools.count()
    made: list[str] = []

    def make_url() -> str:
        while made:
            postgresql_server.drop_database(made.pop())
        made.append(f"road_{next(names)}")
        postgresql_server.create_database(made[-1], template=migrated_template)
        return postgresql_server.url(made[-1])

    run_state_machine_as_test(lambda: Road(make_url), settings=_settings(8, 30))  # type: ignore[arg-type]  # any factory does
    while made:
        postgresql_server.drop_database(made.pop())
