"""What is due with carriers: messages parsed, couriers booked, parcels subscribed to."""

from collections import Counter
from datetime import datetime

from logistics.messages import parsing, subscriptions
from logistics.pickups import bookings


def run(at: datetime) -> Counter[str]:
    """Do everything that is due; returns how many rows of each kind were worked on."""
    return Counter(
        carrier_messages=parsing.read_due(at),
        bookings=bookings.perform_due(at),
        subscriptions=subscriptions.perform_due(at),
    )
