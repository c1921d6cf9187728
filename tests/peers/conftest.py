"""The people of the peers."""

import pytest

from aftersales.models import User
from tests.aftersales.conftest import people

__all__ = ["people"]


@pytest.fixture
def warehouse_user(people):
    """The login of the warehouse."""
    return User.objects.get(pk=people.warehouse.user_id)
