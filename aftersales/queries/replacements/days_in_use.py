"""How long the buyer has used what goes back although the same model could be had (三包规定, 第十三条)."""

from datetime import datetime

from aftersales.models import Case, CaseLine
from aftersales.queries.orders import longer_windows
from aftersales.queries.policies import calendars, item_policies
from logistics import stock


def charged(case: Case, at: datetime) -> dict[int, int]:
    """By order line the days of use that count at a moment: since the delivery, without time in repair.

    Only of items whose policy has a rate, and whose model is in stock; read without locking the stock, since the units
    on the shelf are not touched.
    """
    policies = item_policies.of(case)
    lines = [line for line in case.lines.all() if policies[line.order_line_id].depreciation_day_percent]
    if not lines or case.order.delivered is None:
        return {}
    longer = longer_windows.of_order(case.order_id, at)
    zone = calendars.of(case.merchant_id).tz
    since = (at.astimezone(zone).date() - case.order.delivered.at.astimezone(zone).date()).days
    days = {
        line.order_line_id: since - longer.of(case.order_id, line.order_line_id).days_in_repair()
        for line in lines
        if _is_in_stock(case, line)
    }
    return {pk: number for pk, number in days.items() if number > 0}


def _is_in_stock(case: Case, line: CaseLine) -> bool:
    """Enough for every unit that goes back; what nobody counts is not known to be there."""
    return (stock.available(case.merchant_id, line.order_line.sku) or 0) >= line.units_to_replace
