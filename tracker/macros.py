"""What is asked of the timeline often: table macros with an as-of day, and views.

A stage in SQL is what `events.programme` makes of the same facts; a law in the tests says so.
"""

from __future__ import annotations

from typing import Final

from events.programme import REACHES, WAY
from tracker.columns import EVENT, MONTH, NAMES, REPORT

CORRECTIONS: Final = "('event-retracted', 'event-amended')"

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
ORDER: Final = f"(known_on - DATE '1970-01-01')::BIGINT * {2**40} + position"
"""By the day known, then by place in the ledger, as one number."""
WINDOW: Final = (
    "{'expected_start': expected_start, 'expected_earliest': expected_earliest,"
    " 'expected_latest': expected_latest}"
)


def _of_reports() -> str:
    """All columns of an event, where it is a report."""
    return ", ".join(
        column.name
        if column in REPORT
        else f"'volume-reported' AS {column.name}"
        if column.name == "type"
        else f"NULL::{column.type} AS {column.name}"
        for column in EVENT
    )


BASE: Final[dict[str, tuple[str, str]]] = {
    "recorded": (
        "Every event as it was recorded, corrections included",
        f"""SELECT {NAMES} FROM recorded_others
        UNION ALL
        SELECT {_of_reports()} FROM recorded_reports""",
    ),
}
"""Views on tables alone, of which macros are made."""

MACROS: Final[dict[str, tuple[str, str]]] = {
    "timeline_as_of": (
        "Events that counted on a day: what was known, retractions and amendments applied",
        f"""
        SELECT {NAMES} FROM recorded
        WHERE known_on <= day AND type NOT IN {CORRECTIONS}
          AND position NOT IN (SELECT position FROM corrected)
        UNION ALL
        SELECT {NAMES} FROM corrected
        WHERE counts_from <= day AND (counts_until IS NULL OR counts_until > day)
        """,
    ),
    "programmes_as_of": (
        "Programmes as they stood on a day: stage, announced window, capacity",
        f"""
        WITH counted AS (
            SELECT programme, count(*) AS events, max(known_on) AS last_known
            FROM timeline_as_of(day) GROUP BY programme),
        opening AS (
            SELECT programme, title, coalesce(kind, 'production') AS kind, unit,
                   organisations, site, country, product, known_on AS opened_on
            FROM timeline_as_of(day) WHERE type = 'programme-opened'
            QUALIFY row_number() OVER (
                PARTITION BY programme ORDER BY known_on, position) = 1),
        steps AS (
            SELECT programme, type, occurred, earliest, latest, expected_start,
                   expected_earliest, expected_latest, capacity_per_year,
                   {RANK} AS rank, type IN {FIRM} AS firm, {ORDER} AS n
            FROM timeline_as_of(day)
            WHERE type IN {_in([*LIFECYCLE, *HALTS])}
               OR expected_start IS NOT NULL OR capacity_per_year IS NOT NULL),
        halts AS (
            SELECT programme, max(n) AS halt_n,
                   arg_max({{'type': type, 'earliest': earliest}}, n) AS halt
            FROM steps WHERE type IN {_in(HALTS)} GROUP BY programme),
        gone_on AS (
            SELECT DISTINCT steps.programme
            FROM steps JOIN halts USING (programme)
            WHERE rank IS NOT NULL AND n > halt_n
              AND (halt.type <> 'production-stopped' OR type = 'production-started')
              AND (latest IS NULL OR halt.earliest IS NULL OR latest >= halt.earliest)),
        summed AS (
            SELECT programme, max(rank) AS reached,
                   arg_min(occurred, n) FILTER (type = 'production-started') AS started,
                   coalesce(
                       arg_max({WINDOW}, n) FILTER (firm AND expected_start IS NOT NULL),
                       arg_min({WINDOW}, n) FILTER (expected_start IS NOT NULL)) AS stated,
                   coalesce(
                       arg_max(capacity_per_year, n)
                           FILTER (firm AND capacity_per_year IS NOT NULL),
                       arg_min(capacity_per_year, n) FILTER (capacity_per_year IS NOT NULL))
                       AS capacity_per_year
            FROM steps GROUP BY programme)
        SELECT programme, title, kind,
               CASE WHEN kind = 'production' THEN coalesce(
                   CASE WHEN programme NOT IN (SELECT programme FROM gone_on)
                        THEN {HALT_OF_TYPE} END,
                   {STAGE_OF_RANK}) END AS stage,
               CASE WHEN kind = 'production' THEN started END AS started,
               stated.expected_start AS expected_start,
               stated.expected_earliest AS expected_earliest,
               stated.expected_latest AS expected_latest,
               capacity_per_year, unit, organisations, site, country, product,
               opened_on, last_known, events,
               programme IN (SELECT followed.programme FROM followed) AS followed
        FROM opening JOIN counted USING (programme)
             LEFT JOIN summed USING (programme) LEFT JOIN halts USING (programme)
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


VIEWS: Final = BASE | {
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
    "volumes": (
        "Reported volumes reconciled by month, with the reports behind each",
        """SELECT * FROM reconciled
        UNION ALL
        SELECT programme, period_earliest, coalesce(measure, 'production'), volume,
               'reported', [id]
        FROM recorded_reports WHERE programme IN (SELECT programme FROM as_reported)""",
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

SAID: Final = {column.name: column.comment for column in EVENT} | {
    "retracted_by": "The retraction that counts today",
    "amended_by": "The last amendment that counts today",
    "stage": "How far it has come, or paused, cancelled, stopped; NULL for a context",
    "started": "When production started, as EDTF",
    "opened_on": "The day on which it was opened; nothing counts as known before",
    "last_known": "The day of its last event that counts",
    "events": "How many events of it count",
    "followed": "Whether this workspace follows it",
    "firm": "Stated by its makers; FALSE for evidence, which only fills a gap",
    "slip_months": "Months by which it is later than the firm one before; NULL for the first",
}
"""What the columns of a view say, by name: the same in all that have no words of their own."""

OWN_WORDS: Final = {"volumes": {column: said for column, _, said in MONTH}}
"""Views whose columns say something else under the same names."""

SHOWN: Final = {
    "recorded": NAMES,
    "volumes": ", ".join(OWN_WORDS["volumes"]),
    "events": f"{NAMES}, retracted_by, amended_by",
    "timeline": NAMES,
    "programmes": "programme, title, kind, stage, started, expected_start, expected_earliest, "
    "expected_latest, capacity_per_year, unit, organisations, site, country, product, "
    "opened_on, last_known, events, followed",
    "milestones": "programme, type, occurred, earliest, latest, known_on, summary, "
    "source_grade, id, position",
    "announced_windows": "programme, expected_start, expected_earliest, expected_latest, "
    "type, firm, known_on, slip_months, id, position",
}
"""The columns of each view, in order."""
