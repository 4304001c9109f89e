"""Users, organizations and companies."""

from typing import Final

from tests.api.reference.fact import Fact, search

_USERS = "Users"
_ORGANIZATIONS = "Organizations"
_COMPANIES = "Companies"

# A code of the country is shown of every user and can therefore be given, though an old list of parameters has only the country.
_USER = (
    *("Email", "FirstName", "LastName", "OrganizationId", "ExternalId", "MiddleName", "Title", "CompanyId", "ManagerId", "Disabled"),
    *("Phone", "Phone2", "Address1", "Address2", "City", "State", "Country", "CountryCode", "Zip", "ProfileImageUrl", "TimeZoneId"),
)
_SECOND_LINE = {"Address1": "Address2"}

COMPANY: Final = (
    *("Name", "ExternalId", "Description", "OrganizationId", "OwningUserId", "AssignableToUsers", "Theme", "Address1", "Address2", "City"),
    *("State", "Zip", "Country", "Email", "Phone", "Phone2", "Fax", "WebSiteUrl", "CustomDropdown1", "CustomDropdown2"),
)
"""What a company is made with."""

USER_FACTS: Final = {
    "GetUser": Fact(group=_USERS, parameters=("id",), answer=("User",), shows="User"),
    "GetUserByEmail": Fact(group=_USERS, parameters=("email",), answer=("User",), shows="User"),
    "GetUserByExternalId": Fact(group=_USERS, parameters=("id",), answer=("User",), shows="User"),
    "CreateUser": Fact(
        group=_USERS,
        parameters=("UserName", "Password", *_USER, "RoleId", "ManagedOrganizationId", "ForcePasswordChange"),
        answer=("UserId",),
        slips=_SECOND_LINE,
    ),
    "UpdateUser": Fact(group=_USERS, parameters=("Id", "UserName", *_USER, "ForcePasswordChange"), slips=_SECOND_LINE),
    "UpdateUserPassword": Fact(group=_USERS, parameters=("Id", "Password", "ForcePasswordChange")),
    "DeleteUser": Fact(group=_USERS, parameters=("Id",)),
    "AddUserToRole": Fact(group=_USERS, parameters=("UserId", "RoleId")),
    "AddUserToRoles": Fact(group=_USERS, parameters=("userId", "roleId"), lower_case=True),
    "RemoveUserFromRole": Fact(group=_USERS, parameters=("UserId", "RoleId")),
    "AddOrganizationManagementToUser": Fact(group=_USERS, parameters=("UserId", "OrganizationId")),
    "RemoveOrganizationManagementFromUser": Fact(group=_USERS, parameters=("UserId", "OrganizationId")),
    "GetUserRoles": Fact(group=_USERS, answer=("Roles",), shows="Role"),
    "GetSsoRedirectUrl": Fact(group=_USERS, parameters=("userId", "destinationUrl"), answer=("Url",)),
    "SearchSignInHistory": search(
        _USERS,
        *("userId", "userExternalId", "after", "before"),
        shows="SignIn",
        sorts=("SignIn", "LastName", "FirstName", "UserName", "Email"),
        sort="SignIn DESC",
    ),
    # The default that is documented, SignIn DESC, is none of the documented keys.
    "SearchUserActivity": search(
        _USERS,
        *("userId", "userExternalId", "activityAfter", "activityBefore"),
        shows="UserActivity",
        sorts=("RequestTime", "LastName", "UserName", "Organization"),
    ),
    "UpdateUserCustomFieldValue": Fact(
        group=_USERS,
        parameters=("customFieldId", "userId", "textValue", "booleanValue", "separatedListValues"),
        answer=None,
        shows="CustomFieldValue",
    ),
    "CloseUserAccountById": Fact(group=_USERS, parameters=("id",), answer=("RowsAffected",)),
    "CloseUserAccountByExternalId": Fact(group=_USERS, parameters=("id",), answer=("RowsAffected",)),
    "DeleteUserDataById": Fact(group=_USERS, parameters=("id", "dataTypeId"), answer=None),
    "DeleteUserDataByExternalId": Fact(group=_USERS, parameters=("id", "dataTypeId"), answer=None),
    "GetActiveSystemAnnouncements": Fact(group=_USERS, parameters=("organizationId",), answer=None, shows="SystemAnnouncement"),
}

ORGANIZATION_FACTS: Final = {
    "GetOrganization": Fact(group=_ORGANIZATIONS, parameters=("id",), answer=("Organization",), shows="Organization"),
    "GetOrganizationByExternalId": Fact(group=_ORGANIZATIONS, parameters=("id",), answer=("Organization",), shows="Organization"),
    "CreateOrganization": Fact(
        group=_ORGANIZATIONS,
        parameters=("Name", "ExternalId", "Description", "ParentId", "TimeZoneId", "Culture", "DefaultRoleId"),
        answer=("OrganizationId",),
    ),
    "UpdateOrganization": Fact(
        group=_ORGANIZATIONS, parameters=("id", "name", "externalId", "description", "parentId", "timeZoneId", "culture")
    ),
    "DeleteOrganization": Fact(group=_ORGANIZATIONS, parameters=("Id",)),
}

COMPANY_FACTS: Final = {
    "GetCompany": Fact(group=_COMPANIES, parameters=("id",), answer=None, shows="Company"),
    "CreateCompany": Fact(group=_COMPANIES, parameters=COMPANY, answer=("CompanyId",), slips=_SECOND_LINE),
    "UpdateCompany": Fact(group=_COMPANIES, parameters=("Id", *COMPANY), slips=_SECOND_LINE),
    "DeleteCompany": Fact(group=_COMPANIES, parameters=("id",)),
}
