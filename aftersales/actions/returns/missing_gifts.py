"""Gifts that did not come back with the goods they were given for; the refund is less by their price."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from aftersales.models import Case, MissingGift
from aftersales.queries.returns import returned_goods
from orders import money
from orders.refusals import Refused


def record(case: Case, missing: Mapping[int, int]) -> None:
    """Record the missing units of each gift (by order line) at their list price, in place of earlier records."""
    counted = {pk: units for pk, units in sorted(missing.items()) if units}
    given = {line.pk: (line, left) for line, left in returned_goods.gifts_of(case)} if counted else {}
    if case.round_number > 1:
        MissingGift.objects.filter(case=case).delete()
    for pk, units in counted.items():
        line, left = given.get(pk, (None, 0))
        if line is None or not 0 < units <= left:
            raise Refused(_("This order has fewer gifts than that."))
        amount = money.rounded(line.unit_price * units, case.currency)
        MissingGift.objects.create(case=case, order_line=line, units=units, amount=amount)
