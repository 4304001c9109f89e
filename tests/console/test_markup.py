"""The reader of pages sees what it is to see."""

import pytest

from tests.console.markup import faults_of


@pytest.mark.parametrize(
    "markup",
    [
        "<script>window.hit=1</script>",
        '<script src="https://elsewhere.example/x.js"></script>',
        "<img src=x onerror=window.hit=1>",
        '<p style="color:red">',
        '<a href="javascript:alert(1)">',
        '<a href="data:text/html,x">',
        '<form method="post" action="/x"></form>',
        '<form method="get" action="https://elsewhere.example/"></form>',
        "<style>p { color: red }</style>",
        '<iframe src="/">',
        "<h1>Second</h1>",
    ],
)
def test_it_sees_what_may_not_be(markup: str) -> None:
    assert [] != faults_of(f"<!DOCTYPE html><h1>First</h1>{markup}")


def test_it_lets_pass_what_may_be() -> None:
    page = """<!DOCTYPE html><link rel="stylesheet" href="/static/1/a.css"><script type="module" src="/static/1/a.js"></script><h1>One</h1>
    <form method="post" action="/sign-in"><input type="hidden" name="form_token" value="1"><button>Go</button></form>
    <a href="/classes/1">&lt;script&gt;</a><a href="mailto:sam@example.com">Sam</a>"""

    assert [] == faults_of(page)
