"""Whether a login has a second factor."""

from django_otp.plugins.otp_totp.models import TOTPDevice

from aftersales.models import User


def is_set_up(user: User) -> bool:
    """Whether this person has an app that shows codes."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())
