"""People in front of the pages: logged in, at a known moment, with forms as the pages made them."""

import io
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from aftersales.models import User
from tests.factories import NOON
from tests.people import session_of

LATER = NOON + timedelta(hours=6)


def seat(actor):
    """A browser of somebody who is logged in."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(User.objects.get(pk=actor.user_id))
    return client


def address(case, action=""):
    """Where an act of a case is done; the page of the case without one."""
    return reverse(f"aftersales:case-{action.replace('_', '-')}" if action else "aftersales:case", args=[case.number])


def sent(case, **fields):
    """What a form of this case sends: its own key, the version it was made from, and what was typed.

    What staff do for the buyer needs the buyer's consent; other forms do not look at it.
    """
    consent = {"consent-channel": "call", "consent-note": "The buyer called at noon."}
    return {"once": str(uuid.uuid4()), "version": case.version, **consent, **fields}


def upload(content, name="photo.jpg", kind="image/jpeg"):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, kind)


def picture(kind="JPEG", size=(40, 30), **options):
    """The bytes of a small picture."""
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def write(client, case, text, kind="message", then="", **headers):
    """Send what was typed under a case, and go on as somebody chose."""
    return client.post(address(case, "message"), sent(case, text=text, kind=kind, then=then), **headers)
