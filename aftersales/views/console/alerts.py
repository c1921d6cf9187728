"""Sounds and desktop messages for who looks elsewhere: a page, or a dialog on the same address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from aftersales.forms.console.alerts import AlertsForm
from aftersales.views.access import DeskRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def alerts(request: DeskRequest) -> HttpResponse:
    """Choose sound and desktop messages; the choice holds from the next page on."""
    form = AlertsForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseClientRefresh() if request.htmx else redirect("aftersales:alerts")
    template = "console/live/_alerts_dialog.html" if request.htmx else "console/live/alerts.html"
    return render(request, template, {"form": form}, status=422 if form.errors else 200)
