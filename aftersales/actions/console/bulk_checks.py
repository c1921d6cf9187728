"""What is asked of a case under lock before its turn in an act for many: that it still is what was shown."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import authorised, gate
from aftersales.models import BulkRow
from aftersales.queries import locking
from aftersales.rules.actor import Actor
from aftersales.rules.cases import goods_moved, return_window
from aftersales.rules.vocabulary import GoodsState
from orders.refusals import Refused


def unchanged(row: BulkRow) -> None:
    """Lock the case; Stale when it has changed since it was selected. For acts that take no version themselves."""
    case = gate.locked(row.case_id)
    if case.version != row.version:
        raise gate.Stale(case)


def as_seen(row: BulkRow, by: Actor, at: datetime) -> None:
    """Refused where goods have moved since the outcome was shown; person, case and order are locked in their order."""
    if not row.goods_seen:
        return
    authorised.lock_person("approve", by)
    case = gate.locked(row.case_id)
    told = return_window.goods_state(locking.orders({case.order_id})[case.order_id], at)
    now = goods_moved.by_now(case, told)
    if case.version == row.version and now != row.goods_seen:
        words = {"before": GoodsState(row.goods_seen).label, "now": now.label}
        raise Refused(
            _("Its goods have moved since you confirmed. They were: %(before)s; now: %(now)s. Look again.") % words
        )
