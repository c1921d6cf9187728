"""Facts: where the goods are."""

from logistics.models.address import ReturnAddress
from logistics.models.event import ParcelEvent
from logistics.models.message import CarrierMessage
from logistics.models.parcel import Parcel
from logistics.models.pickup import Pickup
from logistics.models.stock import StockExport, StockItem, StockMovement
from logistics.models.subscription import Subscription
from logistics.models.unidentified import UnidentifiedParcel, UnidentifiedPhoto

__all__ = [
    "CarrierMessage",
    "Parcel",
    "ParcelEvent",
    "Pickup",
    "ReturnAddress",
    "StockExport",
    "StockItem",
    "StockMovement",
    "Subscription",
    "UnidentifiedParcel",
    "UnidentifiedPhoto",
]
