"""Classes and class enrollments."""

from typing import Final

from tests.api.reference.fact import Fact, search

_CLASSES = "Classes"
_ENROLLMENTS = "Class enrollments"

CLASS: Final = (
    *("CourseId", "Name", "Description", "HtmlDescription", "ConfirmationStatusId", "OrganizationId", "CompanyId", "DeliveryTypeId"),
    *("VirtualMeetingHostId", "CustomVirtualClassroomUrl", "PrimaryInstructorId", "InstructorIds", "PrimaryClassroomId", "TimeZoneId"),
    *("MinStudents", "MaxStudents", "AllowSelfEnrollment", "IsPublic", "DisableLabs"),
    *("SurveyId", "StudentSurveyAvailabilityStartTypeId", "SurveyAvailabilityStartHours", "SurveyAvailabilityEndDays"),
    *("InstructorSurveyId", "OrganizationSurveyId", "ExternalId", "ClassMeetings", "AvailableToOrganizationIds"),
)
"""What a class is made with."""

_ENROLLMENT = (
    *("externalId", "classId", "userId", "enrollmentStatusId", "completionStatusId", "lateCancel", "retake"),
    *("LocationTypeId", "ClassroomId", "HoursSpent", "Grade"),
)
_SLIPS = {"HtlmDescription": "HtmlDescription"}

CLASS_FACTS: Final = {
    "GetClass": Fact(group=_CLASSES, parameters=("id",), answer=("Results",), shows="Class"),
    "GetClassByExternalId": Fact(group=_CLASSES, parameters=("id",), answer=("Results",), shows="Class"),
    "GetClassByClassTrainingKey": Fact(group=_CLASSES, parameters=("id",), answer=("Results",), shows="Class"),
    "CreateClass": Fact(group=_CLASSES, parameters=CLASS, answer=("ClassId",), slips=_SLIPS),
    "UpdateClass": Fact(group=_CLASSES, parameters=("id", *CLASS), slips=_SLIPS),
    "SearchClasses": search(
        _CLASSES,
        *("name", "courseId", "startsAfter", "startsBefore", "endsAfter", "endsBefore", "hasLabs", "availableOnline"),
        shows="Class",
        sorts=("Name", "Course", "ConfirmationStatus", "Start", "End", "Organization"),
        sort="Start",
    ),
    "SearchPublicClassSchedule": search(_CLASSES, "name", "hasLabs", "availableOnline", shows="Class"),
    "GetClassCustomFields": Fact(group=_CLASSES, answer=None, shows="CustomField"),
    "GetClassCustomFieldValue": Fact(group=_CLASSES, parameters=("customFieldId", "classId"), answer=None, shows="CustomFieldValue"),
    "UpdateClassCustomFieldValue": Fact(
        group=_CLASSES,
        parameters=("customFieldId", "classId", "textValue", "numericValue", "booleanValue", "separatedListValues"),
        answer=None,
        shows="CustomFieldValue",
    ),
}

ENROLLMENT_FACTS: Final = {
    "GetClassEnrollment": Fact(group=_ENROLLMENTS, parameters=("id",), answer=("Results",), shows="ClassEnrollment"),
    "GetClassEnrollmentByClassAndUser": Fact(
        group=_ENROLLMENTS, parameters=("classId", "userId"), answer=("Results",), shows="ClassEnrollment"
    ),
    "GetClassEnrollmentByExternalId": Fact(group=_ENROLLMENTS, parameters=("id",), answer=("Results",), shows="ClassEnrollment"),
    "CreateClassEnrollment": Fact(group=_ENROLLMENTS, parameters=_ENROLLMENT, answer=("ClassEnrollmentId",), lower_case=True),
    "UpdateClassEnrollment": Fact(group=_ENROLLMENTS, parameters=("id", *_ENROLLMENT), lower_case=True),
    "DeleteClassEnrollment": Fact(group=_ENROLLMENTS, parameters=("id",)),
    "SearchClassEnrollments": search(
        _ENROLLMENTS,
        *("className", "classId", "studentId", "enrollmentStatusId", "createdAfter", "createdBefore"),
        shows="ClassEnrollment",
        sorts=(
            "Name",
            "Program",
            "CompanyOrganization",
            "Owner",
            "Company",
            "Starts",
            "Expires",
            "Size",
            "Used",
            "Created",
            "LastModified",
        ),
        sort="Name",
    ),
}
