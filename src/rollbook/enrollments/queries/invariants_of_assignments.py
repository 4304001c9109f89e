"""What holds for courses that students take alone."""

from sqlalchemy import BigInteger, literal_column, select

from rollbook.assignments.model import assignments
from rollbook.enrollments.queries.breaches import Invariant, invariant

_DAY = literal_column("86400", BigInteger())

INVARIANTS: tuple[Invariant, ...] = (
    invariant(
        "start of a completed assignment",
        "A completed course assignment was started, on that day or before.",
        rule="T4",
        table="assignments",
        breaches=select(assignments.c.id, assignments.c.started_at.label("first"), assignments.c.completed_at.label("second")).where(
            assignments.c.completed_at.is_not(None),
            assignments.c.started_at.is_(None) | (assignments.c.completed_at.op("/")(_DAY) < assignments.c.started_at.op("/")(_DAY)),
        ),
        text="assignment {id}: it was completed at {second}, and started at {first}",
    ),
)
