"""The console's words for statuses and what else has numbers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

ENROLLMENT_STATUSES: Final[Mapping[EnrollmentStatus, str]] = MappingProxyType(
    {
        EnrollmentStatus.REQUESTED: "Requested",
        EnrollmentStatus.CANCELLED: "Cancelled",
        EnrollmentStatus.WAITLISTED: "Waitlisted",
        EnrollmentStatus.APPROVED: "Approved",
        EnrollmentStatus.DENIED: "Denied",
        EnrollmentStatus.AUDIT: "Audit",
        EnrollmentStatus.ENROLLED: "Enrolled",
    }
)
COMPLETIONS: Final[Mapping[CompletionStatus, str]] = MappingProxyType(
    {
        CompletionStatus.UNKNOWN: "Not marked",
        CompletionStatus.ATTENDING: "Attending",
        CompletionStatus.COMPLETE: "Complete",
        CompletionStatus.INCOMPLETE: "Incomplete",
        CompletionStatus.NO_SHOW: "No show",
        CompletionStatus.FAILED: "Failed",
    }
)
CLASS_STATUSES: Final[Mapping[ClassStatus, str]] = MappingProxyType(
    {status: status.name.replace("_", " ").capitalize() for status in ClassStatus}
)
DELIVERIES: Final[Mapping[Delivery, str]] = MappingProxyType(
    {Delivery.PHYSICAL: "In a room", Delivery.VIRTUAL: "Online", Delivery.MIXED: "In a room and online"}
)
LOCATIONS: Final[Mapping[LocationType, str]] = MappingProxyType(
    {location: location.name.replace("_", " ").capitalize() for location in LocationType}
)
