"""Facts: what was sold, paid and given back."""

from orders.models.business_calendar import BusinessCalendar
from orders.models.imports import ImportRejection, ImportRun
from orders.models.name import PersonName
from orders.models.order import Order, OrderLine, Purchase
from orders.models.party import Buyer, Merchant
from orders.models.payment import Payment
from orders.models.posting import Entry, Posting

__all__ = [
    "BusinessCalendar",
    "Buyer",
    "Entry",
    "ImportRejection",
    "ImportRun",
    "Merchant",
    "Order",
    "OrderLine",
    "Payment",
    "PersonName",
    "Posting",
    "Purchase",
]
