"""Facts: where the goods are."""

from logistics.models.address import ReturnAddress
from logistics.models.parcel import Parcel, ParcelEvent
from logistics.models.stock import StockExport, StockItem, StockMovement

__all__ = ["Parcel", "ParcelEvent", "ReturnAddress", "StockExport", "StockItem", "StockMovement"]
