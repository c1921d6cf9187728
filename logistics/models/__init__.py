"""Facts: where the goods are."""

from logistics.models.address import ReturnAddress
from logistics.models.loose import LooseParcel, LoosePhoto
from logistics.models.parcel import Parcel, ParcelEvent
from logistics.models.stock import StockExport, StockItem, StockMovement

__all__ = [
    "LooseParcel",
    "LoosePhoto",
    "Parcel",
    "ParcelEvent",
    "ReturnAddress",
    "StockExport",
    "StockItem",
    "StockMovement",
]
