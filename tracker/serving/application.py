"""The addresses of the server, and what each answers; work is done in threads."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from events.errors import Conflict, EventsError, Invalid, Unknown, Unusable
from forecasts.errors import ForecastError
from tracker.commands.options import day_in_figures
from tracker.errors import TrackerError
from tracker.feeds import atom, json_feed, starts
from tracker.page import form
from tracker.page.frame import asset, render
from tracker.page.place import ICON, PAGES, PICTURES, WIDTHS
from tracker.serving.desk import NAMES, Desk, Done, Filled
from tracker.serving.gate import Door, Gate
from tracker.serving.live import Live
from tracker.serving.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import date

    from starlette.requests import Request

    from tracker.serving.views import Views

Made = TypeVar("Made")

AT_ONCE: Final = 2
"""Pages that are made at once; more would only wait for one another's processor."""

LARGEST: Final = 100_000
"""Bytes of a form."""

FOREVER: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
SLUG: Final = "/{slug:str}"
STATUSES: Final = (
    (Unknown, HTTPStatus.NOT_FOUND),
    (Invalid, HTTPStatus.BAD_REQUEST),
    (Conflict, HTTPStatus.CONFLICT),
    (Unusable, HTTPStatus.SERVICE_UNAVAILABLE),
    (ForecastError, HTTPStatus.UNPROCESSABLE_ENTITY),
)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The pages of a workspace, and who works behind them."""

    views: Views
    desk: Desk
    live: Live
    door: Door
    turns: asyncio.Semaphore

    async def work(self, make: Callable[[], Made]) -> Made:
        """Something made in a thread, a few at a time."""
        async with self.turns:
            return await in_thread(make)

    async def first(self, request: Request) -> Response:
        """Every programme."""
        self.live.question()
        as_of, width = self._day(request), _width(request)
        return HTMLResponse(await self.work(lambda: self.views.first(as_of, width)))

    async def programme(self, request: Request) -> Response:
        """One programme, with what was just recorded where there is something."""
        slug, as_of = request.path_params["slug"], self._day(request)
        width = _width(request)
        self.live.question(slug, as_of, width)
        done = self.desk.done(request.query_params.get("recorded", ""))
        said = done.said if done else None
        return HTMLResponse(
            await self.work(lambda: self.views.programme(slug, as_of, width, said))
        )

    async def table(self, request: Request) -> Response:
        """A picture's data."""
        slug, name = request.path_params.get("slug"), request.path_params["name"]
        as_of = self._day(request)
        made = await self.work(lambda: self.views.table(slug, name, as_of))
        if made is None:
            raise Unknown(f"There is no picture {name} as of {as_of}.")
        return _download(made, "text/csv", f"{slug or 'all'}-{name}-{as_of}.csv")

    async def record(self, request: Request) -> Response:
        """The form of an event: empty, read back, or recorded."""
        self.live.question()
        if request.method == "POST":
            return await self._sent(request)
        values = {
            name: request.query_params[name] for name in NAMES if name in request.query_params
        }
        return await self._form(Filled(values=values))

    async def _sent(self, request: Request) -> Response:
        sent = await request.form()
        values = {name: words for name in NAMES if (words := _words(sent.get(name)))}
        number, step = _words(sent.get("number")), _words(sent.get("step"))
        if not self.desk.ours(number):
            refusal = "The server was started anew since this form was opened. Send it again."
            return await self._form(Filled(values=values, refusal=refusal), HTTPStatus.CONFLICT)
        if step == "change":
            return await self._form(Filled(values=values))
        if step == "record":
            done = await self.work(lambda: self.desk.record(number, values))
            if isinstance(done, Done):
                await self.work(self.views.memory.look)
                return RedirectResponse(
                    f"{PAGES}/{done.programme}?recorded={number}#e-{done.event}",
                    HTTPStatus.SEE_OTHER,
                )
            return await self._form(done, HTTPStatus.BAD_REQUEST)
        filled = await self.work(lambda: self.desk.read(values))
        if filled.refusal:
            return await self._form(filled, HTTPStatus.BAD_REQUEST)
        return await self._form(filled, number=number, confirm=True)

    async def _form(
        self,
        filled: Filled,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        number: str | None = None,
        confirm: bool = False,
    ) -> Response:
        def made() -> str:
            seen = self.views.memory.seen()
            return form.page(
                self.views.place(seen),
                filled,
                number=number or self.desk.number(),
                programmes=seen.titles(),
                confirm=confirm,
            )

        return HTMLResponse(await self.work(made), status)

    async def changes(self, _: Request) -> Response:
        """Server-sent events: the ledger's last position, each time that it moves."""

        async def told() -> AsyncIterator[str]:
            async for head in self.live.heads():
                yield ": still here\n\n" if head is None else f"data: {head}\n\n"

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(told(), media_type="text/event-stream", headers=headers)

    async def atom(self, request: Request) -> Response:
        """The moves as Atom."""
        base, token = _base(request), request.query_params.get("token")
        made = await self.work(lambda: self.views.atom(base, token))
        return Response(made, media_type=atom.MEDIA_TYPE)

    async def json_feed(self, request: Request) -> Response:
        """The moves as JSON Feed."""
        base, token = _base(request), request.query_params.get("token")
        made = await self.work(lambda: self.views.json_feed(base, token))
        return Response(made, media_type=json_feed.MEDIA_TYPE)

    async def starts(self, _: Request) -> Response:
        """The expected starts as a calendar."""
        return Response(await self.work(self.views.starts), media_type=starts.MEDIA_TYPE)

    def _day(self, request: Request) -> date:
        given = request.query_params.get("as_of")
        return day_in_figures(given, "as_of") if given else self.views.today()

    async def refused(self, _: Request, error: Exception) -> Response:
        """A refusal as a page: its sentence, and the status of its kind."""
        status = next(
            (status for kind, status in STATUSES if isinstance(error, kind)),
            HTTPStatus.INTERNAL_SERVER_ERROR,
        )
        return await self._message(str(error), status)

    async def not_there(self, request: Request, error: Exception) -> Response:
        """A page for an address that is none, or is asked for in the wrong manner."""
        code = error.status_code if isinstance(error, HTTPException) else 500
        status = HTTPStatus(code)
        sentence = f"There is no page {request.url.path}."
        if status is not HTTPStatus.NOT_FOUND:
            sentence = f"{status.phrase}."
        return await self._message(sentence, status)

    async def _message(self, sentence: str, status: HTTPStatus) -> Response:
        def made() -> str:
            return render(
                "message.html",
                heading="Not there" if status is HTTPStatus.NOT_FOUND else "That did not work",
                sentence=sentence,
                place=self.views.place(self.views.memory.seen()),
            )

        return HTMLResponse(await self.work(made), status)


def application(views: Views, door: Door) -> Starlette:
    """The whole server, behind its gate."""
    desk = Desk(place=views.memory.place, today=views.today, now=views.now)
    live = Live(views=views)

    @asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        live.begin(asyncio.get_running_loop())
        yield
        live.end()

    site = Site(views=views, desk=desk, live=live, door=door, turns=asyncio.Semaphore(AT_ONCE))
    made = Starlette(
        routes=_routes(site),
        lifespan=alive,
        middleware=[Middleware(Gate, door=door)],
        max_body_size=LARGEST,
        exception_handlers={
            EventsError: site.refused,
            ForecastError: site.refused,
            TrackerError: site.refused,
            HTTPException: site.not_there,
        },
    )
    made.state.live = live
    return made


def _routes(site: Site) -> list[Route]:
    css, js = asset("css"), asset("js")
    return [
        Route("/", site.first),
        Route("/record", site.record, methods=["GET", "POST"]),
        Route("/changes", site.changes),
        Route("/feed.atom", site.atom),
        Route("/feed.json", site.json_feed),
        Route("/starts.ics", site.starts),
        Route(f"/{css.name}", lambda _: Response(css.text, 200, FOREVER, css.media_type)),
        Route(f"/{js.name}", lambda _: Response(js.text, 200, FOREVER, js.media_type)),
        Route("/icon.svg", lambda _: Response(_icon(), 200, FOREVER, "image/svg+xml")),
        Route(f"{PICTURES}/{{name}}.csv", site.table),
        Route(f"{PAGES}/{{slug}}", site.programme),
        Route(f"{PAGES}/{{slug}}/{{name}}.csv", site.table),
    ]


def _icon() -> str:
    from urllib.parse import unquote

    return unquote(re.sub(r"^[^,]*,", "", ICON))


def _words(sent: Any) -> str:  # noqa: ANN401 - a text or a file of a form
    return sent.strip() if isinstance(sent, str) else ""


def _width(request: Request) -> str:
    given = request.query_params.get("width", "")
    return given if given in WIDTHS else ""


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _download(text: str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=media_type)
