"""Two shops that know nothing of each other: people, orders, cases, and what belongs to each."""

from decimal import Decimal
from types import SimpleNamespace

from django.contrib.auth.models import Group
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.console import bulk, saved_views
from aftersales.actions.console.saved_views import Wanted
from aftersales.actions.conversation import messages
from aftersales.actions.disputes import evidence, guarantee, payment_disputes
from aftersales.actions.orders import goods_told
from aftersales.actions.refunds import approvals, receivables
from aftersales.actions.returns import unidentified_parcels
from aftersales.actions.returns.goods import goods_owed
from aftersales.actions.returns.goods.goods_owed import Share
from aftersales.models import GoodsOwed, InvoiceTask, Receivable, Refund, Team, User
from aftersales.queries.console.bulk import Selected
from aftersales.queries.people import actors
from aftersales.rules import actor
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import CaseType, GoodsWord, Role
from logistics import stock
from orders.models import Buyer, ImportRun
from tests.aftersales import stored_tools
from tests.factories import MerchantFactory, ReturnAddressFactory, opened, tiny_photo
from tests.people import granted, trusted
from tests.present import bought

STAFF = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.FINANCE, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN)
SECRETS = ("secret message", "why", "view", "canned", "macro")


def actor_for(user):
    """Somebody of the shop, whom buyers have told what to do for them."""
    return trusted(actors.actor_for(user))


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
    messages.send(first.pk, f"{name} secret message", by=actor.buyer(own.pk), at=now)
    return SimpleNamespace(
        merchant=merchant,
        team=team,
        buyer=own,
        people=people,
        orders=orders,
        cases=[first, dear, paid, of_shared],
        case=first,
        approval=approvals.ask(dear.pk, by=actor_for(people[Role.AGENT]), at=now, why=f"{name} why"),
        refund=_refunding(paid, people[Role.MERCHANT], now),
        **_around(first, own, now),
        **_with_finance(merchant, orders[1], letter, people, now),
        **_at_the_door(merchant, letter, people, now),
        word=_told(orders[0], people, now),
        # Of a case of its own: what lies in the warehouse is seen by the one that works for both shops.
        goods_owed=_lying_here(_asked(_sold(merchant, own, f"{letter}-ORDER-5"), now), now),
        **_kept(name, team, first, people, now),
        secrets=[own.name, own.phone, *(f"{name} {what}" for what in SECRETS)]
        + [order.number for order in orders]
        + [case.number for case in (first, dear, paid, of_shared)],
    )


def _lying_here(case, now):
    return goods_owed.put(case, GoodsOwed.Cause.SURPLUS, [Share(1, "A thing")], at=now)


def _around(case, buyer, now):
    """A photo, money owed and a task of a case."""
    photo = evidence.add(case.pk, [tiny_photo()], by=actor.buyer(buyer.pk), at=now)
    parties = Receivable.Party.BUYER, Receivable.Party.MERCHANT
    number = f"{case.order.number[0]}-77"
    return {
        "photo": (photo[0] if photo else None) or case.evidence.first(),
        "owed": receivables.owe(case, Receivable.Kind.LAB_FEE, Decimal(30), *parties, at=now, rule="lab"),
        "invoice_task": InvoiceTask.objects.create(
            case=case, kind="invoice_reissue", invoice_number=number, created_at=now
        ),
    }


def _with_finance(merchant, order, letter, people, now):
    """A transfer that waits for a second person, and a payment that the buyer's bank disputes."""
    by, payment = actor_for(people[Role.FINANCE]), order.payments.get()
    guarantee.pay_in(merchant.pk, Decimal(50), "CNY", by=by, at=now, reference=f"IN-{letter}")
    return {
        "withdrawal": guarantee.ask_withdrawal(
            merchant.pk, Decimal(20), "CNY", by=by, at=now, reference=f"OUT-{letter}"
        ),
        "payment": payment,
        "dispute": payment_disputes.begin(
            payment.pk, "disputed", payment.captured, by=by, at=now, reference=f"CB-{letter}"
        ),
    }


def _at_the_door(merchant, letter, people, now):
    """A parcel without a case, and something on the shelf."""
    parcel = {"carrier": "SF", "waybill": f"LOST-{letter}", "contents": "A dress", "photos": [tiny_photo()]}
    return {
        "unidentified": unidentified_parcels.record(merchant.pk, by=actor_for(people[Role.MERCHANT]), at=now, **parcel),
        "stock_item": stock.correct(merchant.pk, f"SKU-{letter}", 3, why="First count", by_id=None, at=now),
    }


def _told(order, people, now):
    """What a merchant says of goods of which no carrier tells, with a photo."""
    by = actor_for(people[Role.MERCHANT])
    return goods_told.tell(order.pk, GoodsWord.WAITING, None, proof="", photo=tiny_photo(), by=by, at=now)


def _kept(name, team, case, people, now):
    """What the people of the desk keep for themselves and their team."""
    agent, chief = people[Role.AGENT], actor_for(people[Role.SUPERVISOR])
    of_team = {"scope": Scope.TEAM, "team": team}
    view = Wanted(f"{name} view", {"view": "open"}, ["what"], share="team", team=team)
    return {
        "view": saved_views.save(view, by=agent, at=now),
        "job": bulk.begin("note", {"text": "x"}, [Selected(case.pk, case.version)], by=agent, at=now),
        "reply": stored_tools.reply(chief, **of_team, title_en=f"{name} canned", shortcut=name),
        "macro": stored_tools.macro(chief, stored_tools.says("Hello."), **of_team, title_en=f"{name} macro"),
    }


def _person(username, role, merchant, team):
    user = User.objects.create_user(username, password="demo", merchant=merchant if role == Role.MERCHANT else None)
    granted(user, role)
    user.groups.add(Group.objects.get(name=role.value))
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
    decisions.approve(case.pk, by=actor_for(merchant_user), at=now)
    return Refund.objects.get(case=case)


def ours_and_theirs():
    """Ours and theirs; one buyer has bought in both."""
    shared = Buyer.objects.create(source="manual", external_id="both", name="Everywhere", phone_tail="1111")
    return SimpleNamespace(ours=shop_of("ours", "5", shared), theirs=shop_of("theirs", "8", shared))


def imported(theirs):
    """An import of somebody's."""
    return ImportRun.objects.create(
        source="douyin", merchant=theirs.merchant, files=["theirs.csv"], status="preview", created_at=timezone.now()
    )


def leaks(answer, secrets):
    body = answer.content.decode(errors="replace") + str(answer.headers)
    return [secret for secret in secrets if secret in body]


def parameters(theirs):
    """Ways to ask a list for what belongs to others."""
    agent, merchant = theirs.people[Role.AGENT], theirs.merchant
    searched = [theirs.case.number, theirs.orders[0].number, theirs.buyer.name, theirs.buyer.phone, "7777"]
    searched += [theirs.case.number[:-1], theirs.orders[0].number[:4], theirs.merchant.name, theirs.waybill]
    yield from ({"q": text} for text in searched)
    yield from ({"view": view, "assignee": agent.pk} for view in ("all", "open", "mine"))
    yield from ({"view": "all", "merchant": who} for who in (merchant.pk, merchant.code, merchant.name))
    yield {"view": "all", "team": theirs.team.pk}
    yield {"view": "all", "after": f"9999-01-01T00:00:00+00:00~{theirs.case.pk}"}
    yield {"list": "expected", "q": theirs.case.number}
    yield {"list": "transit", "waybill": theirs.waybill}
