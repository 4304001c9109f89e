"""Reading which sign-ins failed."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Text, bindparam, or_, select

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.sessions.model import failed_sign_ins


class Failures(Struct, frozen=True):
    """
    The sign-ins that failed, or have not ended yet, for one name or from one address.

    Attributes:
        tried: The hash of the name, or of the address.
        moments: When, in epoch seconds, by ascending time.
    """

    tried: str
    moments: list[int]


_ASKED: Final = or_(
    failed_sign_ins.c.tried == bindparam("name_tried", type_=Text()), failed_sign_ins.c.tried == bindparam("address_tried", type_=Text())
)
_failures = select(failed_sign_ins.c.tried, failed_sign_ins.c.moments).where(_ASKED).order_by(failed_sign_ins.c.tried)
_list_failures = Query(_failures, Failures)
_lock_failures = Query(_failures.with_for_update(), Failures)


async def hold_failures(transaction: Transaction, *, name_tried: str, address_tried: str) -> Sequence[Failures]:
    """List the failures for a name and from an address, told by their hashes, locked so that nobody adds one until the end."""
    await transaction.lock(_lock_failures, name_tried=name_tried, address_tried=address_tried)
    return await transaction.all(_list_failures, name_tried=name_tried, address_tried=address_tried)
