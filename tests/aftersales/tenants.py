"""Two shops that know nothing of each other, and one rule per address of the site."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from aftersales.actions import approvals, bulk, cases, demands, evidence, messages, saved_views, unannounced
from aftersales.actions.saved_views import Wanted
from aftersales.models import Chore, Deadline, Demand, Policy, Refund, Team, User
from aftersales.queries.bulk import Picked
from aftersales.queries.people import actor_for
from aftersales.rules import actor
from aftersales.rules.permissions import MAY, PAGES
from aftersales.rules.tools import Scope
from aftersales.rules.vocabulary import CaseType, Role
from logistics import stock
from orders.models import Buyer, ImportRun
from tests.aftersales import kept_tools
from tests.factories import MerchantFactory, ReturnAddressFactory, opened, tiny_photo
from tests.present import bought

STAFF = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.FINANCE, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN)
SEES_ALL = frozenset({Role.SUPERVISOR, Role.FINANCE, Role.ADMIN})
FLOOR = frozenset({Role.WAREHOUSE})  # one warehouse works for every shop


def shop_of(name, letter, shared):
    """A shop with its team, a login of every role that belongs to it, and cases of a buyer of its own."""
    now = timezone.now()
    merchant = ReturnAddressFactory(merchant=MerchantFactory(code=name, name=f"{name} shop")).merchant
    team = Team.objects.create(name=f"{name} team")
    team.merchants.add(merchant)
    own = Buyer.objects.create(
        source="manual", external_id=name, name=f"{name} buyer", phone=f"139{letter * 4}7777", phone_tail="7777"
    )
    people = {role: _person(f"{name}-{role}", role, merchant, team) for role in STAFF}
    orders = [_sold(merchant, own, f"{letter}-ORDER-{number}") for number in (1, 2, 3)]
    orders.append(_sold(merchant, shared, f"{letter}-ORDER-4"))
    first, dear, paid, of_shared = (_asked(order, now) for order in orders)
    photo = evidence.add(first.pk, [tiny_photo()], by=actor.buyer(own.pk), at=now)
    messages.send(first.pk, f"{name} secret message", by=actor.buyer(own.pk), at=now)
    asked = approvals.ask(dear.pk, by=actor_for(people[Role.AGENT]), at=now, why=f"{name} why")
    return SimpleNamespace(
        merchant=merchant,
        team=team,
        buyer=own,
        people=people,
        orders=orders,
        cases=[first, dear, paid, of_shared],
        case=first,
        photo=(photo[0] if photo else None) or first.evidence.first(),
        approval=asked,
        loose=unannounced.record(
            merchant.pk,
            by=actor_for(people[Role.MERCHANT]),
            at=now,
            carrier="SF",
            waybill=f"LOST-{letter}",
            contents="A dress",
            photos=[tiny_photo()],
        ),
        owed=demands.owe(
            first, Demand.Kind.LAB_FEE, Decimal(30), Demand.Party.BUYER, Demand.Party.MERCHANT, at=now, rule="lab"
        ),
        stock_item=stock.correct(merchant.pk, f"SKU-{letter}", 3, why="First count", by_id=None, at=now),
        chore=Chore.objects.create(case=first, kind="invoice_reissue", invoice_number=f"{letter}-77", created_at=now),
        view=saved_views.save(
            Wanted(f"{name} view", {"view": "open"}, ["what"], share="team", team=team), by=people[Role.AGENT], at=now
        ),
        job=bulk.begin("note", {"text": "x"}, [Picked(first.pk, first.version)], by=people[Role.AGENT], at=now),
        reply=kept_tools.reply(
            actor_for(people[Role.SUPERVISOR]), Scope.TEAM, team=team, title_en=f"{name} canned", shortcut=name
        ),
        macro=kept_tools.macro(
            actor_for(people[Role.SUPERVISOR]),
            kept_tools.says("Hello."),
            scope=Scope.TEAM,
            team=team,
            title_en=f"{name} macro",
        ),
        refund=_refunding(paid, people[Role.MERCHANT], now),
        secrets=[own.name, own.phone, f"{name} secret message", f"{name} why", f"{name} view", f"{name} canned"]
        + [order.number for order in orders]
        + [case.number for case in (first, dear, paid, of_shared)],
    )


def _person(username, role, merchant, team):
    user = User.objects.create_user(username, password="demo")
    user.groups.add(Group.objects.get(name=role.value))
    if role == Role.MERCHANT:
        user.merchant = merchant
    if role == Role.ADMIN:
        user.is_staff = user.is_superuser = True
    user.save()
    if role in (Role.AGENT, Role.SENIOR):
        user.teams.add(team)
    return user


def _sold(merchant, buyer, number):
    return bought(
        merchant,
        lines=[(2, 300)],
        unshipped=True,
        buyer=buyer,
        number=number,
        receiver_name=buyer.name,
        receiver_phone=buyer.phone,
        phone_tail=buyer.phone_tail,
    )


def _asked(order, now):
    return opened(order, by=actor.buyer(order.buyer_id), at=now, type=CaseType.REFUND_ONLY)


def _refunding(case, merchant_user, now):
    cases.approve(case.pk, by=actor_for(merchant_user), at=now)
    return Refund.objects.get(case=case)


def two_shops():
    """Ours and theirs; one buyer has bought in both."""
    shared = Buyer.objects.create(source="manual", external_id="both", name="Everywhere", phone_tail="1111")
    return SimpleNamespace(ours=shop_of("ours", "5", shared), theirs=shop_of("theirs", "8", shared))


@dataclass(frozen=True)
class Rule:
    """Whose page it is, and which arguments lead to somebody else's object; no arguments: a list."""

    page: str
    foreign: Callable[[SimpleNamespace], list] | None = None
    missing: tuple = ()
    serves_all: frozenset = frozenset()  # roles for which nobody's object is somebody else's
    act: str = ""  # where the page of several roles has an act that only some of them may do


def _case(page="cases"):
    return Rule(page, lambda theirs: [theirs.case.number], ("AS-99-999999",))


def _view():
    return Rule("cases", lambda theirs: [theirs.view.pk], (987654,))


def _job():
    return Rule("bulk", lambda theirs: [theirs.job.pk], (987654,))


def _tool(foreign, missing):
    return Rule("cases", foreign, missing, act="use_tools")


# One line per address. What is not named here makes a test fail: say whose it is when you add a page.
RULES = {
    "aftersales:cases": Rule("cases"),
    "aftersales:live-poll": Rule("cases"),
    "aftersales:live-list": Rule("cases"),
    "aftersales:live-presence": Rule("cases"),
    "aftersales:live-case": _case(),
    "aftersales:live-here": _case(),
    "aftersales:palette": Rule("cases"),
    "aftersales:case-claim": Rule("cases", act="claim"),
    "aftersales:case-peek": _case(),
    "aftersales:saved-views": Rule("cases"),
    "aftersales:saved-views-counts": Rule("cases"),
    "aftersales:saved-view-new": Rule("cases"),
    "aftersales:saved-view": _view(),
    "aftersales:saved-view-delete": _view(),
    "aftersales:saved-view-copy": _view(),
    "aftersales:saved-view-pin": _view(),
    "aftersales:bulk": Rule("bulk"),
    "aftersales:bulk-jobs": Rule("bulk"),
    "aftersales:bulk-job": _job(),
    "aftersales:bulk-cancel": _job(),
    "aftersales:bulk-retry": _job(),
    "aftersales:bulk-result": _job(),
    "aftersales:case": _case(),
    "aftersales:case-reveal": _case(),
    "aftersales:case-message": _case(),
    "aftersales:case-draft": _case(),
    "aftersales:case-undo": Rule("cases", lambda theirs: [theirs.case.number, 1], ("AS-99-999999", 987654)),
    "aftersales:case-refund": _case(),
    "aftersales:case-skip": _case(),
    "aftersales:case-prioritise": _case(),
    "aftersales:case-evidence": _case(),
    "aftersales:case-step": _case(),
    "aftersales:case-label": _case(),
    "aftersales:case-replies": _tool(lambda theirs: [theirs.case.number], ("AS-99-999999",)),
    "aftersales:case-macros": _tool(lambda theirs: [theirs.case.number], ("AS-99-999999",)),
    "aftersales:case-macro": _tool(lambda theirs: [theirs.case.number, theirs.macro.pk], ("AS-99-999999", 987654)),
    "aftersales:replies": Rule("replies"),
    "aftersales:reply-new": Rule("replies"),
    "aftersales:reply": Rule("replies", lambda theirs: [theirs.reply.pk], (987654,)),
    "aftersales:reply-archive": Rule("replies", lambda theirs: [theirs.reply.pk], (987654,)),
    "aftersales:macros": Rule("replies"),
    "aftersales:macro-new": Rule("replies"),
    "aftersales:macro": Rule("replies", lambda theirs: [theirs.macro.pk], (987654,)),
    "aftersales:macro-archive": Rule("replies", lambda theirs: [theirs.macro.pk], (987654,)),
    "aftersales:case-photo": Rule(
        "cases", lambda theirs: [theirs.case.number, theirs.photo.pk], ("AS-99-999999", 987654)
    ),
    "aftersales:orders": Rule("orders"),
    "aftersales:order": Rule("orders", lambda theirs: [theirs.orders[0].number], ("no-such-order",)),
    "aftersales:order-apply": Rule("orders", lambda theirs: [theirs.orders[0].number], ("no-such-order",)),
    "aftersales:warehouse": Rule("warehouse"),
    "aftersales:warehouse-case": _case("warehouse"),
    "aftersales:warehouse-receive": _case("warehouse"),
    "aftersales:warehouse-inspect": _case("warehouse"),
    "aftersales:warehouse-preview": _case("warehouse"),
    "aftersales:stuck": Rule("stuck"),
    "aftersales:parcels": Rule("parcels"),
    "aftersales:parcel-record": Rule("parcels"),
    "aftersales:parcel": Rule("parcels", lambda theirs: [theirs.loose.pk], (987654,), serves_all=FLOOR),
    "aftersales:parcel-settle": Rule(
        "parcels", lambda theirs: [theirs.loose.pk, "match"], (987654, "match"), serves_all=FLOOR
    ),
    "aftersales:parcel-photo": Rule(
        "parcels",
        lambda theirs: [theirs.loose.pk, theirs.loose.photos.get().pk],
        (987654, 987654),
        serves_all=FLOOR,
    ),
    "aftersales:stock": Rule("stock"),
    "aftersales:stock-shelf": Rule("stock"),
    "aftersales:stock-count": Rule("stock"),
    "aftersales:stock-item": Rule("stock", lambda theirs: [theirs.stock_item.pk], (987654,), serves_all=FLOOR),
    "aftersales:stock-export": Rule("stock"),
    "aftersales:finance": Rule("finance"),
    "aftersales:finance-release": Rule("payout"),
    "aftersales:finance-accounts": Rule("finance"),
    "aftersales:finance-account": Rule("finance", lambda theirs: [theirs.merchant.code], ("no-such-shop",)),
    "aftersales:finance-owed": Rule("finance"),
    "aftersales:case-claim-carrier": Rule(
        "cases", lambda theirs: [theirs.case.number], ("AS-99-999999",), act="claim_carrier"
    ),
    "aftersales:case-demand": Rule("cases", lambda theirs: [theirs.case.number, theirs.owed.pk], ("AS-99-999999", 1)),
    "aftersales:finance-refund": Rule("finance", lambda theirs: [theirs.refund.number], ("no-such-refund",)),
    "aftersales:finance-act": Rule(
        "payout", lambda theirs: [theirs.refund.number, "release"], ("no-such-refund", "release")
    ),
    "aftersales:approvals": Rule("approvals"),
    "aftersales:approval": Rule("approvals", lambda theirs: [theirs.approval.pk], (987654,)),
    "aftersales:chores": Rule("chores"),
    "aftersales:chore": Rule("chores", lambda theirs: [theirs.chore.pk], (987654,)),
    "aftersales:sandbox": Rule("sandbox"),
    "aftersales:sandbox-faults": Rule("sandbox"),
    "aftersales:sandbox-balance": Rule("sandbox"),
    "aftersales:sandbox-notices": Rule("sandbox"),
    "aftersales:trouble": Rule("trouble"),
    "aftersales:trouble-outage": Rule("trouble"),
    "aftersales:trouble-again": Rule(
        "trouble", lambda theirs: ["deadline", Deadline.objects.filter(case=theirs.case).first().pk], ("refund", 987654)
    ),
    "aftersales:now": Rule("now"),
    "aftersales:imports": Rule("imports"),
    "aftersales:import": Rule("imports", lambda theirs: [theirs.run.pk], (987654,)),
    "aftersales:import-start": Rule("imports", lambda theirs: [theirs.run.pk], (987654,)),
    "aftersales:import-rejected": Rule("imports", lambda theirs: [theirs.run.pk], (987654,)),
    "aftersales:rules": Rule("rules"),
    "aftersales:rule": Rule(
        "rules",
        lambda theirs: ["sum", policy_of(theirs.merchant).pk],
        ("sum", 987654),
        serves_all=frozenset(STAFF) - {Role.MERCHANT},
    ),
    "tour": Rule("tour"),
    "tour-seen": Rule("tour"),
    "tour-again": Rule("tour"),
}
# Every move of a case has an address of its own, made from one table.
MOVES = (
    "approve request-approval allow decline-request offer accept-offer decline-offer reject reapply escalate withdraw"
)
MOVES += " ship-return book-pickup reschedule-pickup cancel-pickup intercepted miss-interception rule-for-buyer"
MOVES += " rule-for-merchant suspend resume extend reopen assign convert split merge"
MOVES += " diagnose quote-repair send-to-repairer back-from-repairer finish-repair fail-repair choose-exchange"
MOVES += " choose-refund dispatch give-money-instead send-again confirm-receipt"
RULES |= {f"aftersales:case-{move}": _case() for move in MOVES.split()}

# Addresses without objects of anybody: for everybody, only about the person who asks, or for whoever signs.
FOR_ALL = frozenset(
    {"home", "login", "logout", "set_language", "theme", "availability", "healthz", "logistics:webhook"}
)
FOR_ALL |= {"settings", "settings-keys", "viewer"}
# Likewise; tests/aftersales/views/test_live.py says who hears what.
FOR_ALL |= {"aftersales:live", "aftersales:live-next", "aftersales:alerts"}
UNNAMED = frozenset({"healthz/", "favicon.ico"})


def addresses(patterns=None, namespace=""):
    """Every address outside the admin: its name, or its route where it has none."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                inner = f"{entry.namespace}:" if entry.namespace else ""
                yield from addresses(entry.url_patterns, namespace + inner)
        elif isinstance(entry, URLPattern):
            yield namespace + entry.name if entry.name else str(entry.pattern)


def has_page(role, rule):
    """Whether the role has the page."""
    return role in PAGES[rule.page] and (not rule.act or role in MAY[rule.act])


def policy_of(merchant):
    """A policy for one merchant alone."""
    own, _is_new = Policy.objects.get_or_create(
        name=f"Own of {merchant.code}", version=1, defaults={"merchant": merchant, "effective_from": timezone.now()}
    )
    return own


def imported(theirs):
    """An import of somebody's."""
    return ImportRun.objects.create(
        source="douyin", merchant=theirs.merchant, files=["theirs.csv"], status="preview", created_at=timezone.now()
    )
