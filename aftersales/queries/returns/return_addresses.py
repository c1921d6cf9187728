"""Where the goods of a case go back to."""

from aftersales.models import Case
from logistics import addresses
from logistics.models import ReturnAddress


def address_for(case: Case) -> ReturnAddress | None:
    """The address that the case has, while it is active; else the merchant's best one for the goods, or None."""
    if case.return_address is not None and case.return_address.is_active:
        return case.return_address
    return addresses.best(case.merchant_id, case.lines.values_list("order_line__category", flat=True))
