"""Orders from other systems: one module per source, one registry."""

from typing import Final

from orders.importers.sources import douyin, jd, pdd, shopify, taobao
from orders.importers.sources.base import Source
from orders.importers.sources.olist import Olist

SOURCES: Final[dict[str, Source]] = {
    source.name: source for source in (Olist(), taobao.SOURCE, pdd.SOURCE, douyin.SOURCE, jd.SOURCE, shopify.SOURCE)
}
