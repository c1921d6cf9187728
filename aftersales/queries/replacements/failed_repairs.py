"""How often the things of a case were repaired in vain within their warranty, over all cases."""

from django.db.models import Q

from aftersales.models import Case, InspectedUnit, Repair
from aftersales.queries.orders import longer_windows
from aftersales.queries.policies import calendars, item_policies
from aftersales.rules.cases import return_window
from aftersales.rules.replacements import failed_repairs
from aftersales.rules.replacements.failed_repairs import Attempt


def number(case: Case) -> int:
    """Failed repairs of the case and of the same serial numbers at the same merchant.

    Of several items the policy that is best for the buyer counts.
    """
    same_fault = all(policy.repair_same_fault for policy in item_policies.of(case).values())
    is_single = sum(line.units for line in case.lines.all()) == 1
    return failed_repairs.number(_attempts(case), same_fault=same_fault, is_single=is_single)


def limit(case: Case) -> int:
    """After how many the buyer may choose: the right is not lessened by what else is repaired with it."""
    return min(policy.repair_attempt_count for policy in item_policies.of(case).values())


def _attempts(case: Case) -> list[Attempt]:
    rows = Repair.objects.filter(Q(case=case) | _earlier(case)).values_list(
        "case_id", "serial", "cause", "outcome", "case__liable_party", "case__fault", "diagnosed_at"
    )
    return [
        Attempt(pk == case.pk, serial, cause, outcome, found or presumed, diagnosed_at)
        for pk, serial, cause, outcome, found, presumed, diagnosed_at in rows
    ]


def _earlier(case: Case) -> Q:
    """Repairs in cases that were opened within the warranty of what was bought; before that it was another's."""
    serials = Q(serial__in=Repair.objects.filter(case=case).values("serial")) | Q(
        serial__in=InspectedUnit.objects.filter(case_line__case=case).values("serial")
    )
    order, policies = case.order, item_policies.of(case)
    longer, kept = longer_windows.of_order(order.pk), calendars.of(order.merchant_id)
    ends = [return_window.warranty_end(order, policy, kept, longer.of(order.pk, pk)) for pk, policy in policies.items()]
    known = [end for end in ends if end is not None]
    if order.delivered is None or not known:
        return Q(pk__in=())
    within = Q(case__opened_at__gte=order.delivered.at, case__opened_at__lt=max(known))
    return serials & within & Q(serial__gt="", case__merchant=case.merchant_id)
