"""The second factor of a login: an app that shows codes, and ten recovery codes, each taken once."""

from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from aftersales.actions import gate
from aftersales.models import User
from aftersales.queries.people import second_factor

RECOVERY_CODES = 10


def begin(user: User) -> TOTPDevice:
    """The device that is being set up; the same one until it is confirmed, so that a reloaded page shows its code."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


@gate.transactional
def confirm(user: User, code: str) -> list[str]:
    """The recovery codes, shown this once; empty when the code is wrong."""
    device = begin(user)
    if second_factor.is_set_up(user) or not (code.isascii() and device.verify_token(code)):
        return []
    device.confirmed = True
    device.save()
    return recovery_codes(user)


@gate.transactional
def recovery_codes(user: User) -> list[str]:
    """Ten new recovery codes; those before are worth nothing."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def matches(user: User, code: str) -> bool:
    """Whether the code is of the app or a recovery code; each is taken once, and wrong ones make the next wait."""
    return bool(code) and code.isascii() and match_token(user, code.strip().lower()) is not None


@gate.transactional
def forget(user: User) -> None:
    """Remove app and recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
