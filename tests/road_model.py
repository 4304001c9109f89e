"""
A student's road as the rules tell it, in dictionaries and lists: written beside the program, which it does not ask.

Every class has one meeting or none, and one room or none, in which all of its students sit. Statuses are the numbers of the TMS.
"""

from typing import Any

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = 0, 10, 20, 30, 40, 50, 60
NAMES = {
    REQUESTED: "requested",
    CANCELLED: "cancelled",
    WAITLISTED: "waitlisted",
    APPROVED: "approved",
    DENIED: "denied",
    AUDIT: "audited",
    ENROLLED: "enrolled",
}
WAITING = (WAITLISTED, REQUESTED)
ALONE: dict[int | None, set[int]] = {
    None: {REQUESTED, WAITLISTED, ENROLLED},
    REQUESTED: {WAITLISTED, ENROLLED, CANCELLED},
    CANCELLED: {REQUESTED, WAITLISTED, ENROLLED},
    WAITLISTED: {ENROLLED, CANCELLED},
    APPROVED: {WAITLISTED, ENROLLED, CANCELLED},
    DENIED: set(),
    AUDIT: {CANCELLED},
    ENROLLED: {CANCELLED},
}


class RefusedError(Exception):
    """Rules say no, all of those that are told."""

    def __init__(self, *rules: str) -> None:
        self.rules = sorted(rules)
        super().__init__(", ".join(self.rules))


def is_active(status: int | None) -> bool:
    return status is not None and status not in (CANCELLED, DENIED)


def is_attending(status: int | None) -> bool:
    return status in (AUDIT, ENROLLED)


class RoadModel:
    """
    What there is, and what becomes of it.

    Attributes:
        classes: By id: maximum, room, period, started, off, open, approval, company.
        users: By id: disabled, company, enrolls (whether the role allows self-enrollment).
        capacities: By the rooms' ids.
        enrollments: By id: class, user, status, grade, passed (over, why), version.
        lines: The enrollments that wait, by class and status, in order.
        told: What the history says of the last step: enrollment, kind, and whether the line was passed.
    """

    def __init__(self, *, classes: dict[int, dict[str, Any]], users: dict[int, dict[str, Any]], capacities: dict[int, int | None]) -> None:
        self.classes = classes
        self.users = users
        self.capacities = capacities
        self.enrollments: dict[int, dict[str, Any]] = {}
        self.lines: dict[tuple[int, int], list[int]] = {}
        self.told: list[tuple[int, str, bool]] = []
        self.promotion = "self_cancel"
        self.promotes_requested = True

    # What the steps do

    def create(self, class_id: int, user_id: int, status: int, *, alone: bool, new_id: int | None) -> int:
        existing_id = self._find(class_id, user_id)
        before = self.enrollments[existing_id]["status"] if existing_id else None
        if alone:
            if existing_id and status != before and status not in ALONE[before]:
                raise RefusedError("A1")
            others_wait = bool(self._line(class_id, WAITLISTED))
            status = self._settle_alone(class_id, user_id, before=before, after=status, others_wait=others_wait, without=0)
        if existing_id and (is_active(before) or not is_active(status)):
            raise RefusedError("E2")
        self._check_entry(existing_id, class_id, user_id, before=None, student_before=None, after=status)
        passes = status == ENROLLED and bool(self._line(class_id, WAITLISTED))
        enrollment_id = existing_id or new_id
        assert enrollment_id is not None
        version = self.enrollments[existing_id]["version"] if existing_id else 0
        self.enrollments[enrollment_id] = {
            "class": class_id,
            "user": user_id,
            "status": status,
            "grade": None,
            "passed": None,
            "version": version,
        }
        if status in WAITING:
            self._line(class_id, status).append(enrollment_id)
        self._tell(enrollment_id, NAMES[status], passes=passes)
        return enrollment_id

    def change(
        self, enrollment_id: int, *, class_id: int | None = None, user_id: int | None = None, status: int | None = None, alone: bool = False
    ) -> bool:
        row = self.enrollments[enrollment_id]
        before, left_id = row["status"], row["class"]
        into = left_id if class_id is None else class_id
        who = row["user"] if user_id is None else user_id
        after = before if status is None else status
        moves, replaces = into != left_id, who != row["user"]
        if alone:
            if after not in {before, *ALONE[before]}:
                raise RefusedError("A1")
            if after == before:
                return False
            if after == CANCELLED:
                if self.classes[into]["started"]:
                    raise RefusedError("A4")
            else:
                line = self._line(into, WAITLISTED)
                others_wait = line[0] != enrollment_id if before == WAITLISTED else bool(line)
                after = self._settle_alone(into, who, before=before, after=after, others_wait=others_wait, without=enrollment_id)
        if not (moves or replaces) and after == before:
            return False
        rules = []
        if self._is_frozen(row):
            rules.append("S2")
        if moves and not is_active(after):
            rules.append("M1")
        if (moves or replaces) and self._find(into, who, without=enrollment_id):
            rules.append("M3")
        stays = not (moves or replaces)
        passes = self._passes_line(enrollment_id, into, moves=moves, after=after)
        self._check_entry(
            enrollment_id, into, who, before=None if moves else before, student_before=before if stays else None, after=after, others=rules
        )
        if before in WAITING and not (stays and after == before):
            self._line(left_id, before).remove(enrollment_id)
        if after in WAITING and not (stays and after == before):
            self._line(into, after).append(enrollment_id)
        row.update({"class": into, "user": who, "status": after, "passed": None, "grade": row["grade"] if stays else None})
        kind = NAMES[after]
        if not stays:
            kind = "moved" if moves else "replaced"
        self._tell(enrollment_id, kind, passes=passes)
        if (
            before == ENROLLED
            and (moves or after != ENROLLED)
            and (self.promotion == "always" or (alone and self.promotion == "self_cancel"))
        ):
            self._promote(left_id, freed=1, leaving_id=enrollment_id)
        return True

    def grade(self, enrollment_id: int, grade: int) -> bool:
        row = self.enrollments[enrollment_id]
        if row["grade"] == grade:
            return False
        row["grade"] = grade
        self._tell(enrollment_id, "updated")
        return True

    def delete(self, enrollment_id: int) -> None:
        row = self.enrollments[enrollment_id]
        if self._is_frozen(row):
            raise RefusedError("S2")
        if row["status"] in WAITING:
            self._line(row["class"], row["status"]).remove(enrollment_id)
        del self.enrollments[enrollment_id]
        self.told.append((enrollment_id, "enrollment.deleted", False))
        if row["status"] == ENROLLED and self.promotion == "always":
            self._promote(row["class"], freed=1)

    def move_up(self, enrollment_id: int, position: int) -> None:
        row = self.enrollments[enrollment_id]
        line = self._line(row["class"], row["status"])
        if enrollment_id not in line or line.index(enrollment_id) + 1 <= position:
            raise RefusedError("W1")
        line.remove(enrollment_id)
        line.insert(position - 1, enrollment_id)
        self._tell(enrollment_id, "moved_up")

    def make_way(self, enrollment_id: int) -> None:
        """Let one who stands before the one who was moved up give way, without a step, where there is no moment between two of them."""
        row = self.enrollments[enrollment_id]
        line = self._line(row["class"], row["status"])
        assert any(line.index(enrollment_id) < line.index(moved_id) for moved_id, _, _ in self.told)
        row["version"] += 1
        self.told = sorted([*self.told, (enrollment_id, "enrollment.moved_up", False)])

    def promote(self, class_id: int, places: int | None) -> None:
        if self.classes[class_id]["off"] or self.classes[class_id]["started"]:
            raise RefusedError("W3")
        self._promote(class_id, freed=places)

    def set_maximum(self, class_id: int, maximum: int | None) -> None:
        before = self.classes[class_id]["maximum"]
        if maximum is not None and maximum != before and self._enrolled(class_id) > maximum:
            raise RefusedError("P3")
        self.classes[class_id]["maximum"] = maximum
        if self.promotion == "always" and before is not None and (maximum is None or maximum > before):
            self._promote(class_id, freed=None if maximum is None else maximum - before)

    def set_capacity(self, room_id: int, capacity: int | None) -> None:
        before = self.capacities[room_id]
        if capacity is not None and capacity != before:
            coming = [each for each in self._classes_in(room_id) if not self.classes[each]["started"]]
            if max((self._seated_while(each) for each in coming), default=0) > capacity:
                raise RefusedError("P3")
        self.capacities[room_id] = capacity
        if self.promotion == "always" and before is not None and (capacity is None or capacity > before):
            for class_id in self._classes_in(room_id):
                self._promote(class_id, freed=None)

    def call_off(self, class_id: int) -> None:
        self.classes[class_id]["off"] = True
        for enrollment_id, row in sorted(self.enrollments.items()):
            if row["class"] == class_id and is_active(row["status"]) and not self._is_frozen(row):
                if row["status"] in WAITING:
                    self._line(class_id, row["status"]).remove(enrollment_id)
                row.update({"status": CANCELLED, "passed": None})
                self._tell(enrollment_id, "cancelled")

    def take_up(self, class_id: int) -> None:
        was_off, room_id = self.classes[class_id]["off"], self.classes[class_id]["room"]
        if was_off and room_id is not None and self._attending(class_id):
            capacity = self.capacities[room_id]
            if capacity is not None and self._seated_while(class_id) > capacity:
                raise RefusedError("P2")
        self.classes[class_id]["off"] = False

    # What decides about them

    def _settle_alone(self, class_id: int, user_id: int, *, before: int | None, after: int, others_wait: bool, without: int) -> int:
        into, rules = self.classes[class_id], []
        if into["started"]:
            rules.append("A4")
        if after != REQUESTED:
            if not into["open"]:
                rules.append("A2")
            if not self.users[user_id]["enrolls"]:
                rules.append("A2")
            if into["approval"] and before not in (APPROVED, WAITLISTED):
                rules.append("A3")
        if rules:
            raise RefusedError(*rules)
        is_full = into["maximum"] is not None and self._enrolled(class_id, without=without) >= into["maximum"]
        return WAITLISTED if after == ENROLLED and (is_full or others_wait) else after

    def _check_entry(
        self,
        enrollment_id: int,
        class_id: int,
        user_id: int,
        *,
        before: int | None,
        student_before: int | None,
        after: int,
        others: list[str] | None = None,
    ) -> None:
        into, rules = self.classes[class_id], others or []
        begins = is_attending(after) and not is_attending(student_before)
        if begins or (is_active(after) and not is_active(student_before)):
            if into["off"]:
                rules.append("S3")
            rules += self._refused_person(class_id, user_id)
        if after == ENROLLED and before != ENROLLED and not self._has_place(class_id, without=enrollment_id):
            rules.append("P1")
        if is_attending(after) and not is_attending(before) and not into["off"] and not self._has_seat(class_id, without=enrollment_id):
            rules.append("P2")
        if begins and self._is_elsewhere(class_id, user_id, without=enrollment_id):
            rules.append("C1")
        if rules:
            raise RefusedError(*rules)

    def _refused_person(self, class_id: int, user_id: int) -> list[str]:
        company, user = self.classes[class_id]["company"], self.users[user_id]
        return ["S4"] * (user["disabled"] + (company is not None and company != user["company"]))

    def _passes_line(self, enrollment_id: int, into: int, *, moves: bool, after: int) -> bool:
        before = self.enrollments[enrollment_id]["status"]
        line = self._line(into, WAITLISTED)
        if after != ENROLLED or (before == ENROLLED and not moves) or not [each for each in line if each != enrollment_id]:
            return False
        return line[0] != enrollment_id

    def _promote(self, class_id: int, *, freed: int | None, leaving_id: int = 0) -> None:
        into = self.classes[class_id]
        if into["off"] or into["started"]:
            return
        places = 1_000_000 if freed is None else freed
        if into["maximum"] is not None:
            places = min(places, into["maximum"] - self._enrolled(class_id))
        line = list(self._line(class_id, WAITLISTED))
        if self.promotes_requested and not into["approval"]:
            line += self._line(class_id, REQUESTED)
        passed_over = []
        for enrollment_id in line:
            if places <= 0:
                break
            row = self.enrollments[enrollment_id]
            reasons = self._refused_person(class_id, row["user"])
            if self._is_elsewhere(class_id, row["user"], without=enrollment_id):
                reasons.append("C1")
            if not self._has_seat(class_id, without=enrollment_id):
                reasons.append("P2")
            if enrollment_id == leaving_id:
                continue
            if reasons:
                passed_over.append((enrollment_id, reasons[0]))
                continue
            places -= 1
            self._line(class_id, row["status"]).remove(enrollment_id)
            row.update({"status": ENROLLED, "passed": None})
            self._tell(enrollment_id, "promoted")
        for enrollment_id, reason in passed_over:
            if self.enrollments[enrollment_id]["passed"] != reason:
                self.enrollments[enrollment_id]["passed"] = reason
                self._tell(enrollment_id, "passed_over")

    # What they count

    def _line(self, class_id: int, status: int) -> list[int]:
        return self.lines.setdefault((class_id, status), [])

    def _find(self, class_id: int, user_id: int, *, without: int = 0) -> int:
        found = [each for each, row in self.enrollments.items() if (row["class"], row["user"]) == (class_id, user_id) and each != without]
        return found[0] if found else 0

    def _is_frozen(self, row: dict[str, Any]) -> bool:
        return bool(row["status"] == ENROLLED and self.classes[row["class"]]["started"])

    def _enrolled(self, class_id: int, *, without: int = 0) -> int:
        return sum(row["class"] == class_id and row["status"] == ENROLLED and each != without for each, row in self.enrollments.items())

    def _attending(self, class_id: int, *, without: int = 0) -> int:
        return sum(row["class"] == class_id and is_attending(row["status"]) and each != without for each, row in self.enrollments.items())

    def _has_place(self, class_id: int, *, without: int) -> bool:
        maximum: int | None = self.classes[class_id]["maximum"]
        return maximum is None or self._enrolled(class_id, without=without) < maximum

    def _has_seat(self, class_id: int, *, without: int) -> bool:
        room_id: int | None = self.classes[class_id]["room"]
        capacity = None if room_id is None else self.capacities[room_id]
        return capacity is None or self._seated_while(class_id, without=without) < capacity

    def _classes_in(self, room_id: int) -> list[int]:
        return sorted(each for each, row in self.classes.items() if row["room"] == room_id and not row["off"])

    def _seated_while(self, class_id: int, *, without: int = 0) -> int:
        """Give the most students who sit in the class's room at a moment while it meets; alone, where it never does."""
        row = self.classes[class_id]
        if row["period"] is None:
            return self._attending(class_id, without=without)
        there = {each: self.classes[each]["period"] for each in {class_id, *self._classes_in(row["room"])}}
        begins, ends = row["period"]
        moments = {begins, *(period[0] for period in there.values() if period and begins <= period[0] < ends)}
        return max(
            sum(self._attending(each, without=without) for each, period in there.items() if period and period[0] <= moment < period[1])
            for moment in moments
        )

    def _is_elsewhere(self, class_id: int, user_id: int, *, without: int) -> bool:
        period = self.classes[class_id]["period"]
        for enrollment_id, row in self.enrollments.items():
            other = self.classes[row["class"]]
            if row["user"] != user_id or row["class"] == class_id or enrollment_id == without or not is_attending(row["status"]):
                continue
            if not other["off"] and period and other["period"] and period[0] < other["period"][1] and other["period"][0] < period[1]:
                return True
        return False

    def _tell(self, enrollment_id: int, what: str, *, passes: bool = False) -> None:
        self.enrollments[enrollment_id]["version"] += 1
        self.told.append((enrollment_id, f"enrollment.{what}", passes))
