"""The server's process: its socket, its loop, and its end."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from events.errors import reason
from tracker.errors import TrackerError
from tracker.serving.application import application
from tracker.serving.memory import Memory
from tracker.serving.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from types import FrameType

    from tracker.serving.gate import Door
    from tracker.serving.live import Live
    from tracker.workspace import Workspace


class Server(uvicorn.Server):
    """Ends at once: streams that wait for news do not hold it up."""

    live: Live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Tell the streams first."""
        self.live.end()
        super().handle_exit(sig, frame)


def serve(
    place: Workspace,
    door: Door,
    *,
    port: int,
    today: Callable[[], date],
    now: Callable[[], datetime],
    ready: Callable[[str], None],
) -> None:
    """Answer until Ctrl-C; `ready` is told the address, with the port that was free.

    Raises `TrackerError` where the port is taken.
    """
    with listening(door.host, port) as listener:
        address = _address(listener)
        app = application(Views(memory=Memory(place=place), today=today, now=now), door)
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="error",
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        server = Server(config)
        server.live = app.state.live
        ready(address)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def listening(host: str, port: int) -> socket.socket:
    """A socket that is ours, or a sentence on why it is not."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(found[4][:2], family=found[0])
    except socket.gaierror as error:
        raise TrackerError(f"--host {host}: there is no such address.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise TrackerError(
                f"Port {port} is taken. Name another, such as --port {port + 1}, or --port 0 "
                "for any that is free."
            ) from error
        raise TrackerError(
            f"Port {port} of {host} cannot be opened: {reason(error)}."
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
