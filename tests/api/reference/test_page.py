from tests.api.reference.differences import DIFFERENCES
from tests.api.reference.facts import FACTS
from tests.api.reference.page import PAGE, page


def test_the_page_is_what_the_declarations_give() -> None:
    assert page() == PAGE.read_text(), "docs/tms-api.md is not what the commands declare; `make docs` writes it anew"


def test_only_documented_commands_differ_from_their_documentation() -> None:
    assert set() == set(DIFFERENCES) - set(FACTS)
