"""One object of each kind, all in one organization, and how each command is called about them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rollbook import clock
from rollbook.classes.statuses import Delivery
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Database
from rollbook.organizations.actions.announcements import NewAnnouncement, create_announcement
from rollbook.people.actions.activity import Act, note_activity
from rollbook.people.actions.sign_ins import record_sign_in
from tests.api.subscribed_estate import (
    ABOUT_SUBSCRIPTIONS,
    MAKING_SUBSCRIPTIONS,
    SUBSCRIPTION_SEARCHES,
    SubscribedEstate,
    build_subscriptions,
)
from tests.cast import TESTS, Cast, add_class, add_company, add_course, add_organization, add_room, add_user, enroll
from tests.course_contents import add_activity, add_tag, add_tag_group, launch, look_up, rate
from tests.custom_fields import add_field
from tests.self_paced import assign

Values = dict[str, Any]


class Estate(SubscribedEstate, frozen=True, kw_only=True):
    """
    What an organization has.

    Attributes:
        empty_organization_id: An organization beneath it to which nothing belongs.
        custom_field_id: One of classes.
    """

    empty_organization_id: int
    announcement_id: int
    company_id: int
    assignment_id: int
    classroom_id: int
    class_id: int
    enrollment_id: int
    custom_field_id: int
    course_field_id: int
    user_field_id: int
    activity_id: int
    tag_group_id: int
    tag_id: int


async def build(database: Database, cast: Cast, *, organization_id: int, mark: str) -> Estate:
    """Create one object of each kind in an organization."""
    own: Values = {"organization_id": organization_id, "external_id": mark}
    user_id = await add_user(database, mark, **own)
    await database.write(record_sign_in, actor=TESTS, user_id=user_id)
    await database.write(note_activity, acts=[Act(user_id=user_id, at=clock.now(), method="GET", path="/")])
    course_id = await add_course(database, cast, available_self_paced=True, **own)
    on_schedule: Values = {"name": f"Welding {mark}", "is_public": True}
    class_id = await add_class(
        database,
        cast,
        course_id=course_id,
        delivery=Delivery.MIXED,
        enable_training_key=True,
        training_key=f"KEY {mark}",
        **on_schedule,
        **own,
    )
    announcement = NewAnnouncement(organization_id=organization_id, title=mark, text=mark)
    activity_id = await add_activity(database, course_id)
    tag_group_id = await add_tag_group(database, mark, organization_id=organization_id)
    estate = Estate(
        mark=mark,
        organization_id=organization_id,
        empty_organization_id=await add_organization(database, f"Empty {mark}", parent_id=organization_id),
        announcement_id=await database.write(create_announcement, actor=TESTS, announcement=announcement),
        company_id=await add_company(database, mark, **own),
        user_id=user_id,
        newcomer_id=await add_user(database, f"new{mark}", organization_id=organization_id),
        course_id=course_id,
        **await build_subscriptions(database, cast, organization_id=organization_id, mark=mark, course_id=course_id, user_id=user_id),
        assignment_id=await assign(database, course_id=course_id, user_id=user_id, external_id=mark),
        classroom_id=await add_room(database, cast, **own),
        class_id=class_id,
        enrollment_id=await enroll(database, class_id=class_id, user_id=user_id, external_id=mark),
        custom_field_id=await add_field(database, cast, organization_id=organization_id, name=mark),
        course_field_id=await add_field(database, cast, organization_id=organization_id, subject=Subject.COURSE),
        user_field_id=await add_field(database, cast, organization_id=organization_id, subject=Subject.USER),
        activity_id=activity_id,
        tag_group_id=tag_group_id,
        tag_id=await add_tag(database, tag_group_id, mark),
    )
    await rate(database, course_id, user_id)
    await launch(database, activity_id, user_id)
    await look_up(database, user_id, mark)
    return estate


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
    "CloseUserAccountById": lambda estate: {"id": estate.user_id},
    "CloseUserAccountByExternalId": lambda estate: {"id": estate.mark},
    "DeleteUserDataById": lambda estate: {"id": estate.user_id, "dataTypeId": 0},
    "DeleteUserDataByExternalId": lambda estate: {"id": estate.mark},
    "UpdateUserPassword": lambda estate: {"Id": estate.user_id, "Password": "correct horse"},
    "GetSsoRedirectUrl": lambda estate: {"userId": estate.user_id, "destinationUrl": "/schedule"},
    "DeleteUser": lambda estate: {"Id": estate.newcomer_id},
    "MergeUsers": lambda estate: {"userId": estate.user_id, "mergedUserId": estate.newcomer_id},
    "AddUserToRole": lambda estate: {"UserId": estate.user_id, "RoleId": 2},
    "AddUserToRoles": lambda estate: {"userId": estate.user_id, "roleId": [0, 2]},
    "RemoveUserFromRole": lambda estate: {"UserId": estate.user_id, "RoleId": 0},
    "AddOrganizationManagementToUser": lambda estate: {"UserId": estate.user_id, "OrganizationId": estate.organization_id},
    "RemoveOrganizationManagementFromUser": lambda estate: {"UserId": estate.user_id, "OrganizationId": estate.organization_id},
    "GetCourse": lambda estate: {"id": estate.course_id},
    "GetCourseByExternalId": lambda estate: {"id": estate.mark},
    "UpdateCourse": lambda estate: {"id": estate.course_id, "Description": "Changed"},
    "GetCourseAssignment": lambda estate: {"id": estate.assignment_id},
    "GetCourseAssignmentByExternalId": lambda estate: {"id": estate.mark},
    "UpdateCourseAssignment": lambda estate: {"CourseAssignmentId": estate.assignment_id, "Expires": "2030-01-31"},
    "DeleteCourseAssignment": lambda estate: {"id": estate.assignment_id},
    **ABOUT_SUBSCRIPTIONS,
    "GetClassroom": lambda estate: {"id": estate.classroom_id},
    "UpdateClassroom": lambda estate: {"id": estate.classroom_id, "Description": "Changed"},
    "GetClass": lambda estate: {"id": estate.class_id},
    "GetClassByExternalId": lambda estate: {"id": estate.mark},
    "GetClassByClassTrainingKey": lambda estate: {"id": f"KEY {estate.mark}"},
    "UpdateClass": lambda estate: {"id": estate.class_id, "CourseId": estate.course_id, "Description": "Changed"},
    "GetClassCustomFieldValue": lambda estate: {"classId": estate.class_id, "customFieldId": estate.custom_field_id},
    "UpdateClassCustomFieldValue": lambda estate: {
        "classId": estate.class_id,
        "customFieldId": estate.custom_field_id,
        "textValue": "x",
    },
    "UpdateCourseCustomFieldValue": lambda estate: {
        "courseId": estate.course_id,
        "customFieldId": estate.course_field_id,
        "textValue": "x",
    },
    "UpdateUserCustomFieldValue": lambda estate: {"userId": estate.user_id, "customFieldId": estate.user_field_id, "textValue": "x"},
    "GetCustomField": lambda estate: {"id": estate.custom_field_id},
    "UpdateCustomField": lambda estate: {"Id": estate.custom_field_id, "Description": "Changed"},
    "DeleteCustomField": lambda estate: {"id": estate.custom_field_id},
    "GetClassEnrollment": lambda estate: {"id": estate.enrollment_id},
    "GetClassEnrollmentByClassAndUser": lambda estate: {"classId": estate.class_id, "userId": estate.user_id},
    "GetClassEnrollmentByExternalId": lambda estate: {"id": estate.mark},
    "UpdateClassEnrollment": lambda estate: {"id": estate.enrollment_id, **_enrollment(estate), "Grade": 1},
    "DeleteClassEnrollment": lambda estate: {"id": estate.enrollment_id},
    "UpdateCourseActivity": lambda estate: {"id": estate.activity_id, "Subtitle": "Changed"},
    "DeleteCourseActivity": lambda estate: {"id": estate.activity_id},
    "LaunchCourseActivity": lambda estate: {"activityId": estate.activity_id, "userId": estate.user_id},
    "UpdateCourseTagGroup": lambda estate: {"id": estate.tag_group_id, "Expanded": True},
    "DeleteCourseTagGroup": lambda estate: {"id": estate.tag_group_id},
    "UpdateCourseTag": lambda estate: {"id": estate.tag_id, "Name": "Changed"},
    "DeleteCourseTag": lambda estate: {"id": estate.tag_id},
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
    "CreateCourseAssignment": lambda estate: {"CourseId": estate.course_id, "UserId": estate.newcomer_id},
    "CreateCustomField": lambda estate: {"Name": "New", "SubjectTypeId": 0, "DataTypeId": 0, "OrganizationId": estate.organization_id},
    **MAKING_SUBSCRIPTIONS,
    "CreateClassroom": lambda estate: {"Name": "New", "OrganizationId": estate.organization_id},
    "CreateClass": lambda estate: {"CourseId": estate.course_id, "OrganizationId": estate.organization_id, "DeliveryTypeId": 3},
    "RedeemClassTrainingKey": lambda estate: {"userId": estate.newcomer_id, "classTrainingKey": f"KEY {estate.mark}"},
    "CreateClassEnrollment": lambda estate: {**_enrollment(estate), "userId": estate.newcomer_id},
    "CreateCourseActivity": lambda estate: {"CourseId": estate.course_id, "ActivityTypeId": 100, "Name": "New"},
    "CreateCourseTagGroup": lambda estate: {"Name": "New", "OrganizationId": estate.organization_id},
    "CreateCourseTag": lambda estate: {"Name": "New", "CourseTagGroupId": estate.tag_group_id},
    "CreateCourseFeedback": lambda estate: {"courseId": estate.course_id, "userId": estate.user_id, "rating": 4},
    "RecordSignIn": lambda estate: {"userId": estate.user_id},
    "SearchCourseCatalog": lambda estate: {"userId": estate.user_id, "text": "weld"},
}
"""How each command is called that makes an object in an organization."""

SEARCHES: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "SearchSignInHistory": lambda estate: {"userId": estate.user_id},
    "SearchUserActivity": lambda estate: {"userExternalId": estate.mark},
    "SearchCourses": lambda estate: {"externalId": estate.mark},
    "SearchCourseAssignments": lambda estate: {"courseId": estate.course_id},
    **SUBSCRIPTION_SEARCHES,
    "SearchClassrooms": lambda estate: {"externalId": estate.mark},
    "SearchPublicClassSchedule": lambda estate: {"name": f"welding {estate.mark}"},
    "SearchClasses": lambda estate: {"courseId": estate.course_id},
    "SearchCustomFields": lambda estate: {"name": estate.mark},
    "SearchClassEnrollments": lambda estate: {"classId": estate.class_id},
    "SearchCourseTagGroups": lambda estate: {"name": estate.mark},
    "SearchCourseFeedback": lambda estate: {"courseId": estate.course_id},
    "SearchCourseCatalogSearchHistory": lambda estate: {"userId": estate.user_id},
    "SearchCourseExternalActivityLaunches": lambda estate: {"courseId": estate.course_id},
}
"""How each search is called that finds the one object."""

ALIKE: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "GetUserRoles": lambda _: {},
    "SearchLabInstances": lambda estate: {"userId": estate.user_id},
}
"""How each command is called that answers everybody alike."""

NEVER_FOUND: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "ExportSurveyResponses": lambda _: {"id": 1},
}
"""How each command is called that is about what Rollbook does not keep."""

SHARED: Final[Mapping[str, Callable[[Estate], Values]]] = {
    "GetClassCustomFields": lambda _: {},
    "GetCourseCustomFields": lambda _: {},
    "GetUserCustomFields": lambda _: {},
}
"""How each command is called that answers what is shared with all organizations beneath."""

FOUND: Final = {"SearchCustomFields": 3}
"""How many objects a search finds that is not asked for one, where there is more than one of the kind."""

CALLS: Final = {**ABOUT, **MAKING, **SEARCHES, **ALIKE, **SHARED, **NEVER_FOUND}

NAMED: Final = {
    "organizationid": "organization_id",
    "parentid": "organization_id",
    "managedorganizationid": "organization_id",
    "availabletoorganizationids": "organization_id",
    "companyid": "company_id",
    "userid": "user_id",
    "mergeduserid": "user_id",
    "managerid": "user_id",
    "owninguserid": "user_id",
    "instructorids": "user_id",
    "primaryinstructorid": "user_id",
    "courseid": "course_id",
    "courseids": "course_id",
    "clubid": "profile_id",
    "subscriptionprofileid": "profile_id",
    "subscriptionid": "profile_id",
    "createdbyid": "user_id",
    "clubmembershipid": "subscription_id",
    "classroomid": "classroom_id",
    "classroomids": "classroom_id",
    "primaryclassroomid": "classroom_id",
    "classid": "class_id",
    "customfieldid": "custom_field_id",
    "coursetaggroupid": "tag_group_id",
    "tagid": "tag_id",
    "tagids": "tag_id",
}
"""What each parameter names, by its name in lower case."""

NAMING_NOTHING: Final = {"surveyid", "instructorsurveyid", "organizationsurveyid", "contentproviderid", "virtualmeetinghostid", "labid"}
"""Ids of what Rollbook does not keep."""
