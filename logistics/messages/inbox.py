"""What carriers send is kept with one statement and acknowledged; reading it is a sweep's work."""

import hashlib
from datetime import datetime
from enum import Enum

from django.db import connection

from logistics.carriers.base import Account, Verified


class CompiledQuery(Enum):
    """What became of a message at the door."""

    NEW = "new"
    KNOWN = "known"
    OTHER_BODY = "other body"


def keep(account: Account, message: Verified, at: datetime) -> CompiledQuery:
    """Store a message once; its number with other words is refused."""
    digest = hashlib.blake2b(message.raw, digest_size=16).hexdigest()
    name = (account.source, account.name, message.event_id)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, (*name, digest, message.raw, at))
        if cursor.rowcount:
            return CompiledQuery.NEW
        cursor.execute(DIGEST, name)
        (known,) = cursor.fetchone()
    return CompiledQuery.KNOWN if known == digest else CompiledQuery.OTHER_BODY


KEEP = """
INSERT INTO logistics_carriermessage (source, account, event_id, digest, raw, received_at, tries, last_error, again_by)
VALUES (%s, %s, %s, %s, %s, %s, 0, '', '') ON CONFLICT (source, account, event_id) DO NOTHING
"""
DIGEST = "SELECT digest FROM logistics_carriermessage WHERE source = %s AND account = %s AND event_id = %s"
