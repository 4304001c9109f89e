"""A sensible value for every documented parameter of the commands about classes and enrollments."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.custom_field_values import NO_VALUE, given_values
from tests.api.reference.ground import NOW, Ground
from tests.cast import DAY, HOUR, MAY


def _class(ground: Ground) -> dict[str, Any]:
    return {
        "CourseId": ground.estate.course_id,
        "Name": "Welding in May",
        "Description": "Two days\nof sparks",
        "HtmlDescription": "<p>Two days &amp; more</p>",
        "ConfirmationStatusId": 1,
        "OrganizationId": ground.beneath_id,
        "CompanyId": ground.estate.company_id,
        "DeliveryTypeId": 2,
        "VirtualMeetingHostId": 7,
        "CustomVirtualClassroomUrl": "https://meet.example.org/welding?room=1",
        "PrimaryInstructorId": ground.manager_id,
        "InstructorIds": [ground.cast.ivan_id, ground.manager_id],
        "PrimaryClassroomId": ground.classroom_id,
        "TimeZoneId": "Central Standard Time",
        "MinStudents": 2,
        "MaxStudents": 12,
        "AllowSelfEnrollment": True,
        "IsPublic": True,
        "DisableLabs": True,
        "SurveyId": 11,
        "StudentSurveyAvailabilityStartTypeId": 1,
        "SurveyAvailabilityStartHours": 2,
        "SurveyAvailabilityEndDays": 30,
        "InstructorSurveyId": 12,
        "OrganizationSurveyId": 13,
        "ExternalId": "K-1",
        "ClassMeetings": [{"Start": MAY, "End": MAY + 8 * HOUR}, {"Start": MAY + DAY, "End": MAY + DAY + 8 * HOUR}],
        "AvailableToOrganizationIds": [ground.beneath_id, ground.cast.organization_id],
    }


def _enrollment(ground: Ground) -> dict[str, Any]:
    return {
        "externalId": "E-1",
        "classId": ground.class_id,
        "userId": ground.estate.newcomer_id,
        "enrollmentStatusId": 60,
        "completionStatusId": 10,
        "lateCancel": True,
        "retake": True,
        "LocationTypeId": 20,
        "ClassroomId": ground.classroom_id,
        "HoursSpent": 3,
        "Grade": 90,
    }


CLASS_VALUES: Final[Mapping[str, Callable[[Ground], Any]]] = {
    "GetClass": lambda ground: {"id": ground.estate.class_id},
    "GetClassByExternalId": lambda ground: {"id": ground.estate.mark},
    "GetClassByClassTrainingKey": lambda ground: {"id": f"KEY {ground.estate.mark}"},
    "CreateClass": _class,
    "UpdateClass": lambda ground: {"id": ground.estate.class_id, **_class(ground), "IsPublic": False},
    "SearchClasses": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Name DESC",
        "name": "weld",
        "courseId": ground.estate.course_id,
        "startsAfter": MAY,
        "startsBefore": MAY,
        "endsAfter": MAY + DAY,
        "endsBefore": MAY + 2 * DAY,
        "hasLabs": False,
        "availableOnline": True,
    },
    "SearchPublicClassSchedule": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Name DESC",
        "name": "weld",
        "hasLabs": False,
        "availableOnline": True,
    },
    "GetClassCustomFields": lambda _: {},
    "GetClassCustomFieldValue": lambda ground: {"customFieldId": ground.class_fields.textbox, "classId": ground.class_id},
    "UpdateClassCustomFieldValue": lambda ground: [
        {"classId": ground.class_id, "customFieldId": field_id, **NO_VALUE, "numericValue": "", **given}
        for field_id, given in given_values(ground.class_fields)
    ],
    "GetClassEnrollment": lambda ground: {"id": ground.estate.enrollment_id},
    "GetClassEnrollmentByClassAndUser": lambda ground: {"classId": ground.estate.class_id, "userId": ground.estate.user_id},
    "GetClassEnrollmentByExternalId": lambda ground: {"id": ground.estate.mark},
    "CreateClassEnrollment": _enrollment,
    "UpdateClassEnrollment": lambda ground: {"id": ground.estate.enrollment_id, **_enrollment(ground)},
    "DeleteClassEnrollment": lambda ground: {"id": ground.estate.enrollment_id},
    "SearchClassEnrollments": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "LastModified DESC",
        "className": "weld",
        "classId": ground.estate.class_id,
        "studentId": ground.estate.user_id,
        "enrollmentStatusId": 60,
        "createdAfter": NOW,
        "createdBefore": NOW,
    },
}
