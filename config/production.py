"""What the environment must say before this program serves real shops."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from django.core.exceptions import ImproperlyConfigured

DEMO_KEY = "insecure-key-of-the-local-demo"
KEY_LENGTH = 50
ENVIRONMENTS = {"demo", "production"}


def is_asked_for(environment: Mapping[str, str]) -> bool:
    """Whether DESK_ENV is production. Raises ImproperlyConfigured for a name that is neither."""
    name = environment.get("DESK_ENV", "demo")
    if name not in ENVIRONMENTS:
        raise ImproperlyConfigured(f"DESK_ENV is {name!r}; set it to demo or production.")
    return name == "production"


def insist(environment: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured naming every variable that is missing or unsafe, and what to do."""
    problems = list(_problems(environment))
    if problems:
        raise ImproperlyConfigured("Production refuses to start:\n- " + "\n- ".join(problems))


def celery_url(redis_url: str) -> str:
    """The same Redis as Celery writes it: a unix socket is redis+socket:// with virtual_host."""
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    return redis_url


def _problems(environment: Mapping[str, str]) -> Iterator[str]:
    for name, (is_safe, what_to_do) in VARIABLES.items():
        if not is_safe(environment.get(name, "")):
            yield f"{name}: {what_to_do}"


def _is_random(key: str) -> bool:
    # Five different characters: a row of zeros is long, too.
    return len(key) >= KEY_LENGTH and len(set(key)) >= 5 and "insecure" not in key


def _is_database(url: str) -> bool:
    return url.startswith(("postgres://", "postgresql://"))


def _is_broker(url: str) -> bool:
    return url.startswith(("redis://", "rediss://", "unix://"))


def _names_hosts(hosts: str) -> bool:
    return bool(hosts) and "*" not in hosts.split(",")


def _are_encrypted(origins: str) -> bool:
    return all(origin.startswith("https://") for origin in origins.split(","))


def _is_off(debug: str) -> bool:
    return debug.lower() not in {"1", "true", "yes", "on", "y", "ok"}  # what django-environ reads as true


# Variable → whether its value is safe, and what to do when it is not.
# All are looked at, so that whoever sets up a server reads one list and not one sentence at a time.
VARIABLES: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "SECRET_KEY": (
        _is_random,
        f"set {KEY_LENGTH} or more random characters, e.g. from "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'",
    ),
    "DATABASE_URL": (_is_database, "set postgres://user:password@host:5432/name of a real PostgreSQL"),
    "REDIS_URL": (_is_broker, "set redis://host:6379/0 of a real Redis or Valkey"),
    "ALLOWED_HOSTS": (_names_hosts, "set the host names people use, separated by commas, without *"),
    "CSRF_TRUSTED_ORIGINS": (_are_encrypted, "set the https:// addresses people use, separated by commas"),
    "DEBUG": (_is_off, "remove it; pages for developers show secrets"),
}
