"""What is due at the carriers' side: their messages read, couriers booked, parcels subscribed to."""

from collections import Counter
from datetime import datetime

from logistics import couriers, hearing, subscriptions


def run(at: datetime) -> Counter[str]:
    """Everything that is due here."""
    return Counter(
        heard=hearing.read_due(at), couriers=couriers.perform_due(at), subscribed=subscriptions.perform_due(at)
    )
