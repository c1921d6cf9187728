"""Whose page each address of the site is: one rule per address."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from aftersales.models import Deadline, Policy
from aftersales.moves import EVERY
from aftersales.rules.permissions import PAGES
from aftersales.rules.vocabulary import Role
from tests.aftersales.two_shops import STAFF
from tests.aftersales.views.move_table import HAPPY

SEES_ALL = frozenset({Role.SUPERVISOR, Role.FINANCE, Role.ADMIN})
WAREHOUSE_STAFF = frozenset({Role.WAREHOUSE})  # one warehouse works for every shop


@dataclass(frozen=True)
class Rule:
    """Whose page it is, and which arguments lead to somebody else's object; no arguments: a list."""

    page: str
    foreign: Callable[[SimpleNamespace], list] | None = None
    missing: tuple = ()
    serves_all: frozenset = frozenset()  # roles for which nobody's object is somebody else's
    act: str = ""  # where the page of several roles has an act that only some of them may do


def _case(page="cases", act=""):
    return Rule(page, lambda theirs: [theirs.case.number], ("AS-99-999999",), act=act)


def _kept(page, name, *act):
    return Rule(page, lambda theirs: [getattr(theirs, name).pk, *act], (987654, *act), serves_all=WAREHOUSE_STAFF)


def _order(act="", **more):
    return Rule("orders", lambda theirs: [theirs.orders[0].number], ("no-such-order",), act=act, **more)


def _row(page, name):
    return Rule(page, lambda theirs: [getattr(theirs, name).pk], (987654,))


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
    "aftersales:saved-view": _row("cases", "view"),
    "aftersales:saved-view-delete": _row("cases", "view"),
    "aftersales:saved-view-copy": _row("cases", "view"),
    "aftersales:saved-view-pin": _row("cases", "view"),
    "aftersales:bulk": Rule("bulk"),
    "aftersales:bulk-jobs": Rule("bulk"),
    "aftersales:bulk-job": _row("bulk", "job"),
    "aftersales:bulk-cancel": _row("bulk", "job"),
    "aftersales:bulk-retry": _row("bulk", "job"),
    "aftersales:bulk-result": _row("bulk", "job"),
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
    "aftersales:order": _order(),
    "aftersales:order-confirmed": _order("confirm_exclusion"),
    "aftersales:order-window": _order("open_window"),
    "aftersales:order-invoice": _order("keep_invoice"),
    "aftersales:order-goods": _order("tell_goods"),
    "aftersales:order-goods-photo": Rule(
        "orders", lambda theirs: [theirs.orders[0].number, theirs.word.pk], ("no-such-order", 987654)
    ),
    "aftersales:order-apply": _order(),
    "aftersales:warehouse": Rule("warehouse"),
    "aftersales:warehouse-case": _case("warehouse"),
    "aftersales:warehouse-receive": _case("warehouse"),
    "aftersales:warehouse-inspect": _case("warehouse"),
    "aftersales:warehouse-preview": _case("warehouse"),
    "aftersales:warehouse-aside": _case("warehouse"),
    "aftersales:goods-owed-list": Rule("goods_owed"),
    "aftersales:goods-owed": _kept("goods_owed", "goods_owed"),
    "aftersales:goods-owed-act": _kept("goods_owed", "goods_owed", "send"),
    "aftersales:stuck": Rule("stuck"),
    "aftersales:parcels": Rule("parcels"),
    "aftersales:parcel-record": Rule("parcels"),
    "aftersales:parcel": _kept("parcels", "unidentified"),
    "aftersales:parcel-settle": _kept("parcels", "unidentified", "match"),
    "aftersales:parcel-photo": Rule(
        "parcels",
        lambda theirs: [theirs.unidentified.pk, theirs.unidentified.photos.get().pk],
        (987654, 987654),
        serves_all=WAREHOUSE_STAFF,
    ),
    "aftersales:stock": Rule("stock"),
    "aftersales:stock-shelf": Rule("stock"),
    "aftersales:stock-count": Rule("stock"),
    "aftersales:stock-item": _kept("stock", "stock_item"),
    "aftersales:stock-export": Rule("stock"),
    "aftersales:finance": Rule("finance"),
    "aftersales:finance-release": Rule("payout"),
    "aftersales:finance-accounts": Rule("finance"),
    "aftersales:finance-account": Rule("finance", lambda theirs: [theirs.merchant.code], ("no-such-shop",)),
    "aftersales:finance-withdrawal": Rule(
        "payout",
        lambda theirs: [theirs.merchant.code, theirs.withdrawal.pk, "drop"],
        ("no-such-shop", 987654, "drop"),
    ),
    "aftersales:finance-disputes": Rule("finance"),
    "aftersales:finance-dispute": Rule("finance", lambda theirs: [theirs.dispute.pk], (987654,)),
    "aftersales:finance-dispute-new": Rule("payout", lambda theirs: [theirs.payment.pk], (987654,)),
    "aftersales:finance-history": Rule("finance"),
    "aftersales:finance-owed": Rule("finance"),
    "aftersales:case-claim-carrier": _case(act="claim_carrier"),
    "aftersales:case-return-freight": _case(act="claim_return_freight"),
    "aftersales:case-receivable": Rule(
        "cases", lambda theirs: [theirs.case.number, theirs.owed.pk], ("AS-99-999999", 1)
    ),
    "aftersales:finance-refund": Rule("finance", lambda theirs: [theirs.refund.number], ("no-such-refund",)),
    "aftersales:finance-act": Rule(
        "payout", lambda theirs: [theirs.refund.number, "release"], ("no-such-refund", "release")
    ),
    "aftersales:approvals": Rule("approvals"),
    "aftersales:approval": Rule("approvals", lambda theirs: [theirs.approval.pk], (987654,)),
    "aftersales:invoice_tasks": Rule("invoice_tasks"),
    "aftersales:invoice_task": Rule("invoice_tasks", lambda theirs: [theirs.invoice_task.pk], (987654,)),
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
    "people": Rule("people"),
    "people-ask": Rule("people"),
    "people-decide": Rule("people", lambda theirs: [987654], (987654,), serves_all=frozenset({Role.ADMIN})),
    "people-act": Rule(
        "people",
        lambda theirs: [theirs.people[Role.AGENT].pk, "factor"],
        (987654, "factor"),
        serves_all=frozenset({Role.ADMIN}),
    ),
    "tour": Rule("tour"),
    "tour-seen": Rule("tour"),
    "tour-again": Rule("tour"),
}
# Every move of a case has an address of its own, made from one table; an act beside the steps has its row above.
MOVED = {f"aftersales:case-{action.replace('_', '-')}" for action in HAPPY} - RULES.keys()
RULES |= dict.fromkeys(MOVED, _case())

# Addresses without objects of anybody: for everybody, only about the person who asks, or for whoever signs.
FOR_ALL = frozenset(
    {"home", "login", "logout", "set_language", "theme", "availability", "healthz", "logistics:webhook"}
)
FOR_ALL |= {"login-code", "password-set", "account", "account-password", "account-second-factor"}
FOR_ALL |= {"account-codes", "account-remove", "settings", "settings-keys", "viewer"}
# Likewise; tests/aftersales/views/console/test_live.py says who hears what.
FOR_ALL |= {"aftersales:live", "aftersales:live-next", "aftersales:alerts"}
UNNAMED = frozenset({"healthz/", "favicon.ico", "admin/login/"})


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
    return role in PAGES[rule.page] and (not rule.act or role in EVERY[rule.act].who)


def policy_of(merchant):
    """A policy for one merchant alone."""
    own, _is_new = Policy.objects.get_or_create(
        name=f"Own of {merchant.code}", version=1, defaults={"merchant": merchant, "effective_from": timezone.now()}
    )
    return own
