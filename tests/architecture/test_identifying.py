"""Every text that is kept of people either identifies them, and the models say so, or is listed here as one that does not."""

from importlib import import_module

from sqlalchemy import Text

from rollbook.accounts.queries.identifying import KEPT
from rollbook.classes.model import classes
from rollbook.database.schema import identifying_columns, is_of_traces, metadata
from rollbook.people.model import users
from rollbook.subscriptions.model import subscription_training_keys
from tests.architecture.source_file import PACKAGE

for model in sorted(PACKAGE.glob("*/model.py")):
    import_module(f"rollbook.{model.parent.name}.model")

# A class is of who teaches it, and says nothing of them but their number; a key is of nobody, and says who made it by their number.
NOT_IDENTIFYING = {
    *(column for column in classes.columns if isinstance(column.type, Text)),
    subscription_training_keys.c.training_key,
}


def test_every_text_kept_of_people_is_said_to_identify_or_not_to() -> None:
    of_people = [
        table for table in metadata.sorted_tables if table is users or any(key.column.table is users for key in table.foreign_keys)
    ]
    undecided = [
        str(column)
        for table in of_people
        if not is_of_traces(table)
        for column in table.columns
        if isinstance(column.type, Text) and column not in NOT_IDENTIFYING | {marked for marked, _ in identifying_columns(table)}
    ]

    assert [] == undecided
    assert {"users", "enrollments", "user_activity", "course_feedback"} <= {table.name for table in of_people}


def test_whatever_is_said_to_identify_is_erased() -> None:
    marked = {table.name for table in metadata.sorted_tables if is_of_traces(table) or list(identifying_columns(table))}

    assert {"users", *(kept.table.name for kept in KEPT)} == marked


def test_what_a_user_cannot_be_without_gives_way_to_something() -> None:
    for column, what in identifying_columns(users):
        assert (what.becomes is None) == column.nullable, column.name
