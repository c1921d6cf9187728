"""A case as an application makes it: its row, its lines, its new address, its number."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q

from aftersales.actions.cases import replaced_units, rounds
from aftersales.actions.cases.applications import Application, Assessment, Delivery, Swap
from aftersales.actions.cases.holdings import Holding
from aftersales.actions.refunds import freight
from aftersales.models import Case, CaseLine, DeliveryChange, Team
from aftersales.rules.actor import Actor
from aftersales.rules.cases import return_window
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import Role
from logistics import addresses
from orders.entitlement import Claim
from orders.models import Order, OrderLine

ZERO = Decimal(0)


def create(assessment: Assessment, holding: Holding, *, role: Role, by: Actor) -> Case:
    """A new case with its lines and its first round; what it holds is reserved already."""
    case = Case.objects.create(
        number=next_number(assessment.at),
        **_of_order(assessment.order),
        **_of_lines(assessment, holding.claims),
        **_of_applicant(assessment, role, by),
        **_of_freight(assessment),
        **_terms(assessment.application, holding.claims),
        goods_state=return_window.goods_state(assessment.order, assessment.at),
        policy=assessment.policy,
        freight_held=holding.freight,
    )
    lines = _stored_lines(case, holding.claims, assessment)
    if assessment.application.delivery is not None:
        DeliveryChange.objects.create(case=case, **_receiver(assessment.application.delivery))
    rounds.begin(case, lines, number=1, role=role, at=assessment.at)
    return case


def _of_order(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "merchant": order.merchant,
        "buyer": order.buyer,
        "currency": order.currency,
        "team": team_for(order.merchant_id),
    }


def _of_lines(assessment: Assessment, claims: Sequence[Claim]) -> dict[str, Any]:
    lines = [assessment.lines[claim.line_id] for claim in claims]
    address = addresses.best(assessment.order.merchant_id, {line.category for line in lines})
    return {"subject": subject_of(lines), "return_address": address}


def _of_applicant(assessment: Assessment, role: Role, by: Actor) -> dict[str, Any]:
    return {
        "applied_by_id": by.user_id,
        "applied_role": role,
        "opened_at": assessment.at,
        "opened_on": shop_day.of(assessment.at),
        "moved_at": assessment.at,
    }


def _of_freight(assessment: Assessment) -> dict[str, Any]:
    paid_by = freight.of(
        assessment.order, assessment.application.reason, assessment.policy, assessment.application.type
    )
    return {"freight_payer": paid_by.back, "outbound_payer": paid_by.out, "freight_rule": paid_by.rule}


def _terms(application: Application, claims: Sequence[Claim]) -> dict[str, Any]:
    """The columns of a case that the application decides, each time it is made."""
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


def _stored_lines(case: Case, claims: Sequence[Claim], assessment: Assessment) -> list[CaseLine]:
    return CaseLine.objects.bulk_create(
        CaseLine(case=case, order_line=assessment.lines[claim.line_id], **_line_terms(case, claim, assessment))
        for claim in claims
    )


def _line_terms(case: Case, claim: Claim, assessment: Assessment) -> dict[str, Any]:
    """The columns of a case line that the application decides."""
    application = assessment.application
    wanted = application.lines[claim.line_id]
    return {
        "order_id": case.order_id,
        "case_type": case.type,
        "policy": assessment.rules.of_items[claim.line_id],
        "units": wanted.units,
        "amount": claim.amount,
        "units_held": claim.units,
        "amount_held": claim.amount if application.holds_money else ZERO,
        "price_now": wanted.price_now,
        "replaced_at": replaced_units.signed_at(assessment, claim.line_id, case.opened_at),
        **_swap_terms(wanted.swap or Swap()),
    }


def _swap_terms(swap: Swap) -> dict[str, Any]:
    return {"wanted_sku": swap.sku, "wanted_variant": swap.variant, "wanted_price": swap.price}


def _store_delivery(case: Case, application: Application) -> None:
    if application.delivery is None:
        DeliveryChange.objects.filter(case=case).delete()
        return
    DeliveryChange.objects.update_or_create(case=case, defaults=_receiver(application.delivery))


def _receiver(new: Delivery) -> dict[str, str]:
    return {
        "receiver_name": new.name,
        "receiver_phone": new.phone,
        "receiver_region": new.region,
        "receiver_address": new.address,
        "receiver_postcode": new.postcode,
    }


def change(case: Case, assessment: Assessment, holding: Holding) -> None:
    """Put a changed application in the place of the one before, on a case that holds nothing."""
    application = assessment.application
    for name, value in _terms(application, holding.claims).items():
        setattr(case, name, value)
    freight.renew(case)
    case.freight_held = holding.freight
    case.agreed_amount = None
    for claim in holding.claims:
        columns = {**_line_terms(case, claim, assessment), "units_received": 0, "units_accepted": 0}
        CaseLine.objects.update_or_create(case=case, order_line_id=claim.line_id, defaults=columns)
    _store_delivery(case, application)
    _drop_other_lines(case, holding.claims)


def _drop_other_lines(case: Case, claims: Sequence[Claim]) -> None:
    """A line that was inspected, or of which goods lie here, stays; one that is merely no longer asked for goes."""
    others = case.lines.exclude(order_line__in=[claim.line_id for claim in claims])
    others.filter(units_settled=0, units_here=0, inspected__isnull=True).delete()
    others.update(units_received=0, units_accepted=0)


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
    served = Team.objects.filter(Q(merchants=merchant_id) | Q(merchants__isnull=True))
    return served.order_by(F("merchants").asc(nulls_last=True), "pk").first()
