"""The bench's databases: made once for a size and a day, then used again."""

import hashlib
import os

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from orders.gateways import sandbox
from tests.bench import places
from tests.bench.data import seed

VERSION = 7
BLANK = "desk_bench_blank"


def use(name: str) -> None:
    """Work on another database of the same server."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def ready(name: str, cases: int) -> bool:
    """Have the database with so many cases, filled today; answers whether it was filled anew."""
    version = f"{VERSION} {cases} {timezone.localdate()} {_schema()}"
    with psycopg.connect(os.environ["BENCH_SERVER"], autocommit=True) as server:
        if _version_of(server, name) == version:
            use(name)
            return False
        _blank(server)
        _create(server, name, BLANK)
        use(name)
        seed.fill(cases)
        sandbox.reset()  # it knows the payments of the database that was here before
        server.execute(f"COMMENT ON DATABASE {name} IS '{version}'")
    return True


def _blank(server: psycopg.Connection) -> None:
    """Have the bare schema, from which databases are copied: migrating takes longer than a small seed."""
    if _version_of(server, BLANK) != _schema():
        _create(server, BLANK, "template0")
        use(BLANK)
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        server.execute(f"COMMENT ON DATABASE {BLANK} IS '{_schema()}'")


def _create(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def _version_of(server: psycopg.Connection, name: str) -> str | None:
    asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    found = server.execute(asked, [name]).fetchone()
    return found[0] if found else None


def _schema() -> str:
    """A digest of the migrations: other tables need another seed."""
    files = sorted(places.BASE.glob("*/migrations/0*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
