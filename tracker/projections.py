"""Facts to rows: one statement a table for a batch of them, whatever its size.

Everything here is SQL as text and can be read, and tested, without a ledger. A batch is a
relation `batch(position, topic, state, counts_from, counts_until)`; `state` is the stored JSON
of `events.entries.Record`. Of reports a batch has no more than their positions and states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker.columns import EVENT, INNER, REPORT, TABLES
from tracker.macros import BASE, MACROS, OWN_WORDS, SAID, SHOWN, VIEWS
from tracker.relations import json_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.columns import Column

WITHIN: Final = "Inner: "
"""How the comment begins of what others are made of, so that a list can leave it out."""

BOUNDS: Final = '{"earliest":"DATE","latest":"DATE","approximate":"BOOLEAN"}'


def _shape(columns: Sequence[Column]) -> str:
    """The stored JSON of what has these columns, as DuckDB's `from_json` is told of it."""
    keys = [column for column in columns if column.value == f"r.fact.{column.name}"]
    plain = ",".join(f'"{column.name}":{json_type(column.type)}' for column in keys)
    source = ",".join(
        f'"{column.name.removeprefix("source_")}":"VARCHAR"'
        for column in columns
        if column.key == "source"
    )
    dated = dict.fromkeys(
        column.key for column in columns if column.value.startswith("r.bounds")
    )
    bounds = ",".join(f'"{key}":{BOUNDS}' for key in dated)
    fact = f'{{{plain},"source":{{{source}}}}}'
    return f'{{"recorded_at":"TIMESTAMP","bounds":{{{bounds}}},"fact":{fact}}}'


FORECAST_SHAPE: Final = (
    '{"recorded_at":"TIMESTAMP","fact":{"programme":"VARCHAR","as_of":"DATE",'
    '"cutoff":"BIGINT","model":"VARCHAR","fitted":"VARCHAR","status":"VARCHAR",'
    '"start":["INTEGER"],"never":"INTEGER","announced":"VARCHAR","volume":[{"year":"INTEGER",'
    '"zero":"INTEGER","mean":"BIGINT","quantiles":["BIGINT"]}],'
    '"move":{"since":"DATE","by":"DATE","year":"INTEGER","parts":[{"kind":"VARCHAR",'
    '"day":"DATE","delta":"INTEGER","volume_delta":"BIGINT","event":"VARCHAR",'
    '"judged":"BOOLEAN"}]}}}'
)


def report() -> str:
    """Rows of `recorded_reports` for a batch of nothing else."""
    values = ", ".join(column.value for column in REPORT)
    return f"""
        INSERT INTO recorded_reports
        SELECT {values}
        FROM (SELECT position, from_json(state, '{_shape(REPORT)}') AS r FROM batch)
    """


def record() -> str:
    """Rows of `recorded_others` for the batch."""
    values = ", ".join(column.value for column in EVENT)
    return f"""
        INSERT INTO recorded_others
        SELECT {values}
        FROM (SELECT position, topic, from_json(state, '{_shape(EVENT)}') AS r FROM batch
              WHERE topic <> 'forecast-issued')
    """


def correct() -> str:
    """Rows of `corrected`: versions of facts that a correction touched, with their spans."""
    values = ", ".join(column.value for column in EVENT)
    return f"""
        INSERT INTO corrected
        SELECT {values}, counts_from, counts_until
        FROM (SELECT *, from_json(state, '{_shape(EVENT)}') AS r FROM batch)
    """


def issue() -> tuple[str, ...]:
    """Rows of `forecasts` and of what hangs on each, for the batch."""
    issued = f"""
        WITH issued AS (
            SELECT position, r.recorded_at AS recorded_at, r.fact AS f
            FROM (SELECT position, from_json(state, '{FORECAST_SHAPE}') AS r FROM batch
                  WHERE topic = 'forecast-issued'))
    """
    return (
        f"""INSERT INTO forecasts {issued}
        SELECT position, f.programme, f.as_of, recorded_at,
               recorded_at::DATE > f.as_of, f.cutoff, f.model, f.fitted, f.status,
               f.announced, f.never / 1e6
        FROM issued""",
        f"""INSERT INTO start_probabilities {issued}
        SELECT position, f.programme, f.as_of,
               last_day((f.as_of + INTERVAL 1 DAY + to_months(month - 1))::DATE),
               f.start[month] / 1e6
        FROM (SELECT *, unnest(range(1, len(f.start) + 1))::INTEGER AS month FROM issued)""",
        f"""INSERT INTO volume_quantiles {issued}
        SELECT position, f.programme, f.as_of, v.year, v.zero / 1e6, v.mean,
               v.quantiles[1], v.quantiles[2], v.quantiles[3]
        FROM (SELECT *, unnest(f.volume) AS v FROM issued)""",
        f"""INSERT INTO forecast_moves {issued}
        SELECT position, f.programme, f.as_of, f.move.since, p.kind, p.day, p.event,
               coalesce(p.judged, false), f.move."by", p.delta / 1e6,
               f.move.year, p.volume_delta
        FROM (SELECT *, unnest(f.move.parts) AS p FROM issued)""",
    )


def create() -> tuple[str, ...]:
    """The statements that make an empty timeline, comments on all that is asked included."""
    made = [
        "CREATE TABLE tracking (application_name VARCHAR, notification_id BIGINT)",
        f"COMMENT ON TABLE tracking IS '{WITHIN}how far into the ledger this file has read'",
        "COMMENT ON COLUMN tracking.application_name IS 'Of what: timeline, link, seen, form'",
        "COMMENT ON COLUMN tracking.notification_id IS 'How far it is'",
    ]
    for name, (comment, columns) in TABLES.items():
        body = ", ".join(f"{column} {type}" for column, type, _ in columns)
        made.append(f"CREATE TABLE {name} ({body})")
        made.append(f"COMMENT ON TABLE {name} IS '{_quoted(_marked(name, comment))}'")
        made += [
            f"COMMENT ON COLUMN {name}.{column} IS '{_quoted(said)}'"
            for column, _, said in columns
            if name not in INNER  # half of what making an empty timeline takes
        ]
    for name in BASE:
        made += _view(name)
    for name, (comment, body) in MACROS.items():
        made.append(f"CREATE MACRO {name}(day) AS TABLE {body}")
        made.append(f"COMMENT ON MACRO TABLE {name} IS '{_quoted(comment)}'")
    for name in VIEWS:
        made += () if name in BASE else _view(name)
    return tuple(made)


def _view(name: str) -> Iterator[str]:
    comment, body = VIEWS[name]
    yield f"CREATE VIEW {name} AS {body}"
    yield f"COMMENT ON VIEW {name} IS '{_quoted(_marked(name, comment))}'"
    words = OWN_WORDS.get(name, SAID)
    for column in SHOWN[name].split(", "):
        yield f"COMMENT ON COLUMN {name}.{column} IS '{_quoted(words[column])}'"


def _marked(name: str, comment: str) -> str:
    """The comment, with what it is for others than us before it."""
    if name not in INNER and name not in BASE:
        return comment
    return f"{WITHIN}{comment[0].lower()}{comment[1:]}"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
