"""Facts: where the goods are."""

from logistics.models.address import ReturnAddress
from logistics.models.parcel import Parcel, ParcelEvent

__all__ = ["Parcel", "ParcelEvent", "ReturnAddress"]
