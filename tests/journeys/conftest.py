"""The shop of the present moment."""

from tests.present import asked, order, other_shop, unshipped, worker

__all__ = ["asked", "order", "other_shop", "unshipped", "worker"]
