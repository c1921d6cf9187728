"""What lists share: parameters of the address, links that keep them, and page or rows on the same address."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from aftersales.forms.fields import plain
from aftersales.queries.keyset import Page

MARKS: Final = ("before", "after")
LONGEST: Final = 120


def read(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """The parameters that have a value, page marks too: each one line of at most 120 characters, none hidden."""
    given = {name: clean(request.GET.get(name, "")) for name in (*names, *MARKS)}
    return {name: text for name, text in given.items() if text}


def clean(text: str) -> str:
    """A parameter as one line of at most 120 characters, without hidden ones."""
    return " ".join(plain(text).split())[:LONGEST]


def link(view: str, params: Mapping[str, str], **changes: str) -> str:
    """The address of a list with changed parameters; empty ones and page marks are left out."""
    kept = {name: text for name, text in params.items() if name not in MARKS} | changes
    query = urlencode({name: text for name, text in kept.items() if text})
    return f"{reverse(view)}?{query}" if query else reverse(view)


def pager(view: str, params: Mapping[str, str], page: Page[Any]) -> dict[str, str]:
    """`newer_url` and `older_url` for the pager; empty where there is no page."""
    return {
        "newer_url": link(view, params, before=page.before) if page.before else "",
        "older_url": link(view, params, after=page.after) if page.after else "",
    }


def wants_rows(request: HttpRequest) -> bool:
    """Whether htmx asks for the rows only."""
    return request.headers.get("HX-Target") == "rows"


def answer(request: HttpRequest, template: str, rows: str, context: Mapping[str, Any], *, address: str) -> HttpResponse:
    """The page; to htmx its rows, with the address that the browser is to show."""
    response = render(request, rows if wants_rows(request) else template, dict(context))
    if wants_rows(request):
        response["HX-Push-Url"] = address
    # Both answers have one address: a cache must not give the rows to who wants the page.
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
