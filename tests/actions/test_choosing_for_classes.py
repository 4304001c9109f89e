"""What one can choose for a class, and what is called how that a class refers to."""

from rollbook.classes.queries.names import list_names
from rollbook.database.transaction import Database
from rollbook.database.words import words_in
from rollbook.people.queries.choosing_people import list_choosable_people
from tests.cast import add_class, add_company, add_room, add_user, gather


async def test_instructors_are_those_who_may_see_rosters_and_are_not_disabled(database: Database) -> None:
    cast = await gather(database)
    ours = cast.organization_id
    for name, values in (
        ("Anna", {}),
        ("Bert", {"role_ids": (2,)}),
        ("Cleo", {"role_ids": (0, 30)}),
        ("Dirk", {"role_ids": (2,), "disabled": True}),
    ):
        await add_user(database, name, organization_id=ours, **values)
    await add_user(database, "Eva", organization_id=cast.other_organization_id, role_ids=(2,))

    async def chosen(typed: str, *, instructing: bool, limit: int = 20) -> list[str]:
        found = await database.search(
            list_choosable_people, viewer=cast.ada.viewer, words=words_in(typed), instructing=instructing, limit=limit
        )
        return [person.first_name for person in found]

    assert {"Bert", "Cleo"} <= set(await chosen("", instructing=True))
    assert {"Anna", "Dirk", "Eva"}.isdisjoint(await chosen("", instructing=True))
    assert ["Anna"] == await chosen("ann exam", instructing=False)
    assert [] == await chosen("dirk", instructing=False)
    assert 2 == len(await chosen("", instructing=False, limit=2))


async def test_names_are_given_by_ids_and_what_is_gone_has_none(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, name="Cranes")
    room_id = await add_room(database, cast, name="Dock")
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)

    names = await database.read(
        list_names,
        class_ids=[class_id],
        classroom_ids={room_id, 999},
        user_ids=[cast.sam_id],
        course_ids=[1],
        organization_ids=[cast.other_organization_id],
        company_ids=[company_id],
    )

    assert ({class_id: "Cranes"}, {room_id: "Dock"}, {cast.sam_id: "Sam Example"}) == (names.classes, names.classrooms, names.users)
    assert ({1: "Welding"}, {company_id: "Contoso"}) == (names.courses, names.companies)
    assert {cast.other_organization_id} == names.organizations.keys()
    assert {} == (await database.read(list_names)).classes
