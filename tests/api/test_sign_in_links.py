"""GetSsoRedirectUrl: an address that signs a user in once."""

from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rollbook.access.keys import hash_of
from rollbook.api.tms.door import Door
from rollbook.app import COMMANDS, find_actor
from rollbook.database.transaction import Database
from rollbook.sessions.actions.links import sign_in_by_link
from rollbook.sessions.queries.sessions import find_session
from rollbook.telemetry import RequestMeter, open_log
from tests.cast import Cast, add_user, gather
from tests.recorded import history_of

SITE = "https://training.example.com"


async def ask(database: Database, cast: Cast, **given: Any) -> dict[str, Any]:
    door = Door(COMMANDS, database=database, authenticate=find_actor, log=open_log(BytesIO()), meter=RequestMeter(), public_url=SITE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://rollbook.test") as caller:
        response = await caller.get("/api/2.0/GetSsoRedirectUrl", params=given, headers={"api_key": cast.ada_key})
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize(
    "given, destination",
    [({}, "/"), ({"destinationUrl": "/schedule?week=2"}, "/schedule?week=2"), ({"destinationUrl": f"{SITE}/my"}, "/my")],
)
async def test_the_address_signs_in_and_goes_on(given: dict[str, str], destination: str, database: Database) -> None:
    async with database:
        cast = await gather(database)

        url = urlsplit((await ask(database, cast, userId=cast.sam_id, **given))["Url"])

        assert (SITE, "/Service/ExternalLogon") == (f"{url.scheme}://{url.netloc}", url.path)
        (token,) = parse_qs(url.query)["authenticationKey"]
        found = await sign_in_by_link(database, token=token, address=None, user_agent=None)
        assert destination == found.destination
        sam = await database.read(find_session, secret_hash=hash_of(found.session.secret))
        assert sam is not None
        assert cast.sam_id == sam.user_id


async def test_a_dry_run_makes_no_address(database: Database) -> None:
    async with database:
        cast = await gather(database)

        answer = await ask(database, cast, userId=cast.sam_id, dryRun="true")

        assert (0, None) == (answer["Status"], answer["Url"])
        assert [] == await history_of(database, "sign_in_link", 1)


@pytest.mark.parametrize("destination", ["//evil.example", "https://evil.example/", "/\\evil.example", "schedule"])
async def test_it_leads_nowhere_else(destination: str, database: Database) -> None:
    async with database:
        cast = await gather(database)

        answer = await ask(database, cast, userId=cast.sam_id, destinationUrl=destination)

        assert 10 == answer["Status"]
        assert answer["Error"].startswith("destinationUrl: the destination is not on this site; give a path")


async def test_a_key_signs_in_whom_it_covers_alone(database: Database) -> None:
    async with database:
        cast = await gather(database)
        both = (cast.organization_id, cast.other_organization_id)
        wide = await add_user(database, "Max", organization_id=cast.organization_id, managed_organization_ids=both)

        assert 20 == (await ask(database, cast, userId=cast.olga_id))["Status"]
        refused = await ask(database, cast, userId=wide)
        assert 10 == refused["Status"]
        assert "outside of the tree" in refused["Error"]
