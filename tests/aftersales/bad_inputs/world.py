"""A shop with a case in every state and people of every role, and another shop beside it."""

from decimal import Decimal
from types import SimpleNamespace

from aftersales.actions.refunds import approvals, receivables
from aftersales.actions.returns import pickups, unidentified_parcels
from aftersales.actions.returns.goods import goods_owed
from aftersales.actions.returns.goods.goods_owed import Share
from aftersales.models import Case, GoodsOwed, InvoiceTask, Receivable, Refund
from aftersales.queries.people.actors import actor_for
from aftersales.rules import actor
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import Role, Status
from tests.aftersales import stored_tools
from tests.aftersales.actions.disputes.dispute_clocks import at_clock
from tests.aftersales.stages import AT_DOOR, HOUR, MINUTE, STAGES, stage, tomorrow
from tests.factories import NOON, MerchantFactory, ReturnAddressFactory, opened, sold
from tests.people import person

S = Status
World = SimpleNamespace
ROLES = {
    "agent": Role.AGENT,
    "agent2": Role.AGENT,
    "senior": Role.SENIOR,
    "supervisor": Role.SUPERVISOR,
    "supervisor2": Role.SUPERVISOR,
    "finance": Role.FINANCE,
    "finance2": Role.FINANCE,
    "warehouse": Role.WAREHOUSE,
    "merchant": Role.MERCHANT,
    "admin": Role.ADMIN,
}


# A return that a courier is to fetch: a state and more.
COLLECTED = "collected"
# A dispute whose time for evidence is over.
HEARD = "heard"


def build():
    """Everything that the forms are about, and what is another shop's."""
    shop, other = (
        ReturnAddressFactory(merchant=MerchantFactory(code=code, name=code)).merchant for code in ("one", "two")
    )
    users, order = _users(shop), sold(merchant=shop)
    people = SimpleNamespace(
        **{name: actor_for(user) for name, user in users.items()}, buyer=actor.buyer(order.buyer_id)
    )
    cases = _cases(order, people)
    foreign_order = sold(merchant=other)
    dear = opened(sold(merchant=shop, buyer=order.buyer, lines=[(2, 900)]), by=people.buyer)
    asked = approvals.ask(dear.pk, by=people.agent, at=NOON + MINUTE, why="dear")
    return World(
        unidentified=_unidentified(order, people),
        goods_owed=goods_owed.put(cases[S.CLOSED], GoodsOwed.Cause.SURPLUS, [Share(1, "A mug")], at=NOON),
        owed=_owed(cases[S.PENDING_MERCHANT]),
        reply=stored_tools.reply(people.agent, Scope.PERSONAL),
        macro=stored_tools.macro(people.supervisor, stored_tools.says("Hello."), title_en="Say hello"),
        shop=shop,
        users=users,
        people=people,
        order=order,
        cases={state: Case.objects.get(pk=case.pk) for state, case in cases.items()},
        dear=Case.objects.get(pk=dear.pk),
        pair=_pair(order, people),
        asked=asked,
        foreign=opened(foreign_order, by=actor.buyer(foreign_order.buyer_id)),
        invoice_task=InvoiceTask.objects.create(
            case=cases[S.COMPLETED], kind="invoice_reissue", invoice_number="77", created_at=NOON
        ),
        failed=Refund.objects.get(case=cases[S.REFUND_FAILED]),
        at=NOON + 6 * HOUR,
    )


def _users(shop):
    users = {name: person(name, role, merchant=shop if name == "merchant" else None) for name, role in ROLES.items()}
    users["admin"].is_staff = users["admin"].is_superuser = True
    users["admin"].save()
    return users


def _cases(order, people):
    """A case in every state, and one whose goods a courier is to fetch."""
    # The worker takes the oldest refund first: those that it is to pay or to fail come before the one that stays.
    paid = (S.REFUND_FAILED, S.COMPLETED)
    states = [*paid, *(state for state in STAGES if state not in paid)]
    cases = {state: stage(state, sold(merchant=order.merchant, buyer=order.buyer), people) for state in states}
    fetched = stage(S.AWAITING_RETURN, sold(merchant=order.merchant, buyer=order.buyer), people)
    window = tomorrow(fetched.moved_at)
    pickups.book(fetched.pk, by=people.buyer, at=NOON + 2 * HOUR, carrier="SF", window=window, at_door=AT_DOOR)
    heard = at_clock("decision", sold(merchant=order.merchant, buyer=order.buyer), people)
    return cases | {COLLECTED: fetched, HEARD: heard}


def _pair(order, people):
    """Two cases of one order, alike."""
    two = sold(merchant=order.merchant, buyer=order.buyer, lines=[(1, 40), (1, 60)])
    return [opened(two, by=people.buyer, units={line.pk: 1}) for line in two.lines.order_by("pk")]


def _unidentified(order, people):
    """A parcel without a case, known to belong to an order."""
    by = people.warehouse
    unidentified = unidentified_parcels.record(
        order.merchant_id, by=by, at=NOON, carrier="SF", waybill="LOST-1", contents="A dress"
    )
    unidentified_parcels.match_order(unidentified.pk, order, by=by, at=NOON)
    return unidentified


def _owed(case):
    party = Receivable.Party
    return receivables.owe(case, Receivable.Kind.CLAWBACK, Decimal(30), party.CARRIER, party.MERCHANT, at=NOON)
