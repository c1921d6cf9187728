"""Facts: where the goods are."""

from logistics.models.address import ReturnAddress
from logistics.models.parcel import Parcel, ParcelEvent
from logistics.models.stock import StockItem, StockMovement

__all__ = ["Parcel", "ParcelEvent", "ReturnAddress", "StockItem", "StockMovement"]
