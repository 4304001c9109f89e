"""Where a browser may be sent on to."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.sessions.destinations import LONGEST_DESTINATION, ElsewhereError, get_path_of, path_of

SITE = "https://training.example.com"
TRICKY = st.text(st.sampled_from("/\\.:@?#%2f5cC \t\r\n\0évil-com;javascript"), max_size=40)


@pytest.mark.parametrize(
    "destination, path",
    [
        ("/schedule", "/schedule"),
        ("/", "/"),
        ("/classes/4/roster?status=60&next=//x#top", "/classes/4/roster?status=60&next=//x#top"),
        (SITE, "/"),
        (f"{SITE}/", "/"),
        ("HTTPS://Training.Example.com/my/training", "/my/training"),
        ("/zażółć", "/zażółć"),
        ("/a%20b", "/a%20b"),
        ("/" + "a" * (LONGEST_DESTINATION - 1), "/" + "a" * (LONGEST_DESTINATION - 1)),
    ],
)
def test_a_path_of_this_site_is_one(destination: str, path: str) -> None:
    assert path == path_of(destination, public_url=SITE)
    assert path == get_path_of(destination, public_url=SITE)


@pytest.mark.parametrize(
    "destination",
    [
        "",
        "schedule",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " /schedule",
        "/sche dule",
        "/%2fevil.example",
        "/%2Fevil.example",
        "/%5cevil.example",
        "/a%0d%0aset-cookie:x=y",
        "/.//evil.example",
        "/a?b=\\evil",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "http://training.example.com/",
        "https://evil.example/",
        f"{SITE}.evil.example/",
        f"{SITE}@evil.example/",
        f"{SITE}:8443/",
        f"{SITE}//evil.example",
        f"{SITE}?next=/",
        "/\ud800",
        "/\x00",
        "/" + "a" * LONGEST_DESTINATION,
    ],
)
def test_anything_else_is_none(destination: str) -> None:
    assert path_of(destination, public_url=SITE) is None
    with pytest.raises(ElsewhereError, match="not on this site; give a path") as refused:
        get_path_of(destination, public_url=SITE, field="destination")
    assert "destination" == refused.value.field


@given(TRICKY | st.text(max_size=20) | TRICKY.map("/{}".format) | TRICKY.map(f"{SITE}{{}}".format))
def test_whatever_is_taken_stays_on_this_site(destination: str) -> None:
    path = path_of(destination, public_url=SITE)

    if path is not None:
        # Browsers read backslashes as slashes, and leave out tabs and line ends.
        read = path.replace("\\", "/").translate({ord(each): None for each in "\t\r\n"})
        arrived = urlsplit(urljoin(f"{SITE}/sign-in", read))
        assert ("https", "training.example.com") == (arrived.scheme, arrived.netloc)
        assert read.startswith("/")
        assert not read.startswith("//")
        assert path == path_of(path, public_url=SITE)
