"""A sensible value for every documented parameter of the commands about courses and what is assigned of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.ground import MIDNIGHT, NOW, Ground
from tests.cast import DAY

COURSE_VALUES: Final[Mapping[str, Callable[[Ground], Any]]] = {
    "GetCourse": lambda ground: {"id": ground.estate.course_id},
    "GetCourseByExternalId": lambda ground: {"id": ground.estate.mark},
    "SearchCourses": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Created DESC",
        "name": "weld",
        "externalId": ground.estate.mark,
        "hasLabs": False,
        "createdAfter": NOW,
        "createdBefore": NOW,
        "lastModifiedAfter": NOW,
        "lastModifiedBefore": NOW,
        "availableInstructorLed": True,
        "availableSelfPaced": True,
    },
    "SearchCourseTagGroups": lambda ground: {"pageIndex": 0, "pageSize": 10, "sort": "Name", "name": ground.estate.mark},
    "SearchCourseFeedback": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Created",
        "courseId": ground.estate.course_id,
        "name": "weld",
        "createdAfter": NOW,
        "createdBefore": NOW,
    },
    "SearchCourseCatalogSearchHistory": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "LastName DESC",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "searchedAfter": NOW,
        "searchedBefore": NOW,
    },
    "SearchCourseExternalActivityLaunches": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "LaunchTime",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "courseId": ground.estate.course_id,
        "activityType": "Video",
        "launchedAfter": NOW,
        "launchedBefore": NOW,
    },
}

ASSIGNMENT_VALUES: Final[Mapping[str, Callable[[Ground], Any]]] = {
    "GetCourseAssignment": lambda ground: {"id": ground.completed_assignment_id},
    "GetCourseAssignmentByExternalId": lambda _: {"id": "A-9"},
    "CreateCourseAssignment": lambda ground: {
        "ExternalId": "A-1",
        "CourseId": ground.self_paced_course_id,
        "UserId": ground.estate.user_id,
        "ClubMembershipId": ground.subscription_id,
        "Expires": "2030-12-31",
        "TargetCompletionDate": "2030-11-30",
    },
    "UpdateCourseAssignment": lambda ground: {
        "CourseAssignmentId": ground.assignment_id,
        "ExternalId": "A-2",
        "CourseId": ground.other_course_id,
        "UserId": ground.manager_id,
        "ClubMembershipId": ground.other_subscription_id,
        "Expires": "2030-12-31",
        "TargetCompletionDate": "2030-11-30",
        "Started": "2026-11-01",
        "Completed": "2026-11-02",
    },
    "DeleteCourseAssignment": lambda ground: {"id": ground.assignment_id},
    "SearchCourseAssignments": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Created DESC",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "courseId": ground.self_paced_course_id,
        "completionStatus": 30,
        "createdAfter": NOW,
        "createdBefore": NOW,
        "expiresAfter": NOW,
        "expiresBefore": MIDNIGHT + 30 * DAY,
        "startedAfter": MIDNIGHT - DAY,
        "startedBefore": MIDNIGHT - DAY,
        "completedAfter": MIDNIGHT,
        "completedBefore": MIDNIGHT,
    },
}

LAB_VALUES: Final[Mapping[str, Callable[[Ground], Any]]] = {
    "SearchLabInstances": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "TotalRunTime DESC",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "labId": 1,
        "courseId": ground.estate.course_id,
        "classId": ground.estate.class_id,
        "classExternalId": ground.estate.mark,
        "completionStatus": 20,
        "startedAfter": 0,
        "startedBefore": NOW,
        "endedAfter": 0,
        "endedBefore": NOW,
        "lastActivityTimeAfter": 0,
        "lastActivityTimeBefore": NOW,
    },
    "ExportSurveyResponses": lambda _: {"id": 11},
}
