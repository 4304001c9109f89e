"""One object of each kind, all in one organization, and how each command is called about them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from rollbook.classes.statuses import Delivery
from rollbook.database.transaction import Database
from rollbook.organizations.actions.announcements import NewAnnouncement, create_announcement
from tests.cast import TESTS, Cast, add_class, add_company, add_course, add_organization, add_room, add_user, enroll

Values = dict[str, Any]


class Estate(Struct, frozen=True):
    """
    What an organization has.

    Attributes:
        mark: The external id of everything in it, and its student's name.
        empty_organization_id: An organization beneath it to which nothing belongs.
        newcomer_id: A user who is enrolled in nothing.
    """

    mark: str
    organization_id: int
    empty_organization_id: int
    announcement_id: int
    company_id: int
    user_id: int
    newcomer_id: int
    course_id: int
    classroom_id: int
    class_id: int
    enrollment_id: int


async def build(database: Database, cast: Cast, *, organization_id: int, mark: str) -> Estate:
    """Create one object of each kind in an organization."""
    own: Values = {"organization_id": organization_id, "external_id": mark}
    user_id = await add_user(database, mark, **own)
    course_id = await add_course(database, cast, **own)
    class_id = await add_class(
        database, cast, course_id=course_id, delivery=Delivery.MIXED, enable_training_key=True, training_key=f"KEY {mark}", **own
    )
    announcement = NewAnnouncement(organization_id=organization_id, title=mark, text=mark)
    return Estate(
        mark=mark,
        organization_id=organization_id,
        empty_organization_id=await add_organization(database, f"Empty {mark}", parent_id=organization_id),
        announcement_id=await database.write(create_announcement, actor=TESTS, announcement=announcement),
        company_id=await add_company(database, mark, **own),
        user_id=user_id,
        newcomer_id=await add_user(database, f"new{mark}", organization_id=organization_id),
        course_id=course_id,
        classroom_id=await add_room(database, cast, **own),
        class_id=class_id,
        enrollment_id=await enroll(database, class_id=class_id, user_id=user_id, external_id=mark),
    )


def _enrollment(estate: Estate) -> Values:
    return {"classId": estate.class_id, "userId": estate.user_id, "enrollmentStatusId": 60, "completionStatusId": 0}


ABOUT: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "GetOrganization": lambda estate: {"id": estate.organization_id},
    "GetOrganizationByExternalId": lambda estate: {"id": estate.mark},
    "UpdateOrganization": lambda estate: {"id": estate.organization_id, "description": "Changed"},
    "DeleteOrganization": lambda estate: {"Id": estate.empty_organization_id},
    "GetActiveSystemAnnouncements": lambda estate: {"organizationId": estate.organization_id},
    "UpdateSystemAnnouncement": lambda estate: {"Id": estate.announcement_id, "Title": "Changed"},
    "DeleteSystemAnnouncement": lambda estate: {"id": estate.announcement_id},
    "GetCompany": lambda estate: {"id": estate.company_id},
    "DeleteCompany": lambda estate: {"id": estate.company_id},
    "UpdateCompany": lambda estate: {"Id": estate.company_id, "Description": "Changed"},
    "GetUser": lambda estate: {"id": estate.user_id},
    "GetUserByEmail": lambda estate: {"email": f"{estate.mark}@example.com"},
    "GetUserByExternalId": lambda estate: {"id": estate.mark},
    "UpdateUser": lambda estate: {"Id": estate.user_id, "Title": "Dr"},
    "UpdateUserPassword": lambda estate: {"Id": estate.user_id, "Password": "correct horse"},
    "AddUserToRole": lambda estate: {"UserId": estate.user_id, "RoleId": 2},
    "AddUserToRoles": lambda estate: {"userId": estate.user_id, "roleId": [0, 2]},
    "RemoveUserFromRole": lambda estate: {"UserId": estate.user_id, "RoleId": 0},
    "AddOrganizationManagementToUser": lambda estate: {"UserId": estate.user_id, "OrganizationId": estate.organization_id},
    "RemoveOrganizationManagementFromUser": lambda estate: {"UserId": estate.user_id, "OrganizationId": estate.organization_id},
    "GetCourse": lambda estate: {"id": estate.course_id},
    "GetCourseByExternalId": lambda estate: {"id": estate.mark},
    "UpdateCourse": lambda estate: {"id": estate.course_id, "Description": "Changed"},
    "GetClassroom": lambda estate: {"id": estate.classroom_id},
    "UpdateClassroom": lambda estate: {"id": estate.classroom_id, "Description": "Changed"},
    "GetClass": lambda estate: {"id": estate.class_id},
    "GetClassByExternalId": lambda estate: {"id": estate.mark},
    "GetClassByClassTrainingKey": lambda estate: {"id": f"KEY {estate.mark}"},
    "UpdateClass": lambda estate: {"id": estate.class_id, "CourseId": estate.course_id, "Description": "Changed"},
    "GetClassEnrollment": lambda estate: {"id": estate.enrollment_id},
    "GetClassEnrollmentByClassAndUser": lambda estate: {"classId": estate.class_id, "userId": estate.user_id},
    "GetClassEnrollmentByExternalId": lambda estate: {"id": estate.mark},
    "UpdateClassEnrollment": lambda estate: {"id": estate.enrollment_id, **_enrollment(estate), "Grade": 1},
    "DeleteClassEnrollment": lambda estate: {"id": estate.enrollment_id},
}
"""How each command is called that is about one object."""

MAKING: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "CreateOrganization": lambda estate: {"Name": "New", "ParentId": estate.organization_id},
    "CreateSystemAnnouncement": lambda estate: {"Title": "New", "Text": "New", "OrganizationId": estate.organization_id},
    "CreateCompany": lambda estate: {"Name": "New", "OrganizationId": estate.organization_id},
    "CreateUser": lambda estate: {
        "UserName": "new",
        "Email": "new@example.com",
        "FirstName": "New",
        "LastName": "New",
        "OrganizationId": estate.organization_id,
    },
    "CreateCourse": lambda estate: {"Name": "New", "OrganizationId": estate.organization_id},
    "CreateClassroom": lambda estate: {"Name": "New", "OrganizationId": estate.organization_id},
    "CreateClass": lambda estate: {"CourseId": estate.course_id, "OrganizationId": estate.organization_id, "DeliveryTypeId": 3},
    "RedeemClassTrainingKey": lambda estate: {"userId": estate.newcomer_id, "classTrainingKey": f"KEY {estate.mark}"},
    "CreateClassEnrollment": lambda estate: {**_enrollment(estate), "userId": estate.newcomer_id},
}
"""How each command is called that makes an object in an organization."""

SEARCHES: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "SearchCourses": lambda estate: {"externalId": estate.mark},
    "SearchClassrooms": lambda estate: {"externalId": estate.mark},
    "SearchClasses": lambda estate: {"courseId": estate.course_id},
    "SearchClassEnrollments": lambda estate: {"classId": estate.class_id},
}
"""How each search is called that finds the one object."""

ALIKE: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "GetUserRoles": lambda _: {},
}
"""How each command is called that answers everybody alike."""

CALLS: Final = {**ABOUT, **MAKING, **SEARCHES, **ALIKE}

NAMED: Final = {
    "organizationid": "organization_id",
    "parentid": "organization_id",
    "managedorganizationid": "organization_id",
    "availabletoorganizationids": "organization_id",
    "companyid": "company_id",
    "userid": "user_id",
    "managerid": "user_id",
    "owninguserid": "user_id",
    "instructorids": "user_id",
    "primaryinstructorid": "user_id",
    "courseid": "course_id",
    "classroomid": "classroom_id",
    "classroomids": "classroom_id",
    "primaryclassroomid": "classroom_id",
    "classid": "class_id",
}
"""What each parameter names, by its name in lower case."""

NAMING_NOTHING: Final = {"surveyid", "instructorsurveyid", "organizationsurveyid", "contentproviderid", "virtualmeetinghostid"}
"""Ids of what Rollbook does not keep."""
