"""The commands about what users did: when they signed in, and what was requested for them."""

from typing import Annotated, Final

from msgspec import Meta

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.numbers import Id, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.people.actions.sign_ins import LONGEST_ADDRESS, LONGEST_USER_AGENT, record_sign_in
from rollbook.people.queries.activity import ActivityCriteria, ActivityRow, search_activity
from rollbook.people.queries.sign_ins import SignInCriteria, SignInRow, search_sign_ins

GROUP: Final = "Users"


class SignedIn(Parameters):
    """That a user signed in somewhere."""

    user_id: Annotated[int, Id("The user.", ours=True)]
    at: Annotated[int | None, Time("When; by default now.", ours=True)] = None
    address: Annotated[str | None, Text("From which network address.", maximum=LONGEST_ADDRESS, ours=True)] = None
    user_agent: Annotated[str | None, Text("With which program.", maximum=LONGEST_USER_AGENT, ours=True)] = None


class SignInSearch(SearchParameters):
    """Which sign-ins are looked for."""

    sort: Annotated[
        SortOrder,
        Sort(
            {"SignIn": "at", "LastName": "last_name", "FirstName": "first_name", "UserName": "user_name", "Email": "email"},
            default="SignIn DESC",
        ),
    ]
    user_id: Annotated[int | None, Id("The user who signed in.")] = None
    user_external_id: Annotated[str | None, Text("The user's id in the calling system.")] = None
    after: Annotated[int | None, Time("Signed in at this time or later.")] = None
    before: Annotated[int | None, Time("Signed in at this time or earlier.")] = None


class ActivitySearch(SearchParameters):
    """Which requests are looked for."""

    sort: Annotated[
        SortOrder,
        Sort(
            {"RequestTime": "at", "LastName": "last_name", "UserName": "user_name", "Organization": "organization"},
            default="RequestTime DESC",
        ),
    ]
    user_id: Annotated[int | None, Id("The user for whom they were made.")] = None
    user_external_id: Annotated[str | None, Text("The user's id in the calling system.")] = None
    activity_after: Annotated[int | None, Time("Made at this time or later.")] = None
    activity_before: Annotated[int | None, Time("Made at this time or earlier.")] = None


class SignInHistorySearchResult(Record):
    """That a user signed in."""

    user_id: int
    external_id: str | None
    first_name: str
    last_name: str
    user_name: str
    email: str
    organization_id: int
    sign_in: Annotated[int, Meta(description="When, in Unix epoch seconds.")]
    address: Annotated[str | None, Meta(description="From which network address. Not part of the TMS.")]
    user_agent: Annotated[str | None, Meta(description="With which program. Not part of the TMS.")]


class UserActivitySearchResult(Record):
    """A request that was made for a user."""

    user_id: int
    external_id: str | None
    first_name: str
    last_name: str
    user_name: str
    organization_id: int
    impersonating_user_id: int | None
    impersonating_user_first_name: str | None
    impersonating_user_last_name: str | None
    request_time: Annotated[int, Meta(description="When, in Unix epoch seconds.")]
    request_method: str
    referrer: Annotated[str | None, Meta(description="From where, without a query.")]
    url: Annotated[str, Meta(description="The path that was requested, without its query.")]
    user_agent: str | None


class FoundSignIns(Answer):
    """A page of sign-ins."""

    total_count: Total
    total_pages: Pages
    results: list[SignInHistorySearchResult]


class FoundActivity(Answer):
    """A page of requests."""

    total_count: Total
    total_pages: Pages
    results: list[UserActivitySearchResult]


@command("RecordSignIn", group="Sign-ins", summary="Tell that a user has signed in elsewhere", writes=Scope.ENROLL, ours=True)
async def record(call: Call, parameters: SignedIn) -> Done:
    """Keep a sign-in."""
    await perform(
        call,
        record_sign_in,
        actor=await call.actor(),
        user_id=parameters.user_id,
        at=parameters.at,
        address=parameters.address,
        user_agent=parameters.user_agent,
    )
    return Done()


@command("SearchSignInHistory", group=GROUP, summary="Search the sign-ins of users")
async def find_sign_ins(call: Call, parameters: SignInSearch) -> FoundSignIns:
    """Give a page of the sign-ins that meet every given criterion."""
    actor = await call.actor()
    page = await call.database.search(
        search_sign_ins,
        viewer=actor.viewer,
        criteria=SignInCriteria(**{name: getattr(parameters, name) for name in SignInCriteria.__struct_fields__}),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundSignIns(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_show_sign_in(row) for row in page.rows]
    )


@command("SearchUserActivity", group=GROUP, summary="Search what was requested for users")
async def find_activity(call: Call, parameters: ActivitySearch) -> FoundActivity:
    """Give a page of the requests that meet every given criterion."""
    actor = await call.actor()
    page = await call.database.search(
        search_activity,
        viewer=actor.viewer,
        criteria=ActivityCriteria(**{name: getattr(parameters, name) for name in ActivityCriteria.__struct_fields__}),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundActivity(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_show_act(row) for row in page.rows]
    )


def _show_sign_in(row: SignInRow) -> SignInHistorySearchResult:
    return SignInHistorySearchResult(
        sign_in=row.at, **{name: getattr(row, name) for name in SignInHistorySearchResult.__struct_fields__ if name != "sign_in"}
    )


def _show_act(row: ActivityRow) -> UserActivitySearchResult:
    return UserActivitySearchResult(
        user_id=row.user_id,
        external_id=row.external_id,
        first_name=row.first_name,
        last_name=row.last_name,
        user_name=row.user_name,
        organization_id=row.organization_id,
        impersonating_user_id=row.impersonating_user_id,
        impersonating_user_first_name=row.impersonating_first_name,
        impersonating_user_last_name=row.impersonating_last_name,
        request_time=row.at,
        request_method=row.method,
        referrer=row.referrer,
        url=row.path,
        user_agent=row.user_agent,
    )


COMMANDS: tuple[Command, ...] = (record, find_sign_ins, find_activity)
