"""What an import asks another TMS for: the kinds of records, how each is found and got, and what each refers to."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import fields

from rollbook.api.tms.commands.course_assignments import CourseAssignment
from rollbook.api.tms.commands.enrollment_records import ClassEnrollment
from rollbook.api.tms.commands.subscriptions import ClubMembership
from rollbook.cli.tms.source import Record
from rollbook.custom_fields.values import DataType


class Kind(Struct, frozen=True, kw_only=True):
    """
    A kind of records.

    Attributes:
        name: Its name in the plural.
        search: The command that finds all of them; None where only what others refer to is asked for.
        sort: By what it is to be sorted, so that what is added meanwhile comes last.
        get: The command that gives one; None where the search tells all there is.
        payload: Under which name the answer holds the record, in lower case.
        whole: The fields with which a record that a search tells is whole, so that it need not be asked for by itself.
        references: What its fields refer to, by their names in lower case.
    """

    name: str
    search: str | None = None
    sort: str | None = None
    get: str | None = None
    payload: str = "results"
    whole: frozenset[str] = frozenset()
    references: Mapping[str, str] = field(default_factory=dict)

    def is_whole(self, found: Record) -> bool:
        """Tell whether a search has told everything of a record."""
        return bool(self.whole) and self.whole <= found.keys()

    def referred(self, record: Record) -> Iterator[tuple[str, int]]:
        """Give the kinds and ids of what a record refers to."""
        for name, kind in self.references.items():
            yield from ((kind, record_id) for record_id in ids_in(record.get(name)))
        for value in custom_values(record):
            if value.get("datatypeid") == DataType.USER_SELECTOR:
                yield from (("users", record_id) for record_id in ids_in(value.get("integervalue")))


def custom_values(record: Record) -> list[Record]:
    """Give the values of custom fields that a record has, the names of their fields in lower case."""
    values = record.get("customfields") or record.get("customfieldvalues") or []
    return [lowered(value) for value in values if isinstance(value, dict)]


def lowered(record: Record) -> Record:
    """Give a record with the names of its fields in lower case: systems differ in it."""
    return {name.lower(): value for name, value in record.items()}


def ids_in(value: Any) -> list[int]:
    """Give the ids that a value holds: one, none or a list of them, as numbers or as texts."""
    values = value if isinstance(value, list) else [value]
    return [int(each) for each in values if (isinstance(each, int) or (isinstance(each, str) and each.isdecimal())) and int(each) > 0]


def fields_of(record: type[Struct]) -> frozenset[str]:
    """Give the documented names of what a record holds, in lower case."""
    return frozenset(field.encode_name.lower() for field in fields(record)) - OURS


OURS: Final = frozenset({"version"})
"""What no other TMS tells of the records that a search makes whole."""

_KINDS = (
    Kind(name="custom_fields", search="SearchCustomFields", references={"organizationid": "organizations"}),
    Kind(name="tag_groups", search="SearchCourseTagGroups", sort="Created", references={"organizationid": "organizations"}),
    Kind(
        name="courses",
        search="SearchCourses",
        sort="Created",
        get="GetCourse",
        payload="course",
        references={"organizationid": "organizations"},
    ),
    Kind(
        name="classes",
        search="SearchClasses",
        get="GetClass",
        references={
            "courseid": "courses",
            "organizationid": "organizations",
            "companyid": "companies",
            "instructorid": "users",
            "instructorids": "users",
            "primaryclassroomid": "classrooms",
            "classroomids": "classrooms",
            "availabletoorganizationids": "organizations",
        },
    ),
    Kind(
        name="enrollments",
        search="SearchClassEnrollments",
        sort="Created",
        get="GetClassEnrollment",
        whole=fields_of(ClassEnrollment),
        references={"userid": "users", "classid": "classes", "classroomid": "classrooms"},
    ),
    Kind(
        name="profiles",
        search="SearchClubs",
        sort="Created",
        get="GetSubscriptionProfile",
        payload="subscriptionprofile",
        references={"organizationid": "organizations", "courseids": "courses"},
    ),
    Kind(
        name="training_keys",
        search="SearchSubscriptionTrainingKeys",
        sort="Created",
        references={
            "organizationid": "organizations",
            "subscriptionprofileid": "profiles",
            "createdbyid": "users",
            "lastmodifiedbyid": "users",
        },
    ),
    Kind(
        name="subscriptions",
        search="SearchClubMemberships",
        sort="Created",
        get="GetClubMembership",
        whole=fields_of(ClubMembership),
        references={"clubid": "profiles", "userid": "users"},
    ),
    Kind(name="feedback", search="SearchCourseFeedback", sort="Created", references={"courseid": "courses", "userid": "users"}),
    Kind(
        name="assignments",
        search="SearchCourseAssignments",
        sort="Created",
        get="GetCourseAssignment",
        whole=fields_of(CourseAssignment),
        references={"userid": "users", "courseid": "courses", "clubmembershipid": "subscriptions"},
    ),
    Kind(
        name="users",
        get="GetUser",
        payload="user",
        references={
            "organizationid": "organizations",
            "companyid": "companies",
            "managerid": "users",
            "managedorganizationids": "organizations",
        },
    ),
    Kind(
        name="companies",
        get="GetCompany",
        payload="company",
        references={"organizationid": "organizations", "owninguserid": "users"},
    ),
    Kind(
        name="classrooms",
        search="SearchClassrooms",
        sort="Created",
        get="GetClassroom",
        payload="classroom",
        references={"organizationid": "organizations"},
    ),
    Kind(
        name="organizations",
        get="GetOrganization",
        payload="organization",
        references={"parentid": "organizations", "children": "organizations"},
    ),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every kind by its name, in the order in which they are asked for."""
