"""The people of the peers."""

from tests.aftersales.conftest import people

__all__ = ["people"]
