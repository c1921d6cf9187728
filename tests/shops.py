"""The shop, its orders, and a gateway of the test's own."""

import pytest

from tests.factories import MerchantFactory, ReturnAddressFactory, sold


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    """Each test has its own sandbox bank and its own folder for photos."""
    settings.SANDBOX_STORE = tmp_path / "sandbox.sqlite3"
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.WAKE_WORKERS = False


@pytest.fixture
def shop(db):
    shop = MerchantFactory(code="shop", name="青禾服饰")
    ReturnAddressFactory(merchant=shop)
    return shop


@pytest.fixture
def order(shop):
    """Signed two days ago: 2 units for 100.00, freight 10.00."""
    return sold(merchant=shop)


@pytest.fixture
def unshipped(shop, order):
    return sold(merchant=shop, buyer=order.buyer, unshipped=True)


@pytest.fixture
def unsigned(shop, order):
    return sold(merchant=shop, buyer=order.buyer, unsigned=True)
