"""Settings of the tests: servers and files of their own, each parallel worker apart, cheap passwords."""

import os
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

os.environ.setdefault("DESK_VAR", str(BASE / "var" / "test"))
os.environ.setdefault("DESK_THROWAWAY", "1")
os.environ["SANDBOX_STORE"] = str(Path(os.environ["DESK_VAR"]) / WORKER / "sandbox.sqlite3")
# Playwright keeps an event loop in the thread that also asks the database for what the page should show.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from config.process import embedded  # noqa: E402 - it reads DESK_VAR

embedded.ensure(embedded.DATABASE)
if embedded.ensure(embedded.BROKER):
    index = int(WORKER.removeprefix("gw")) % 16 if WORKER.startswith("gw") else 0
    os.environ["REDIS_URL"] = embedded.broker_url(index)

from config.settings import *  # noqa: E402, F403 - settings are a namespace

VAR_DIR = embedded.VAR / WORKER
EVIDENCE_ROOT = VAR_DIR / "evidence"
MEDIA_ROOT = VAR_DIR / "media"
for directory in (EVIDENCE_ROOT, MEDIA_ROOT):
    directory.mkdir(parents=True, exist_ok=True)

LIVE_STREAMS_IN_THREADS = 400  # the server of the tests has a thread for each request, and notices late who has left

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
RATELIMIT_ENABLE = False  # a test of the limits switches them on
WHITENOISE_AUTOREFRESH = True  # a client of a test asks for no static files: none are looked for until one does
