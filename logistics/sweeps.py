"""What is due at the carriers' side: their messages read, couriers booked, parcels subscribed to."""

from collections import Counter
from datetime import datetime

from logistics.messages import parsing, subscriptions
from logistics.pickups import bookings


def run(at: datetime) -> Counter[str]:
    """Everything that is due here."""
    return Counter(
        heard=parsing.read_due(at), couriers=bookings.perform_due(at), subscribed=subscriptions.perform_due(at)
    )
