"""Signing in to the console of a database that benchmarks fill, without its page."""

import asyncio

from rollbook.access.actor import system
from rollbook.database import open_database
from rollbook.database.transaction import Database, Transaction
from rollbook.people.actions.user_details import NewUser
from rollbook.people.actions.users import create_user
from rollbook.sessions.actions.sessions import begin_session
from rollbook.sessions.queries.credentials import get_credentials_of

ADMINISTRATOR = 30


def sign_in_administrator(url: str, *, organization_id: int = 1) -> str:
    """Create somebody who runs an organization, sign them in, and give the secret of their session."""
    return asyncio.run(_sign_in(url, organization_id))


async def _sign_in(url: str, organization_id: int) -> str:
    async with open_database(url) as database:
        user_id = await _create(database, organization_id)

        async def begin(transaction: Transaction) -> str:
            user = await get_credentials_of(transaction, user_id=user_id)
            return (await begin_session(transaction, user=user, with_password=False, address=None, user_agent=None)).secret

        return await database.write(begin)


async def _create(database: Database, organization_id: int) -> int:
    user = NewUser(
        organization_id=organization_id,
        user_name="ada",
        email="ada@example.org",
        first_name="Ada",
        last_name="Administrator",
        role_ids=(ADMINISTRATOR,),
        managed_organization_ids=(organization_id,),
    )
    return await database.write(create_user, actor=system("benchmark"), user=user)
