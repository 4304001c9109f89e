"""The commands about what students say of courses. Saying something is not in the TMS."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Answer, Pages, Record, Total
from rollbook.api.tms.numbers import Id, Integer, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.courses.queries.feedback import FeedbackCriteria, FeedbackRow, search_feedback
from rollbook.enrollments.actions.course_feedback import give_feedback

_LONGEST_COMMENT = 8000


class FeedbackValues(Parameters):
    """What a student says of a course."""

    course_id: Annotated[int, Id("The course.")]
    user_id: Annotated[int, Id("The student, who attends a class of the course, or has or had it assigned.")]
    rating: Annotated[int, Integer("1 to 5, of which 5 is the best.", minimum=1, maximum=5)]
    comment: Annotated[str | None, Text("What the student has to say.", maximum=_LONGEST_COMMENT, lines=True)] = None


class FeedbackSearch(SearchParameters):
    """What feedback is looked for."""

    sort: Annotated[
        SortOrder,
        Sort(
            {"Created": "created", "LastModified": "modified", "CourseName": "course_name", "Rating": "rating"},
            default="Created DESC",
        ),
    ]
    course_id: Annotated[int | None, Id("The course.")] = None
    name: Annotated[str | None, Text("A part of the course's name.")] = None
    created_after: Annotated[int | None, Time("Given at this time or later.")] = None
    created_before: Annotated[int | None, Time("Given at this time or earlier.")] = None


class CourseFeedbackSearchResult(Record):
    """What a student says of a course."""

    id: int
    course_id: int
    course_name: str
    user_id: int
    first_name: str
    last_name: str
    rating: Annotated[int, Meta(description="1 to 5, of which 5 is the best.")]
    comment: str | None
    created: int
    last_modified: int


class FoundFeedback(Answer):
    """A page of feedback."""

    total_count: Total
    total_pages: Pages
    results: list[CourseFeedbackSearchResult]


class CreatedFeedback(Answer):
    """The id of what the student says; null in a dry run."""

    course_feedback_id: int | None


@command("CreateCourseFeedback", summary="Rate a course for a student", writes=Scope.ENROLL, ours=True)
async def create(call: Call, parameters: FeedbackValues) -> CreatedFeedback:
    """Keep what a student says of a course, instead of what the student said of it before."""
    feedback_id = await perform(call, give_feedback, actor=await call.actor(), **asdict(parameters))
    return CreatedFeedback(course_feedback_id=None if call.dry_run else feedback_id)


@command("SearchCourseFeedback", summary="Search for course feedback")
async def search(call: Call, parameters: FeedbackSearch) -> FoundFeedback:
    """Give a page of the feedback that meets every given criterion."""
    actor = await call.actor()
    criteria = FeedbackCriteria(**{name: getattr(parameters, name) for name in FeedbackCriteria.__struct_fields__})
    page = await call.database.search(
        search_feedback,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundFeedback(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_show(row) for row in page.rows]
    )


def _show(row: FeedbackRow) -> CourseFeedbackSearchResult:
    values = asdict(row)
    return CourseFeedbackSearchResult(created=values.pop("created_at"), last_modified=values.pop("modified_at"), **values)


COMMANDS: tuple[Command, ...] = (create, search)
