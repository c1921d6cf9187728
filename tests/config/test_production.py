"""Production starts with real servers and real secrets, or not at all."""

import json
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import production
from config.lint.checks import PRODUCTION
from tests.config.desk import BASE, environment

SHOW = """
import json
from config import settings as s
names = ["DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
         "SESSION_COOKIE_AGE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SECURE_PROXY_SSL_HEADER"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


@pytest.mark.parametrize(
    ("variable", "unsafe"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", production.DEMO_KEY),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 60),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "sqlite:///desk.db"),
        ("REDIS_URL", None),
        ("REDIS_URL", "locmem://"),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "desk.example.com,*"),
        ("CSRF_TRUSTED_ORIGINS", None),
        ("CSRF_TRUSTED_ORIGINS", "http://desk.example.com"),
        ("DEBUG", "True"),
    ],
)
def test_production_refuses_an_unsafe_variable_by_its_name(variable, unsafe):
    environment = {key: value for key, value in PRODUCTION.items() if key != variable}
    if unsafe is not None:
        environment[variable] = unsafe

    with pytest.raises(ImproperlyConfigured) as refusal:
        production.insist(environment)

    assert f"- {variable}: " in str(refusal.value)
    assert str(refusal.value).count("\n- ") == 1


def test_production_accepts_safe_variables():
    production.insist(PRODUCTION)


def test_production_names_all_missing_variables_at_once():
    with pytest.raises(ImproperlyConfigured) as refusal:
        production.insist({"DESK_ENV": "production"})

    assert str(refusal.value).count("\n- ") == 5


def test_an_unknown_environment_is_refused():
    with pytest.raises(ImproperlyConfigured, match="'prodution'"):
        production.is_asked_for({"DESK_ENV": "prodution"})


def test_a_command_in_production_starts_no_embedded_server(tmp_path):
    var = tmp_path / "var"

    done = _run(["manage.py", "migrate"], environment(var, DESK_ENV="production"))

    assert done.returncode != 0
    assert "Production refuses to start" in done.stderr
    assert not (var / "postgres").exists()


def test_the_dev_runner_refuses_an_unsafe_production_too(tmp_path):
    done = _run(["-m", "config.process.dev_runner"], environment(tmp_path / "var", DESK_ENV="production", PORT="8999"))

    assert done.returncode == 2
    assert "SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_settings_are_strict(tmp_path):
    done = _run(["-c", SHOW], environment(tmp_path / "var", **PRODUCTION))

    assert json.loads(done.stdout) == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SESSION_COOKIE_AGE": 1800,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://redis:6379/2", "redis://redis:6379/2"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
    ],
)
def test_celery_is_told_the_same_redis(redis, celery):
    assert production.celery_url(redis) == celery


def _run(arguments, environment):
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=BASE, env=environment, capture_output=True, text=True, timeout=60, check=False)
