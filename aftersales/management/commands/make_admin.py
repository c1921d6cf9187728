"""Make one of the first two admins."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from aftersales.actions.people import accounts
from orders.refusals import Refused


class Command(BaseCommand):
    """`manage.py make_admin NAME --why TEXT`: prints the link under which the person sets their password."""

    help = "Make one of the first two admins; further ones are asked for by one admin and granted by another."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the name and --why."""
        parser.add_argument("username")
        parser.add_argument("--why", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account if it is missing, grant the role, print the link."""
        try:
            account, link = accounts.first_admin(options["username"], at=timezone.now(), why=options["why"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{account.username}: {link}")
