"""Every move of a case that a person makes: one table, one view; a page, or a dialog on the same address."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from aftersales.actions.cases import decisions, extensions, negotiation
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.actions.console import assignment
from aftersales.actions.disputes import arbitration, hearings
from aftersales.actions.refunds import approvals
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import interceptions, pickups, receipts, shipments
from aftersales.forms.cases import moves as forms
from aftersales.forms.cases import reshaping, rulings
from aftersales.forms.cases.consents import ConsentForm
from aftersales.forms.cases.reapplications import ReapplyForm
from aftersales.forms.console import assignment as assignment_forms
from aftersales.forms.replacements import repairs as repair_forms
from aftersales.forms.returns import pickups as pickup_forms
from aftersales.forms.returns import receipts as receipt_forms
from aftersales.models import Case, Repair
from aftersales.moves import EVERY, approving
from aftersales.moves.record import Act
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from aftersales.views.cases import move_dialog, next_case, outcomes, terms
from aftersales.views.cases.move_dialog import version_of as version_of

Data = dict[str, Any]
Verb = Callable[..., object]


@dataclass(frozen=True)
class Entry:
    """The form of a move, and the verb that does it; all else stands in its record."""

    form: type[forms.MoveForm]
    verb: Verb


def _approve(case: Case, data: Data, **said: Any) -> object:
    freight = data.get("return_freight") or forms.ZERO
    return decisions.approve(case.pk, address=data.get("address"), return_freight=freight, why=data["why"], **said)


def _rule_for_buyer(case: Case, data: Data, **said: Any) -> object:
    return arbitration.rule_for_buyer(case.pk, **vars(terms.ruled(data)), **said)


def _offer(case: Case, data: Data, **said: Any) -> object:
    return negotiation.offer(case.pk, **vars(terms.proposed(data)), **said)


def _diagnose(case: Case, data: Data, **said: Any) -> object:
    names = ("diagnosis", "service_point", "serial", "cause")
    return repairs.diagnose(case.pk, place=Repair.Place(data["place"]), **{name: data[name] for name in names}, **said)


def _ask(case: Case, data: Data, **said: Any) -> object:
    return approvals.ask(case.pk, why=data["why"], action=data.get("action", ""), **said)


def _assign(case: Case, data: Data, **said: Any) -> object:
    return assignment.assign(case.pk, data["agent"], why=data["why"], **said)


def _convert(case: Case, data: Data, **said: Any) -> object:
    return conversions.convert(case.pk, data["application"], why=data["why"], **said)


def _split(case: Case, data: Data, **said: Any) -> object:
    return splits.split(case.pk, data["units"], why=data["why"], **said)


def _book_pickup(case: Case, data: Data, **said: Any) -> object:
    return pickups.book(case.pk, carrier=data["carrier"], window=data["window"], at_door=data["at_door"], **said)


def _merge(case: Case, data: Data, **said: Any) -> object:
    return merges.merge(case.pk, data["into"].pk, why=data["why"], **said)


def _by_names(verb: Verb, *names: str) -> Verb:
    """Let a verb take fields of the form by their own names."""

    def run(case: Case, data: Data, **said: Any) -> object:
        return verb(case.pk, **{name: data.get(name) for name in names}, **said)

    return run


# One row for each move that people make through a form; the tests compare it with the records.
ACTIONS: Final[dict[str, Entry]] = {
    "approve": Entry(forms.ApproveForm, _approve),
    "request_approval": Entry(forms.RequestApprovalForm, _ask),
    "allow": Entry(forms.AllowForm, _by_names(approvals.allow, "answer", "request_id")),
    "decline_request": Entry(forms.DeclineRequestForm, _by_names(approvals.decline, "answer")),
    "offer": Entry(forms.OfferForm, _offer),
    "accept_offer": Entry(forms.ConfirmForm, _by_names(negotiation.accept)),
    "decline_offer": Entry(forms.WhyForm, _by_names(negotiation.decline, "why")),
    "reject": Entry(forms.RejectForm, _by_names(decisions.reject, "reason", "note", "photos")),
    "reapply": Entry(ReapplyForm, lambda case, data, **said: decisions.reapply(case.pk, data["application"], **said)),
    "escalate": Entry(forms.WhyForm, _by_names(arbitration.escalate, "why")),
    "withdraw": Entry(forms.WhyForm, _by_names(decisions.withdraw, "why")),
    "ship_return": Entry(forms.ShipForm, _by_names(shipments.ship, "carrier", "waybill")),
    "book_pickup": Entry(pickup_forms.BookPickupForm, _book_pickup),
    "reschedule_pickup": Entry(pickup_forms.WindowForm, _by_names(pickups.reschedule, "window")),
    "cancel_pickup": Entry(forms.ConfirmForm, _by_names(pickups.cancel_pickup)),
    "intercepted": Entry(forms.ConfirmForm, _by_names(interceptions.intercepted)),
    "miss_interception": Entry(forms.ConfirmForm, _by_names(interceptions.miss_interception)),
    "report_goods": Entry(receipt_forms.ReportGoodsForm, _by_names(receipts.report, "found", "why", "photos")),
    "diagnose": Entry(repair_forms.DiagnoseForm, _diagnose),
    "quote_repair": Entry(repair_forms.QuoteForm, _by_names(repairs.quote, "amount", "note")),
    "send_to_repairer": Entry(forms.ShipForm, _by_names(repairs.send_out, "carrier", "waybill")),
    "back_from_repairer": Entry(repair_forms.BackForm, _by_names(repairs.take_back, "carrier", "waybill")),
    "finish_repair": Entry(repair_forms.DoneForm, _by_names(repairs.finish, "note")),
    "fail_repair": Entry(repair_forms.FailedForm, _by_names(repairs.fail, "note")),
    "choose_exchange": Entry(forms.ConfirmForm, _by_names(repairs.choose_exchange)),
    "choose_refund": Entry(forms.ConfirmForm, _by_names(repairs.choose_refund)),
    "dispatch": Entry(forms.ShipForm, _by_names(dispatches.dispatch, "carrier", "waybill")),
    "give_money_instead": Entry(forms.WhyForm, _by_names(dispatches.give_money, "why")),
    "send_again": Entry(forms.WhyForm, _by_names(dispatches.send_again, "why")),
    "confirm_receipt": Entry(forms.ConfirmForm, _by_names(dispatches.confirm)),
    "rule_for_buyer": Entry(rulings.RuleForBuyerForm, _rule_for_buyer),
    "rule_for_merchant": Entry(rulings.RuleForMerchantForm, _by_names(arbitration.rule_for_merchant, "ruling")),
    "ask_evidence": Entry(rulings.AskEvidenceForm, _by_names(hearings.ask_evidence, "why")),
    "suspend": Entry(rulings.SuspendForm, _by_names(arbitration.suspend, "cause", "why")),
    "resume": Entry(forms.WhyForm, _by_names(arbitration.resume, "why")),
    "extend": Entry(forms.ExtendForm, _by_names(extensions.extend, "why", "days")),
    "reopen": Entry(forms.MustSayWhyForm, _by_names(decisions.reopen, "why")),
    "assign": Entry(assignment_forms.AssignForm, _assign),
    "prioritise": Entry(assignment_forms.PriorityForm, _by_names(assignment.prioritise, "priority")),
    "skip": Entry(assignment_forms.SkipForm, _by_names(assignment.skip, "reason", "note")),
    "convert": Entry(reshaping.ConvertForm, _convert),
    "split": Entry(reshaping.SplitForm, _split),
    "merge": Entry(reshaping.MergeForm, _merge),
}


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def move(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one move, or do it."""
    case, by, at = case_or_404(request, number), actor(request), timezone.now()
    act, entry = EVERY[action], ACTIONS[action]
    insist(by, act)
    move_dialog.bring_up_to_now(case, act, at)
    if request.method != "POST":
        return move_dialog.shown(request, case, act, entry.form(case=case, by=by, at=at, initial=request.GET.dict()))
    form = entry.form(request.POST, request.FILES, case=case, by=by, at=at)
    consent = ConsentForm(request.POST, request.FILES, case=case) if move_dialog.is_for_buyer(case, act, by) else None
    if not all([form.is_valid(), consent is None or consent.is_valid()]):
        return move_dialog.shown(request, case, act, form, consent=consent, status=422)
    if consent is not None:
        form.by = replace(by, consent=consent.given())
    run, done = (terms.ask, approving.REQUEST_APPROVAL.done) if terms.are_asked(request, act) else (_done, act.done)
    return submissions.perform(
        request,
        lambda: run(request, act, case, form, at),
        again=lambda refusal: move_dialog.shown(request, case, act, form, refusal, consent),
        done=done,
    )


def _done(request: DeskRequest, act: Act, case: Case, form: forms.MoveForm, at: datetime) -> str:
    if version_of(request) == case.version:  # else somebody moved it, and the gate says so
        outcomes.refuse_other(case, act, request.POST.get("outcome"), at)
    done = ACTIONS[act.name].verb(case, form.terms(), by=form.by, at=at, version=version_of(request))
    if act.then != "stay":
        return next_case.place(request, case, act.then)
    return reverse("aftersales:case", args=[done.number if isinstance(done, Case) else case.number])
