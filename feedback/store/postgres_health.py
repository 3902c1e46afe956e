"""A look at a PostgreSQL database that changes nothing, over a connection of its own."""

import time
from typing import Any, Final

import asyncpg

from feedback.errors import StartError
from feedback.store.health import PostgresHealth
from feedback.store.postgres import APPLICATION, CONNECTIONS, FAULTS, reason

_SECONDS: Final = 5.0

# Where the user, the database or the server allows fewest connections, there is the limit; -1 is none.
_FACTS: Final = """
SELECT current_setting('server_version_num')::int AS server,
       pg_encoding_to_char(encoding) AS encoding,
       pg_is_in_recovery() AS standby,
       least(
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
           CASE WHEN datconnlimit < 0 THEN 1000000 ELSE datconnlimit END,
           (SELECT CASE WHEN rolconnlimit < 0 THEN 1000000 ELSE rolconnlimit END
            FROM pg_roles WHERE rolname = current_user)
       ) AS connections,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
       (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = $1) AS services,
       extract(epoch FROM clock_timestamp())::float8 AS now,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
       (inet_server_addr() IS NULL OR inet_server_addr() << '127.0.0.0/8' OR inet_server_addr() = '::1')
           AS local,
       has_schema_privilege(current_schema(), 'CREATE') AS may_create
FROM pg_database WHERE datname = current_database()
"""
_SETTINGS: Final = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')"


async def look_at_postgres(url: str) -> PostgresHealth:
    """Ask the server about itself and the database; raises StartError in one sentence."""
    try:
        connection = await asyncpg.connect(
            url,
            timeout=_SECONDS,
            command_timeout=_SECONDS,
            server_settings={"application_name": f"{APPLICATION}-check"},
        )
        try:
            return await _look(connection)
        finally:
            await connection.close(timeout=_SECONDS)
    except (*FAULTS, ValueError) as error:
        raise StartError(f"FEEDBACK_DATABASE_URL: {reason(error, url)}.") from None


async def _look(connection: "asyncpg.Connection[Any]") -> PostgresHealth:
    async with connection.transaction(readonly=True):
        asked = time.time()
        facts = dict(await connection.fetchrow(_FACTS, APPLICATION))
        # Half of the way there and back had gone by.
        facts["ahead"] = facts.pop("now") - (asked + time.time()) / 2
        settings = {row["name"]: row["setting"] for row in await connection.fetch(_SETTINGS)}
        version = newest = doubt = None
        if await connection.fetchval("SELECT to_regclass('schema_version')") is not None:
            version = await connection.fetchval("SELECT version FROM schema_version")
            newest = await connection.fetchval(
                "SELECT received_at FROM feedback ORDER BY number DESC LIMIT 1"
            )
            doubt = await connection.fetchval("SELECT doubt_since FROM upkeep")
    return PostgresHealth(
        **facts, wanted=CONNECTIONS, settings=settings, version=version, newest=newest, doubt_since=doubt
    )
