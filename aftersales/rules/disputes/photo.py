"""Photos as evidence: checked before decoding, decoded and encoded again, without what the camera wrote."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class BadPhoto(ValueError):
    """Not a photo we take; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Photo:
    """A picture that is safe to keep and to show."""

    name: str
    mime_type: str
    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Fingerprint of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def clean(name: str, file: IO[bytes], size: int) -> Photo:
    """Read an upload as a photo; BadPhoto names what is wrong. At most 10 MB and 25 megapixels."""
    if size > MOST_BYTES:
        raise BadPhoto(_("%(name)s is larger than 10 MB.") % {"name": name})
    raw = file.read(MOST_BYTES + 1)
    if not raw:
        raise BadPhoto(_("%(name)s is empty.") % {"name": name})
    try:
        known = puremagic.from_string(raw[:4096], mime=True)
    except puremagic.PureError:
        known = ""
    if known not in ENDINGS:
        raise BadPhoto(_("%(name)s is not a JPEG, PNG or WebP picture.") % {"name": name})
    return _encoded_again(name, raw)


def _encoded_again(name: str, raw: bytes) -> Photo:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=list(FORMATS)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise BadPhoto(_too_large(name))
                kind = picture.format or ""
                upright = ImageOps.exif_transpose(picture)
                plain = upright.convert("RGBA" if kind != "JPEG" and "A" in upright.getbands() else "RGB")
        # Comments, colour profiles and times would be written again from here.
        plain.info.clear()
        out = io.BytesIO()
        plain.save(out, kind, quality=88)
    except BadPhoto:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise BadPhoto(_too_large(name)) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadPhoto(_("%(name)s is damaged and can not be opened.") % {"name": name}) from error
    return Photo(name[-200:], FORMATS[kind], out.getvalue(), plain.width, plain.height)


def _too_large(name: str) -> str:
    return _("%(name)s has more than 25 megapixels.") % {"name": name}
