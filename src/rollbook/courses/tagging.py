"""Which tags a course may have at once (V1)."""

from collections.abc import Iterable

from msgspec import Struct

from rollbook.errors import ConflictError, RollbookError


class Tag(Struct, frozen=True):
    """
    A tag, and what its group says of the tags in it.

    Attributes:
        mutually_exclusive: A course has at most one tag of the group.
        enabled: Tags of the group can be given to courses.
    """

    id: int
    name: str
    group_id: int
    group_name: str
    organization_id: int
    mutually_exclusive: bool
    enabled: bool


class TagsExcludeEachOtherError(ConflictError):
    """A course would have several tags of a group of which it may have one (V1)."""

    rule = "V1"
    field = "tag_ids"

    def __init__(self, group_id: int, tag_ids: Iterable[int]) -> None:
        self.group_id = group_id
        self.tag_ids = tuple(tag_ids)
        listed = " and ".join(map(str, self.tag_ids))
        super().__init__(f"the tags {listed} of group {group_id} exclude each other; give one of them")


class TagGroupDisabledError(ConflictError):
    """A course would get a tag of a group that is disabled (V1)."""

    rule = "V1"
    field = "tag_ids"

    def __init__(self, tag_id: int, group_id: int) -> None:
        self.tag_id = tag_id
        self.group_id = group_id
        super().__init__(f"tag {tag_id} is of group {group_id}, which is disabled; enable the group, or leave the tag out")


def refuse_tags(*, wanted: Iterable[Tag], added: Iterable[int]) -> list[RollbookError | None]:
    """Refuse tags that a course cannot have; ``added`` are the ids of those that it does not have yet."""
    given = set(added)
    exclusive: dict[int, list[int]] = {}
    refusals: list[RollbookError | None] = []
    for tag in wanted:
        if tag.mutually_exclusive:
            exclusive.setdefault(tag.group_id, []).append(tag.id)
        if tag.id in given and not tag.enabled:
            refusals.append(TagGroupDisabledError(tag.id, tag.group_id))
    refusals += [TagsExcludeEachOtherError(group_id, tag_ids) for group_id, tag_ids in exclusive.items() if len(tag_ids) > 1]
    return refusals
