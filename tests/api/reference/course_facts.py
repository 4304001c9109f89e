"""Courses, what is assigned of them, labs and surveys."""

from typing import Final

from tests.api.reference.fact import Fact, search

_COURSES = "Courses"
_ASSIGNMENTS = "Course assignments"
_LABS = "Labs and surveys"
_ASSIGNMENT = ("ExternalId", "CourseId", "UserId", "ClubMembershipId", "Expires", "TargetCompletionDate")

COURSE_FACTS: Final = {
    "GetCourse": Fact(group=_COURSES, parameters=("id",), answer=("Course",), shows="Course"),
    "GetCourseByExternalId": Fact(group=_COURSES, parameters=("id",), answer=("Course",), shows="Course"),
    "SearchCourses": search(
        _COURSES,
        *("name", "externalId", "hasLabs", "createdAfter", "createdBefore", "lastModifiedAfter", "lastModifiedBefore"),
        *("availableInstructorLed", "availableSelfPaced"),
        shows="CourseSearchResult",
    ),
    "SearchCourseTagGroups": search(_COURSES, "name", shows="CourseTagGroup"),
    "SearchCourseFeedback": search(_COURSES, "courseId", "name", "createdAfter", "createdBefore", shows="CourseFeedback"),
    "SearchCourseCatalogSearchHistory": search(
        _COURSES,
        *("userId", "userExternalId", "searchedAfter", "searchedBefore"),
        shows="CatalogSearch",
        sorts=("SearchTime", "LastName"),
        sort="SearchTime DESC",
    ),
    "SearchCourseExternalActivityLaunches": search(
        _COURSES,
        *("userId", "userExternalId", "courseId", "activityType", "launchedAfter", "launchedBefore"),
        shows="ActivityLaunch",
    ),
}

ASSIGNMENT_FACTS: Final = {
    "GetCourseAssignment": Fact(group=_ASSIGNMENTS, parameters=("id",), answer=("Results",), shows="CourseAssignment"),
    "GetCourseAssignmentByExternalId": Fact(group=_ASSIGNMENTS, parameters=("id",), answer=("Results",), shows="CourseAssignment"),
    "CreateCourseAssignment": Fact(group=_ASSIGNMENTS, parameters=_ASSIGNMENT, answer=("CourseAssignmentId",), lower_case=True),
    "UpdateCourseAssignment": Fact(group=_ASSIGNMENTS, parameters=("CourseAssignmentId", *_ASSIGNMENT, "Started", "Completed")),
    "DeleteCourseAssignment": Fact(group=_ASSIGNMENTS, parameters=("id",)),
    "SearchCourseAssignments": search(
        _ASSIGNMENTS,
        *("userId", "userExternalId", "courseId", "completionStatus", "createdAfter", "createdBefore", "expiresAfter", "expiresBefore"),
        *("startedAfter", "startedBefore", "completedAfter", "completedBefore"),
        shows="CourseAssignmentSearchResult",
    ),
}

LAB_FACTS: Final = {
    "SearchLabInstances": search(
        _LABS,
        *("userId", "userExternalId", "labId", "courseId", "classId", "classExternalId", "completionStatus", "startedAfter"),
        *("startedBefore", "endedAfter", "endedBefore", "lastActivityTimeAfter", "lastActivityTimeBefore"),
        shows="LabInstance",
        sorts=("StartTime", "EndTime", "LastName", "Lab", "TotalRunTime"),
        sort="StartTime DESC",
    ),
    "ExportSurveyResponses": Fact(group=_LABS, parameters=("id",), answer=None),
}
