"""Templates that are rendered once for equal content: lists show the same rows again and again."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aftersales.templatetags.times import clock, when

# Stands in the rendered text where the moment comes; no text of ours holds it.
PLACEHOLDER: Final = "\N{NULL}"


def drawn(context: Context, template_name: str, it: Hashable, at: datetime | None = None) -> SafeString:
    """A template with nothing but `it`, drawn once for equal content in a language; lists show the same rows again.

    Where the template has `{{ moment }}` stands what passes: how long ago `at` was.
    """
    passing = when(context, at) if at else ""
    return SafeString(_drawn_once(template_name, it, get_language()).replace(PLACEHOLDER, passing))


def drawn_each(context: Context, template_name: str, rows: Iterable[Any]) -> SafeString:
    """The same for rows, each with its `cells` and a moment that passes: the clock of `due_at`, or `closed_at`."""
    language, parts = get_language(), list[str]()
    for row in rows:
        passing = clock(context, row.due_at) if row.due_at else when(context, row.closed_at) if row.closed_at else ""
        parts.append(_drawn_once(template_name, row.cells, language).replace(PLACEHOLDER, passing))
    return SafeString("\n".join(parts))


@lru_cache(maxsize=2048)
def _drawn_once(template_name: str, it: Hashable, _language: str | None) -> SafeString:
    return SafeString(get_template(template_name).render({"it": it, "moment": SafeString(PLACEHOLDER)}))
