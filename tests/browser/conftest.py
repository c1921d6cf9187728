"""The shop of the present moment, and photos to look at."""

import io

import pytest
from django.utils import timezone
from PIL import Image

from aftersales.actions.disputes import evidence
from aftersales.rules.disputes.photo import Photo
from tests.present import asked, order, other_shop, unshipped, worker

__all__ = ["asked", "order", "other_shop", "unshipped", "worker"]


def shot(name, colour, size=(1600, 1200)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return Photo(name, "image/jpeg", file.getvalue(), *size)


@pytest.fixture
def photos(asked, agent):
    """Three photos of the case, the last one higher than wide."""
    taken = [shot("crack.jpg", "teal"), shot("label.jpg", "maroon"), shot("tall.jpg", "navy", (900, 1600))]
    return evidence.add(asked.pk, taken, by=agent, at=timezone.now())
