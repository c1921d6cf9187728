"""Facts into the database: whole orders or nothing, newer over older, never under what was given back."""

import logging
from collections.abc import Sequence
from typing import Final

from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from orders.db import constraints
from orders.importers.sources.base import Source
from orders.importers.storing import given_back, known_orders, new_orders, outcomes, plans
from orders.importers.storing.outcomes import Outcome, Purchase, Terms
from orders.importers.storing.plans import Plan

logger = logging.getLogger(__name__)

# One lock per source: two imports of a source take turns batch by batch, so neither inserts what the other just did.
_LOCK_CLASS: Final = 7_201_004
# Lock not to be had in time, deadlock, serialisation: worth another try.
_BUSY: Final = ("55P03", "40P01", "40001")
_TRIES: Final = 3
# Longer than for a row, which somebody may hold while they think.
_SOURCE_LOCK_TIMEOUT: Final = "60s"
_GIVEN_BACK: Final = (
    "order_freight_given_back_once",
    "line_units_never_above_sold",
    "line_money_never_above_paid",
    "payment_never_above_captured",
)


def save(batch: Sequence[Purchase], terms: Terms) -> list[Outcome]:
    """Store a batch of orders in one transaction; if the database refuses one, each in its own.

    Each order comes as its parts, one per merchant. A database that is gone or full raises OperationalError: that is
    no fault of an order.
    """
    # Nearly always all is well, and a thousand orders in one transaction are stored by a few statements.
    try:
        return _saved(batch, terms)
    except (IntegrityError, DataError, OperationalError) as error:
        if not _is_about_an_order(error):
            raise
        return [_saved_alone(purchase, terms) for purchase in batch]


def _saved_alone(purchase: Purchase, terms: Terms) -> Outcome:
    # An agent may hold the order's row this moment; a case's transaction is short.
    for _attempt in range(_TRIES):
        try:
            return _saved([purchase], terms)[0]
        except (IntegrityError, DataError) as error:
            return outcomes.rejected(purchase, _sentence(error))
        except OperationalError as error:
            if not _is_about_an_order(error):
                raise
    return outcomes.rejected(purchase, _("The order is being worked on at this moment. Import again."))


def _is_about_an_order(error: DatabaseError) -> bool:
    return not isinstance(error, OperationalError) or getattr(error.__cause__, "sqlstate", None) in _BUSY


def _saved(batch: Sequence[Purchase], terms: Terms) -> list[Outcome]:
    with transaction.atomic():
        # Before anything is read: what is planned must still be so when it is written.
        _lock_source(terms.source)
        planned = plans.make(batch, terms)
        _write(planned, terms)
        _check_constraints()
        if terms.is_dry_run:
            transaction.set_rollback(True)
    return [plan.outcome() for plan in planned]


def _lock_source(source: Source) -> None:
    """Wait until no other import of this source is in the middle of a batch; OperationalError if none ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (usual,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_SOURCE_LOCK_TIMEOUT])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, source.name])
        except OperationalError as error:
            raise OperationalError(_("Another import of this source does not come to its end.")) from error
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


def _write(planned: Sequence[Plan], terms: Terms) -> None:
    stored = new_orders.insert([new for plan in planned for new in plan.new], terms.source, terms.at)
    stored |= known_orders.write([change for plan in planned for change in plan.changes], terms.source, terms.at)
    terms.record(stored, terms.at)


def _check_constraints() -> None:
    """Check foreign keys now rather than at the commit, while a refusal can still be laid to this batch."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _sentence(error: DatabaseError) -> str:
    """Translate what the database refused; a rule that no export can break by itself is a fault and is logged."""
    constraint = constraints.broken(error)
    if constraint.startswith(("orders_order_number", "order_number")):
        return _("Another order has the same number already.")
    if constraint in _GIVEN_BACK:
        return given_back.more_than_left()
    if isinstance(error, DataError):
        return _("A text or a number of the order is too long to be stored.")
    logger.error("The database refuses an order: %s", constraint or type(error).__name__, exc_info=error)
    return _("The database refuses the order (%(why)s).") % {"why": constraint or type(error).__name__}
