"""Template context of every page: the menu for the roles of the person, and how they want pages shown."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from aftersales import preferences
from aftersales.models import User
from aftersales.rules.actor import BY_POWER
from aftersales.rules.permissions import AGENTS, PAGES
from aftersales.rules.vocabulary import Availability

# Name in the table of permissions → address, label, icon; in the order of the menu.
PLACES: Final = {
    "now": ("aftersales:now", pgettext_lazy("page", "Now"), "presentation-chart-line"),
    "cases": ("aftersales:cases", _("Cases"), "inbox-stack"),
    "orders": ("aftersales:orders", _("Orders"), "shopping-bag"),
    "stuck": ("aftersales:stuck", _("Stuck parcels"), "truck"),
    "warehouse": ("aftersales:warehouse", _("Warehouse"), "archive-box"),
    "finance": ("aftersales:finance", _("Refunds"), "banknotes"),
    "approvals": ("aftersales:approvals", _("Approvals"), "check-badge"),
    "invoice_tasks": ("aftersales:invoice_tasks", _("Tasks"), "clipboard-document"),
    "trouble": ("aftersales:trouble", _("Trouble"), "exclamation-triangle"),
    "imports": ("aftersales:imports", _("Import"), "arrow-down-tray"),
    "replies": ("aftersales:replies", _("Replies"), "bolt"),
    "rules": ("aftersales:rules", _("Rules"), "scale"),
    "sandbox": ("aftersales:sandbox", _("Test bank"), "beaker"),
    "people": ("people", _("People"), "users"),
    "admin": ("admin:index", _("Admin"), "cog-6-tooth"),
}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `nav`, `user_role`, `may_tour`, `theme`, `keys`, `density`, `tour_url`, `availabilities`."""
    user = getattr(request, "user", None)
    chosen = {"theme": preferences.theme_of(request), "keys": "on" if preferences.has_keys(request) else "off"}
    if not isinstance(user, User):
        return {"nav": [], "user_role": "", **chosen}
    chosen |= {"density": user.density, "tour_url": _tour(user)}
    return chosen | {
        "nav": list(places(user, request.path)),
        "user_role": _roles(user),
        "may_tour": bool(user.roles & PAGES["tour"]),
        "availabilities": Availability.choices if user.roles & AGENTS else [],
    }


def places(user: User, path: str) -> Iterator[dict[str, object]]:
    """Entries of the menu that the person's roles have; the one that `path` belongs to is current."""
    for name, (view, label, icon) in PLACES.items():
        if user.roles & PAGES.get(name, frozenset()):
            url = reverse(view)
            yield {"url": url, "label": label, "icon": icon, "current": path.startswith(url)}


def _tour(user: User) -> str:
    """The address of the tour for people who have not seen it; else empty."""
    return reverse("tour") if user.tour_seen_at is None and user.roles & PAGES["tour"] else ""


def _roles(user: User) -> str:
    comma = pgettext("between roles", ", ")
    return comma.join(str(role.label) for role in BY_POWER if role in user.roles)
