"""Tags are rendered in English, at a known noon."""

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from tests.aftersales.templatetags.noon import NOON


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


@pytest.fixture
def rendered():
    """What a template says that loads the desk's tags."""

    def render(source, **context):
        return Template("{% load desk %}" + source).render(Context({"now": NOON, **context}))

    return render
