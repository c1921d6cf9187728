"""Macros rehearsed and run, an hour after the application, in English."""

from aftersales.actions.conversation import macros
from aftersales.actions.conversation.macros import Run
from aftersales.models import User
from tests.aftersales.stages import HOUR
from tests.factories import NOON

AT = NOON + HOUR


def user_of(actor):
    return User.objects.get(pk=actor.user_id)


def rehearsed(case, made, by, texts=None):
    return macros.rehearse(case.pk, made, Run(by, user_of(by), AT, "en", texts or {}))


def run(case, made, by, texts=None, **versions):
    return macros.perform(case.pk, made.pk, Run(by, user_of(by), AT, "en", texts or {}), **versions)
