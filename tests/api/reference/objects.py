"""The documented names of what is in the objects that are answered."""

from collections.abc import Mapping
from typing import Final

from tests.api.reference.class_facts import CLASS
from tests.api.reference.people_facts import COMPANY

_COURSE = (
    *("Id", "ExternalId", "Name", "Description", "HtmlDescription", "AvailableInstructorLed", "AvailableSelfPaced", "OrganizationId"),
    *("OrganizationName", "ContentProviderId", "ContentProviderName", "Activities", "Tags", "Duration", "CourseDateCreated"),
    *("CourseLastModifiedDate", "Archived"),
)
_ASSIGNMENT = ("Id", "ExternalId", "CourseId", "UserId", "ClubMembershipId", "Expire", "TargetCompletion", "Start", "Complete")

# What is shown of a class breaks off in the middle: what a class is made with is shown under the same name.
_CLASS = {
    *("Id", "ExternalId", "Name", "Description", "HtmlDescription", "Enabled", "ConfirmationStatusId", "CourseId", "OrganizationId"),
    *("OrganizationName", "InstructorId", "InstructorFirstName", "InstructorLastName", "CustomVirtualClassroomUrl"),
    *("VirtualMeetingHostId", "VirtualMeetingId", "IsPublic", "DeliveryTypeId", "AvailableToOrganizationIds"),
    *("OrganizationSurveyResponseId", "ClassroomAddress1", "ClassroomAddress2", "ClassroomCity", "ClassroomState", "ClassroomCountry"),
    *("ClassroomZip", "TimeZoneId", "EnableClassTrainingKey", "ClassTrainingKey", "CustomFields", "SessionTimes"),
    # The primary instructor has the names above, the meetings are SessionTimes.
    *({*CLASS} - {"PrimaryInstructorId", "ClassMeetings"}),
}

DOCUMENTED: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(names)
    for name, names in {
        "User": (
            *("Id", "ExternalId", "Title", "FirstName", "MiddleName", "LastName", "UserName", "OrganizationId", "CompanyId", "ManagerId"),
            *("Disabled", "Email", "Phone", "Phone2", "Address1", "Address2", "City", "State", "Country", "CountryCode", "Zip"),
            *("ProfileImageUrl", "TimeZoneId", "RoleIds", "ManagedOrganizationIds", "CustomFieldValues"),
        ),
        "Organization": (
            *("Id", "ExternalId", "Name", "Description", "ParentId", "IntegrationKey", "TimeZoneId", "Culture", "DefaultUserPassword"),
            *("DefaultUserNamePattern", "Enabled", "Children"),
        ),
        "Role": ("Id", "Name", "Description"),
        "Company": ("Id", *COMPANY),
        "Course": _COURSE,
        "CourseSearchResult": (*_COURSE, "Created", "LastModified"),
        "Activity": (
            *("Id", "ActivityTypeId", "ActivityTypeName", "ParentId", "Activities", "Subtitle", "Description", "Name", "AllowRetake"),
            *("AllowReview", "Url", "SortOrder", "Required", "AvailabilityTypeId"),
        ),
        "Class": _CLASS,
        "SessionTime": ("Start", "End"),
        "ClassEnrollment": (
            *("Id", "ExternalId", "UserId", "ClassId", "EnrollmentStatusId", "CompletionStatusId", "LateCancel", "Retake"),
            *("LocationTypeId", "ClassroomId", "HoursSpent", "Grade"),
        ),
        "CourseAssignment": _ASSIGNMENT,
        "CourseAssignmentSearchResult": (*_ASSIGNMENT, "PaymentType"),
        "ClubMembership": ("Id", "ExternalId", "ClubId", "UserId", "Starts", "Expires", "TargetCompletion"),
        "CreatedTrainingKey": ("Id", "trainingKey"),
    }.items()
}
"""What is documented, by the object's name."""

CHOSEN: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(names)
    for name, names in {
        "SignIn": ("UserId", "ExternalId", "FirstName", "LastName", "UserName", "Email", "OrganizationId", "SignIn"),
        "UserActivity": (
            *("UserId", "ExternalId", "FirstName", "LastName", "UserName", "OrganizationId", "ImpersonatingUserId"),
            *("ImpersonatingUserFirstName", "ImpersonatingUserLastName", "RequestTime", "RequestMethod", "Referrer", "Url", "UserAgent"),
        ),
        "SystemAnnouncement": ("Id", "OrganizationId", "Title", "Text", "StartDate", "EndDate"),
        "CustomField": ("Id", "Name", "DataTypeId"),
        "CustomFieldValue": ("Id", "Name", "DataTypeId", "TextValue", "IntegerValue", "BooleanValue", "SeparatedListValues"),
        "CourseTag": ("Id", "Name"),
        "CourseTagGroup": (
            *("Id", "Name", "OrganizationId", "OrganizationName", "Enabled", "Expanded", "MutuallyExclusive", "Tags", "Created"),
            "LastModified",
        ),
        "CourseFeedback": (
            *("Id", "CourseId", "CourseName", "UserId", "FirstName", "LastName", "Rating", "Comment", "Created", "LastModified"),
        ),
        "CatalogSearch": ("Id", "UserId", "UserExternalId", "FirstName", "LastName", "SearchTime", "SearchText", "ResultCount"),
        "ActivityLaunch": (
            *("Id", "UserId", "UserExternalId", "FirstName", "LastName", "CourseId", "CourseName", "ActivityId", "ActivityName"),
            *("ActivityTypeId", "ActivityTypeName", "LaunchTime"),
        ),
        "Club": (
            *("Id", "ExternalId", "Name", "Description", "OrganizationId", "DurationDays", "Enabled", "CourseIds", "Created"),
            "LastModified",
        ),
        "TrainingKey": (
            *("Id", "TrainingKey", "OrganizationId", "SubscriptionProfileId", "SubscriptionProfileName", "ExpirationDate", "MaxKeyUses"),
            *("Uses", "ContentExpirationDate", "Created", "CreatedById", "LastModified", "LastModifiedById"),
        ),
        "LabInstance": (
            *("Id", "LabId", "LabName", "UserId", "FirstName", "LastName", "CourseId", "ClassId", "CompletionStatus", "StartTime"),
            *("EndTime", "LastActivity", "TotalRunTime"),
        ),
    }.items()
}
"""What is documented to be answered but not by which names: those that were chosen here."""

OBJECTS: Final[Mapping[str, frozenset[str]]] = {**DOCUMENTED, **CHOSEN}

INNER: Final[Mapping[tuple[str, str], str]] = {
    ("Course", "Activities"): "Activity",
    ("Course", "Tags"): "CourseTag",
    ("CourseSearchResult", "Activities"): "Activity",
    ("CourseSearchResult", "Tags"): "CourseTag",
    ("Activity", "Activities"): "Activity",
    ("CourseTagGroup", "Tags"): "CourseTag",
    ("User", "CustomFieldValues"): "CustomFieldValue",
    ("Class", "CustomFields"): "CustomFieldValue",
    ("Class", "SessionTimes"): "SessionTime",
}
"""What an object lists: the object's name and the field, and the name of what is listed."""
