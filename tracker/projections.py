"""Facts to rows: the tables of the timeline, and one statement a table for a batch of them.

Everything here is SQL as text and can be read, and tested, without a ledger. A batch is a
relation `batch(position, topic, state, counts_from, counts_until)`; `state` is the stored JSON
of `events.ledger.Record`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from events import facts
from events.programme import REACHES, WAY


class Column(NamedTuple):
    """A column of an event: its type, where it stands in the stored JSON, and what it says."""

    name: str
    type: str
    value: str
    comment: str


def _key(name: str, type: str, comment: str) -> Column:
    return Column(name, type, f"r.fact.{name}", comment)


def _bound(name: str, key: str, end: str, comment: str) -> Column:
    return Column(name, "DATE", f"r.bounds.{key}.{end}", comment)


EVENT: Final = (
    Column("position", "BIGINT", "position", "Place in the ledger, ascending"),
    _key("id", "VARCHAR", "The event's id, a UUID"),
    _key("programme", "VARCHAR", "Slug of the programme"),
    Column("type", "VARCHAR", "topic", "Type of the vocabulary, such as start-revised"),
    _key("occurred", "VARCHAR", "When it happened, as EDTF"),
    _key("occurred_words", "VARCHAR", "The same in the words of the source"),
    _bound("earliest", "occurred", "earliest", "First day on which it may have happened"),
    _bound("latest", "occurred", "latest", "Last day on which it may have happened"),
    Column(
        "approximate",
        "BOOLEAN",
        "coalesce(r.bounds.occurred.approximate, false)",
        "Whether the date is approximate",
    ),
    _key("known_on", "DATE", "The day on which it became public"),
    Column(
        "recorded_at", "TIMESTAMP", "r.recorded_at", "The moment it entered this ledger, UTC"
    ),
    _key("recorded_by", "VARCHAR", "Who entered it"),
    _key("summary", "VARCHAR", "One sentence"),
    _key("title", "VARCHAR", "programme-opened: its name for people"),
    _key("kind", "VARCHAR", "programme-opened: production or context"),
    _key("organisations", "VARCHAR[]", "programme-opened: the companies behind it"),
    _key("site", "VARCHAR", "programme-opened: the place"),
    _key("country", "VARCHAR", "programme-opened: two letters"),
    _key("product", "VARCHAR", "programme-opened: vehicle, battery, components"),
    _key("unit", "VARCHAR", "programme-opened: the unit of capacity and volume"),
    _key("brownfield", "BOOLEAN", "programme-opened: whether in an existing plant"),
    _key("partner", "VARCHAR", "programme-opened: wholly owned, joint venture, contract"),
    _key("tags", "VARCHAR[]", "programme-opened: such as startup, chinese-oem-abroad"),
    _key("follows", "VARCHAR[]", "programme-opened: context programmes that bear on it"),
    _key("rivals", "VARCHAR[]", "programme-opened: programmes of which about one will win"),
    _key("expected_start", "VARCHAR", "The stated start of production, as EDTF"),
    _key("expected_start_words", "VARCHAR", "The same in the words of the source"),
    _bound("expected_earliest", "expected_start", "earliest", "First day of that window"),
    _bound("expected_latest", "expected_start", "latest", "Last day of that window"),
    _key("capacity_per_year", "DOUBLE", "The stated capacity, units a year"),
    _key("period", "VARCHAR", "volume-reported: the period, as EDTF"),
    _bound("period_earliest", "period", "earliest", "First day of the period"),
    _bound("period_latest", "period", "latest", "Last day of the period"),
    _key("volume", "DOUBLE", "volume-reported: units in the period"),
    _key("measure", "VARCHAR", "volume-reported: production, deliveries, registrations"),
    _key("target_volume", "DOUBLE", "target-announced: units a year"),
    _key("target_by", "VARCHAR", "target-announced: by when, as EDTF"),
    _bound("target_latest", "target_by", "latest", "Last day of that date"),
    _key("stake_pct", "DOUBLE", "The stake, in per cent"),
    _key("amount", "DOUBLE", "The sum of money"),
    _key("currency", "VARCHAR", "Its currency, ISO 4217"),
    _key("rival", "VARCHAR", "rival-site-selected: the programme that won"),
    _key("retracts", "VARCHAR", "event-retracted: the id that no longer counts"),
    _key("amends", "VARCHAR", "event-amended: the id that is corrected"),
    *(
        Column(f"source_{key}", "VARCHAR", f"r.fact.source.{key}", f"The source's {key}")
        for key in ("url", "publisher", "quote", "grade", "root")
    ),
)
"""The columns of an event, in order."""

NAMES: Final = ", ".join(column.name for column in EVENT)

BOUNDS: Final = '{"earliest":"DATE","latest":"DATE","approximate":"BOOLEAN"}'


def _shape() -> str:
    """The stored JSON as DuckDB's `from_json` is told of it."""
    keys = [column for column in EVENT if column.value == f"r.fact.{column.name}"]
    plain = ",".join(f'"{column.name}":{_json_type(column.type)}' for column in keys)
    source = ",".join(
        f'"{column.name.removeprefix("source_")}":"VARCHAR"'
        for column in EVENT
        if column.name.startswith("source_")
    )
    bounds = ",".join(f'"{key}":{BOUNDS}' for key in facts.DATED)
    fact = f'{{{plain},"source":{{{source}}}}}'
    return f'{{"recorded_at":"TIMESTAMP","bounds":{{{bounds}}},"fact":{fact}}}'


def _json_type(type: str) -> str:
    return '["VARCHAR"]' if type == "VARCHAR[]" else f'"{type}"'


FORECAST_SHAPE: Final = (
    '{"recorded_at":"TIMESTAMP","fact":{"programme":"VARCHAR","as_of":"DATE",'
    '"cutoff":"BIGINT","model":"VARCHAR","fitted":"VARCHAR","status":"VARCHAR",'
    '"start":["INTEGER"],"never":"INTEGER","announced":"VARCHAR","volume":[{"year":"INTEGER",'
    '"zero":"INTEGER","mean":"BIGINT","quantiles":["BIGINT"]}]}}'
)

CORRECTIONS: Final = "('event-retracted', 'event-amended')"


def record() -> str:
    """Rows of `recorded` for the batch, one statement whatever its size."""
    values = ", ".join(column.value for column in EVENT)
    return f"""
        INSERT INTO recorded
        SELECT {values}
        FROM (SELECT position, topic, from_json(state, '{_shape()}') AS r FROM batch
              WHERE topic <> 'forecast-issued')
    """


def correct() -> str:
    """Rows of `corrected`: versions of facts that a correction touched, with their spans."""
    values = ", ".join(column.value for column in EVENT)
    return f"""
        INSERT INTO corrected
        SELECT {values}, counts_from, counts_until
        FROM (SELECT *, from_json(state, '{_shape()}') AS r FROM batch)
    """


def issue() -> tuple[str, ...]:
    """Rows of `forecasts`, `start_probabilities` and `volume_quantiles` for the batch."""
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
    )


TABLES: Final[dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]] = {
    "recorded": (
        "Every event as it was recorded, corrections included",
        tuple((column.name, column.type, column.comment) for column in EVENT),
    ),
    "corrected": (
        "Events that a correction touched, each version with the days on which it counts",
        (
            *((column.name, column.type, column.comment) for column in EVENT),
            ("counts_from", "DATE", "First day on which this version counts"),
            ("counts_until", "DATE", "First day on which it no longer counts; NULL is never"),
        ),
    ),
    "fates": (
        "What became of events that were retracted or amended",
        (
            ("id", "VARCHAR", "The event"),
            ("programme", "VARCHAR", "Slug of the programme"),
            ("retracted_by", "VARCHAR", "The retraction that counts"),
            ("amended_by", "VARCHAR", "The last amendment that counts"),
        ),
    ),
    "volumes": (
        "Reported volumes reconciled by month, with the reports behind each",
        (
            ("programme", "VARCHAR", "Slug of the programme"),
            ("month", "DATE", "First day of the month"),
            ("measure", "VARCHAR", "production, deliveries or registrations; never added up"),
            ("volume", "DOUBLE", "Units in the month"),
            ("basis", "VARCHAR", "reported, differenced or spread over several months"),
            ("reports", "VARCHAR[]", "Ids of the events behind it"),
        ),
    ),
    "volume_disagreements": (
        "Volume reports that cannot all be true",
        (
            ("programme", "VARCHAR", "Slug of the programme"),
            ("measure", "VARCHAR", "What was counted"),
            ("period", "VARCHAR", "The period, as EDTF"),
            ("reports", "VARCHAR[]", "Ids of the events"),
            ("volumes", "DOUBLE[]", "Their figures, in the same order"),
            ("sentence", "VARCHAR", "How they disagree"),
        ),
    ),
    "forecasts": (
        "Issued forecasts, one row a forecast and programme",
        (
            ("position", "BIGINT", "Place in the ledger, and the forecast's name"),
            ("programme", "VARCHAR", "Slug of the programme"),
            ("as_of", "DATE", "The day whose knowledge it uses"),
            ("recorded_at", "TIMESTAMP", "The moment it was issued, UTC"),
            ("hindcast", "BOOLEAN", "Whether it was issued after its as-of day"),
            ("cutoff", "BIGINT", "The position in the ledger up to which was read"),
            ("model", "VARCHAR", "The models and their versions"),
            ("fitted", "VARCHAR", "Hash of the numbers they had learned"),
            ("status", "VARCHAR", "open or started"),
            ("announced", "VARCHAR", "The stated window on that day, as EDTF"),
            ("never", "DOUBLE", "P(no start within 120 months)"),
        ),
    ),
    "start_probabilities": (
        "P(start on or before a date), 120 month-ends a forecast",
        (
            ("forecast", "BIGINT", "Position of the forecast"),
            ("programme", "VARCHAR", "Slug of the programme"),
            ("as_of", "DATE", "The day whose knowledge it uses"),
            ("date", "DATE", "A month-end"),
            ("probability", "DOUBLE", "P(started on or before it), never included"),
        ),
    ),
    "volume_quantiles": (
        "The volume of a calendar year, five years a forecast",
        (
            ("forecast", "BIGINT", "Position of the forecast"),
            ("programme", "VARCHAR", "Slug of the programme"),
            ("as_of", "DATE", "The day whose knowledge it uses"),
            ("year", "INTEGER", "The calendar year"),
            ("zero", "DOUBLE", "P(nothing is made)"),
            ("mean", "BIGINT", "Expected units"),
            ("q10", "BIGINT", "Units that are exceeded with 90 %"),
            ("q50", "BIGINT", "The median"),
            ("q90", "BIGINT", "Units that are exceeded with 10 %"),
        ),
    ),
    "followed": (
        "The programmes that this workspace follows",
        (("programme", "VARCHAR", "Slug of the programme"),),
    ),
}
"""The tables of the timeline: what each is, and its columns."""

LIFECYCLE: Final = {
    str(cls.__struct_config__.tag): (WAY.index(stage), str(stage))
    for cls, stage in REACHES.items()
}
PLAN: Final = ("start-revised", "capacity-announced", "target-announced")
HALTS: Final = {
    "production-paused": "paused",
    "production-cancelled": "cancelled",
    "production-stopped": "stopped",
    "production-resumed": None,
}


def _in(names: object) -> str:
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"  # type: ignore[attr-defined] # any iterable of names


FIRM: Final = _in([*LIFECYCLE, *PLAN])
RANK: Final = (
    "CASE type "
    + " ".join(f"WHEN '{name}' THEN {rank}" for name, (rank, _) in LIFECYCLE.items())
    + " END"
)
STAGE_OF_RANK: Final = (
    "CASE coalesce(reached, 0) "
    + " ".join(f"WHEN {rank} THEN '{stage}'" for rank, stage in enumerate(WAY))
    + " END"
)
HALT_OF_TYPE: Final = (
    "CASE halt.type "
    + " ".join(f"WHEN '{name}' THEN '{halt}'" for name, halt in HALTS.items() if halt)
    + " END"
)

MACROS: Final[dict[str, tuple[str, str]]] = {
    "timeline_as_of": (
        "Events that counted on a day: what was known, retractions and amendments applied",
        f"""
        SELECT {NAMES} FROM recorded
        WHERE known_on <= day AND type NOT IN {CORRECTIONS}
          AND id NOT IN (SELECT id FROM corrected)
        UNION ALL
        SELECT {NAMES} FROM corrected
        WHERE counts_from <= day AND (counts_until IS NULL OR counts_until > day)
        """,
    ),
    "programmes_as_of": (
        "Programmes as they stood on a day: stage, announced window, capacity",
        f"""
        WITH known AS (
            SELECT *, {RANK} AS rank, type IN {FIRM} AS firm,
                   row_number() OVER (PARTITION BY programme ORDER BY known_on, position) AS n
            FROM timeline_as_of(day)),
        halts AS (
            SELECT programme, max(n) AS halt_n,
                   arg_max({{'type': type, 'earliest': earliest}}, n) AS halt
            FROM known WHERE type IN {_in(HALTS)} GROUP BY programme),
        gone_on AS (
            SELECT DISTINCT known.programme
            FROM known JOIN halts USING (programme)
            WHERE rank IS NOT NULL AND n > halt_n
              AND (halt.type <> 'production-stopped' OR type = 'production-started')
              AND (latest IS NULL OR halt.earliest IS NULL OR latest >= halt.earliest)),
        summed AS (
            SELECT programme,
                   arg_max(known, n) FILTER (type = 'programme-opened') AS opening,
                   max(rank) AS reached,
                   arg_min(occurred, n) FILTER (type = 'production-started') AS started,
                   coalesce(
                       arg_max(known, n) FILTER (firm AND expected_start IS NOT NULL),
                       arg_min(known, n) FILTER (expected_start IS NOT NULL)) AS stated,
                   coalesce(
                       arg_max(capacity_per_year, n)
                           FILTER (firm AND capacity_per_year IS NOT NULL),
                       arg_min(capacity_per_year, n) FILTER (capacity_per_year IS NOT NULL))
                       AS capacity_per_year,
                   count(*) AS events, max(known_on) AS last_known
            FROM known GROUP BY programme),
        named AS (
            SELECT *, coalesce(opening.kind, 'production') AS kind
            FROM summed LEFT JOIN halts USING (programme)
            WHERE opening IS NOT NULL)
        SELECT programme, opening.title AS title, kind,
               CASE WHEN kind = 'production' THEN coalesce(
                   CASE WHEN programme NOT IN (SELECT programme FROM gone_on)
                        THEN {HALT_OF_TYPE} END,
                   {STAGE_OF_RANK}) END AS stage,
               CASE WHEN kind = 'production' THEN started END AS started,
               stated.expected_start AS expected_start,
               stated.expected_earliest AS expected_earliest,
               stated.expected_latest AS expected_latest,
               capacity_per_year, opening.unit AS unit,
               opening.organisations AS organisations, opening.site AS site,
               opening.country AS country, opening.product AS product,
               opening.known_on AS opened_on, last_known, events,
               programme IN (SELECT followed.programme FROM followed) AS followed
        FROM named
        """,
    ),
    "forecasts_as_of": (
        "The last forecast of each programme whose as-of day is not after a day",
        """
        SELECT * FROM forecasts WHERE as_of <= day
        QUALIFY row_number() OVER (
            PARTITION BY programme ORDER BY forecasts.as_of DESC, position DESC) = 1
        """,
    ),
}
"""Table macros with an as-of day: `SELECT * FROM timeline_as_of(DATE '2024-06-30')`."""

VIEWS: Final[dict[str, tuple[str, str]]] = {
    "events": (
        "Every event, with what it was retracted or amended by",
        f"""SELECT {NAMES}, retracted_by, amended_by
        FROM recorded LEFT JOIN (SELECT id, retracted_by, amended_by FROM fates) USING (id)""",
    ),
    "timeline": (
        "The events that count today",
        "SELECT * FROM timeline_as_of(DATE 'infinity')",
    ),
    "programmes": (
        "Programmes as they stand: stage, announced window, capacity",
        "SELECT * FROM programmes_as_of(DATE 'infinity')",
    ),
    "milestones": (
        "Steps and halts on the way to production, in the order in which they became known",
        f"""SELECT programme, type, occurred, earliest, latest, known_on, summary,
               source_grade, id, position
        FROM timeline WHERE type IN {_in([*LIFECYCLE, *HALTS])}""",
    ),
    "announced_windows": (
        "Each stated window of start, with its slip against the firm one before",
        f"""SELECT programme, expected_start, expected_earliest, expected_latest, type,
               type IN {FIRM} AS firm, known_on,
               CASE WHEN type IN {FIRM} THEN date_diff('month', lag(
                   coalesce(expected_latest, expected_earliest)) OVER (
                   PARTITION BY programme, type IN {FIRM} ORDER BY known_on, position),
                   coalesce(expected_latest, expected_earliest)) END AS slip_months,
               id, position
        FROM timeline WHERE expected_start IS NOT NULL""",
    ),
}


def create() -> tuple[str, ...]:
    """The statements that make an empty timeline, comments on everything included."""
    made = [
        "CREATE TABLE tracking (application_name VARCHAR, notification_id BIGINT)",
        "COMMENT ON TABLE tracking IS 'How far into the ledger this file has read'",
    ]
    for name, (comment, columns) in TABLES.items():
        body = ", ".join(f"{column} {type}" for column, type, _ in columns)
        made.append(f"CREATE TABLE {name} ({body})")
        made.append(f"COMMENT ON TABLE {name} IS '{_quoted(comment)}'")
        made += [
            f"COMMENT ON COLUMN {name}.{column} IS '{_quoted(said)}'"
            for column, _, said in columns
        ]
    for name, (comment, body) in MACROS.items():
        made.append(f"CREATE MACRO {name}(day) AS TABLE {body}")
        made.append(f"COMMENT ON MACRO TABLE {name} IS '{_quoted(comment)}'")
    for name, (comment, body) in VIEWS.items():
        made.append(f"CREATE VIEW {name} AS {body}")
        made.append(f"COMMENT ON VIEW {name} IS '{_quoted(comment)}'")
    return tuple(made)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
