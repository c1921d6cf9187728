"""Serial numbers that were read on goods of an order."""

from aftersales.models import Case, InspectedUnit, Repair
from aftersales.rules.vocabulary import Condition

# What was found to be something else is none of the goods that were sold.
FOREIGN = (Condition.SWAPPED, Condition.WRONG_ITEM)


def known(case: Case) -> frozenset[str]:
    """Those read before this round of the case, at an inspection or a repair of its order."""
    units = InspectedUnit.objects.filter(case_line__order=case.order_id, serial__gt="").exclude(condition__in=FOREIGN)
    before = units.exclude(case_line__case=case, round_number=case.round_number)
    repaired = Repair.objects.filter(case__order=case.order_id, serial__gt="")
    return frozenset(before.values_list("serial", flat=True)) | frozenset(repaired.values_list("serial", flat=True))
