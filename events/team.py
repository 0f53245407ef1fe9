"""A team's ledger by its address, `postgresql://USER:PASSWORD@HOST/DATABASE`.

PostgreSQL's driver is imported here late, so that whoever works alone needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsourcing.persistence import PersistenceError

from events.errors import Invalid, Unusable

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMES: Final = ("postgresql://", "postgres://")
PATIENCE: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""How long a server may be silent, in seconds; what the address says of it goes before."""

LAID: Final = "SELECT to_regclass('public.ledger_form') IS NOT NULL"
FORM_WRITTEN: Final = "SELECT max(version) FROM public.ledger_form"


def is_address(text: str) -> bool:
    """Whether this names a PostgreSQL database rather than a file."""
    return text.startswith(SCHEMES)


def parts(address: str) -> dict[str, Any]:
    """What libpq makes of an address; raises `Invalid`, or `Unusable` without a driver."""
    psycopg = _driver()
    try:
        told = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error as error:  # its words would repeat the password
        raise Invalid(
            "The ledger's address cannot be read. "
            "Write it as postgresql://USER:PASSWORD@HOST/DATABASE, special signs as %40."
        ) from error
    return {**PATIENCE, "application_name": "tracker", **told}


def public_name(address: str) -> str:
    """A database and its host, without user and password."""
    told = parts(address)
    host = str(told.get("host") or told.get("hostaddr") or "/")
    where = "this machine" if host.startswith("/") else host
    return f"{told.get('dbname') or told.get('user') or 'of this user'} on {where}"


def connected(address: str) -> Connection[Any]:
    """A connection that commits by itself; raises the library's `PersistenceError`."""
    psycopg = _driver()
    told = parts(address)
    try:
        made: Connection[Any] = psycopg.connect(**told, autocommit=True)
    except psycopg.Error as error:
        raise PersistenceError(f"connection failed: {error}") from error
    return made


def heard(connection: Connection[Any]) -> bool:
    """Whether a commit was told of since this was last asked; raises `PersistenceError`."""
    psycopg = _driver()
    try:
        return bool([*connection.notifies(timeout=0)])
    except psycopg.Error as error:
        raise PersistenceError(str(error)) from error


def form_at(address: str) -> int:
    """The version of the stored form there, 0 where there is no ledger yet.

    Raises the library's `PersistenceError`, in the server's own words.
    """
    psycopg = _driver()
    with connected(address) as connection:
        try:
            if not _one(connection, LAID):
                return 0
            return int(_one(connection, FORM_WRITTEN) or 0)
        except psycopg.Error as error:
            raise PersistenceError(str(error)) from error


def _one(connection: Connection[Any], query: str) -> Any:  # noqa: ANN401 - any SQL value
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def _driver() -> Any:  # noqa: ANN401 - a module that may not be installed
    """The driver; raises `Unusable` with the way to install it."""
    try:
        import psycopg
        import psycopg.conninfo
        import psycopg_pool  # noqa: F401 - the library's module asks for it
    except ImportError as error:
        raise Unusable(
            "The ledger is on PostgreSQL, whose driver is not installed. "
            "Install it with: pip install 'programme-tracker[team]'"
        ) from error
    return psycopg
