"""What a class has in the custom fields of its organization, each with what it takes."""

from typing import Final

from rollbook.classes.actions.custom_field_values import update_class_custom_field_values
from rollbook.classes.queries.classes import ClassRow, TrainingClass
from rollbook.classes.queries.custom_field_values import list_custom_fields_of_class
from rollbook.console.answer import Answer
from rollbook.console.audiences import CLASS_EDITORS
from rollbook.console.choosers import STUDENTS, Chooser, make_chooser
from rollbook.console.custom_field_form import CustomFieldForm, Entry, form_of, read_form, tell_refusal
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import status_of
from rollbook.console.visit import Visit
from rollbook.custom_fields.values import DataType
from rollbook.errors import InvalidError, NotFoundError, RollbookError
from rollbook.history.versions import VersionChangedError

ADDRESS: Final = "/classes/{class_id}/custom-fields"
CHANGED_MEANWHILE: Final = "Somebody changed this class since you opened it, and nothing has been saved yet. Look, and save again."


@page(ADDRESS, to=CLASS_EDITORS)
async def show_custom_fields(visit: Visit, class_id: int) -> Answer:
    """Show the custom fields of a class."""
    found, shown = await _see(visit, class_id)
    return await _show(visit, found.row, shown)


@form(ADDRESS, to=CLASS_EDITORS, back=ADDRESS)
async def change_custom_fields(visit: Visit, class_id: int) -> Answer:
    """Change what a class has in its custom fields, all of it or nothing."""
    found, shown = await _see(visit, class_id)
    values = read_form(shown, visit.form)
    if visit.form.raw("look"):
        return await _show(visit, found.row, shown)
    if shown.is_wrong:
        return await _show(visit, found.row, shown, status=422)
    version = visit.form.number("version", least=1)
    try:
        await visit.database.write(
            update_class_custom_field_values, actor=visit.actor, class_id=class_id, new=values, if_version=version or shown.version
        )
    except VersionChangedError:
        shown.problems = [CHANGED_MEANWHILE]
        return await _show(visit, found.row, shown, status=409)
    except RollbookError as error:
        if isinstance(error, NotFoundError) and error.field is None:
            raise
        tell_refusal(shown, error)
        status = 422 if isinstance(error, InvalidError | NotFoundError) else status_of(error)
        return await _show(visit, found.row, shown, status=status)
    return visit.go(f"/classes/{class_id}", done="The custom fields are saved.")


async def _see(visit: Visit, class_id: int) -> tuple[TrainingClass, CustomFieldForm]:
    found, fields = await visit.database.search(list_custom_fields_of_class, viewer=visit.actor.viewer, class_id=class_id)
    return found, form_of(fields, found.custom_fields, version=found.row.version)


async def _show(visit: Visit, row: ClassRow, shown: CustomFieldForm, *, status: int = 200) -> Answer:
    choosers = {entry.field.id: await _chooser(visit, entry) for entry in shown.entries if entry.field.data_type is DataType.USER_SELECTOR}
    return visit.render(
        "class_custom_fields.html",
        status=status,
        title=f"Custom fields of {row.name}",
        row=row,
        form=shown,
        choosers=choosers,
        DataType=DataType,
    )


async def _chooser(visit: Visit, entry: Entry) -> Chooser:
    return await make_chooser(
        visit,
        STUDENTS,
        name=entry.name,
        label=entry.field.name,
        optional=not entry.field.required,
        chosen_ids=[int(text) for text in entry.texts],
        hint=entry.field.description,
        error=entry.error,
    )


PAGES: Final[tuple[Page, ...]] = (show_custom_fields, change_custom_fields)
