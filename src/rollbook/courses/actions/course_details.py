"""What can be said of a course: of a new one, and of one that is to change."""

from msgspec import UNSET, Struct, UnsetType


class NewCourse(Struct, frozen=True, kw_only=True):
    """
    A course to create.

    Attributes:
        duration: Minutes.
        tag_ids: Its tags.
    """

    organization_id: int
    name: str
    external_id: str | None = None
    description: str | None = None
    html_description: str | None = None
    available_instructor_led: bool = True
    available_self_paced: bool = False
    content_provider_id: int | None = None
    content_provider_name: str | None = None
    duration: int | None = None
    archived: bool = False
    tag_ids: tuple[int, ...] | None = None


class CourseChanges(Struct, frozen=True, kw_only=True):
    """What to change of a course: UNSET is left as it is, None is cleared; the tags become those given."""

    organization_id: int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    html_description: str | UnsetType | None = UNSET
    available_instructor_led: bool | UnsetType = UNSET
    available_self_paced: bool | UnsetType = UNSET
    content_provider_id: int | UnsetType | None = UNSET
    content_provider_name: str | UnsetType | None = UNSET
    duration: int | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET
    tag_ids: tuple[int, ...] | UnsetType | None = UNSET
