from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from textwrap import dedent
from typing import TYPE_CHECKING

import psycopg
import pytest

from events.errors import Invalid, Unknown, Unusable
from events.ledger import Ledger
from events.pulse import Pulse, pulse_of
from tests.test_events_ledger import noted

if TYPE_CHECKING:
    from tests.conftest import Server

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def of_user(address: str, user: str, password: str = "") -> str:
    return address.replace("postgres:@", f"{user}:{password}@")


def refused(address: str) -> str:
    with pytest.raises(Unusable) as told:
        Ledger.at(address)
    return str(told.value)


def test_a_database_without_a_ledger_is_told_so(postgres: Server) -> None:
    with pytest.raises(Unknown, match=r"There is no ledger in the database ledger_\d+ on this"):
        Ledger.at(postgres.database())


def test_a_server_that_is_away_is_told_in_a_sentence() -> None:
    said = refused("postgresql://ann:secret@127.0.0.1:1/ledger")

    assert said == (
        "The ledger ledger on 127.0.0.1: the server is out of reach. "
        "Try again when it is back, or mend the address."
    )


def test_a_database_that_is_not_there_is_told_in_a_sentence(postgres: Server) -> None:
    said = refused(postgres.address.replace("/postgres?", "/nowhere?"))

    assert said.startswith("The ledger nowhere on this machine: there is no such database")


def test_an_address_that_cannot_be_read_is_told_without_its_password() -> None:
    with pytest.raises(Invalid, match="The ledger's address cannot be read") as told:
        Ledger.at("postgresql://ann:secret@[half/ledger")

    assert "secret" not in str(told.value)


def test_a_wrong_password_is_told_and_not_repeated(postgres: Server) -> None:
    postgres.run("DROP ROLE IF EXISTS guarded")
    postgres.run("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    rules = postgres.process.pgdata / "pg_hba.conf"
    kept = rules.read_text()
    rules.write_text(f"local all guarded scram-sha-256\n{kept}")
    postgres.run("SELECT pg_reload_conf()")

    said = refused(of_user(postgres.address, "guarded", "wr0ng"))

    rules.write_text(kept)
    postgres.run("SELECT pg_reload_conf()")
    assert said.endswith(": the user or the password is wrong. Mend the address.")
    assert "wr0ng" not in said


def test_a_user_who_may_only_read_reads_and_is_told_why_not_more(postgres: Server) -> None:
    address = postgres.database()
    with Ledger.at(address, create=True) as ledger:
        ledger.append([noted("First.")], after={}, now=NOW)
    postgres.run("DROP ROLE IF EXISTS reader")
    postgres.run("CREATE ROLE reader LOGIN IN ROLE pg_read_all_data")

    with Ledger.at(of_user(address, "reader")) as ledger:
        assert ledger.verified()[0].count == 1
        with pytest.raises(Unusable, match="this user may not do that there"):
            ledger.append([noted("Second.")], after={"plant": 1}, now=NOW)


def test_a_member_records_with_few_rights_and_cannot_lift_the_triggers(
    postgres: Server,
) -> None:
    address = postgres.database()
    Ledger.at(address, create=True).close()
    postgres.run("DROP ROLE IF EXISTS member")
    postgres.run("CREATE ROLE member LOGIN")
    for rights in (
        "GRANT SELECT, INSERT, UPDATE ON ledger_events TO member",  # UPDATE is for the lock
        "GRANT SELECT, INSERT ON ledger_links TO member",
        "GRANT SELECT ON ledger_form TO member",
    ):
        postgres.run(rights, address)
    member = of_user(address, "member")

    with Ledger.at(member) as ledger:
        ledger.append([noted("First.")], after={}, now=NOW)
        assert ledger.verified()[0].count == 1
    for statement, refusal in {
        "UPDATE ledger_events SET topic = ''": "the ledger is append-only",
        "ALTER TABLE ledger_events DISABLE TRIGGER ALL": "permission denied|must be owner",
    }.items():
        with pytest.raises(psycopg.Error, match=refusal):
            postgres.run(statement, member)
    postgres.run("DROP OWNED BY member", address)


def test_the_table_is_not_emptied(postgres: Server) -> None:
    address = postgres.database()
    Ledger.at(address, create=True).close()

    for table in ("ledger_events", "ledger_links"):
        with pytest.raises(psycopg.Error, match="the ledger is append-only"):
            postgres.run(f"TRUNCATE {table}", address)


def test_a_changed_entry_breaks_the_chain_where_it_stands(postgres: Server) -> None:
    address = postgres.database()
    with Ledger.at(address, create=True) as ledger:
        ledger.append([noted(f"{n}") for n in range(3)], after={}, now=NOW)
        postgres.run("ALTER TABLE ledger_events DISABLE TRIGGER ALL", address)
        postgres.run("UPDATE ledger_events SET topic = 'x' WHERE notification_id = 2", address)

        head, fault = ledger.verified()

    assert head.count == 1
    assert fault == "entry 2 (plant 2, x) is not what was recorded"


def felt(pulse: Pulse) -> bool:
    """Whether it changes within a second."""
    end = time.monotonic() + 1
    while time.monotonic() < end:
        if pulse.changed():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.slow
def test_the_pulse_is_felt_after_each_commit_and_through_a_death(postgres: Server) -> None:
    address = postgres.database()
    with closing(pulse_of(address)) as pulse:
        with Ledger.at(address, create=True) as ledger:
            assert [pulse.changed(), pulse.changed()] == [True, False]

            ledger.append([noted("First.")], after={}, now=NOW)
            assert [felt(pulse), pulse.changed()] == [True, False]

        postgres.stop()
        assert [felt(pulse), felt(pulse)] == [True, True]
        postgres.start()
        assert [felt(pulse), pulse.changed()] == [True, False]


def test_without_its_driver_one_sentence_says_how_to_get_it() -> None:
    ask = """
        import sys
        sys.modules["psycopg"] = None
        from events.ledger import Ledger
        try:
            Ledger.at("postgresql://ann@db/ledger")
        except Exception as error:
            print(type(error).__name__, error)
    """

    told = subprocess.run(
        [sys.executable, "-c", dedent(ask)], capture_output=True, text=True, check=True
    )

    assert told.stdout == (
        "Unusable The ledger is on PostgreSQL, whose driver is not installed. "
        "Install it with: pip install 'programme-tracker[team]'\n"
    )
