"""A sensible value for every documented parameter of the commands about users, organizations and companies."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.custom_field_values import NO_VALUE, given_values
from tests.api.reference.ground import NOW, Ground

ADDRESS: Final = {
    "Address1": "1 Quay Street",
    "Address2": "Floor 2",
    "City": "Porto",
    "State": "PT",
    "Zip": "4000-001",
    "Country": "Portugal",
}
PHONES: Final = {"Phone": "+351 22 000", "Phone2": "+351 22 001"}


def _user(ground: Ground) -> dict[str, Any]:
    return {
        **ADDRESS,
        **PHONES,
        "UserName": "nadia",
        "Email": "nadia@example.org",
        "FirstName": "Nádia",
        "LastName": "Nunes & Søn",
        "OrganizationId": ground.beneath_id,
        "ExternalId": "N-1",
        "MiddleName": "N.",
        "Title": "Dr",
        "CompanyId": ground.estate.company_id,
        "ManagerId": ground.manager_id,
        "Disabled": True,
        "CountryCode": "PT",
        "ProfileImageUrl": "https://example.org/nadia.png?size=2&square=1",
        "TimeZoneId": "GMT Standard Time",
        "ForcePasswordChange": True,
    }


def _company(ground: Ground) -> dict[str, Any]:
    return {
        **ADDRESS,
        **PHONES,
        "Name": "Northwind",
        "ExternalId": "C-1",
        "Description": "Traders",
        "OrganizationId": ground.beneath_id,
        "OwningUserId": ground.estate.user_id,
        "AssignableToUsers": False,
        "Theme": "blue",
        "Email": "office@example.org",
        "Fax": "+351 22 002",
        "WebSiteUrl": "https://example.org",
        "CustomDropdown1": "one",
        "CustomDropdown2": "two",
    }


PEOPLE_VALUES: Final[Mapping[str, Callable[[Ground], Any]]] = {
    "GetUser": lambda ground: {"id": ground.estate.user_id},
    "GetUserByEmail": lambda ground: {"email": f"{ground.estate.mark}@example.com"},
    "GetUserByExternalId": lambda ground: {"id": ground.estate.mark},
    "CreateUser": lambda ground: {
        **_user(ground),
        "Password": " a Pass+word% ",
        "RoleId": [0, 2],
        "ManagedOrganizationId": [ground.estate.organization_id, ground.beneath_id],
    },
    "UpdateUser": lambda ground: {"Id": ground.estate.user_id, **_user(ground)},
    "UpdateUserCustomFieldValue": lambda ground: [
        {"userId": ground.estate.user_id, "customFieldId": field_id, **NO_VALUE, **given}
        for field_id, given in given_values(ground.user_fields)
        if "numericValue" not in given
    ],
    "DeleteUser": lambda ground: {"Id": ground.estate.newcomer_id},
    "CloseUserAccountById": lambda ground: {"id": ground.estate.user_id},
    "CloseUserAccountByExternalId": lambda ground: {"id": ground.estate.mark},
    "DeleteUserDataById": lambda ground: {"id": ground.estate.user_id, "dataTypeId": 0},
    "DeleteUserDataByExternalId": lambda ground: {"id": ground.estate.mark, "dataTypeId": 0},
    "UpdateUserPassword": lambda ground: {"Id": ground.estate.user_id, "Password": "correct horse ", "ForcePasswordChange": True},
    "AddUserToRole": lambda ground: {"UserId": ground.estate.user_id, "RoleId": 2},
    "AddUserToRoles": lambda ground: {"userId": ground.estate.user_id, "roleId": [2, 20]},
    "RemoveUserFromRole": lambda ground: {"UserId": ground.estate.user_id, "RoleId": 0},
    "AddOrganizationManagementToUser": lambda ground: {"UserId": ground.estate.user_id, "OrganizationId": ground.beneath_id},
    "RemoveOrganizationManagementFromUser": lambda ground: {
        "UserId": ground.manager_id,
        "OrganizationId": ground.estate.organization_id,
    },
    "GetUserRoles": lambda _: {},
    "GetSsoRedirectUrl": lambda ground: {"userId": ground.estate.user_id, "destinationUrl": "/schedule?from=elsewhere"},
    "SearchSignInHistory": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Email DESC",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "after": NOW,
        "before": NOW,
    },
    "SearchUserActivity": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Organization DESC",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "activityAfter": NOW,
        "activityBefore": NOW,
    },
    "GetOrganization": lambda ground: {"id": ground.estate.organization_id},
    "GetOrganizationByExternalId": lambda ground: {"id": ground.estate.mark},
    "CreateOrganization": lambda ground: {
        "Name": "New",
        "ExternalId": "O-1",
        "Description": "Newest",
        "ParentId": ground.estate.organization_id,
        "TimeZoneId": "Eastern Standard Time",
        "Culture": "de-DE",
        "DefaultRoleId": 2,
    },
    "UpdateOrganization": lambda ground: {
        "id": ground.beneath_id,
        "name": "Renamed",
        "externalId": "O-2",
        "description": "Moved",
        "parentId": ground.cast.organization_id,
        "timeZoneId": "Tokyo Standard Time",
        "culture": "ja-JP",
    },
    "GetActiveSystemAnnouncements": lambda ground: {"organizationId": ground.estate.organization_id},
    "DeleteOrganization": lambda ground: {"Id": ground.beneath_id},
    "GetCompany": lambda ground: {"id": ground.estate.company_id},
    "CreateCompany": _company,
    "UpdateCompany": lambda ground: {"Id": ground.estate.company_id, **_company(ground)},
    "DeleteCompany": lambda ground: {"id": ground.empty_company_id},
}
