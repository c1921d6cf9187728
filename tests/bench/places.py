"""Which database and which folder the bench works in; everything is settled before Django starts."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config.process import embedded

BASE = Path(__file__).resolve().parent.parent.parent
BROKER_INDEX = 13  # of the embedded broker, so that no other worker takes our messages


def settle(database: str) -> Path:
    """Point the environment at the bench's own database, bank and photos; answers the folder of its files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    embedded.ensure(embedded.DATABASE)
    if embedded.ensure(embedded.BROKER):
        os.environ["REDIS_URL"] = embedded.broker_url(BROKER_INDEX)
    os.environ["BENCH_SERVER"] = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = url(database)
    folder = embedded.VAR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SANDBOX_STORE"] = str(folder / "sandbox.sqlite3")
    os.environ["EMAIL_URL"] = "dummymail://"
    return folder


def url(name: str) -> str:
    """Address of a database on the server of the bench."""
    return urlunsplit(urlsplit(os.environ["BENCH_SERVER"])._replace(path=f"/{name}"))
