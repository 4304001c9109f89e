"""Training keys: short texts that a student types, each opening one class or one subscription."""

import secrets
from typing import Final

LONGEST_TRAINING_KEY: Final = 50
"""Characters of a training key that somebody gives."""

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The capitals and digits that cannot be taken for each other when they are read aloud or copied: without I, O, 0 and 1."""

LENGTH: Final = 12
"""Characters of a training key that is made: sixty bits, which nobody guesses."""


def make_training_key() -> str:
    """Make a training key that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
