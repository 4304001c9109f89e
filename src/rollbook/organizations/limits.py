"""
The largest and longest values that any noun takes (N1-N3).

They stand at the bottom of the nouns, so that tables, rules and doorways declare the same bounds.
"""

from typing import Final

LARGEST_NUMBER: Final = 2_147_483_647
"""The largest id, and the largest number of hours, points or places."""

LATEST_TIME: Final = 253_402_300_799
"""The last second of the year 9999, in Unix epoch seconds."""

LONGEST_NAME: Final = 255
"""Characters of a name."""

LONGEST_EXTERNAL_ID: Final = 255
"""Characters of the id that another system gave."""

LONGEST_EMAIL: Final = 256
"""Characters of an e-mail address."""

LONGEST_DESCRIPTION: Final = 800
"""Characters of a plain description."""

LONGEST_HTML_DESCRIPTION: Final = 64 * 1024
"""Characters of a description with markup."""
