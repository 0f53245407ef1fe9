"""Who may ask, from where, and what a browser may do with the answer.

A page elsewhere can make a browser ask us anything: by a name that it points at this machine
(the Host is checked), by a form or a script (what changes the ledger must come from our own
pages). Nobody but this machine is let in without a token.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse

from tracker.errors import BadSettings

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]+)?")
"""A name or an address, and a port."""

COOKIE: Final = "tracker-token"
SHORTEST_TOKEN: Final = 16
SUBSCRIBED: Final = ("/feed.atom", "/feed.json", "/starts.ics")
"""What is fetched by programs that keep no cookies: the token stays in their address."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, kw_only=True)
class Door:
    """Under which address is listened, and what it takes to come in."""

    host: str
    token: str | None = None

    def __post_init__(self) -> None:
        """Refuse to open to others without a token that keeps anybody out."""
        if not is_loopback(self.host) and not self.token:
            raise BadSettings(
                f"--host {self.host}: other machines could reach it. Give it a token as well "
                "(--token, or TRACKER_TOKEN), or leave --host out."
            )
        if self.token and len(self.token) < SHORTEST_TOKEN:
            raise BadSettings(
                f"--token: shorter than {SHORTEST_TOKEN} characters keeps nobody out. "
                f"For example: {secrets.token_urlsafe(SHORTEST_TOKEN)}"
            )

    def knows(self, host: str) -> bool:
        """Whether a request's Host names us and not somebody who points at us."""
        found = HOST.fullmatch(host)
        name = found[1].strip("[]").rstrip(".").lower() if found else ""
        if is_loopback(name) or name == self.host:
            return True
        return self.token is not None and _is_address(name)


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached by it."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class Gate:
    """In front of the application: each request is let in or answered here."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers that bind a browser, whatever is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        refusal = self._refused(Request(scope))
        await (refusal or self.app)(scope, receive, bound)

    def _refused(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if not self.door.knows(host):
            return _said(HTTPStatus.MISDIRECTED_REQUEST, f"This is not {host!r}.")
        if request.method not in {"GET", "HEAD"} and not _from_here(request, host):
            return _said(HTTPStatus.FORBIDDEN, "Only this server's own pages may send this.")
        return self._without_token(request) if self.door.token else None

    def _without_token(self, request: Request) -> Response | None:
        """A refusal, or a cookie for the token in the address, which then leaves it."""
        token = self.door.token or ""
        given = request.query_params.get("token", "")
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if any(_same(one, token) for one in (request.cookies.get(COOKIE, ""), bearer)):
            return None
        if not _same(given, token):
            return _said(
                HTTPStatus.UNAUTHORIZED, "This asks for a token. Add ?token=... to the address."
            )
        if request.url.path in SUBSCRIBED:
            return None
        rest = [pair for pair in request.query_params.multi_items() if pair[0] != "token"]
        address = f"/{request.url.path.lstrip('/')}" + (f"?{urlencode(rest)}" if rest else "")
        answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
        return answer


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(), token.encode())


def _from_here(request: Request, host: str) -> bool:
    """Whether a browser says that the request came from a page of ours.

    What is no browser says neither; it has to know the form's own secret all the same.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def _said(status: HTTPStatus, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status)
