from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import browser as real

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
P = "leapmotor-mirafiori"
TODAY = "2024-06-30"
"""A day of the story, so that no more of it is worked out than is looked at."""
QUIET = "a-quiet-plant"
"""A programme of which nothing else is known."""
EARLY = f"/programmes/{P}?as_of=2024-02-29"
"""A page with everything on it and not so many events."""
WIDE, PHONE = (1200, 900), (390, 844)
HOSTILE = '<script>document.title="owned"</script><img src=x onerror="alert(1)">\u202eevil'
CHARTS = {"start", "timeline", "volume", "moves", "calibration"}


@dataclass(kw_only=True)
class Reader:
    """Somebody before a browser; what the browser asked for and complained of is kept."""

    base: str
    folder: Path
    browser: Browser
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def opens(
        self,
        address: str,
        *,
        size: tuple[int, int] = WIDE,
        scheme: Literal["dark", "light"] = "light",
        script: bool = True,
    ) -> Page:
        """A page in a browser of its own, as nobody had it before."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        context.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.goto(address if "://" in address else self.base + address)
        return page

    def closes(self) -> None:
        """Every page away."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command in another process, on the same workspace."""
        return subprocess.run(
            [sys.executable, "-m", "tracker", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TRACKER_TODAY": TODAY},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def _reader(_founding: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One server and one browser for all of these."""
    folder = tmp_path_factory.mktemp("page") / "europe"
    shutil.copytree(_founding, folder)
    with real.served(folder, today=TODAY) as base, real.browser() as browser:
        reader = Reader(base=base.rstrip("/"), folder=folder, browser=browser)
        for slug, title in (("hostile", HOSTILE), (QUIET, "A quiet plant")):
            said = reader.types(
                *("open", slug, "--title", title, "--site", title, "--known-on", "2024-05-01"),
                *("--when", "2024-05-01", "--source", "javascript:alert(1)", "--no-forecast"),
            )
            assert said.returncode == 0, said.stderr
        yield reader


@pytest.fixture
def reader(_reader: Reader) -> Iterator[Reader]:
    """The same; nothing may be fetched from elsewhere, and nothing complained of."""
    yield _reader
    _reader.closes()
    ours = (_reader.base, "file:", "data:")
    asked = [one for one in _reader.asked if not one.startswith(ours)]
    complaints = list(_reader.complaints)
    _reader.asked.clear()
    _reader.complaints.clear()
    assert not asked
    assert not complaints


def whole(page: Page) -> None:
    """Wait until what moved the forecast is there."""
    page.wait_for_selector("#f-moves, #p-moved:has(.moves)", state="attached")


def test_every_chart_is_drawn_with_its_numbers(reader: Reader) -> None:
    page = reader.opens(f"/programmes/{P}")
    whole(page)

    drawn = page.eval_on_selector_all(
        "figure.picture",
        """all => all.map(one => [one.id.slice(2),
            one.querySelectorAll(".wide svg path, .wide svg text, .drawing svg path").length,
            one.querySelectorAll("tbody tr").length])""",
    )

    assert {name for name, _, _ in drawn} == CHARTS
    assert all(marks > 5 and rows > 0 for _, marks, rows in drawn)
    assert page.locator("figure svg:visible").count() == len(CHARTS)


def test_the_slider_moves_numbers_and_charts(reader: Reader) -> None:
    page = reader.opens(f"/programmes/{P}")
    whole(page)
    before = page.inner_text("#p-answer"), page.inner_html("#f-start .drawing:visible")

    page.focus("#asof input[type=range]")
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    day = page.input_value("#as_of")
    expect(page).to_have_url(f"{reader.base}/programmes/{P}?as_of={day}", timeout=30_000)
    page.wait_for_selector("html:not([aria-busy])")

    assert day < TODAY
    assert f"as_of={day}" in page.url
    assert page.inner_html("#f-start .drawing:visible") != before[1]
    again = reader.opens(f"/programmes/{P}?as_of={day}")
    assert again.inner_text("#p-answer") == page.inner_text("#p-answer")


def test_an_event_of_another_process_appears_in_two_browsers(reader: Reader) -> None:
    pages = [reader.opens(f"/programmes/{QUIET}"), reader.opens("/")]
    was = pages[1].inner_text("#p-lines")

    said = reader.types(
        *("record", QUIET, "production-cancelled", "--when", "2024-06-21", "--grade", "A1"),
        *("--summary", "A test cancelled it.", "--no-forecast"),
    )

    assert said.returncode == 0, said.stderr
    pages[0].wait_for_selector(".statement:has-text('A test cancelled it.')")
    assert "cancelled" in pages[0].inner_text("#p-title")
    expect(pages[1].locator("#p-lines")).not_to_have_text(was, use_inner_text=True)


def test_the_form_refuses_in_the_words_of_the_command_line(reader: Reader) -> None:
    page = reader.opens(f"/record?programme={P}")
    page.select_option("#i-type", "production-announced")
    page.fill("#i-when", "2024-05")
    page.click("summary:has-text('What was stated')")
    page.fill("#i-expected_start", "sometime soon")
    page.click("text=Look at it before it is recorded")

    typed = reader.types(
        *("record", P, "production-announced", "--when", "2024-05"),
        *("--expected-start", "sometime soon"),
    )

    assert typed.returncode == 4
    assert page.inner_text("#refusal") == typed.stderr.removeprefix("error: ").strip()
    assert page.get_attribute("#i-expected_start", "aria-invalid") == "true"
    assert page.input_value("#i-expected_start") == "sometime soon"
    reader.complaints.clear()  # a refusal is a 400, of which the console tells


def test_what_is_entered_is_read_back_and_recorded_once(reader: Reader) -> None:
    page = reader.opens(f"/record?programme={QUIET}")
    page.select_option("#i-type", "production-announced")
    page.fill("#i-when", "last week")
    page.fill("#i-summary", "Announced by a form.")
    page.click("summary:has-text('What was stated')")
    page.fill("#i-expected_start", "H2 2027")
    page.click("text=Look at it before it is recorded")
    read = page.inner_text(".readings")
    nothing = reader.types("events", QUIET, "--format", "csv").stdout.count("Announced")
    sent = {
        one.get_attribute("name") or "": one.get_attribute("value") or ""
        for one in page.locator("form input[type=hidden]").all()
    }
    page.click("text=Record it")
    page.wait_for_selector(".statement:has-text('Announced by a form.')")

    again = page.request.post(
        f"{reader.base}/record",
        form={**sent, "step": "record"},
        headers={"Origin": reader.base},
    )

    assert "1 July 2027 to 31 December 2027" in read
    assert not nothing
    assert again.ok
    assert "Recorded: production announced" in page.inner_text("main")
    listed = reader.types("events", QUIET, "--format", "csv").stdout
    assert listed.count("Announced by a form.") == 1


@pytest.mark.parametrize("address", ["/", EARLY, f"/record?programme={P}"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_no_axe_violation_and_no_scrolling_sideways(
    reader: Reader, address: str, size: tuple[int, int]
) -> None:
    page = reader.opens(address, size=size)
    if address == EARLY:
        whole(page)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert _violations(page) == ""
    page.emulate_media(color_scheme="dark")
    assert _violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _violations(page: Page) -> str:
    """What axe finds, folded parts unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    result = Axe().run(page)
    return str(result.generate_report()) if result.violations_count else ""


def test_everything_can_be_read_and_done_without_javascript(reader: Reader) -> None:
    page = reader.opens(f"/programmes/{P}", script=False)
    page.select_option("#as_of", "2024-05-31")
    page.click("text=Show")

    assert "as_of=2024-05-31" in page.url
    assert page.locator("figure svg:visible").count() >= 4
    page.click("text=Record an event")
    page.select_option("#i-type", "noted")
    page.fill("#i-when", "2024-05-03")
    page.click("text=Look at it before it is recorded")
    assert "Is this right?" in page.inner_text("h1")


def test_a_part_of_the_move_leads_to_its_evidence_and_that_to_its_source(
    reader: Reader,
) -> None:
    page = reader.opens(f"/programmes/{P}")
    whole(page)

    page.click(".moves a:has-text('Italian press concluded Italy had lost')")

    target = page.locator(":target")
    assert target.is_visible()
    assert target.locator(".source a").get_attribute("href", timeout=2_000)
    folded = page.locator(".moves a", has_text="Reuters sources: T03")
    folded.click()
    page.wait_for_selector("details.shelf :target")
    assert page.locator(":target").is_visible()


def test_a_word_is_explained_by_keyboard_alone(reader: Reader) -> None:
    page = reader.opens(f"/programmes/{P}", script=False)

    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator("#t-stage").is_visible():
            break
        if page.locator(":focus[popovertarget=t-stage]").count():
            page.keyboard.press("Enter")
            break

    assert page.locator("#t-stage").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#t-stage").is_visible()


def test_strangers_words_stay_words(reader: Reader) -> None:
    for address in ("/programmes/hostile", "/", "/record?programme=hostile"):
        page = reader.opens(address)
        page.wait_for_selector("main")

        assert "owned" not in page.title() or "<script>" in page.title()
        assert page.locator("main script, main img, a[href^='javascript']").count() == 0
        assert "\u202e" not in page.content()
    page = reader.opens("/programmes/hostile")
    assert "javascript:alert(1)" in page.inner_text("#p-evidence")


def test_a_report_needs_nothing_else(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    said = reader.types("report", P, "--as-of", TODAY, "-o", str(file))
    assert said.returncode == 0, said.stderr

    pages = [reader.opens(file.as_uri(), size=size, scheme="dark") for size in (WIDE, PHONE)]

    for page in pages:
        assert page.locator("figure svg:visible").count() == len(CHARTS)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert file.stat().st_size < 1_200_000
    assert reader.asked == [file.as_uri()] * 2


def test_a_report_has_no_axe_violation(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    reader.types("report", P, "--as-of", "2024-02-29", "-o", str(file))

    assert _violations(reader.opens(file.as_uri(), size=PHONE, scheme="dark")) == ""


def test_no_page_is_over_its_weight(reader: Reader) -> None:
    page = reader.opens("/")
    addresses = page.eval_on_selector_all(
        "main a[href^='/programmes/']", "all => all.map(one => one.href)"
    )
    sizes = [len(page.request.get(one).body()) for one in addresses]

    assert len(sizes) >= 15
    assert max(sizes) < 1_200_000


def test_paper_has_no_buttons(reader: Reader) -> None:
    page = reader.opens(f"/programmes/{P}")
    page.emulate_media(media="print")

    assert not page.is_visible("#asof input[type=range]")
    assert not page.is_visible(".bar ul")
    assert page.is_visible("#p-answer")
