"""What a caller of a command should know beside its documentation, in a few words each."""

from collections.abc import Mapping
from typing import Final

_SHARED: Final = "as documented; an error that names the ids where several organizations of the tree have given the external id"
_EVERY: Final = "as documented; everything with the external id, by ascending id"
_CLASS: Final = "as documented; ids of surveys and meeting hosts are kept and given back, nothing more"
_ROLES: Final = "as documented; what the user has already changes nothing"
_TAKEN: Final = "as documented; what the user does not have changes nothing"
_ERASED: Final = "everything that identifies the person is removed, from the history too; the user stays as a disabled one"
_CLOSED: Final = f"as documented; active enrollments are cancelled, except frozen ones (S2), and {_ERASED}"
_DATA: Final = f"dataTypeId 0, or none, is everything: {_ERASED}; enrollments stay; other types are refused"
_GIVEN: Final = "as documented; of the values the one that the field's data type takes; unique fields and required ones are watched"
_PERIOD: Final = "as documented; without expires it lasts as long as the profile says"
_NAMES: Final = "the names of an answer's fields are not documented: those here are inferred"

DIFFERENCES: Final[Mapping[str, str]] = {
    "CreateUser": "as documented; Password may be left out, for who signs in elsewhere; without RoleId the organization's default role",
    "GetUserByExternalId": _SHARED,
    "DeleteUser": "as documented; refused while enrollments or the like belong to the user: merge, or close the account",
    "AddUserToRole": _ROLES,
    "AddUserToRoles": _ROLES,
    "RemoveUserFromRole": _TAKEN,
    "AddOrganizationManagementToUser": _ROLES,
    "RemoveOrganizationManagementFromUser": _TAKEN,
    "SearchSignInHistory": f"as documented; {_NAMES}; sign-ins are told by `RecordSignIn`",
    "SearchUserActivity": f"requests made for a user over the REST API, without their queries; sorted by `RequestTime DESC`; {_NAMES}",
    "UpdateUserCustomFieldValue": f"{_GIVEN}; {_NAMES}",
    "CloseUserAccountById": _CLOSED,
    "CloseUserAccountByExternalId": _CLOSED,
    "DeleteUserDataById": _DATA,
    "DeleteUserDataByExternalId": _DATA,
    "GetActiveSystemAnnouncements": f"of the organization and of those above it; {_NAMES}",
    "GetOrganization": "as documented; IntegrationKey and DefaultUserPassword are always null",
    "GetOrganizationByExternalId": _SHARED,
    "CreateOrganization": "as documented; without ParentId beneath the key's organization",
    "UpdateOrganization": "as documented; only the id is required, name and parent stay where they are left out",
    "DeleteOrganization": "as documented; refused while anything belongs to it, and for the key's own organization",
    "DeleteCompany": "as documented; refused while anything belongs to it",
    "GetCourseByExternalId": _SHARED,
    "SearchCourses": "as documented; a course has labs where one of its activities is one",
    "SearchCourseTagGroups": f"as documented, sorted by `Name`; {_NAMES}",
    "SearchCourseFeedback": f"as documented, the latest first; {_NAMES}",
    "SearchCourseCatalogSearchHistory": f"as documented; {_NAMES}; searches come by `SearchCourseCatalog`",
    "SearchCourseExternalActivityLaunches": f"as documented, the latest first; {_NAMES}; launches come by `LaunchCourseActivity`",
    "GetClassByExternalId": _SHARED,
    "GetClassByClassTrainingKey": "as documented; the capitals of a key count",
    "CreateClass": _CLASS,
    "UpdateClass": _CLASS,
    "SearchClasses": "as documented; a class has labs where its course has and it does not disable them; the form of CustomFieldSearchFilter is not documented",
    "SearchPublicClassSchedule": "public classes that are not over; without training keys, and of a partner without what is not for others",
    "GetClassCustomFields": f"those that the key's classes can have, courses' that cascade included; {_NAMES}",
    "GetClassCustomFieldValue": f"the class's own value, or its course's of a field that cascades; {_NAMES}",
    "UpdateClassCustomFieldValue": f"{_GIVEN}; {_NAMES}",
    "CreateClassEnrollment": "as documented; opens a Cancelled or Denied enrollment again, under its id",
    "UpdateClassEnrollment": "as documented; another class moves the enrollment, another user takes its place (rules M1 to M3)",
    "GetClassEnrollmentByExternalId": _EVERY,
    "SearchClassEnrollments": "as documented; keys that mean nothing of an enrollment sort by the class's name",
    "CreateCourseAssignment": "as documented; rules T1 to T5",
    "GetCourseAssignmentByExternalId": _EVERY,
    "UpdateCourseAssignment": "as documented; the id may be called `id` as well; only the id is required; rules T1 to T5",
    "DeleteCourseAssignment": "as documented; refused for what is completed",
    "SearchCourseAssignments": "as documented; sorted by `Created` unless told otherwise, those without a value last",
    "CreateClubMembership": _PERIOD,
    "CreateSubscription": _PERIOD,
    "GetClubMembershipByExternalId": _EVERY,
    "DeleteClubMembership": "as documented; the training key that it came of gets its use back",
    "SearchClubs": f"as documented; clubs are subscription profiles; {_NAMES}",
    "DeleteSubscriptionTrainingKey": "as documented; refused once it became a subscription",
    "SearchSubscriptionTrainingKeys": f"as documented; {_NAMES}",
    "SearchLabInstances": "always empty, since Rollbook runs no labs",
    "ExportSurveyResponses": "never found, since Rollbook keeps no surveys",
}
"""The words by the command's name; a command that is not named is as documented."""
