"""Messages, notes and photos of a case."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from aftersales.actions import evidence, messages
from aftersales.forms.thread import ComposerForm, EvidenceForm
from aftersales.models import Case, Message
from aftersales.queries import case_words, unread
from aftersales.views import acting, case_page
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from orders.refusals import Refused

SAVED = {"message": _("Message sent."), "note": _("Note saved.")}


@page("cases")
@require_POST
@vary_on_headers("HX-Request")
def write(request: DeskRequest, number: str) -> HttpResponse:
    """Send a message or keep a note; what was typed stays when it is refused."""
    case, by = case_or_404(request, number), actor(request)
    form = ComposerForm(request.POST, by=by)
    if not form.kinds:
        raise PermissionDenied
    if not form.is_valid():
        return _thread(request, case, form, 422)
    kind, text, at = form.chosen, form.cleaned_data["text"], timezone.now()

    def done() -> str:
        if kind == "note":
            messages.note(case.pk, text, by=by, at=at)
        else:
            messages.send(case.pk, text, by=by, at=at, seen=unread.read(request.POST.get("seen", "")))
        return f"{reverse('aftersales:case', args=[case.number])}#thread"

    def again(refusal: Refused) -> HttpResponse:
        if isinstance(refusal, messages.Unread):
            return _thread(request, case, form, 409, unread=refusal.written)
        form.add_error("text", str(refusal))
        return _thread(request, case, form, 422)

    response = acting.perform(request, done, again=again, done=SAVED[kind])
    return _thread(request, case, None, 200, sent=True) if request.htmx and response.status_code < 400 else response


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def attach(request: DeskRequest, number: str) -> HttpResponse:
    """Add photos to a case; each file that is not taken is named with its reason."""
    case, by = case_or_404(request, number), actor(request)
    if by.role_for("evidence") is None:
        raise PermissionDenied
    if request.method != "POST":
        return _upload(request, case, EvidenceForm())
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload(request, case, form, 422)

    def done() -> str:
        evidence.add(case.pk, form.cleaned_data["photos"], by=by, at=timezone.now())
        return reverse("aftersales:case", args=[case.number])

    def again(refusal: Refused) -> HttpResponse:
        form.add_error(None, str(refusal))
        return _upload(request, case, form)

    return acting.perform(request, done, again=again, done=_("The photos are with the case."))


def _thread(
    request: DeskRequest,
    case: Case,
    form: ComposerForm | None,
    status: int,
    *,
    sent: bool = False,
    unread: Sequence[Message] = (),
) -> HttpResponse:
    said = [(case_words.who(case, each.role, each.user), each.body) for each in reversed(unread)]
    more = {"with_flash": sent, "unread": said}
    if request.htmx:
        context = case_page.thread_context(request, case, form) | more
        return render(request, "cases/_thread.html", context, status=status)
    return render(request, "cases/case.html", case_page.page_context(request, case, form) | more, status=status)


def _upload(request: DeskRequest, case: Case, form: EvidenceForm, status: int = 200) -> HttpResponse:
    template = "cases/_upload.html" if request.htmx else "cases/case_upload.html"
    return render(request, template, {"case": case, "form": form, "once": acting.new_key()}, status=status)
