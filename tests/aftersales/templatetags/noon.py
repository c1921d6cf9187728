"""The instant at which tags are rendered."""

from datetime import UTC, datetime

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
