"""Carriers' webhooks through the real view, beside the bare INSERT of the same rows, one a transaction."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from logistics.models import CarrierMessage
from tests.bench import places, timing
from tests.bench.report import Figure, at_least

SALT = "salt of the bench"
ACCOUNT = {
    "key": "k",
    "customer": "c",
    "secrets": [SALT, "the one before"],
    "callback_url": "https://desk.example.com/",
}
WORDS = ("在途", "在途", "派件", "疑难", "在途", "揽收", "在途", "在途", "在途", "揽收")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def measure(rounds: int, count: int) -> Iterator[Figure]:
    """Messages acknowledged a second; every one of them is in the inbox afterwards."""
    settings.CARRIERS = json.dumps({"kuaidi100": {"bench": ACCOUNT}})
    serial = iter(range(1_000_000))
    handler = WSGIHandler()
    _acknowledged(handler, messages(20, next(serial)))  # what is imported and prepared once
    sides = {
        "view": lambda: count / _acknowledged(handler, messages(count, next(serial))),
        "bare": lambda: count / _inserted(messages(count, next(serial))),
    }
    found = timing.alternate(rounds, sides)
    yield at_least(
        "webhook acknowledged ÷ bare INSERT", median(found["view"]), "messages/s", 0.2,
        median(found["bare"]), timing.ratio(found["view"], found["bare"]),
    )  # fmt: skip
    CarrierMessage.objects.filter(account="bench").delete()


def messages(count: int, serial: int) -> list[str]:
    """Pushes of Kuaidi100 with ten scans each, no two alike."""
    return [json.dumps(_push(f"B{serial}-{number}"), ensure_ascii=False) for number in range(count)]


def _push(waybill: str) -> dict[str, object]:
    scans = [
        {"time": f"2026-03-01 {hour:02}:00:00", "ftime": f"2026-03-01 {hour:02}:00:00", "status": word,
         "context": f"【深圳市】快件已到达 广东深圳公司宝安区沙井共和分部 {hour}", "areaName": "广东,深圳市"}
        for hour, word in enumerate(WORDS)
    ]  # fmt: skip
    last = {"message": "ok", "nu": waybill, "com": "yunda", "status": "200", "state": "0", "data": scans}
    return {"status": "polling", "message": "变化", "lastResult": last}


def _acknowledged(handler: WSGIHandler, messages: Sequence[str]) -> float:
    requests = [_request(param) for param in messages]
    before = CarrierMessage.objects.count()
    statuses: list[str] = []

    def answer_all() -> None:
        for request in requests:
            response = handler(request, lambda status, _headers, _exc=None: statuses.append(status))
            b"".join(response)
            response.close()

    taken = timing.seconds(answer_all)
    if set(statuses) != {"200 OK"} or CarrierMessage.objects.count() != before + len(messages):
        raise RuntimeError(f"{set(statuses)}: not every message was kept")
    return taken


def _request(param: str) -> dict[str, object]:
    sign = hashlib.md5((param + SALT).encode(), usedforsecurity=False).hexdigest().upper()
    body = urlencode({"param": param, "sign": sign}).encode()
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/carriers/kuaidi100/bench/", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "QUERY_STRING": "",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip


def _inserted(messages: Sequence[str]) -> float:
    rows = [(hashlib.sha256(param.encode()).hexdigest(), hashlib.md5(param.encode(), usedforsecurity=False).hexdigest(),
             param.encode(), AT) for param in messages]  # fmt: skip
    with psycopg.connect(places.url(connection.settings_dict["NAME"]), autocommit=True) as bare:

        def insert_all() -> None:
            for row in rows:
                bare.execute(INSERT, row)

        return timing.seconds(insert_all)


INSERT = """
INSERT INTO logistics_carriermessage (source, account, event_id, digest, raw, received_at, tries, last_error, again_by)
VALUES ('kuaidi100', 'bench', %s, %s, %s, %s, 0, '', '')
"""
