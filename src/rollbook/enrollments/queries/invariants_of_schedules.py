"""When classes meet."""

from sqlalchemy import func, or_, select

from rollbook.classes.model import classes, meetings
from rollbook.enrollments.queries.breaches import Invariant, invariant

_spans = (
    select(meetings.c.class_id, func.min(meetings.c.starts_at).label("starts_at"), func.max(meetings.c.ends_at).label("ends_at"))
    .group_by(meetings.c.class_id)
    .subquery()
)
_following = select(
    meetings.c.id,
    meetings.c.class_id,
    meetings.c.ends_at,
    func.lead(meetings.c.starts_at).over(partition_by=meetings.c.class_id, order_by=(meetings.c.starts_at, meetings.c.id)).label("next"),
).subquery()

INVARIANTS: tuple[Invariant, ...] = (
    invariant(
        "meetings",
        "A meeting ends after it starts.",
        rule="C2",
        table="meetings",
        breaches=select(meetings.c.id, meetings.c.starts_at.label("first"), meetings.c.ends_at.label("second")).where(
            meetings.c.ends_at <= meetings.c.starts_at
        ),
        text="meeting {id}: it starts at {first} and ends at {second}",
    ),
    invariant(
        "overlaps",
        "The meetings of a class do not overlap.",
        rule="C2",
        table="meetings",
        breaches=select(_following.c.id, _following.c.class_id.label("first"), _following.c.next.label("second")).where(
            _following.c.next < _following.c.ends_at
        ),
        text="meeting {id}: it lasts longer than until the next one of class {first} starts, at {second}",
    ),
    invariant(
        "first start and last end",
        "A class starts with its first meeting and ends with its last one.",
        table="classes",
        breaches=select(classes.c.id, classes.c.starts_at.label("first"), classes.c.ends_at.label("second"))
        .outerjoin(_spans, _spans.c.class_id == classes.c.id)
        .where(or_(classes.c.starts_at.is_distinct_from(_spans.c.starts_at), classes.c.ends_at.is_distinct_from(_spans.c.ends_at))),
        text="class {id}: it is said to start at {first} and to end at {second}, its meetings do not",
    ),
)
"""What holds for meetings."""
