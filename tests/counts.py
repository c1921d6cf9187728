"""How often what can be repeated at will is repeated: a sample in `make test`, the whole count in `make long`."""

import os
import zlib

LONG = os.environ.get("LONG") == "1"


def of(*, sample, long):
    """The count, or the list, of this run."""
    return long if LONG else sample


def shared_out(items, name):
    """All of them in `make long`; else one, which is always the same for a name and differs from name to name."""
    items = list(items)
    return of(sample=items[zlib.crc32(name.encode()) % len(items) :][:1], long=items)
