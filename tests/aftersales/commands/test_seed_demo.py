"""The demo is seeded once, and never in production; what it holds is looked at where it is browsed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aftersales.models import User
from orders.models import Order


def seed():
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_installation_with_users_is_left_alone(agent_user):
    out = seed()

    assert "nothing was changed" in out
    assert list(User.objects.all()) == [agent_user]
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_seeding_production_is_refused(settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="no place in production"):
        seed()

    assert not User.objects.exists()
