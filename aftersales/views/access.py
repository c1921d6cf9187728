"""Who may open a page, and which cases and orders they find: 404 for what they may not see."""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from aftersales.models import Case, User
from aftersales.queries import visibility
from aftersales.queries.people import actors
from aftersales.rules.actor import Actor, Right
from aftersales.rules.permissions import PAGES
from aftersales.rules.vocabulary import Role
from aftersales.views.people import confirmation
from orders.models import Order

View = Callable[..., HttpResponseBase]


class NotYours(PermissionDenied):
    """The page or act belongs to other roles, which the 403 page names."""

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__()
        self.roles = roles


class DeskRequest(HttpRequest):
    """A request by somebody who is logged in."""

    user: User  # narrower than the framework says: the decorator has checked it
    htmx: Any


def page(name: str) -> Callable[[View], View]:
    """Let only roles open the view that have the page `name`; NotYours for others."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not cast(User, request.user).roles & PAGES[name]:
                raise NotYours(PAGES[name])
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def actor(request: HttpRequest) -> Actor:
    """The person of the request as an actor."""
    by = actors.actor_for(cast(User, request.user))
    return by if confirmation.is_recent(request) else replace(by, is_confirmed=False)


def insist(by: Actor, right: Right) -> None:
    """NotYours, unless one of the actor's roles has the right."""
    if by.role_for(right) is None:
        raise NotYours(right.who)


def case_or_404(request: HttpRequest, number: str) -> Case:
    """The case with this number, if the person may see it; else 404, as for a number that does not exist."""
    if "\0" in number:  # an address may hold it, a database text never
        raise Http404
    # 404 and not 403: who may not see a case may not learn that it exists.
    found = visibility.NUMBERED(cast(User, request.user), number)
    if not found:
        raise Http404
    return found[0]


def order_or_404(request: HttpRequest, number: str) -> Order:
    """The order with this number, if the person may see it; else 404."""
    if "\0" in number:  # an address may hold it, a database text never
        raise Http404
    orders = visibility.orders_for(cast(User, request.user)).select_related("merchant", "buyer", "purchase")
    return get_object_or_404(orders, number=number)
