"""Carriers' messages are stored with one statement and acknowledged; a sweep parses them later."""

import hashlib
from datetime import datetime
from enum import Enum

from django.db import connection

from logistics.carriers.base import Account, Verified


class Stored(Enum):
    """What became of a message that was to be stored."""

    NEW = "new"
    KNOWN = "known"
    OTHER_BODY = "other body"
    STALE = "stale"


def store(account: Account, message: Verified, at: datetime) -> Stored:
    """Store a message unless its number is known; a known number with another body is told apart from a replay.

    One that signs a time which is not about now is taken as a repeat of what is here, and as nothing else: sources
    repeat what they heard no answer to for hours, and sign the first time.
    """
    digest = hashlib.blake2b(message.raw, digest_size=16).hexdigest()
    key = (account.source, account.name, message.event_id)
    is_late = not message.is_about(at)
    with connection.cursor() as cursor:
        if not is_late:
            cursor.execute(INSERT, (*key, digest, message.raw, at))
            if cursor.rowcount:
                return Stored.NEW
        cursor.execute(DIGEST, key)
        known = cursor.fetchone()
    if known == (digest,):
        return Stored.KNOWN
    return Stored.STALE if is_late else Stored.OTHER_BODY


# Plain SQL, because acknowledging a message is measured against a bare INSERT (docs/performance.md).
# ON CONFLICT settles two deliveries at the same moment, which a look-up before the INSERT would not.
INSERT = """
INSERT INTO logistics_carriermessage (source, account, event_id, digest, raw, received_at, tries, last_error, again_by)
VALUES (%s, %s, %s, %s, %s, %s, 0, '', '') ON CONFLICT (source, account, event_id) DO NOTHING
"""
DIGEST = "SELECT digest FROM logistics_carriermessage WHERE source = %s AND account = %s AND event_id = %s"
