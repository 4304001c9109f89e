"""The pictures of the console are those that are taken, shown, and small."""

from tests.architecture.source_file import PROJECT
from tests.console.browser.pictures import FOLDER, LARGEST, PICTURES

PAGE = PROJECT / "docs" / "console.md"


def test_every_picture_that_is_taken_is_there_and_shown() -> None:
    names = {f"{picture.name}.webp" for picture in PICTURES}

    assert names == {path.name for path in FOLDER.iterdir()}
    assert [] == [name for name in names if f"](console/{name})" not in PAGE.read_text()]


def test_every_picture_is_small() -> None:
    assert [] == [path.name for path in FOLDER.iterdir() if path.stat().st_size > LARGEST]
