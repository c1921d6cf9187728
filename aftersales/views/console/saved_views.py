"""Saved views of the queue: listed, made from a list, edited, shared, copied, pinned as tabs."""

from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.actions.console import saved_views as actions
from aftersales.forms.console.saved_views import Choices, SavedViewForm, initial_of, refused
from aftersales.models import SavedView, User
from aftersales.queries.console import queue, saved_views
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, page
from aftersales.views.console.queue_list import LIST, people_of, tabs_of
from orders.refusals import Refused

MOST_COUNTED: Final = 40  # views: each is a part of one query, and planning it costs too
PINNING: Final = {
    "pin": (lambda view, by: actions.pin(view, by=by), gettext_lazy("It is a tab now.")),
    "unpin": (lambda view, by: actions.unpin(view, by=by), gettext_lazy("It is no tab any more; the view is kept.")),
    "back": (lambda view, by: actions.move(view, -1, by=by), ""),
    "on": (lambda view, by: actions.move(view, 1, by=by), ""),
}


@page("cases")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """The person's tabs in their order, their other views, and what is shared with them."""
    return _list(request)


@page("cases")
@require_safe
def counts(request: DeskRequest) -> HttpResponse:
    """The tabs with their numbers of cases: fetched once the list is shown, which must not wait for them."""
    views = saved_views.pinned(request.user)
    counted = saved_views.counts(request.user, views, timezone.now())
    current = lists.clean(request.GET.get("saved", ""))
    tabs = [tab_of(view, current) | {"count": counted[view.pk]} for view in views]
    return render(request, "console/saved_views/_pinned.html", {"pinned": tabs})


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a view of the list that the address describes."""
    given = lists.read(request, queue.NAMES)
    params = {name: text for name, text in given.items() if name not in lists.MARKS}
    params["view"] = queue.view_of(request.user, params)
    return _edit(request, None, initial_of(None, params))


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a view; with `now=1` the filters of the address take the place of the stored ones."""
    view = _view_or_404(request, pk)
    initial = initial_of(view, {})
    if request.GET.get("now"):
        given = {name: text for name, text in lists.read(request, queue.NAMES).items() if name not in lists.MARKS}
        columns = {name: text for name, text in initial.items() if name.startswith("column_")}
        initial = initial_of(None, given) | columns | {"name": view.name, "share": view.share, "team": view.team_id}
    return _edit(request, view, initial)


@page("cases")
@require_POST
def delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    view = _view_or_404(request, pk)
    return _done(request, lambda: actions.delete(view, by=request.user), _("The view is deleted."))


@page("cases")
@require_POST
def copy(request: DeskRequest, pk: int) -> HttpResponse:
    """Copy a view of somebody else to one's own."""
    view = _view_or_404(request, pk)
    done = _("You have a copy of your own.")
    return _done(request, lambda: actions.copy(view, by=request.user, at=timezone.now()), done)


@page("cases")
@require_POST
def pin(request: DeskRequest, pk: int) -> HttpResponse:
    """Pin a view as a tab, unpin it, or move the tab."""
    view, how = _view_or_404(request, pk), request.POST.get("act", "")
    if how not in PINNING:
        return _list(request, _("This button is not known here. Load the page again."), 422)
    act, done = PINNING[how]
    return _done(request, lambda: act(view, request.user), done)


def tab_of(view: SavedView, current: str = "") -> dict[str, Any]:
    """A view as the templates show a tab; `current` is the id of the view on the page."""
    return {"url": lists.link(LIST, {"saved": str(view.pk)}), "label": view.name, "current": current == str(view.pk)}


def _edit(request: DeskRequest, view: SavedView | None, initial: dict[str, Any]) -> HttpResponse:
    user, at = request.user, timezone.now()
    if view is not None and not saved_views.may_change(user, view):
        return _list(request, _("Only who made this view, or a supervisor, can change it. Copy it instead."), 422)
    data, choices = request.POST if request.method == "POST" else None, Choices(list(tabs_of(user)), people_of(user))
    form = SavedViewForm(data, initial=initial, user=user, at=at, choices=choices)
    if data is None or not form.is_valid():
        return _form(request, form, view, 422 if data is not None else 200)
    return _save(request, form, view, at)


def _save(request: DeskRequest, form: SavedViewForm, view: SavedView | None, at: datetime) -> HttpResponse:
    def act() -> str:
        saved = actions.save(form.wanted(), by=request.user, at=at, view=view)
        if request.POST.get("pin"):
            actions.pin(saved, by=request.user)
        return lists.link(LIST, {"saved": str(saved.pk)})

    def again(refusal: Refused) -> HttpResponse:
        refused(form, refusal)
        return _form(request, form, view, 422)

    return submissions.perform(request, act, again=again, done=_("The view is saved."))


def _form(request: DeskRequest, form: SavedViewForm, view: SavedView | None, status: int) -> HttpResponse:
    context = {
        "form": form,
        "view": view,
        "once": submissions.new_key(),
        "carried": [field for field in form.hidden_fields() if field.value()],
    }
    return render(request, "console/saved_views/saved_view.html", context, status=status)


def _done(request: DeskRequest, act: Any, done: object) -> HttpResponse:
    def performed() -> str:
        act()
        return reverse("aftersales:saved-views")

    return submissions.perform(request, performed, again=lambda refusal: _list(request, str(refusal), 422), done=done)


def _list(request: DeskRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    user = request.user
    places = {view.pk: place for place, view in enumerate(saved_views.pinned(user))}
    views = list(saved_views.visible_to(user).select_related("owner", "team"))
    counts = saved_views.counts(user, views[:MOST_COUNTED], timezone.now())
    views.sort(key=lambda view: (places.get(view.pk, len(places)), view.name))
    rows = [_row(user, view, places.get(view.pk), counts.get(view.pk, "–")) for view in views]
    context = {"rows": rows, "last": len(places) - 1, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "console/saved_views/list.html", context, status=status)


def _row(user: User, view: SavedView, place: int | None, count: str) -> dict[str, Any]:
    may_change = saved_views.may_change(user, view)
    return {"view": view, "url": tab_of(view)["url"], "count": count, "place": place, "may_change": may_change}


def _view_or_404(request: DeskRequest, pk: int) -> SavedView:
    view = saved_views.find(request.user, pk)
    if view is None:
        raise Http404
    return view
