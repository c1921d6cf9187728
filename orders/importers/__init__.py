"""Orders told by other systems: one module per source, one registry."""

from typing import Final

from orders.importers.base import Source
from orders.importers.douyin import Douyin
from orders.importers.jd import Jd
from orders.importers.olist import Olist
from orders.importers.pdd import Pdd
from orders.importers.shopify import Shopify
from orders.importers.taobao import Taobao

SOURCES: Final[dict[str, Source]] = {
    source.name: source for source in (Olist(), Taobao(), Pdd(), Douyin(), Jd(), Shopify())
}
