"""The tables of the timeline: every column, its type and what it says, declared once."""

from __future__ import annotations

from typing import Final, NamedTuple

from events import facts


class Column(NamedTuple):
    """A column of an event: its type, where it stands in the stored JSON, and what it says.

    `key` is the fact's from which it comes, "" where every entry has it.
    """

    name: str
    type: str
    value: str
    comment: str
    key: str = ""


def _key(name: str, type: str, comment: str) -> Column:
    return Column(name, type, f"r.fact.{name}", comment, name)


def _bound(name: str, key: str, end: str, comment: str) -> Column:
    return Column(name, "DATE", f"r.bounds.{key}.{end}", comment, key)


def _source(key: str) -> Column:
    return Column(
        f"source_{key}", "VARCHAR", f"r.fact.source.{key}", f"The source's {key}", "source"
    )


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
    *(_source(key) for key in ("url", "publisher", "quote", "grade", "root")),
)
"""The columns of an event, in order."""

REPORT: Final = tuple(
    column
    for column in EVENT
    if column.name != "type" and column.key in ("", *facts.VolumeReported.__struct_fields__)
)
"""Those that a report of a volume has: of a ledger's many events nearly all are such."""

NAMES: Final = ", ".join(column.name for column in EVENT)

MONTH: Final = (
    ("programme", "VARCHAR", "Slug of the programme"),
    ("month", "DATE", "First day of the month"),
    ("measure", "VARCHAR", "production, deliveries or registrations; never added up"),
    ("volume", "DOUBLE", "Units in the month"),
    ("basis", "VARCHAR", "reported, differenced or spread over several months"),
    ("reports", "VARCHAR[]", "Ids of the events behind it"),
)
"""The columns of a month's volume."""

TABLES: Final[dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]] = {
    "recorded_reports": (
        "Every report of a volume as it was recorded",
        tuple((column.name, column.type, column.comment) for column in REPORT),
    ),
    "recorded_others": (
        "Every other event as it was recorded, corrections included",
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
    "as_reported": (
        "Programmes whose months are their reports, as they stand",
        (("programme", "VARCHAR", "Slug of the programme"),),
    ),
    "reconciled": (
        "Months of the other programmes, whose reports had to be reconciled",
        MONTH,
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
    "forecast_moves": (
        "How each issued forecast came from the one before it; the parts add up exactly",
        (
            ("forecast", "BIGINT", "Position of the forecast"),
            ("programme", "VARCHAR", "Slug of the programme"),
            ("as_of", "DATE", "The day whose knowledge it uses"),
            ("since", "DATE", "That of the forecast before it"),
            ("kind", "VARCHAR", "event, time, others, model, or several (events)"),
            ("day", "DATE", "When it became known"),
            ("event", "VARCHAR", "Id of what happened"),
            ("judged", "BOOLEAN", "Whether the effect is judgement"),
            ("by_date", "DATE", "The date of P(start on or before it)"),
            ("delta", "DOUBLE", "What it added to that probability"),
            ("year", "INTEGER", "The calendar year of the median volume"),
            ("volume_delta", "BIGINT", "What it added to the median, in units"),
        ),
    ),
    "scores": (
        "Issued forecasts scored by what came, beside the base rate and the announcement",
        (
            ("forecast", "BIGINT", "Position of the forecast"),
            ("programme", "VARCHAR", "Slug of the programme"),
            ("as_of", "DATE", "The day whose knowledge it uses"),
            ("hindcast", "BOOLEAN", "Whether it was issued after its as-of day"),
            ("question", "VARCHAR", "start or volume"),
            ("horizon", "INTEGER", "Months ahead of a start, 0 for all; year of a volume"),
            ("score", "VARCHAR", "brier, log, crps or interval; lower is better"),
            ("said", "DOUBLE", "The probability, or the median units"),
            ("came", "DOUBLE", "0 or 1, the months to the start, or the units made"),
            ("value", "DOUBLE", "The score of what was issued"),
            ("base_rate", "DOUBLE", "That of the base rate on the same day"),
            ("face_value", "DOUBLE", "That of the announcement believed"),
        ),
    ),
    "followed": (
        "The programmes that this workspace follows",
        (("programme", "VARCHAR", "Slug of the programme"),),
    ),
}
"""The tables of the timeline: what each is, and its columns."""

INNER: Final = frozenset(
    {"recorded_reports", "recorded_others", "corrected", "fates", "as_reported", "reconciled"}
)
"""Tables that views are made of, which say what their columns are."""
