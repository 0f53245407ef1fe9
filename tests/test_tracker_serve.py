from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import uvicorn

from tests.conftest import ROOT, TODAY
from tracker import workspace
from tracker.nothing import EMPTY
from tracker.serving.application import application
from tracker.serving.gate import POLICY, Door
from tracker.serving.memory import Memory
from tracker.serving.server import listening
from tracker.serving.views import Views

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.conftest import Terminal

TOKEN = "a-token-long-enough"  # noqa: S105 - of a test
NUMBER = re.compile(r'name="number" value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came over the wire."""

    status_code: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Somebody who asks a server over a socket, as a program does."""

    port: int

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """What is answered to a question."""
        return self._ask("GET", path, headers or {}, None)

    def post(
        self, path: str, data: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """What is answered to a form."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, {**form, **(headers or {})}, urlencode(data))

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None
    ) -> Answer:
        wire = HTTPConnection("127.0.0.1", self.port, timeout=30)
        wire.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            wire.putheader(name, value)
        if body is not None:
            wire.putheader("Content-Length", str(len(body)))
        wire.endheaders(body.encode() if body is not None else None)
        came = wire.getresponse()
        text = came.read().decode()
        wire.close()
        told = {name.lower(): value for name, value in came.getheaders()}
        return Answer(status_code=came.status, headers=told, text=text)


@contextmanager
def client(
    terminal: Terminal, *, host: str = "127.0.0.1", token: str | None = None
) -> Iterator[Asker]:
    """A server on the workspace, in a thread; who asks it."""
    views = Views(
        memory=Memory(place=workspace.at(terminal.folder)),
        today=workspace.today,
        now=workspace.now,
    )
    app = application(views, Door(host=host, token=token))
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
        )
        running = Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        yield Asker(port=listener.getsockname()[1])
        server.should_exit = True
        running.join()


@pytest.fixture
def plant(empty: Terminal) -> Terminal:
    """A workspace with one programme."""
    empty.well("open", "plant", "--title", "A plant", "--when", "2026-01-05", "--no-forecast")
    return empty


@pytest.fixture
def asker(plant: Terminal) -> Iterator[Asker]:
    """Somebody who asks a server of that workspace."""
    with client(plant) as asking:
        yield asking


def entered(asker: Asker, **values: str) -> dict[str, str]:
    """What the form of an event sends, with a number of its own."""
    found = NUMBER.search(asker.get("/record").text)
    assert found
    filled = {"programme": "plant", "type": "noted", "when": "2026-02-03", "summary": "Seen."}
    return {"number": found[1], **filled, **values}


def test_this_machine_is_known_by_its_names(asker: Asker) -> None:
    for host in ("127.0.0.1:1", "localhost", "[::1]:8765", "127.0.0.1."):
        assert asker.get("/record", headers={"Host": host}).status_code == 200


def test_a_name_that_points_at_us_is_not_ours(asker: Asker) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::1", "", "a@[::1]"):
        said = asker.get("/", headers={"Host": host})

        assert said.status_code == 421
        assert "plant" not in said.text


def test_every_answer_binds_the_browser(asker: Asker) -> None:
    for path in ("/", "/record", "/nothing/here", "/programmes/none"):
        headers = asker.get(path).headers

        assert headers["content-security-policy"] == POLICY
        assert "unsafe" not in POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_page_elsewhere_can_record_nothing(asker: Asker, plant: Terminal) -> None:
    sent = entered(asker, step="record")

    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ):
        assert asker.post("/record", data=sent, headers=headers).status_code == 403
    assert "Seen." not in plant.well("events").out


def test_a_form_that_we_did_not_give_out_records_nothing(asker: Asker, plant: Terminal) -> None:
    sent = entered(asker, step="record")
    made, _, _ = sent["number"].partition(".")

    for number in ("", made, f"{made}.{'0' * 64}", "é"):
        said = asker.post("/record", data={**sent, "number": number})
        assert said.status_code == 409
        assert "started anew" in said.text
    assert "Seen." not in plant.well("events").out


def test_a_form_that_is_sent_twice_is_recorded_once(asker: Asker, plant: Terminal) -> None:
    sent = entered(asker, step="record")

    said = [asker.post("/record", data=sent) for _ in range(2)]

    assert [one.status_code for one in said] == [303, 303]
    assert said[0].headers["location"] == said[1].headers["location"]
    assert plant.well("events").out.count("Seen.") == 1


def test_what_is_not_confirmed_is_not_recorded(asker: Asker, plant: Terminal) -> None:
    said = asker.post("/record", data=entered(asker, when="mid-2026"))

    assert "Is this right?" in said.text
    assert "Seen." not in plant.well("events").out


def test_the_form_refuses_what_the_command_line_refuses(asker: Asker, plant: Terminal) -> None:
    on = ("--when", "2026-02-03")
    for values, words in (
        ({"when": "sometime soon"}, ("--when", "sometime soon")),
        ({"known_on": "2027-01-01"}, (*on, "--known-on", "2027-01-01")),
        ({"grade": "Z9"}, (*on, "--grade", "Z9")),
        ({"volume": "3"}, (*on, "--volume", "3")),
        ({"volume": "3.000"}, (*on, "--volume", "3.000")),
        ({"type": "nothing"}, on),
        ({"type": "event-retracted"}, on),
        ({"type": "capacity-announced"}, on),
    ):
        type = values.get("type", "noted")
        typed = plant("record", "plant", type, "--summary", "Seen.", *words)
        for step in ("", "record"):
            said = asker.post("/record", data=entered(asker, **values, step=step))
            sentence = re.search(r'role="alert">([^<]*)<', said.text)

            assert said.status_code == 400
            assert sentence
            assert unescape(sentence[1]) == typed.err.removeprefix("error: ").strip()


def test_refusals_are_pages_with_a_sentence(asker: Asker) -> None:
    unknown = asker.get("/programmes/plan")
    no_day = asker.get("/programmes/plant?as_of=soon")
    early = asker.get("/programmes/plant?as_of=2020-01-01")

    assert unknown.status_code == 404
    assert "did you mean plant?" in unknown.text
    assert no_day.status_code == 400
    assert "is no day. Write it as 2024-06-30." in no_day.text
    assert early.status_code == 404
    assert "was not open yet on 2020-01-01" in early.text


def test_where_nothing_is_known_the_page_says_what_to_do(empty: Terminal) -> None:
    with client(empty) as asker:
        assert "Nothing is known yet" in asker.get("/").text
        assert "Open one on the command line first" in asker.get("/record").text
        for feed in ("/feed.atom", "/feed.json", "/starts.ics"):
            said = asker.get(feed)
            assert said.status_code == 404
            assert EMPTY in said.text


def test_what_others_record_is_seen(asker: Asker, plant: Terminal) -> None:
    before = asker.get("/programmes/plant").text

    plant.well("record", "plant", "noted", "--when", "2026-03", "--summary", "A crane came.")
    until = time.monotonic() + 10
    while "A crane came." not in asker.get("/programmes/plant").text:
        assert time.monotonic() < until
        time.sleep(0.05)

    assert "A crane came." not in before


def test_a_token_is_asked_for_and_leaves_the_address(plant: Terminal) -> None:
    with client(plant, host="0.0.0.0", token=TOKEN) as asker:  # noqa: S104 - what is tested
        without = asker.get("/")
        wrong = asker.get("/?token=wrong")
        given = asker.get(f"//evil.example/?token={TOKEN}&as_of=2026-05-01")
        feed = asker.get(f"/feed.json?token={TOKEN}", headers={"Host": "192.168.1.5"})
        bearer = asker.get("/", headers={"Authorization": f"Bearer {TOKEN}"})

    assert (without.status_code, wrong.status_code) == (401, 401)
    assert given.status_code == 303
    assert given.headers["location"] == "/evil.example/?as_of=2026-05-01"
    assert "HttpOnly" in given.headers["set-cookie"]
    assert "SameSite=strict" in given.headers["set-cookie"]
    assert (feed.status_code, bearer.status_code) == (200, 200)


def test_nobody_else_is_let_in_without_a_token(plant: Terminal) -> None:
    open_to_all = plant("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - refused
    short = plant("serve", "--port", "0", "--token", "secret")

    assert open_to_all.code == 4
    assert "other machines could reach it" in open_to_all.err
    assert short.code == 4
    assert "keeps nobody out" in short.err


def test_a_port_that_is_taken_is_a_sentence(plant: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = plant("serve", "--port", str(port))

    assert said.code == 1
    assert said.err == (
        f"error: Port {port} is taken. Name another, such as --port {port + 1}, or --port 0 "
        "for any that is free.\n"
    )


@pytest.mark.slow
def test_ctrl_c_ends_it_at_once_whoever_listens(plant: Terminal) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "--port", "0"],
        cwd=plant.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TRACKER_TODAY": TODAY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    port = int(process.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as listener:
        listener.sendall(b"GET /changes HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in listener.recv(4096)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=20)

    assert process.returncode == 0
    assert complaint == "the server ends\n"
    assert time.monotonic() - begun < 5
