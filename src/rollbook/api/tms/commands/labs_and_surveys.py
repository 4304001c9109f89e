"""The commands about labs and surveys: Rollbook runs no labs and keeps no surveys, and says so."""

from typing import Annotated

from msgspec import Meta

from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Choices, Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Answer, Pages, Record, Total
from rollbook.api.tms.numbers import Id, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.texts import Text
from rollbook.errors import NotFoundError

_GROUP = "Labs and surveys"
_STATUSES = Choices("a completion status", {0: ("Cancelled", 0), 10: ("In Progress", 10), 20: ("Complete", 20), 30: ("Error", 30)})
_SORTS = {key: key for key in ("StartTime", "EndTime", "LastName", "Lab", "TotalRunTime")}

Nothing = Annotated[list[int], Meta(max_length=0, description="Always empty.")]


class LabInstance(Record):
    """A lab that somebody launched: what an answer would tell of it, if there were any."""

    id: int
    lab_id: int
    lab_name: str
    user_id: int
    first_name: str
    last_name: str
    course_id: int | None
    class_id: int | None
    completion_status: int
    start_time: int
    end_time: int | None
    last_activity: int | None
    total_run_time: Annotated[int, Meta(description="Seconds.")]


class SurveyNotFoundError(NotFoundError):
    """Surveys are asked for, and there are none."""

    def __init__(self, survey_id: int) -> None:
        self.survey_id = survey_id
        super().__init__(f"there is no survey {survey_id}, as Rollbook keeps none; look for it where the survey was held")


class LabInstanceSearch(SearchParameters):
    """What lab instances are looked for."""

    sort: Annotated[SortOrder, Sort(_SORTS, default="StartTime DESC")]
    user_id: Annotated[int | None, Id("The user.")] = None
    user_external_id: Annotated[str | None, Text("The user's id in the calling system.")] = None
    lab_id: Annotated[int | None, Id("The lab.")] = None
    course_id: Annotated[int | None, Id("The course.")] = None
    class_id: Annotated[int | None, Id("The class.")] = None
    class_external_id: Annotated[str | None, Text("The class's id in the calling system.")] = None
    completion_status: Annotated[int | None, Choice(_STATUSES, "What became of it.")] = None
    started_after: Annotated[int | None, Time("Started at this time or later.")] = None
    started_before: Annotated[int | None, Time("Started at this time or earlier.")] = None
    ended_after: Annotated[int | None, Time("Ended at this time or later.")] = None
    ended_before: Annotated[int | None, Time("Ended at this time or earlier.")] = None
    last_activity_time_after: Annotated[int | None, Time("Last used at this time or later.")] = None
    last_activity_time_before: Annotated[int | None, Time("Last used at this time or earlier.")] = None


class OneSurvey(Parameters):
    """Which survey."""

    id: Annotated[int, Id("The survey.", in_path=True)]


class FoundLabInstances(Answer):
    """A page of lab instances."""

    total_count: Total
    total_pages: Pages
    results: Annotated[list[LabInstance], Meta(max_length=0, description="Always empty.")]


class SurveyResponses(Answer):
    """The responses to a survey."""

    results: Nothing


@command(
    "SearchLabInstances",
    summary="Search for lab instances",
    description="Rollbook runs no labs, so that nothing is ever found; the parameters are checked all the same.",
    group=_GROUP,
)
async def search_lab_instances(
    call: Call,
    parameters: LabInstanceSearch,  # noqa: ARG001 - the parser has checked them, and nothing can meet them
) -> FoundLabInstances:
    """Find nothing, for whoever has a key."""
    await call.actor()
    return FoundLabInstances(total_count=0, total_pages=0, results=[])


@command(
    "ExportSurveyResponses",
    summary="Export the responses to a survey",
    description="Rollbook keeps no surveys, so that none is ever found.",
    group=_GROUP,
)
async def export_survey_responses(call: Call, parameters: OneSurvey) -> SurveyResponses:
    """
    Say that there is no such survey.

    Raises:
        SurveyNotFoundError: Always.
    """
    await call.actor()
    raise SurveyNotFoundError(parameters.id)


COMMANDS: tuple[Command, ...] = (search_lab_instances, export_survey_responses)
