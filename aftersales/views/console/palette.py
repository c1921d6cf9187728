"""The palette: one field that leads to cases, orders, views, pages, and to the acts of the case that is open."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from aftersales import context
from aftersales.models import Case, User
from aftersales.queries import visibility
from aftersales.queries.console import palette, saved_views
from aftersales.queries.console.palette import FoundCase, FoundOrder
from aftersales.queries.console.search.reasons import Reason
from aftersales.queries.conversation import macros
from aftersales.queries.people import actors
from aftersales.rules.console.search_words import folded, normalised
from aftersales.rules.parties.masks import mask_name
from aftersales.rules.permissions import PAGES
from aftersales.views import lists
from aftersales.views.access import DeskRequest, page
from aftersales.views.cases import case_page
from aftersales.views.console import queue_list

PARTS: Final = {"dialog": "console/palette/_dialog.html", "options": "console/palette/_options.html"}


class Option(NamedTuple):
    """A line of the palette and where it leads; with `presses` the button with this address on the page is pressed."""

    url: str
    label: str
    about: str = ""
    icon: str = "arrow-right"
    status: str = ""
    presses: bool = False
    danger: bool = False
    reason: Reason | None = None


class Group(NamedTuple):
    """Lines of one kind under a heading."""

    label: str
    options: list[Option]


Source = Callable[[User], Iterable[Option]]


@page("cases")
@require_GET
@never_cache
@vary_on_headers("X-Palette")
def show(request: DeskRequest) -> HttpResponse:
    """The dialog or its lines, as the script asks; without the script the search of the list."""
    text = normalised(request.GET.get("q", ""))
    template = PARTS.get(request.headers.get("X-Palette", ""))
    if template is None:
        return redirect(f"{reverse('aftersales:cases')}?{urlencode({'q': text})}" if text else "aftersales:cases")
    found = [group for group in _groups(request, text) if group.options]
    count = sum(len(group.options) for group in found)
    said = ngettext("%(count)d line", "%(count)d lines", count) % {"count": count} if count else _("Nothing found")
    return HttpResponse(render_to_string(template, {"groups": found, "text": text, "said": said, "user": request.user}))


def _groups(request: DeskRequest, text: str) -> Iterator[Group]:
    """Lines that fit, by how likely they are meant; without a text what is at hand."""
    user, case = request.user, _open_case(request)
    if text:
        yield from _found(user, text)
    yield Group(case.number if case else "", _fitting(_acts(user, case) if case else (), text))
    if not text:
        yield Group(_("Where you were last"), _cases(palette.recent(user)))
    yield Group(_("Views"), _fitting([line for source in VIEWS for line in source(user)], text))
    yield Group(_("Pages"), _fitting(_pages(user), text))


def _found(user: User, text: str) -> Iterator[Group]:
    found = palette.find(user, text)
    yield Group(_("Cases"), _cases(found.cases))
    yield Group(_("Orders"), _orders(found.orders) if user.roles & PAGES["orders"] else [])


def _open_case(request: DeskRequest) -> Case | None:
    number = request.GET.get("case", "")[:20]
    found = visibility.NUMBERED(request.user, number) if number and "\0" not in number else []
    return found[0] if found else None


def _acts(user: User, case: Case) -> Iterator[Option]:
    """What the buttons of the page of the case offer now, and the macros that fit."""
    steps = case_page.steps_of(case, actors.actor_for(user), timezone.now())
    for button in ([steps["primary"]] if steps["primary"] else []) + steps["others"] + steps["beside"]:
        yield Option(button.url, button.label, icon="bolt", presses=True, danger=button.is_danger)
    for macro in macros.offered(case, user):
        yield Option(reverse("aftersales:case-macro", args=[case.number, macro.pk]), macro.title, icon="play")


def _cases(found: Iterable[FoundCase]) -> list[Option]:
    return [
        Option(
            reverse("aftersales:case", args=[case.number]),
            case.number,
            f"{case.subject} · {case.merchant}",
            icon="inbox-stack",
            status=case.status,
            reason=case.reason,
        )
        for case in found
    ]


def _orders(found: Iterable[FoundOrder]) -> list[Option]:
    return [
        Option(
            reverse("aftersales:order", args=[order.number]),
            order.number,
            f"{order.merchant} · {mask_name(order.buyer)}",
            icon="shopping-bag",
        )
        for order in found
    ]


def tabs_of_the_queue(user: User) -> Iterator[Option]:
    """The views that everybody has."""
    for name, label in queue_list.tabs_of(user):
        yield Option(lists.link(queue_list.LIST, {"view": name}), str(label), icon="queue-list")


def saved(user: User) -> Iterator[Option]:
    """The views that the person keeps as tabs."""
    for view in saved_views.tabs(user)[0]:
        yield Option(lists.link(queue_list.LIST, {"saved": str(view.pk)}), view.name, icon="bookmark")


VIEWS: list[Source] = [tabs_of_the_queue, saved]


def _pages(user: User) -> Iterator[Option]:
    for place in context.places(user, ""):
        yield Option(str(place["url"]), str(place["label"]), icon=str(place["icon"]))


def _fitting(options: Iterable[Option], text: str) -> list[Option]:
    wanted = folded(text)
    return [option for option in options if wanted in folded(option.label)]
