"""Yardsticks of pages through the same middleware: a keyset, one join, a capped count, a bare template; or nothing."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.dateparse import parse_datetime

from aftersales.models import Case
from aftersales.rules.vocabulary import WAITING_ON_US

SIZE, CAP = 50, 1000
COLUMNS = ("id", "number", "status", "type", "subject", "requested_amount", "currency", "merchant__name", "due_at")
TEMPLATE = """<!doctype html><title>Cases</title><p>{{ count }}</p><table>{% for case in cases %}<tr>
<td><a href="/cases/{{ case.number }}/">{{ case.number }}</a><td>{{ case.subject }}<td>{{ case.merchant__name }}
<td>{{ case.status }}<td>{{ case.type }}<td>{{ case.requested_amount }} {{ case.currency }}<td>{{ case.due_at|date:"c" }}
{% endfor %}</table>"""


@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The person's cases that wait for us, what is due first at the top."""
    mine = Case.objects.filter(closed_at__isnull=True, status__in=WAITING_ON_US, assignee=request.user)
    after = parse_datetime(request.GET.get("after", ""))
    found = mine.filter(due_at__gt=after) if after else mine
    context = {
        "cases": list(found.order_by("due_at", "id").values(*COLUMNS)[:SIZE]),
        "count": mine.order_by()[: CAP + 1].count(),
    }
    return HttpResponse(engines["django"].from_string(TEMPLATE).render(context, request))


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """Who is logged in, and nothing else: what the middleware and one template cost."""
    return HttpResponse(engines["django"].from_string(BARE).render({}, request))


BARE = "<!doctype html><title>Bare</title><p>{{ user }}</p>"
urlpatterns = [path("lean/", cases), path("bare/", bare), path("", include("config.urls"))]
