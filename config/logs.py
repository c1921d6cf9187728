"""Where log lines go, and which are worth one."""

from typing import Any


def to_stderr(level: str) -> dict[str, Any]:
    """Django's LOGGING: one line each, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "filters": {"not health": {"()": "config.request_policy.NotHealth"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.request": {"handlers": ["stderr"], "filters": ["not health"], "level": "ERROR", "propagate": False},
            "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
