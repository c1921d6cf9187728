"""Every move of a case that a person makes: one table, one view; a page, or a dialog on the same address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
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
from aftersales.queries import case_page, case_timeline, case_words
from aftersales.rules import burden, settlement
from aftersales.rules.chart import CHART
from aftersales.rules.vocabulary import CaseType, Fault, GivenAs
from aftersales.views import acting, going_on, overtaken
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from orders.refusals import Refused

Data = dict[str, Any]
Act = Callable[..., object]
AGREEING: Final = frozenset({"approve", "allow", "accept_offer", "rule_for_buyer"})


@dataclass(frozen=True)
class Way:
    """How one move is asked for, done and confirmed."""

    form: type[forms.MoveForm]
    act: Act
    done: Promise | str
    is_danger: bool = False
    then: str = "stay"


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


def _plainly(act: Act, *names: str) -> Act:
    """An act that takes fields of the form by their own names."""

    def run(case: Case, data: Data, **said: Any) -> object:
        return act(case.pk, **{name: data.get(name) for name in names}, **said)

    return run


ACTIONS: Final[dict[str, Way]] = {
    "approve": Way(forms.ApproveForm, _approve, _("Agreed.")),
    "request_approval": Way(forms.WhyForm, _plainly(approvals.ask, "why"), _("Sent for approval.")),
    "allow": Way(forms.AllowForm, _plainly(approvals.allow, "answer"), _("Allowed.")),
    "decline_request": Way(forms.DeclineRequestForm, _plainly(approvals.decline, "answer"), _("Declined."), True),
    "offer": Way(forms.OfferForm, _offer, _("The offer is with the buyer.")),
    "accept_offer": Way(forms.ConfirmForm, _plainly(negotiation.accept), _("The offer is accepted.")),
    "decline_offer": Way(forms.WhyForm, _plainly(negotiation.decline, "why"), _("The offer is declined.")),
    "reject": Way(forms.RejectForm, _plainly(cases.reject, "reason", "note", "photos"), _("Rejected."), True),
    "reapply": Way(
        ReapplyForm,
        lambda case, data, **said: cases.reapply(case.pk, data["application"], **said),
        _("Applied again."),
    ),
    "escalate": Way(forms.WhyForm, _plainly(arbitration.escalate, "why"), _("The platform decides.")),
    "withdraw": Way(forms.WhyForm, _plainly(cases.withdraw, "why"), _("Withdrawn."), True),
    "ship_return": Way(forms.ShipForm, _plainly(returns.ship, "carrier", "waybill"), _("The return is on its way.")),
    "book_pickup": Way(pickups.BookPickupForm, _book_pickup, _("A courier comes for the goods.")),
    "reschedule_pickup": Way(
        pickups.WindowForm, _plainly(collecting.reschedule, "window"), _("The courier comes at another time.")
    ),
    "cancel_pickup": Way(forms.ConfirmForm, _plainly(returns.cancel_pickup), _("The buyer ships again.")),
    "intercepted": Way(forms.ConfirmForm, _plainly(returns.intercepted), _("The parcel was stopped.")),
    "miss_interception": Way(forms.ConfirmForm, _plainly(returns.miss_interception), _("It becomes a return.")),
    "diagnose": Way(replacing.DiagnoseForm, _diagnose, _("The diagnosis is on record.")),
    "quote_repair": Way(replacing.QuoteForm, _plainly(repairs.quote, "amount", "note"), _("The buyer is asked.")),
    "send_to_repairer": Way(forms.ShipForm, _plainly(repairs.send_out, "carrier", "waybill"), _("Sent off.")),
    "back_from_repairer": Way(replacing.BackForm, _plainly(repairs.take_back, "carrier", "waybill"), _("It is back.")),
    "finish_repair": Way(replacing.DoneForm, _plainly(repairs.finish, "note"), _("Repaired: now dispatch it.")),
    "fail_repair": Way(replacing.FailedForm, _plainly(repairs.fail, "note"), _("On record."), True),
    "choose_exchange": Way(forms.ConfirmForm, _plainly(repairs.choose_exchange), _("It becomes an exchange.")),
    "choose_refund": Way(forms.ConfirmForm, _plainly(repairs.choose_refund), _("The money goes back.")),
    "dispatch": Way(forms.ShipForm, _plainly(replacements.dispatch, "carrier", "waybill"), _("It is on its way.")),
    "give_money_instead": Way(forms.WhyForm, _plainly(replacements.give_money, "why"), _("The money goes back."), True),
    "send_again": Way(forms.WhyForm, _plainly(replacements.send_again, "why"), _("It is dispatched once more.")),
    "confirm_receipt": Way(forms.ConfirmForm, _plainly(replacements.confirm), _("Received.")),
    "rule_for_buyer": Way(forms.RuleForBuyerForm, _rule_for_buyer, _("Ruled for the buyer.")),
    "rule_for_merchant": Way(
        forms.RuleForMerchantForm, _plainly(arbitration.rule_for_merchant, "ruling"), _("Ruled for the merchant."), True
    ),
    "suspend": Way(forms.MustSayWhyForm, _plainly(arbitration.suspend, "why"), _("Suspended.")),
    "resume": Way(forms.WhyForm, _plainly(arbitration.resume, "why"), _("Taken up again.")),
    "extend": Way(forms.ExtendForm, _plainly(promises.extend, "why", "days"), _("The deadline is extended.")),
    "reopen": Way(forms.MustSayWhyForm, _plainly(cases.reopen, "why"), _("Opened again.")),
    "assign": Way(handing.AssignForm, _assign, _("Assigned.")),
    "prioritise": Way(handing.PriorityForm, _plainly(assignment.prioritise, "priority"), _("The priority is set.")),
    "skip": Way(handing.SkipForm, _plainly(assignment.skip, "reason", "note"), _("Left to others."), then="next"),
    "convert": Way(reshaping.ConvertForm, _convert, _("It goes on as this case.")),
    "split": Way(reshaping.SplitForm, _split, _("These units have a case of their own.")),
    "merge": Way(reshaping.MergeForm, _merge, _("The two are one case now.")),
}


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def move(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one move, or do it."""
    case, by, at = case_or_404(request, number), actor(request), timezone.now()
    insist(by, action)
    way = ACTIONS[action]
    if request.method != "POST":
        return _shown(request, case, action, way.form(case=case, by=by, at=at, initial=request.GET.dict()))
    form = way.form(request.POST, request.FILES, case=case, by=by, at=at)
    if not form.is_valid():
        return _shown(request, case, action, form, status=422)
    return acting.perform(
        request,
        lambda: _done(request, way, case, form, at),
        again=lambda refusal: _shown(request, case, action, form, refusal),
        done=way.done,
    )


def version_of(request: HttpRequest) -> int | None:
    """The version the page was made from; what is no number fits no version."""
    sent = request.POST.get("version", "")
    return (int(sent) if sent.isdecimal() and len(sent) < 10 else -1) if sent else None


def _done(request: DeskRequest, way: Way, case: Case, form: forms.MoveForm, at: datetime) -> str:
    done = way.act(case, form.terms(), by=form.by, at=at, version=version_of(request))
    if way.then != "stay":
        return going_on.place(request, case, way.then)
    return reverse("aftersales:case", args=[done.number if isinstance(done, Case) else case.number])


def _shown(
    request: HttpRequest,
    case: Case,
    action: str,
    form: forms.MoveForm,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if refusal is not None:
        case = case_or_404(request, case.number)
    context = {
        "case": case,
        "timeline_icons": case_timeline.ALL_ICONS,
        "action": action,
        "label": case_page.label_of(case, action),
        "form": form,
        "way": ACTIONS[action],
        "refusal": refusal,
        "against": _against(case, action, form, refusal),
        "preview": _preview(case, action),
        "once": acting.new_key(),
        "is_dialog": bool(request.htmx),  # type: ignore[attr-defined]  # set by the middleware of htmx
        **overtaken.meanwhile(case, action, form, refusal, version_of(request)),
    }
    template = "cases/_move.html" if context["is_dialog"] else "cases/case_move.html"
    return render(request, template, context, status=status)


def _against(case: Case, action: str, form: forms.MoveForm, refusal: Refused | None) -> str:
    """Why it is not possible now; after a refusal its own sentence says so, unless only the page was too old."""
    if refusal is not None and not isinstance(refusal, gate.Stale):
        return ""
    return case_page.refusal(case, action, form.by, form.at) or ""


def _preview(case: Case, action: str) -> str:
    """Money has no undo: what agreeing will do is said first, and who has to prove what before something is refused."""
    if action == "reject":
        return burden.sentence(case)
    if action not in AGREEING or case.status not in CHART[action].sources:
        return ""
    offer = case.offers.filter(status=Offer.Status.OPEN).first() if action == "accept_offer" else None
    amount = offer.amount if offer else settlement.total(calculation.trial(case))
    return case_words.consequence(case, offer.type if offer else case.type, amount)
