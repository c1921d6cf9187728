"""Every move of a case that a person makes: one table, one view; a page, or a dialog on the same address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from aftersales.actions import (
    approvals,
    arbitration,
    assignment,
    calculation,
    cases,
    collecting,
    conversions,
    gate,
    merges,
    negotiation,
    promises,
    repairs,
    replacements,
    returns,
    splits,
)
from aftersales.forms import handing, pickups, replacing, reshaping
from aftersales.forms import moves as forms
from aftersales.forms.reapply import ReapplyForm
from aftersales.models import Case, Offer, Repair
from aftersales.moves import EVERY, deciding
from aftersales.moves.record import Act, Move
from aftersales.queries import case_page, case_timeline, case_words
from aftersales.rules import burden, settlement
from aftersales.rules.vocabulary import CaseType, Fault, GivenAs
from aftersales.views import acting, going_on, overtaken
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from orders.refusals import Refused

Data = dict[str, Any]
Verb = Callable[..., object]


@dataclass(frozen=True)
class Way:
    """How a move is asked for, and the verb that does it; all else stands in its record."""

    form: type[forms.MoveForm]
    verb: Verb


def _approve(case: Case, data: Data, **said: Any) -> object:
    freight = data.get("return_freight") or forms.ZERO
    return cases.approve(case.pk, address=data.get("address"), return_freight=freight, why=data["why"], **said)


def _rule_for_buyer(case: Case, data: Data, **said: Any) -> object:
    liable = Fault(data["liable"])
    return arbitration.rule_for_buyer(case.pk, ruling=data["ruling"], liable=liable, amount=data["amount"], **said)


def _offer(case: Case, data: Data, **said: Any) -> object:
    kind, _colon, given_as = data["type"].partition(":")
    return negotiation.offer(
        case.pk,
        amount=data["amount"],
        type=CaseType(kind),
        given_as=GivenAs(given_as or GivenAs.MONEY),
        note=data["note"],
        **said,
    )


def _diagnose(case: Case, data: Data, **said: Any) -> object:
    names = ("diagnosis", "service_point", "serial")
    return repairs.diagnose(case.pk, place=Repair.Place(data["place"]), **{name: data[name] for name in names}, **said)


def _assign(case: Case, data: Data, **said: Any) -> object:
    return assignment.assign(case.pk, data["agent"], why=data["why"], **said)


def _convert(case: Case, data: Data, **said: Any) -> object:
    return conversions.convert(case.pk, data["application"], why=data["why"], **said)


def _split(case: Case, data: Data, **said: Any) -> object:
    return splits.split(case.pk, data["units"], why=data["why"], **said)


def _book_pickup(case: Case, data: Data, **said: Any) -> object:
    return collecting.book(case.pk, carrier=data["carrier"], window=data["window"], at_door=data["at_door"], **said)


def _merge(case: Case, data: Data, **said: Any) -> object:
    return merges.merge(case.pk, data["into"].pk, why=data["why"], **said)


def _plainly(verb: Verb, *names: str) -> Verb:
    """A verb that takes fields of the form by their own names."""

    def run(case: Case, data: Data, **said: Any) -> object:
        return verb(case.pk, **{name: data.get(name) for name in names}, **said)

    return run


ACTIONS: Final[dict[str, Way]] = {
    "approve": Way(forms.ApproveForm, _approve),
    "request_approval": Way(forms.WhyForm, _plainly(approvals.ask, "why")),
    "allow": Way(forms.AllowForm, _plainly(approvals.allow, "answer")),
    "decline_request": Way(forms.DeclineRequestForm, _plainly(approvals.decline, "answer")),
    "offer": Way(forms.OfferForm, _offer),
    "accept_offer": Way(forms.ConfirmForm, _plainly(negotiation.accept)),
    "decline_offer": Way(forms.WhyForm, _plainly(negotiation.decline, "why")),
    "reject": Way(forms.RejectForm, _plainly(cases.reject, "reason", "note", "photos")),
    "reapply": Way(ReapplyForm, lambda case, data, **said: cases.reapply(case.pk, data["application"], **said)),
    "escalate": Way(forms.WhyForm, _plainly(arbitration.escalate, "why")),
    "withdraw": Way(forms.WhyForm, _plainly(cases.withdraw, "why")),
    "ship_return": Way(forms.ShipForm, _plainly(returns.ship, "carrier", "waybill")),
    "book_pickup": Way(pickups.BookPickupForm, _book_pickup),
    "reschedule_pickup": Way(pickups.WindowForm, _plainly(collecting.reschedule, "window")),
    "cancel_pickup": Way(forms.ConfirmForm, _plainly(returns.cancel_pickup)),
    "intercepted": Way(forms.ConfirmForm, _plainly(returns.intercepted)),
    "miss_interception": Way(forms.ConfirmForm, _plainly(returns.miss_interception)),
    "diagnose": Way(replacing.DiagnoseForm, _diagnose),
    "quote_repair": Way(replacing.QuoteForm, _plainly(repairs.quote, "amount", "note")),
    "send_to_repairer": Way(forms.ShipForm, _plainly(repairs.send_out, "carrier", "waybill")),
    "back_from_repairer": Way(replacing.BackForm, _plainly(repairs.take_back, "carrier", "waybill")),
    "finish_repair": Way(replacing.DoneForm, _plainly(repairs.finish, "note")),
    "fail_repair": Way(replacing.FailedForm, _plainly(repairs.fail, "note")),
    "choose_exchange": Way(forms.ConfirmForm, _plainly(repairs.choose_exchange)),
    "choose_refund": Way(forms.ConfirmForm, _plainly(repairs.choose_refund)),
    "dispatch": Way(forms.ShipForm, _plainly(replacements.dispatch, "carrier", "waybill")),
    "give_money_instead": Way(forms.WhyForm, _plainly(replacements.give_money, "why")),
    "send_again": Way(forms.WhyForm, _plainly(replacements.send_again, "why")),
    "confirm_receipt": Way(forms.ConfirmForm, _plainly(replacements.confirm)),
    "rule_for_buyer": Way(forms.RuleForBuyerForm, _rule_for_buyer),
    "rule_for_merchant": Way(forms.RuleForMerchantForm, _plainly(arbitration.rule_for_merchant, "ruling")),
    "suspend": Way(forms.MustSayWhyForm, _plainly(arbitration.suspend, "why")),
    "resume": Way(forms.WhyForm, _plainly(arbitration.resume, "why")),
    "extend": Way(forms.ExtendForm, _plainly(promises.extend, "why", "days")),
    "reopen": Way(forms.MustSayWhyForm, _plainly(cases.reopen, "why")),
    "assign": Way(handing.AssignForm, _assign),
    "prioritise": Way(handing.PriorityForm, _plainly(assignment.prioritise, "priority")),
    "skip": Way(handing.SkipForm, _plainly(assignment.skip, "reason", "note")),
    "convert": Way(reshaping.ConvertForm, _convert),
    "split": Way(reshaping.SplitForm, _split),
    "merge": Way(reshaping.MergeForm, _merge),
}


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def move(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one move, or do it."""
    case, by, at = case_or_404(request, number), actor(request), timezone.now()
    act, way = EVERY[action], ACTIONS[action]
    insist(by, act)
    if request.method != "POST":
        return _shown(request, case, act, way.form(case=case, by=by, at=at, initial=request.GET.dict()))
    form = way.form(request.POST, request.FILES, case=case, by=by, at=at)
    if not form.is_valid():
        return _shown(request, case, act, form, status=422)
    return acting.perform(
        request,
        lambda: _done(request, act, case, form, at),
        again=lambda refusal: _shown(request, case, act, form, refusal),
        done=act.done,
    )


def version_of(request: HttpRequest) -> int | None:
    """The version the page was made from; what is no number fits no version."""
    sent = request.POST.get("version", "")
    return (int(sent) if sent.isdecimal() and len(sent) < 10 else -1) if sent else None


def _done(request: DeskRequest, act: Act, case: Case, form: forms.MoveForm, at: datetime) -> str:
    done = ACTIONS[act.name].verb(case, form.terms(), by=form.by, at=at, version=version_of(request))
    if act.then != "stay":
        return going_on.place(request, case, act.then)
    return reverse("aftersales:case", args=[done.number if isinstance(done, Case) else case.number])


def _shown(
    request: HttpRequest,
    case: Case,
    act: Act,
    form: forms.MoveForm,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if refusal is not None:
        case = case_or_404(request, case.number)
    context = {
        "case": case,
        "timeline_icons": case_timeline.ALL_ICONS,
        "act": act,
        "label": case_page.label_of(case, act),
        "form": form,
        "refusal": refusal,
        "against": _against(case, act, form, refusal),
        "preview": _preview(case, act),
        "once": acting.new_key(),
        "is_dialog": bool(request.htmx),  # type: ignore[attr-defined]  # set by the middleware of htmx
        **overtaken.meanwhile(case, act.name, form, refusal, version_of(request)),
    }
    template = "cases/_move.html" if context["is_dialog"] else "cases/case_move.html"
    return render(request, template, context, status=status)


def _against(case: Case, act: Act, form: forms.MoveForm, refusal: Refused | None) -> str:
    """Why it is not possible now; after a refusal its own sentence says so, unless only the page was too old."""
    if refusal is not None and not isinstance(refusal, gate.Stale):
        return ""
    return case_page.refusal(case, act, form.by, form.at) or ""


def _preview(case: Case, act: Act) -> str:
    """Money has no undo: what agreeing will do is said first, and who has to prove what before something is refused."""
    if act is deciding.REJECT:
        return burden.sentence(case)
    if not isinstance(act, Move) or not act.shows_outcome or case.status not in act.sources:
        return ""
    offer = case.offers.filter(status=Offer.Status.OPEN).first() if act is deciding.ACCEPT_OFFER else None
    amount = offer.amount if offer else settlement.total(calculation.trial(case))
    return case_words.consequence(case, offer.type if offer else case.type, amount)
