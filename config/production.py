"""What the environment must say before this program serves real shops."""

from collections.abc import Iterator, Mapping

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
    key = environment.get("SECRET_KEY", "")
    if len(key) < KEY_LENGTH or len(set(key)) < 5 or "insecure" in key:
        yield (
            f"SECRET_KEY: set {KEY_LENGTH} or more random characters, e.g. from "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if not environment.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://")):
        yield "DATABASE_URL: set postgres://user:password@host:5432/name of a real PostgreSQL"
    if not environment.get("REDIS_URL", "").startswith(("redis://", "rediss://", "unix://")):
        yield "REDIS_URL: set redis://host:6379/0 of a real Redis or Valkey"
    hosts = environment.get("ALLOWED_HOSTS", "")
    if not hosts or "*" in hosts.split(","):
        yield "ALLOWED_HOSTS: set the host names people use, separated by commas, without *"
    origins = environment.get("CSRF_TRUSTED_ORIGINS", "").split(",")
    if not all(origin.startswith("https://") for origin in origins):
        yield "CSRF_TRUSTED_ORIGINS: set the https:// addresses people use, separated by commas"
    if environment.get("DEBUG", "").lower() in {"1", "true", "yes", "on", "y", "ok"}:
        yield "DEBUG: remove it; pages for developers show secrets"
