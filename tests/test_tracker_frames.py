from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import tracker as product
from tracker.errors import NoWorkspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Terminal

DAY = "2024-06-30"


def test_the_frames_have_the_columns_and_dtypes_that_are_documented(
    founding: Terminal,
) -> None:
    founding.well("forecast", "leapmotor-mirafiori", "--as-of", DAY)
    notebook = product.open(founding.folder)

    programmes, events = notebook.programmes(), notebook.events()
    volumes, forecasts = notebook.volumes(), notebook.forecasts()

    assert len(programmes) == 139
    assert len(events) == 898
    assert list(programmes)[:6] == [
        "programme",
        "title",
        "kind",
        "stage",
        "started",
        "expected_start",
    ]
    assert {"retracted_by", "amended_by", "source_url"} <= set(events)
    assert list(volumes) == ["programme", "month", "measure", "volume", "basis", "reports"]
    assert list(forecasts) == [
        "programme",
        "as_of",
        "date",
        "probability",
        "never",
        "status",
        "model",
        "hindcast",
        "recorded_at",
    ]
    assert len(forecasts) == 120
    for frame, days in (
        (programmes, ["expected_earliest", "opened_on", "last_known"]),
        (events, ["earliest", "latest", "known_on", "recorded_at"]),
        (volumes, ["month"]),
        (forecasts, ["as_of", "date", "recorded_at"]),
    ):
        assert {str(frame[day].dtype) for day in days} == {"datetime64[us]"}
        assert str(frame["programme"].dtype) == "str"
    assert str(volumes["volume"].dtype) == "float64"
    assert str(forecasts["probability"].dtype) == "float64"
    assert str(events["position"].dtype) == "int64"


def test_a_frame_as_of_a_day_sees_what_was_known_on_it(founding: Terminal) -> None:
    notebook = product.open(founding.folder)

    events = notebook.events(as_of=DAY)
    programmes = notebook.programmes(as_of=date.fromisoformat(DAY)).set_index("programme")
    volumes, now = notebook.volumes(as_of=DAY), notebook.volumes()

    assert events["known_on"].max() <= pd.Timestamp(DAY)
    assert "leapmotor-zaragoza" not in programmes.index
    assert programmes.loc["leapmotor-mirafiori", "stage"] == "considered"
    assert 0 < len(volumes) < len(now)
    assert list(volumes) == list(now)
    assert [str(kind) for kind in volumes.dtypes] == [str(kind) for kind in now.dtypes]
    assert volumes["month"].max() <= pd.Timestamp(DAY)


def test_volumes_as_of_today_are_those_without_a_day(founding: Terminal) -> None:
    notebook = product.open(founding.folder)

    today, always = notebook.volumes(as_of="2026-11-22"), notebook.volumes()

    pd.testing.assert_frame_equal(today, always)


def test_frames_without_a_row_have_their_columns_and_dtypes(empty: Terminal) -> None:
    notebook = product.open(empty.folder)

    for frame in (notebook.programmes(), notebook.events(), notebook.forecasts()):
        assert len(frame) == 0
        assert "programme" in frame
    assert [str(kind) for kind in notebook.volumes().dtypes] == [
        str(kind) for kind in notebook.volumes(as_of=DAY).dtypes
    ]


def test_a_frame_is_caught_up_with_what_others_record(founding: Terminal) -> None:
    notebook = product.open(founding.folder)
    before = len(notebook.events())

    founding.well("record", "leapmotor-jv", "noted", "--when", "2026-01", "--no-forecast")

    assert len(notebook.events()) == before + 1


def test_a_query_makes_a_frame(founding: Terminal) -> None:
    frame = product.open(founding.folder).sql("SELECT 1 AS a, 'x' AS b")

    assert frame.to_dict("records") == [{"a": 1, "b": "x"}]


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match=r"is no workspace: it has no tracker\.toml"):
        product.open(os.fspath(tmp_path))
