"""Parts of addresses that are more than a word or a number."""


class CaseNumber:
    """AS-26-004821; other words under /cases/ belong to the queue."""

    regex = r"[A-Z]{2}-[0-9]{2}-[0-9]{4,12}"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands on the case."""
        return value
