"""Who else is at a case: noted by the pages that are open, shown on the page of the case and in lists."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from aftersales.live import presence
from aftersales.models import User
from aftersales.queries import visibility_facts
from aftersales.views.access import DeskRequest, case_or_404, page
from aftersales.views.console.live import numbers_of


@page("cases")
@require_GET
@never_cache
def rows(request: DeskRequest) -> HttpResponse:
    """Who is at the cases of a list."""
    cases = visibility_facts.facts_by_number(numbers_of(request, "n"))
    seen = [case.number for case in cases if visibility_facts.sees(request.user, case)]
    return JsonResponse(_others(seen, request.user, timezone.now()))


@page("cases")
@require_POST
@never_cache
def here(request: DeskRequest, number: str) -> HttpResponse:
    """Note that the person looks at a case, writes there or has left; answers who else is there."""
    case, how, at = case_or_404(request, number), request.POST.get("how", ""), timezone.now()
    if how == "gone":
        presence.forget(case.number, request.user)
        return HttpResponse(status=204)
    presence.note(case.number, request.user, is_writing=how == "writing", at=at)
    others = _others([case.number], request.user, at).get(case.number, [])
    return render(request, "console/live/_here.html", {"people": others})


def _others(numbers: Iterable[str], user: User, at: datetime) -> dict[str, list[dict[str, object]]]:
    """For each case its visitors: the first character of a name, what the person does, whether that is writing."""
    found = presence.at_cases(numbers, user, at)
    ids = {here.user_id for people in found.values() for here in people}
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=ids)} if ids else {}
    return {
        number: [_visitor(names[here.user_id], here.is_writing) for here in people if here.user_id in names]
        for number, people in found.items()
    }


def _visitor(name: str, is_writing: bool) -> dict[str, object]:
    sentence = _("%(name)s is writing") if is_writing else _("%(name)s is looking")
    return {"sign": name[:1], "says": sentence % {"name": name}, "writes": is_writing}
