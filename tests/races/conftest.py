"""The people of the races."""

from tests.aftersales.conftest import people

__all__ = ["people"]
