"""What a caller of a command should know beside its documentation, in a few words each."""

from collections.abc import Mapping
from typing import Final

_SHARED: Final = "as documented; an error that names the ids where organizations beneath each other share the external id"
_CLASS: Final = "as documented; surveys' ids and meeting hosts are kept and given back, nothing more"
_PERIOD: Final = "as documented; without expires the profile says how long it lasts"
_STATE: Final = "as documented; a given class moves, a given user replaces, as the rules M1 to M3 say"

DIFFERENCES: Final[Mapping[str, str]] = {
    "GetUserByExternalId": _SHARED,
    "GetOrganizationByExternalId": _SHARED,
    "GetCourseByExternalId": _SHARED,
    "GetClassByExternalId": _SHARED,
    "GetClassEnrollmentByExternalId": "as documented; every enrollment with the external id, by ascending id",
    "GetOrganization": "as documented; IntegrationKey and DefaultUserPassword are always null",
    "CreateOrganization": "as documented; without ParentId beneath the key's organization",
    "UpdateOrganization": "as documented; only the id is required, name and parent stay where they are left out",
    "GetActiveSystemAnnouncements": "which fields an announcement has is not documented: the names are inferred",
    "DeleteOrganization": "refused while anything belongs to it",
    "DeleteCompany": "refused while anything belongs to it",
    "CreateUser": "as documented; Password may be left out, for who signs in elsewhere",
    "CreateClass": _CLASS,
    "UpdateClass": _CLASS,
    "SearchClasses": "as documented; no class has labs; what is found is what GetClass shows, and more that is marked",
    "SearchPublicClassSchedule": "public classes that are not over; training keys are not shown, and of a partner's class what is not for others",
    "SearchCourses": "as documented; a course has labs where one of its activities is one",
    "CreateClassEnrollment": "as documented; opens a Cancelled or Denied enrollment again, under its id",
    "UpdateClassEnrollment": _STATE,
    "SearchClassEnrollments": "as documented; keys that mean nothing of an enrollment sort by the class's name",
    "GetCourseAssignmentByExternalId": "as documented; every assignment with the external id, by ascending id",
    "UpdateCourseAssignment": "as documented; the id may be called `id` as well; only the id is required",
    "SearchCourseAssignments": "as documented; sorted by `Created` unless told otherwise, those without a value last",
    "CreateClubMembership": _PERIOD,
    "CreateSubscription": _PERIOD,
    "GetClubMembershipByExternalId": "as documented; every subscription with the external id, by ascending id",
    "SearchClubs": "as documented; clubs are subscription profiles; which fields one has is not documented: the names are inferred",
    "SearchSubscriptionTrainingKeys": "as documented; which fields a key has is not documented: the names are inferred",
    "SearchLabInstances": "always empty, since Rollbook runs no labs",
    "ExportSurveyResponses": "never found, since Rollbook keeps no surveys",
}
"""The words by the command's name; a command that is not named is as documented."""
