"""Files too large for memory, on their way to the disk; a disk that takes no more is said in one line of the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParserError

log = logging.getLogger(__name__)


class OnDisk(TemporaryFileUploadHandler):
    """Django's handler, but an error of the disk refuses the request and is no fault with a traceback."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Make the temporary file."""
        with _refused():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a part of the body."""
        with _refused():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Hand the file over; what was still in memory is written only now."""
        with _refused():
            return super().file_complete(file_size)


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.error("an upload could not be stored: %s", error)
        # The one error at which Django forgets the half-read body and answers 400.
        raise MultiPartParserError(str(error)) from error
