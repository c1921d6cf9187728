"""Storing an application: the case, its lines, its rounds, its number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from aftersales.actions.cases.applications import Application
from aftersales.actions.refunds import freight as paying
from aftersales.models import Case, CaseLine, DeliveryChange, Policy, Round, Team
from aftersales.rules.actor import Actor
from aftersales.rules.cases import return_window
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import Role
from logistics import addresses
from orders.entitlement import Claim
from orders.models import Order, OrderLine

ZERO = Decimal(0)


def store(
    order: Order,
    lines: Mapping[int, OrderLine],
    application: Application,
    policy: Policy,
    claims: Sequence[Claim],
    freight: Decimal,
    *,
    role: Role,
    by: Actor,
    at: datetime,
) -> Case:
    paid_by = paying.of(order, application.reason, policy, application.type)
    case = Case.objects.create(
        number=next_number(at),
        order=order,
        merchant=order.merchant,
        buyer=order.buyer,
        currency=order.currency,
        subject=subject_of([lines[claim.line_id] for claim in claims]),
        freight_payer=paid_by.back,
        outbound_payer=paid_by.out,
        freight_rule=paid_by.rule,
        goods_state=return_window.goods_state(order, at),
        policy=policy,
        freight_held=freight,
        return_address=addresses.best(order.merchant_id, {lines[claim.line_id].category for claim in claims}),
        applied_by_id=by.user_id,
        applied_role=role,
        team=team_for(order.merchant_id),
        opened_at=at,
        opened_on=shop_day.of(at),
        moved_at=at,
        **_terms(application, claims),
    )
    _store_lines(case, claims, application)
    _store_delivery(case, application)
    new_round(case, number=1, role=role, at=at)
    return case


def _terms(application: Application, claims: Sequence[Claim]) -> dict[str, Any]:
    """The columns of a case that the application decides."""
    return {
        "type": application.type,
        "reason": application.reason,
        "fault": application.reason.fault,
        "description": application.description,
        "given_as": application.given_as,
        "change": application.change or "",
        "dispatches_first": application.dispatches_first,
        "requested_amount": sum((claim.amount for claim in claims), application.freight),
    }


def _store_lines(case: Case, claims: Sequence[Claim], application: Application) -> None:
    CaseLine.objects.bulk_create(
        CaseLine(case=case, order_line_id=claim.line_id, **_asked_of(case, claim, application)) for claim in claims
    )


def _asked_of(case: Case, claim: Claim, application: Application) -> dict[str, Any]:
    """The columns of a case line that the application decides."""
    wanted = application.lines[claim.line_id]
    columns: dict[str, Any] = {
        "order_id": case.order_id,
        "case_type": case.type,
        "units": wanted.units,
        "amount": claim.amount,
        "units_held": claim.units,
        "amount_held": claim.amount,
        "price_now": wanted.price_now,
    }
    if wanted.swap is not None:
        swap = wanted.swap
        columns |= {"wanted_sku": swap.sku, "wanted_variant": swap.variant, "wanted_price": swap.price}
    return columns


def _store_delivery(case: Case, application: Application) -> None:
    if application.delivery is None:
        DeliveryChange.objects.filter(case=case).delete()
        return
    new = application.delivery
    DeliveryChange.objects.update_or_create(
        case=case,
        defaults={
            "receiver_name": new.name,
            "receiver_phone": new.phone,
            "receiver_region": new.region,
            "receiver_address": new.address,
            "receiver_postcode": new.postcode,
        },
    )


def ask_again(case: Case, application: Application, claims: Sequence[Claim], freight: Decimal) -> None:
    for name, value in _terms(application, claims).items():
        setattr(case, name, value)
    paying.renew(case)
    case.freight_held = freight
    case.agreed_amount = None
    for claim in claims:
        asked = {"wanted_sku": "", "wanted_variant": "", "wanted_price": None, **_asked_of(case, claim, application)}
        CaseLine.objects.update_or_create(
            case=case, order_line_id=claim.line_id, defaults={**asked, "units_received": 0, "units_accepted": 0}
        )
    _store_delivery(case, application)
    # A line that was inspected stays as a record; one that is merely no longer asked for goes.
    others = case.lines.exclude(order_line__in=[claim.line_id for claim in claims])
    others.filter(units_settled=0, inspected__isnull=True).delete()
    others.update(units_received=0, units_accepted=0)


def new_round(case: Case, *, number: int, role: Role, at: datetime) -> Round:
    """Record an application as it was made."""
    lines = [
        {"line": line.order_line_id, "title": line.order_line.title, "units": line.units, "amount": str(line.amount)}
        for line in case.lines.select_related("order_line")
    ]
    return Round.objects.create(
        case=case,
        number=number,
        type=case.type,
        reason=case.reason,
        amount=case.requested_amount + case.freight_held,
        lines=lines,
        description=case.description,
        applied_role=role,
        applied_at=at,
    )


def next_number(at: datetime) -> str:
    """A case number, never used twice: AS-26-004821."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('aftersales_case_number')")
        return f"AS-{shop_day.of(at):%y}-{cursor.fetchone()[0]:06d}"


def subject_of(lines: Sequence[OrderLine]) -> str:
    """The first item, and how many more there are."""
    first = " ".join(part for part in (lines[0].title, lines[0].variant) if part)
    return f"{first[:280]} +{len(lines) - 1}" if len(lines) > 1 else first[:300]


def team_for(merchant_id: int) -> Team | None:
    """The team that serves a merchant: the one that names it, else one that serves all."""
    return (
        Team.objects.filter(merchants=merchant_id).order_by("pk").first()
        or Team.objects.filter(merchants__isnull=True).order_by("pk").first()
    )
