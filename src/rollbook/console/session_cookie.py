"""The cookie that keeps somebody signed in."""

from rollbook.console.answer import Cookie
from rollbook.console.cookies import session_cookie_name
from rollbook.console.visit import Visit
from rollbook.sessions.actions.sessions import NewSession


def session_cookie(visit: Visit, session: NewSession) -> Cookie:
    """Give the cookie that holds the secret of a new session."""
    return Cookie(session_cookie_name(is_secure=visit.is_secure), session.secret, session.seconds)
