"""Pages of a list: the marks in its address, and where the neighbours are."""

from typing import Any, TypedDict
from urllib.parse import urlencode

from django.http import HttpRequest

from aftersales.queries.keyset import Page


class Marks(TypedDict):
    """The row after which, or before which, a page begins."""

    after: str
    before: str


def marks(request: HttpRequest) -> Marks:
    """The marks in the address; empty on the first page."""
    return Marks(after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def neighbours(page: Page[Any], address: str, **filters: str) -> dict[str, str]:
    """`newer_url` and `older_url` for the pager; empty where there is no neighbour."""
    kept = {name: value for name, value in filters.items() if value}

    def url(**mark: str) -> str:
        return f"{address}?{urlencode({**kept, **mark})}"

    return {
        "newer_url": url(before=page.before) if page.before else "",
        "older_url": url(after=page.after) if page.after else "",
    }
