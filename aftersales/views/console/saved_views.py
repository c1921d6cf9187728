"""Saved views of the queue: listed, made from a list, edited, shared, copied, pinned as tabs."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.actions.console import saved_views as actions
from aftersales.forms.console.saved_views import SavedViewForm, initial_of, refused
from aftersales.models import SavedView
from aftersales.queries.console import queue, saved_views
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, page
from aftersales.views.console.queue_parts import LIST, people_of, tabs_of
from orders.refusals import Refused

MOST_COUNTED: Final = 40
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
    return _listed(request)


@page("cases")
@require_safe
def counts(request: DeskRequest) -> HttpResponse:
    """The tabs with how many cases each holds, asked for once the list is there."""
    views = saved_views.pinned(request.user)
    told = saved_views.counts(request.user, views, timezone.now())
    current = lists.clean(request.GET.get("saved", ""))
    tabs = [tab_of(view, current) | {"count": told[view.pk]} for view in views]
    return render(request, "console/saved_views/_pinned.html", {"pinned": tabs})


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a view of the list that the address describes."""
    given = lists.read(request, queue.NAMES)
    params = {name: text for name, text in given.items() if name not in lists.MARKS}
    params["view"] = queue.view_of(request.user, params)
    return _edited(request, None, initial_of(None, params))


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a view; with `now=1` what the list shows at this moment takes the place of what was kept."""
    view = _view_or_404(request, pk)
    initial = initial_of(view, {})
    if request.GET.get("now"):
        given = {name: text for name, text in lists.read(request, queue.NAMES).items() if name not in lists.MARKS}
        kept = {name: text for name, text in initial.items() if name.startswith("column_")}
        initial = initial_of(None, given) | kept | {"name": view.name, "share": view.share, "team": view.team_id}
    return _edited(request, view, initial)


@page("cases")
@require_POST
def delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a view away."""
    view = _view_or_404(request, pk)
    return _done(request, lambda: actions.delete(view, by=request.user), _("The view is deleted."))


@page("cases")
@require_POST
def copy(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a view of one's own of another's."""
    view = _view_or_404(request, pk)
    done = _("You have a copy of your own.")
    return _done(request, lambda: actions.copy(view, by=request.user, at=timezone.now()), done)


@page("cases")
@require_POST
def pin(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a view a tab, take the tab away, or move it."""
    view, how = _view_or_404(request, pk), request.POST.get("act", "")
    if how not in PINNING:
        return _listed(request, _("This button is not known here. Load the page again."), 422)
    act, done = PINNING[how]
    return _done(request, lambda: act(view, request.user), done)


def tab_of(view: SavedView, current: str = "") -> dict[str, Any]:
    """A view as a tab."""
    return {"url": lists.link(LIST, {"saved": str(view.pk)}), "label": view.name, "current": current == str(view.pk)}


def _edited(request: DeskRequest, view: SavedView | None, initial: dict[str, Any]) -> HttpResponse:
    user, at = request.user, timezone.now()
    if view is not None and not saved_views.may_change(user, view):
        return _listed(request, _("Only who made this view, or a supervisor, can change it. Copy it instead."), 422)
    tabs = [(name, label) for name, label in tabs_of(user)]
    data = request.POST if request.method == "POST" else None
    form = SavedViewForm(data, initial=initial, user=user, at=at, tabs=tabs, people=people_of(user))
    if data is None or not form.is_valid():
        return _form(request, form, view, 422 if data is not None else 200)

    def act() -> str:
        kept = actions.save(form.wanted(), by=user, at=at, view=view)
        if request.POST.get("pin"):
            actions.pin(kept, by=user)
        return lists.link(LIST, {"saved": str(kept.pk)})

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

    return submissions.perform(request, performed, again=lambda refusal: _listed(request, str(refusal), 422), done=done)


def _listed(request: DeskRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    user, now = request.user, timezone.now()
    views = list(saved_views.visible_to(user).select_related("owner", "team"))
    places = {view.pk: place for place, view in enumerate(saved_views.pinned(user))}
    told = saved_views.counts(user, views[:MOST_COUNTED], now)
    rows = [
        {
            "view": view,
            "url": tab_of(view)["url"],
            "count": told.get(view.pk, "–"),
            "place": places.get(view.pk),
            "may_change": saved_views.may_change(user, view),
        }
        for view in sorted(views, key=lambda view: (places.get(view.pk, len(places)), view.name))
    ]
    context = {"rows": rows, "last": len(places) - 1, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "console/saved_views/list.html", context, status=status)


def _view_or_404(request: DeskRequest, pk: int) -> SavedView:
    view = saved_views.find(request.user, pk)
    if view is None:
        raise Http404
    return view
