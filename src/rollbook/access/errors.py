"""What can be wrong with the one who asks."""

from rollbook.errors import NotAllowedError


class InvalidKeyError(NotAllowedError):
    """No API key was given, or it is unknown, revoked, or belongs to a disabled organization; which of these is never told."""

    def __init__(self) -> None:
        super().__init__("the API key is not valid; give a current one")
