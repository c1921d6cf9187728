"""Adapters by the name under which accounts and addresses know them."""

from typing import Final

from logistics.carriers.aftership import AfterShip
from logistics.carriers.base import Carrier, Collector
from logistics.carriers.kuaidi100 import Kuaidi100
from logistics.carriers.manual import Manual
from logistics.carriers.sf import SfExpress
from logistics.carriers.track17 import Track17

SOURCES: Final[dict[str, Carrier]] = {
    carrier.name: carrier for carrier in (Kuaidi100(), Track17(), AfterShip(), SfExpress(), Manual())
}
COLLECTORS: Final[dict[str, Collector]] = {carrier.name: carrier for carrier in (Kuaidi100(),)}
