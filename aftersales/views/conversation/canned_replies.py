"""Canned replies: the dialog in a case, and the pages on which they are made and changed."""

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

from aftersales.actions.conversation import tools as actions
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
    """`zh` or `en`: as chosen in the dialog, else the language of the case."""
    chosen = request.GET.get("lang", "") or request.POST.get("lang", "")
    return chosen if chosen in LANGUAGES else placeholder_values.language_for(case, translation.get_language() or "")


def prefilled(request: DeskRequest, case: Case) -> ComposerForm | None:
    """The composer filled with the reply that the address names; None without one."""
    pk, by = request.GET.get("reply", ""), actor(request)
    if not pk or by.role_for(rights.USE_TOOLS) is None:
        return None
    text = canned_replies.chosen(case, request.user, timezone.now(), pk=pk, language=language_of(request, case))
    return ComposerForm(by=by, initial={"text": text}) if text else None


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
def pick(request: DeskRequest, number: str) -> HttpResponse:
    """Replies for a case, filled in; choosing one counts its use and fills the composer."""
    if actor(request).role_for(rights.USE_TOOLS) is None:
        raise PermissionDenied
    case = case_or_404(request, number)
    language = language_of(request, case)
    if request.POST.get("reply"):
        return _use(request, case, language)
    q = lists.clean(request.GET.get("q", ""))
    found = canned_replies.at_hand(case, request.user, timezone.now(), language=language, q=q)
    context = {"case": case, "found": found, "q": q, "language": language, "languages": LANGUAGES}
    status = 422 if request.method == "POST" else 200
    return render(request, tool_pages.picker_template(request, "replies"), context, status=status)


def _use(request: DeskRequest, case: Case, language: str) -> HttpResponse:
    sent = request.POST["reply"]
    pk = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0
    reply = get_object_or_404(tools.usable(Reply, request.user, case), pk=pk)
    actions.count_use(reply, at=timezone.now())
    if request.htmx:
        return HttpResponse(status=204)
    query = urlencode({"reply": str(reply.pk), "lang": language})
    return redirect(f"{reverse('aftersales:case', args=[case.number])}?{query}#composer")


@page("replies")
@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """The replies that the person uses; archived ones apart."""
    return tool_pages.render_list(request, Reply, canned_replies.SEARCHED, "conversation/replies/list.html")


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Make a reply."""
    return _edit(request, None)


@page("replies")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a reply."""
    return _edit(request, tool_pages.tool_or_404(request, Reply, pk))


@page("replies")
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a reply out of use, or back into use."""
    reply = tool_pages.tool_or_404(request, Reply, pk)
    return tool_pages.archive(
        request, reply, lambda refusal: _form(request, reply, ReplyForm(user=request.user, tool=reply), refusal)
    )


def _edit(request: DeskRequest, reply: Reply | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, reply, ReplyForm(user=request.user, tool=reply))
    form = ReplyForm(request.POST, user=request.user, tool=reply)
    return _save(request, reply, form) if form.is_valid() else _form(request, reply, form, status=422)


def _save(request: DeskRequest, reply: Reply | None, form: ReplyForm) -> HttpResponse:
    def act() -> str:
        actions.store(form.reply(), by=actor(request), at=timezone.now(), seen=form.cleaned_data["seen"])
        return reverse("aftersales:replies")

    return submissions.perform(
        request, act, again=lambda refusal: _form(request, reply, form, refusal), done=_("Stored.")
    )


def _form(
    request: DeskRequest, reply: Reply | None, form: ReplyForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    return tool_pages.render_form(request, Reply, {"form": form, "tool": reply}, refusal, status)
