"""Messages, notes and photos of a case."""

from collections.abc import Sequence

from django.contrib import messages as shown
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from aftersales.actions.conversation import drafts, messages, outbox
from aftersales.actions.disputes import evidence
from aftersales.forms.conversation.thread import ComposerForm, EvidenceForm
from aftersales.models import Case, Message
from aftersales.moves import acts
from aftersales.queries.cases import wording
from aftersales.queries.conversation import unread
from aftersales.queries.conversation.unread import Seen
from aftersales.rules.actor import Actor
from aftersales.rules.console.moments import moment
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.cases import case_page, case_thread, next_case
from orders.refusals import Refused

SAVED = {"message": "", "note": _("Note saved.")}


@page("cases")
@require_POST
@vary_on_headers("HX-Request")
def write(request: DeskRequest, number: str) -> HttpResponse:
    """Send a message or store a note, then stay, go to the next case or back; a refused text stays in the composer."""
    case, by = case_or_404(request, number), actor(request)
    form = ComposerForm(request.POST, by=by)
    if not form.kinds:
        raise PermissionDenied
    if not form.is_valid():
        return _thread(request, case, form, 422)
    response = _send(request, case, form, by)
    stays = request.htmx and response.status_code < 400 and form.cleaned_data["then"] in ("", "stay")
    return _thread(request, case, None, 200, sent=True) if stays else response


def _send(request: DeskRequest, case: Case, form: ComposerForm, by: Actor) -> HttpResponse:
    def act() -> str:
        _store(case, form.chosen, form.cleaned_data["text"], by, unread.read(request.POST.get("seen", "")))
        return next_case.place(request, case, form.cleaned_data["then"])

    def again(refusal: Refused) -> HttpResponse:
        if isinstance(refusal, messages.Unread):
            return _thread(request, case, form, 409, unread=refusal.written)
        form.add_error("text", str(refusal))
        return _thread(request, case, form, 422)

    return submissions.perform(request, act, again=again, done=SAVED[form.chosen])


def _store(case: Case, kind: str, text: str, by: Actor, seen: Seen | None) -> None:
    at = timezone.now()
    if kind == "message":
        outbox.put(case.pk, text, by=by, at=at, seen=seen)
    else:
        messages.note(case.pk, text, by=by, at=at)
        drafts.forget(case.pk, by=by)


@page("cases")
@require_POST
def draft(request: DeskRequest, number: str) -> HttpResponse:
    """Save the draft; answers when it was saved, 204 where there was no text."""
    case, by, at = case_or_404(request, number), actor(request), timezone.now()
    is_note, once = request.POST.get("kind") == "note", submissions.key_of(request)
    saved = drafts.save(case.pk, request.POST.get("text", ""), is_note=is_note, once=once, by=by, at=at)
    if saved is None:
        return HttpResponse(status=204)
    return HttpResponse(_("Draft kept at %(time)s") % {"time": moment(saved.saved_at)}, content_type="text/plain")


@page("cases")
@require_POST
@vary_on_headers("HX-Request")
def undo(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """Take a message back before it is sent: its text is in the composer again."""
    case, by = case_or_404(request, number), actor(request)
    try:
        outbox.undo(pk, by=by, at=timezone.now())
    except Refused as refusal:
        shown.warning(request, str(refusal))
    if request.htmx:
        return _thread(request, case, None, 200, sent=True)
    return redirect(f"{reverse('aftersales:case', args=[case.number])}#composer")


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def attach(request: DeskRequest, number: str) -> HttpResponse:
    """Add photos to a case; each file that is refused is named with the reason."""
    case, by = case_or_404(request, number), actor(request)
    if by.role_for(acts.EVIDENCE) is None:
        raise PermissionDenied
    if request.method != "POST":
        return _upload(request, case, EvidenceForm())
    form = EvidenceForm(request.POST, request.FILES)
    return _attach(request, case, form, by) if form.is_valid() else _upload(request, case, form, 422)


def _attach(request: DeskRequest, case: Case, form: EvidenceForm, by: Actor) -> HttpResponse:
    def act() -> str:
        evidence.add(case.pk, form.cleaned_data["photos"], by=by, at=timezone.now())
        return reverse("aftersales:case", args=[case.number])

    def again(refusal: Refused) -> HttpResponse:
        form.add_error(None, str(refusal))
        return _upload(request, case, form)

    return submissions.perform(request, act, again=again, done=_("The photos are with the case."))


def _thread(
    request: DeskRequest,
    case: Case,
    form: ComposerForm | None,
    status: int,
    *,
    sent: bool = False,
    unread: Sequence[Message] = (),
) -> HttpResponse:
    said = [(wording.who(case, each.role, each.user), each.body) for each in reversed(unread)]
    more = {"with_flash": sent, "unread": said}
    if request.htmx:
        context = case_thread.context(request, case, form) | more
        return render(request, "conversation/thread/_thread.html", context, status=status)
    return render(request, "cases/case.html", case_page.page_context(request, case, form) | more, status=status)


def _upload(request: DeskRequest, case: Case, form: EvidenceForm, status: int = 200) -> HttpResponse:
    template = "disputes/_upload.html" if request.htmx else "disputes/upload.html"
    return render(request, template, {"case": case, "form": form, "once": submissions.new_key()}, status=status)
