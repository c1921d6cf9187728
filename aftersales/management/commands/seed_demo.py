"""Fill an empty installation with a demo shop."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.demo import people, seeding
from aftersales.models import Case, User
from orders.models import Order


class Command(BaseCommand):
    """`manage.py seed_demo`: for trying out, never for production; an installation in use is left alone."""

    help = "Fill an empty installation with a demo shop: orders, cases in every state, people of every role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed the demo once; CommandError in production."""
        if settings.IS_PRODUCTION:
            raise CommandError(_("Demo data and their passwords have no place in production: nothing was changed."))
        # Whoever tried the demo has logins in it; made twice, it would mix two shops.
        if User.objects.exists():
            self.stdout.write(
                _("There are users already, so nothing was changed: the demo is for an empty installation.")
            )
            return
        seeding.seed(timezone.now())
        self.stdout.write(
            _("The demo shop is ready: %(orders)d orders, %(cases)d cases. Everyone's password is “%(password)s”.")
            % {"orders": Order.objects.count(), "cases": Case.objects.count(), "password": people.PASSWORD}
        )
