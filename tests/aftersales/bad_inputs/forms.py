"""Every form of the console: who fills it in, where it goes, what a good one holds, what in it is text, money, id."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace

from aftersales.actions import approvals, collecting, demands, unannounced
from aftersales.models import Case, Chore, Demand, Reason, Refund, RejectReason
from aftersales.queries.people import actor_for
from aftersales.rules.vocabulary import Role, Status
from logistics.models import StockItem
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


@dataclass(frozen=True)
class Form:
    """One form; `data` and `path` are asked of the world, ids are what does not belong there."""

    who: str
    path: Callable[[World], str]
    data: Callable[[World], dict] = lambda world: {}
    state: str = ""
    texts: tuple[str, ...] = ()
    amounts: Callable[[World], tuple[str, ...]] = lambda world: ()
    ids: Callable[[World], dict] = field(default=lambda world: {})
    also: frozenset = frozenset()  # answers that fit this form beside the usual ones


# A return that a courier is to fetch: a state and more.
COLLECTED = "collected"


def build():
    """A shop with a case in every state and people of every role, and another shop beside it."""
    from aftersales.rules import actor

    shop, other = (
        ReturnAddressFactory(merchant=MerchantFactory(code=code, name=code)).merchant for code in ("one", "two")
    )
    users = {name: person(name, role) for name, role in ROLES.items()}
    users["merchant"].merchant = shop
    users["merchant"].save()
    users["admin"].is_staff = users["admin"].is_superuser = True
    users["admin"].save()
    order = sold(merchant=shop)
    people = SimpleNamespace(
        **{name: actor_for(user) for name, user in users.items()}, buyer=actor.buyer(order.buyer_id)
    )
    # The worker takes the oldest refund first: those that it is to pay or to fail come before the one that stays.
    paid = (S.REFUND_FAILED, S.COMPLETED)
    states = [*paid, *(state for state in STAGES if state not in paid)]
    cases = {state: stage(state, sold(merchant=shop, buyer=order.buyer), people) for state in states}
    cases[COLLECTED] = stage(S.AWAITING_RETURN, sold(merchant=shop, buyer=order.buyer), people)
    window = tomorrow(cases[COLLECTED].moved_at)
    collecting.book(
        cases[COLLECTED].pk, by=people.buyer, at=NOON + 2 * HOUR, carrier="SF", window=window, at_door=AT_DOOR
    )
    foreign_order = sold(merchant=other)
    foreign = opened(foreign_order, by=actor.buyer(foreign_order.buyer_id))
    dear = opened(sold(merchant=shop, buyer=order.buyer, lines=[(2, 900)]), by=people.buyer)
    two = sold(merchant=shop, buyer=order.buyer, lines=[(1, 40), (1, 60)])
    pair = [opened(two, by=people.buyer, units={line.pk: 1}) for line in two.lines.order_by("pk")]
    asked = approvals.ask(dear.pk, by=people.agent, at=NOON + MINUTE, why="dear")
    loose = unannounced.record(
        shop.pk, by=people.warehouse, at=NOON, carrier="SF", waybill="LOST-1", contents="A dress"
    )
    unannounced.match_order(loose.pk, order, by=people.warehouse, at=NOON)
    owed = demands.owe(
        cases[S.PENDING_MERCHANT],
        Demand.Kind.CLAWBACK,
        Decimal(30),
        Demand.Party.CARRIER,
        Demand.Party.MERCHANT,
        at=NOON,
    )
    return World(
        loose=loose,
        owed=owed,
        shop=shop,
        users=users,
        people=people,
        order=order,
        cases={state: Case.objects.get(pk=case.pk) for state, case in cases.items()},
        dear=Case.objects.get(pk=dear.pk),
        pair=pair,
        asked=asked,
        foreign=foreign,
        chore=Chore.objects.create(
            case=cases[S.COMPLETED], kind="invoice_reissue", invoice_number="77", created_at=NOON
        ),
        failed=Refund.objects.get(case=cases[S.REFUND_FAILED]),
        at=NOON + 6 * HOUR,
    )


def _reason(code):
    return str(RejectReason.objects.get(code=code).pk)


def _move(action, who, state, texts=("why",), **rest):
    return Form(who, lambda world: f"/cases/{world.cases[state].number}/{action}/", state=state, texts=texts, **rest)


def _tomorrow():
    return {"window_from": "2026-03-11T14:00", "window_until": "2026-03-11T16:00"}


def _line(world, state):
    return world.cases[state].lines.get()


def _sold_line(world, state):
    return world.cases[state].order.lines.get()


def _address(world):
    return {"address": world.foreign.merchant.return_addresses.get().pk}


def _reapplied(world):
    line = _sold_line(world, S.REJECTED)
    case = world.cases[S.REJECTED]
    return {"type": "return_refund", "reason": case.reason_id, "description": "x", f"units_{line.pk}": "1"}


def _inspected(world):
    line = _line(world, S.INSPECTING)
    data = {"verdict": "pass"}
    for number in (1, 2):
        data |= {
            f"unit-{line.pk}-{number}-{name}": value
            for name, value in (("condition", "as_new"), ("disposition", "restock"), ("is_accepted", "on"))
        }
    return data


FORMS = {
    "message": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/messages/",
        lambda world: {"kind": "message", "text": "x"},
        S.PENDING_MERCHANT,
        ("text",),
    ),
    "note": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/messages/",
        lambda world: {"kind": "note", "text": "x"},
        S.PENDING_MERCHANT,
        ("text",),
    ),
    "approve": _move("approve", "agent", S.PENDING_MERCHANT, amounts=lambda world: ("return_freight",), ids=_address),
    "request-approval": _move("request-approval", "agent", S.PENDING_MERCHANT),
    "offer": _move(
        "offer",
        "merchant",
        S.PENDING_MERCHANT,
        ("note",),
        data=lambda world: {"amount": "10", "type": "refund_only"},
        amounts=lambda world: ("amount",),
    ),
    "reject": _move(
        "reject",
        "merchant",
        S.PENDING_MERCHANT,
        ("note",),
        data=lambda world: {"reason": _reason("window_over")},
        ids=lambda world: {"reason": RejectReason.objects.filter(stage="inspection").first().pk},
    ),
    "accept-offer": _move("accept-offer", "agent", S.PENDING_BUYER, ()),
    "decline-offer": _move("decline-offer", "agent", S.PENDING_BUYER),
    "reapply": _move(
        "reapply",
        "agent",
        S.REJECTED,
        ("description",),
        data=_reapplied,
        amounts=lambda world: (f"amount_{_sold_line(world, S.REJECTED).pk}",),
        ids=lambda world: {f"units_{world.foreign.order.lines.get().pk}": "1"},
    ),
    "escalate": _move("escalate", "agent", S.REJECTED),
    "withdraw": _move("withdraw", "agent", S.PENDING_MERCHANT),
    "ship-return": _move(
        "ship-return", "agent", S.AWAITING_RETURN, ("carrier", "waybill"), data=lambda world: {"waybill": "SF1"}
    ),
    "book-pickup": _move(
        "book-pickup",
        "agent",
        S.AWAITING_RETURN,
        ("carrier", "contact_name", "contact_phone", "address", "window_from", "window_until"),
        data=lambda world: {"carrier": "SF", **_tomorrow(), "contact_name": "x", "contact_phone": "1", "address": "x"},
    ),
    "reschedule-pickup": _move(
        "reschedule-pickup",
        "agent",
        COLLECTED,
        ("window_from", "window_until"),
        data=lambda world: _tomorrow(),
    ),
    "cancel-pickup": _move("cancel-pickup", "agent", S.RETURN_IN_TRANSIT, ()),
    "rule-for-buyer": _move(
        "rule-for-buyer",
        "supervisor",
        S.ARBITRATION,
        ("ruling",),
        data=lambda world: {"ruling": "x", "liable": "merchant"},
        amounts=lambda world: ("amount",),
    ),
    "rule-for-merchant": _move(
        "rule-for-merchant", "supervisor", S.ARBITRATION, ("ruling",), data=lambda world: {"ruling": "x"}
    ),
    "suspend": _move("suspend", "supervisor", S.ARBITRATION, data=lambda world: {"why": "x"}),
    "resume": _move("resume", "supervisor", S.SUSPENDED),
    "extend": _move(
        "extend",
        "supervisor",
        S.PENDING_MERCHANT,
        data=lambda world: {"why": "x", "days": "3"},
        amounts=lambda world: ("days",),
    ),
    "reopen": _move("reopen", "supervisor", S.CLOSED, data=lambda world: {"why": "x"}),
    "convert": _move(
        "convert",
        "agent",
        S.PENDING_MERCHANT,
        data=lambda world: {"type": "refund_only", "reason": Reason.objects.get(code="agreed").pk, "why": "x"},
        amounts=lambda world: ("amount",),
    ),
    "split": _move(
        "split",
        "agent",
        S.PENDING_MERCHANT,
        data=lambda world: {f"units_{_line(world, S.PENDING_MERCHANT).pk}": "1", "why": "x"},
    ),
    "merge": Form(
        "agent",
        lambda world: f"/cases/{world.pair[0].number}/merge/",
        lambda world: {"into": world.pair[1].pk, "why": "x"},
        texts=("why",),
        ids=lambda world: {"into": world.foreign.pk},
    ),
    "assign": _move(
        "assign",
        "supervisor",
        S.PENDING_MERCHANT,
        data=lambda world: {"agent": world.users["agent"].pk},
        ids=lambda world: {"agent": world.users["merchant"].pk},
    ),
    "approval": Form(
        "supervisor",
        lambda world: f"/approvals/{world.asked.pk}/",
        lambda world: {"verdict": "decline", f"{world.asked.pk}-answer": "x"},
    ),
    "apply": Form(
        "agent",
        lambda world: f"/orders/{world.order.number}/apply/",
        lambda world: {"type": "return_refund", "reason": "changed_mind", f"units_{world.order.lines.get().pk}": "1"},
        "",
        ("description", "reason"),
        lambda world: (f"amount_{world.order.lines.get().pk}", f"units_{world.order.lines.get().pk}"),
        lambda world: {f"units_{world.foreign.order.lines.get().pk}": "1"},
    ),
    "receive": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.RETURN_IN_TRANSIT].number}/receive/",
        lambda world: {f"units-{_line(world, S.RETURN_IN_TRANSIT).pk}": "1"},
        S.RETURN_IN_TRANSIT,
        ("carrier", "waybill", "note"),
        lambda world: (f"units-{_line(world, S.RETURN_IN_TRANSIT).pk}",),
        lambda world: {f"units-{world.foreign.lines.get().pk}": "1"},
    ),
    "inspect": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.INSPECTING].number}/inspect/",
        _inspected,
        S.INSPECTING,
        ("reject_note", "verdict"),
        ids=lambda world: {
            "reason": _reason("window_over"),
            f"unit-{world.foreign.lines.get().pk}-1-condition": "as_new",
        },
    ),
    "parcel-record": Form(
        "merchant",
        lambda world: "/warehouse/parcels/new/",
        lambda world: {"merchant": world.shop.pk, "waybill": "X1", "contents": "x"},
        "",
        ("carrier", "waybill", "contents", "note"),
        ids=lambda world: {"merchant": world.foreign.merchant_id},
    ),
    "parcel-match": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.loose.pk}/match/",
        lambda world: {"number": world.order.number},
        "",
        ("number",),
        ids=lambda world: {"number": world.foreign.order.number},
    ),
    "parcel-back": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.loose.pk}/back/",
        lambda world: {"note": "SF 2"},
        "",
        ("note",),
    ),
    "parcel-away": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.loose.pk}/away/",
        lambda world: {"disposition": "restock", f"units-{world.order.lines.get().pk}": "1"},
        "",
        ("note", "disposition"),
        lambda world: (f"units-{world.order.lines.get().pk}",),
        lambda world: {f"units-{world.foreign.order.lines.get().pk}": "1"},
    ),
    "stock-count": Form(
        "merchant",
        lambda world: "/warehouse/stock/count/",
        lambda world: {"merchant": world.shop.pk, "sku": "X-1", "counted": "3", "why": "x"},
        "",
        ("sku", "title", "why"),
        lambda world: ("counted",),
        lambda world: {"merchant": world.foreign.merchant_id},
    ),
    "stock-item": Form(
        "warehouse",
        lambda world: f"/warehouse/stock/{StockItem.objects.order_by('pk').first().pk}/",
        lambda world: {"counted": "3", "why": "x"},
        "",
        ("why",),
        lambda world: ("counted",),
    ),
    "stock-export": Form(
        "warehouse",
        lambda world: "/warehouse/stock/export/",
        lambda world: {"format": "csv"},
        "",
        ("format", "sku", "merchant", "disposition", "since"),
    ),
    "chore": Form(
        "finance",
        lambda world: f"/tasks/{world.chore.pk}/",
        lambda world: {f"{world.chore.pk}-reference": "R-1", f"{world.chore.pk}-note": "x"},
        "",
        (),
    ),
    "propose": Form(
        "finance",
        lambda world: f"/finance/{world.failed.number}/propose/",
        lambda world: {"reference": "x"},
        S.REFUND_FAILED,
        ("reference",),
    ),
    "retry": Form("finance", lambda world: f"/finance/{world.failed.number}/retry/", lambda world: {}, S.REFUND_FAILED),
    "release-many": Form(
        "finance",
        lambda world: "/finance/release/",
        lambda world: {"r": "1"},
        "",
        ("r",),
        ids=lambda world: {"r": world.failed.pk},
    ),
    "outage": Form(
        "supervisor",
        lambda world: "/trouble/outage/",
        lambda world: {"started_at": "2026-03-10T12:00", "ended_at": "2026-03-10T12:30", "reason": "x"},
        "",
        ("reason", "started_at", "ended_at"),
    ),
    "import": Form(
        "supervisor",
        lambda world: "/imports/",
        lambda world: {"source": "douyin", "merchant": world.shop.pk},
        "",
        ("source", "merchant", "tables"),
        ids=lambda world: {"merchant": 987654},
    ),
    "sandbox-faults": Form(
        "admin", lambda world: "/sandbox/faults/", lambda world: {"decline": "off"}, "", ("decline", "slow", "all")
    ),
    "settle-owed": Form(
        "finance",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/owed/{world.owed.pk}/",
        lambda world: {"act": "settle", "reference": "BANK-1", "note": "x"},
        "",
        ("reference", "note"),
    ),
    "waive-owed": Form(
        "finance",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/owed/{world.owed.pk}/",
        lambda world: {"act": "waive", "why": "x"},
        "",
        ("why",),
    ),
    "claim-carrier": Form(
        "warehouse",
        lambda world: f"/cases/{world.cases[S.RETURN_IN_TRANSIT].number}/claim/",
        lambda world: {
            "kind": "carrier_loss",
            "parcel": world.cases[S.RETURN_IN_TRANSIT].return_parcels.get().parcel_id,
            "amount": "5",
            "note": "x",
        },
        "",
        ("kind", "note"),
        lambda world: ("amount",),
        lambda world: {"parcel": 987654},
    ),
    "sandbox-balance": Form(
        "admin",
        lambda world: "/sandbox/balance/",
        lambda world: {"merchant": "one", "currency": "CNY", "amount": "5", "way": "limit"},
        "",
        ("merchant", "currency", "way"),
        lambda world: ("amount",),
        lambda world: {"merchant": "nobody"},
    ),
    "claim": Form("agent", lambda world: "/cases/claim/"),
    "reveal": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/reveal/",
        lambda world: {"what": "phone"},
        S.PENDING_MERCHANT,
        ("what",),
        also=frozenset({403}),
    ),
    "login": Form(
        "",
        lambda world: "/login/",
        lambda world: {"username": "agent", "password": "wrong"},
        "",
        ("username", "password", "next"),
    ),
    "language": Form("agent", lambda world: "/language/", lambda world: {"language": "en"}, "", ("language", "next")),
    "theme": Form("agent", lambda world: "/theme/", lambda world: {"theme": "dark"}, "", ("theme", "next")),
}
