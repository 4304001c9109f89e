"""The console's cookies: which names they have, and how far they reach (RFC 6265bis)."""

from litestar.datastructures import Cookie as SetCookie

from rollbook.console.answer import Cookie


def session_cookie_name(*, is_secure: bool) -> str:
    """Give the name of the cookie that holds a session's secret; behind TLS it is bound to the host by its prefix."""
    return "__Host-rollbook_session" if is_secure else "rollbook_session"


def visitor_cookie_name(*, is_secure: bool) -> str:
    """Give the name of the cookie that holds the secret of a visitor who is not signed in."""
    return "__Host-rollbook_visitor" if is_secure else "rollbook_visitor"


def set_cookie(cookie: Cookie, *, is_secure: bool) -> SetCookie:
    """Make a cookie one for this site alone, out of reach for scripts, and over TLS only where the site is served so."""
    seconds = 0 if cookie.value is None else cookie.seconds
    return SetCookie(cookie.name, value=cookie.value, max_age=seconds, httponly=True, secure=is_secure, samesite="lax")
