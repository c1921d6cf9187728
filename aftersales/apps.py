from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AftersalesConfig(AppConfig):
    """The app that decides; installs its reference data after each migration."""

    name = "aftersales"
    verbose_name = _("After-sales")

    def ready(self) -> None:
        """Reference data follow the tables."""
        post_migrate.connect(install_reference, sender=self)


def install_reference(**_kwargs: object) -> None:
    """Roles, reasons and the first policy, created where missing."""
    # Models can not be imported before all apps are loaded.
    from aftersales import initial_data

    initial_data.install()
