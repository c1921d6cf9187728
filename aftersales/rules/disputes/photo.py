"""Photos as evidence: checked before decoding, decoded and encoded again, without what the camera wrote.

Encoding again is what makes them safe to serve: nothing that hides in or behind the picture survives it.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000  # unpacked, such a picture takes 100 MB of memory
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class BadPhoto(ValueError):
    """The upload is not accepted as a photo; `sentence` says why."""

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
        """Digest of the stored file, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def clean(name: str, file: IO[bytes], size: int) -> Photo:
    """Turn an upload into a safe photo, of at most 10 MB and 25 megapixels; raises BadPhoto."""
    if size > MOST_BYTES:
        raise BadPhoto(_("%(name)s is larger than 10 MB.") % {"name": name})
    raw = file.read(MOST_BYTES + 1)
    if not raw:
        raise BadPhoto(_("%(name)s is empty.") % {"name": name})
    if _mime_type(raw) not in ENDINGS:
        raise BadPhoto(_("%(name)s is not a JPEG, PNG or WebP picture.") % {"name": name})
    return _encoded_again(name, raw)


def _mime_type(raw: bytes) -> str:
    try:
        return puremagic.from_string(raw[:4096], mime=True)
    except puremagic.PureError:
        return ""


def _encoded_again(name: str, raw: bytes) -> Photo:
    try:
        kind, plain = _decoded(name, raw)
        out = io.BytesIO()
        plain.save(out, kind, quality=88)
    except BadPhoto:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise BadPhoto(_too_large(name)) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadPhoto(_("%(name)s is damaged and can not be opened.") % {"name": name}) from error
    return Photo(name[-200:], FORMATS[kind], out.getvalue(), plain.width, plain.height)


def _decoded(name: str, raw: bytes) -> tuple[str, Image.Image]:
    """The format, and the picture upright and without what the camera wrote."""
    with warnings.catch_warnings():
        # Pillow only warns of moderate bombs; a small file must never unpack into gigabytes of memory.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(raw), formats=list(FORMATS)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPhoto(_too_large(name))
            kind = picture.format or ""
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert("RGBA" if kind != "JPEG" and "A" in upright.getbands() else "RGB")
    # Comments, colour profiles and times would be written again from here.
    plain.info.clear()
    return kind, plain


def _too_large(name: str) -> str:
    return _("%(name)s has more than 25 megapixels.") % {"name": name}
