"""The queue's own tables: brought up to date by the library's migrations, each once, in order.

They are the library's business and change with its version, so they stay out of ours (`store.migrations`).
"""

from __future__ import annotations

from importlib import resources

from sqlalchemy import Connection, text

from store.database import Database

LOCK = 0x44554E58
"""The advisory lock under which the tables are changed: next to the one of `store.database`."""
TABLE = "procrastinate_jobs"


def prepare(database: Database) -> None:
    """Bring the queue's tables up to date. Safe for several processes at once: the second finds nothing to do."""
    with database.begin() as session:
        connection = session.connection()
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        done = _last_applied(connection)
        ahead = [name for name in _migrations() if name > done]
        for name in ahead:
            # Several statements at once, with per cent signs in them: sent as they are, without parameters.
            connection.execution_options(no_parameters=True).exec_driver_sql(_text(name))
        if ahead:
            connection.exec_driver_sql(f"COMMENT ON TABLE {TABLE} IS '{ahead[-1]}'")


def _last_applied(connection: Connection) -> str:
    """The name of the last migration, which the main table carries as its comment; empty where there is no table."""
    found = connection.execute(text("SELECT obj_description(to_regclass(:table))"), {"table": TABLE}).scalar()
    return str(found or "")


def _migrations() -> list[str]:
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))


def _text(name: str) -> str:
    return (resources.files("procrastinate.sql") / "migrations" / name).read_text(encoding="utf-8")
