"""Tokens by which a form shows that this site gave it to the one who sends it."""

import hashlib
import hmac
from typing import Final

_LABEL: Final = b"rollbook form"


def form_token(secret: str) -> str:
    """Give what the forms of a session carry, or of a visitor; whoever knows it does not know the secret."""
    return hmac.new(secret.encode(), _LABEL, hashlib.sha256).hexdigest()


def is_form_token(token: str, *, secret: str) -> bool:
    """Tell whether a form's token is the one that belongs to a secret, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(token.encode(errors="replace"), form_token(secret).encode())
