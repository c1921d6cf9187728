"""Money owed outside the payments: made by what happens to a case, settled or waived by people."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.cases import holdings
from aftersales.models import Case, Demand
from aftersales.moves import acts
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
from orders import books, entitlement
from orders.entitlement import Claim
from orders.models import Entry
from orders.models.posting import Account
from orders.refusals import Refused

ZERO = Decimal(0)
# What desk and merchant may settle too: they see the buyer's payment themselves.
SEEN_BY_ALL = (Demand.Kind.DIFFERENCE, Demand.Kind.REPAIR_FEE)
# Buyers pay and are paid through the gateway; carriers and insurers have no account here.
ACCOUNTS: dict[str, Account] = {
    Demand.Party.MERCHANT: Account.MERCHANT,
    Demand.Party.PLATFORM: Account.PLATFORM,
    Demand.Party.BUYER: Account.GATEWAY,
}


def owe(
    case: Case,
    kind: Demand.Kind,
    amount: Decimal,
    debtor: Demand.Party,
    creditor: Demand.Party,
    *,
    at: datetime,
    rule: str = "",
    parcel: Parcel | None = None,
) -> Demand:
    """Record that one party owes another a sum because of the case, due after the policy's days."""
    return Demand.objects.create(
        case=case,
        order_id=case.order_id,
        merchant_id=case.merchant_id,
        kind=kind,
        debtor=debtor,
        creditor=creditor,
        currency=case.currency,
        amount=amount,
        rule=rule,
        parcel=parcel,
        created_at=at,
        due_at=at + timedelta(days=case.policy.freight_claim_days),
    )


def waive(case: Case, *kinds: Demand.Kind, at: datetime) -> None:
    """Nobody owes these any more, because the case went another way."""
    case.demands.filter(kind__in=kinds, status=Demand.Status.OPEN).update(status=Demand.Status.WAIVED, settled_at=at)


def return_fee(case: Case, *, at: datetime) -> None:
    """A repair is not delivered: what the buyer had paid for it is owed back, what was not paid is waived."""
    waive(case, Demand.Kind.REPAIR_FEE, at=at)
    fees = case.demands.filter(kind=Demand.Kind.REPAIR_FEE, status=Demand.Status.SETTLED)
    owed = sum((fee.amount if fee.debtor == Demand.Party.BUYER else -fee.amount for fee in fees), ZERO)
    if owed > ZERO:
        owe(case, Demand.Kind.REPAIR_FEE, owed, Demand.Party.MERCHANT, Demand.Party.BUYER, at=at, rule="not_repaired")


@gate.transactional
def settle(demand_id: int, *, by: Actor, at: datetime, reference: str, note: str = "") -> Demand:
    """It was paid, under a reference of the bank or wallet; a price difference can be given back from now on.

    What passes between buyer, merchant and platform is posted. What carriers and insurers pay goes straight to whom
    they owe it, past our books.
    """
    demand, role = _open("settle_demand", demand_id, by)
    paid_under = reference.strip()
    if not paid_under:
        raise Refused(_("Say under which reference the money was paid."))
    reserved = _reserved_for_finance(demand, role, demand.case)
    if reserved:
        raise gate.Forbidden(reserved)
    if demand.kind == Demand.Kind.DIFFERENCE:
        _pay_more(demand, paid_under, at=at)
    _end(demand, Demand.Status.SETTLED, by=by, at=at, reference=paid_under, note=note)
    _post(demand, at=at)
    log(demand, "settle_demand", role, by, at=at, why=note, data={"reference": paid_under})
    return demand


@gate.transactional
def waive_one(demand_id: int, *, by: Actor, at: datetime, why: str) -> Demand:
    """Finance gives up a sum; above what finance must release, a second person of finance has to agree."""
    demand, role = _open("waive_demand", demand_id, by)
    if not why.strip():
        raise Refused(_("Say why this is not asked for any more."))
    if demand.amount > demand.case.policy.release_above and demand.waiver_proposed_by_id is None:
        demand.waiver_proposed_by_id, demand.waiver_proposed_at, demand.note = by.user_id, at, why.strip()
        demand.save(update_fields=["waiver_proposed_by", "waiver_proposed_at", "note"])
        log(demand, "propose_waiver", role, by, at=at, why=why)
        return demand
    if demand.waiver_proposed_by_id is not None and demand.waiver_proposed_by_id == by.user_id:
        raise Refused(_("You proposed to waive it: a second person has to agree."))
    _end(demand, Demand.Status.WAIVED, by=by, at=at, note=why)
    log(demand, "waive_demand", role, by, at=at, why=why)
    return demand


def _open(action: str, demand_id: int, by: Actor) -> tuple[Demand, Role]:
    """The demand, locked after its case and order, and the role to act in."""
    case_id, order_id = Demand.objects.values_list("case_id", "order_id").get(pk=demand_id)
    case = gate.locked(case_id)
    entitlement.locked_order(order_id)
    demand = Demand.objects.select_for_update(of=("self",)).get(pk=demand_id)
    demand.case = case
    role = gate.role_to(action, by, case)
    if demand.status != Demand.Status.OPEN:
        raise Refused(_("This is no longer owed: it is “%(state)s”.") % {"state": demand.get_status_display()})
    return demand, role


def may_settle(demand: Demand, by: Actor, case: Case) -> bool:
    """Whether somebody who sees the case may settle it."""
    role = by.role_for(acts.SETTLE_DEMAND)
    return role is not None and not _reserved_for_finance(demand, role, case)


def _reserved_for_finance(demand: Demand, role: Role, case: Case) -> str:
    """What others than finance may not settle: payments they do not see, and sums that finance must release."""
    if role == Role.FINANCE:
        return ""
    if demand.kind not in SEEN_BY_ALL or demand.debtor != Demand.Party.BUYER:
        return _("Only finance may do this.")
    limit = case.policy.release_above
    if demand.amount > limit:
        return _("Above %(limit)s only finance settles it.") % {"limit": money_text(limit, demand.currency)}
    return ""


def _pay_more(demand: Demand, reference: str, *, at: datetime) -> None:
    """The order is worth more, line by line what the replacement costs more; units that did not pass are let go."""
    case = demand.case
    lines = list(case.lines.order_by("order_line_id"))
    changes = {line.order_line_id: line.difference for line in lines if line.difference}
    if not case.is_open or sum(changes.values(), ZERO) != demand.amount:
        raise Refused(_("The replacement has changed since: this price difference is no longer the right one."))
    if case.goods_are_here:
        _keep_replaced(case)
    entitlement.add(case.order_id, changes, reference=reference, at=at)
    holdings.add(case, changes)


def _keep_replaced(case: Case) -> None:
    """Hold only the units that are replaced, so that each is worth what the buyer paid for it."""
    kept = {
        line.order_line_id: Claim(
            line.order_line_id,
            min(line.units_accepted, line.units_held),
            holdings.part_of(line, min(line.units_accepted, line.units_held), case.currency),
        )
        for line in case.lines.all()
    }
    holdings.narrow(case, kept, case.freight_held)


def _end(
    demand: Demand, status: Demand.Status, *, by: Actor, at: datetime, reference: str = "", note: str = ""
) -> None:
    demand.status, demand.settled_at, demand.settled_by_id = status, at, by.user_id
    demand.reference, demand.note = reference, note.strip() or demand.note
    demand.save(update_fields=["status", "settled_at", "settled_by", "reference", "note"])


def _post(demand: Demand, *, at: datetime) -> None:
    if demand.debtor in ACCOUNTS and demand.creditor in ACCOUNTS:
        books.post(
            Entry.Kind.DEMAND_PAID,
            f"demand/{demand.pk}",
            at=at,
            merchant_id=demand.merchant_id,
            currency=demand.currency,
            sides=books.moved(ACCOUNTS[demand.debtor], ACCOUNTS[demand.creditor], demand.amount),
        )


def log(
    demand: Demand,
    action: str,
    role: Role,
    by: Actor,
    *,
    at: datetime,
    why: str = "",
    data: dict[str, str] | None = None,
) -> None:
    """Put an act on something owed into the log of its case."""
    case = demand.case
    case_log.put(
        case,
        action,
        role=role,
        by=by,
        at=at,
        why=why,
        data={"owed": demand.kind, "amount": str(demand.amount), **(data or {})},
    )
