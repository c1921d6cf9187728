"""Canned replies: the dialog of a case, and the pages where people keep them."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.actions.conversation import tools as keeping
from aftersales.forms.conversation.thread import ComposerForm
from aftersales.forms.conversation.tools import ReplyForm
from aftersales.models import Case, Reply
from aftersales.moves import rights
from aftersales.queries.conversation import canned_replies, placeholder_values, tools
from aftersales.views import lists, submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.conversation import tool_pages
from orders.refusals import Refused

LANGUAGES: Final = {"zh": "中文", "en": "English"}


def language_of(request: DeskRequest, case: Case) -> str:
    """The language that was chosen; else the one that this case is spoken in."""
    chosen = request.GET.get("lang", "") or request.POST.get("lang", "")
    return chosen if chosen in LANGUAGES else placeholder_values.language_for(case, translation.get_language() or "")


def prefilled(request: DeskRequest, case: Case) -> ComposerForm | None:
    """The composer with the reply that the address names; nothing without one."""
    pk, by = request.GET.get("reply", ""), actor(request)
    if not pk or by.role_for(rights.USE_TOOLS) is None:
        return None
    text = canned_replies.chosen(case, request.user, timezone.now(), pk=pk, language=language_of(request, case))
    return ComposerForm(by=by, initial={"text": text}) if text else None


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
def pick(request: DeskRequest, number: str) -> HttpResponse:
    """Replies for a case, filled in; one that is used counts, and fills the composer."""
    if actor(request).role_for(rights.USE_TOOLS) is None:
        raise PermissionDenied
    case = case_or_404(request, number)
    language = language_of(request, case)
    if request.POST.get("reply"):
        return _use(request, case, language)
    q = lists.clean(request.GET.get("q", ""))
    found = canned_replies.at_hand(case, request.user, timezone.now(), language=language, q=q)
    context = {"case": case, "found": found, "q": q, "language": language, "languages": LANGUAGES}
    rows = request.headers.get("HX-Target") == "picked"
    template = (
        "conversation/replies/_list.html"
        if rows
        else "conversation/replies/_pick.html"
        if request.htmx
        else "conversation/replies/pick.html"
    )
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _use(request: DeskRequest, case: Case, language: str) -> HttpResponse:
    sent = request.POST["reply"]
    pk = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0
    reply = get_object_or_404(tools.usable(Reply, request.user, case), pk=pk)
    keeping.count_use(reply, at=timezone.now())
    if request.htmx:
        return HttpResponse(status=204)
    query = urlencode({"reply": str(reply.pk), "lang": language})
    return redirect(f"{reverse('aftersales:case', args=[case.number])}?{query}#composer")


@page("replies")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Those that the person uses; archived ones apart."""
    return tool_pages.listed(request, Reply, canned_replies.SEARCHED, "conversation/replies/list.html")


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a reply."""
    return _edit(request, None)


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a reply."""
    return _edit(request, tool_pages.found(request, Reply, pk))


@page("replies")
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a reply out of use, or back into use."""
    reply = tool_pages.found(request, Reply, pk)
    return tool_pages.archive(
        request, reply, lambda refusal: _form(request, reply, ReplyForm(user=request.user, kept=reply), refusal)
    )


def _edit(request: DeskRequest, reply: Reply | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, reply, ReplyForm(user=request.user, kept=reply))
    form = ReplyForm(request.POST, user=request.user, kept=reply)
    if not form.is_valid():
        return _form(request, reply, form, status=422)

    def act() -> str:
        keeping.keep(form.reply(), by=actor(request), at=timezone.now(), seen=form.cleaned_data["seen"])
        return reverse("aftersales:replies")

    return submissions.perform(
        request, act, again=lambda refusal: _form(request, reply, form, refusal), done=_("Stored.")
    )


def _form(
    request: DeskRequest, reply: Reply | None, form: ReplyForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    return tool_pages.form(request, Reply, {"form": form, "kept": reply}, refusal, status)
