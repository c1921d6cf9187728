"""Adapters by name, as accounts and webhook addresses use it."""

from typing import Final

from logistics.carriers.aftership import AfterShip
from logistics.carriers.base import Carrier, PickupCarrier
from logistics.carriers.kuaidi100 import Kuaidi100
from logistics.carriers.manual import Manual
from logistics.carriers.sf import SfExpress
from logistics.carriers.track17 import Track17

SOURCES: Final[dict[str, Carrier]] = {
    carrier.name: carrier for carrier in (Kuaidi100(), Track17(), AfterShip(), SfExpress(), Manual())
}
PICKUP_CARRIERS: Final[dict[str, PickupCarrier]] = {carrier.name: carrier for carrier in (Kuaidi100(),)}
