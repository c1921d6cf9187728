"""Messages as carriers sign and send them, written apart from the code that checks them."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import urlencode

from django.utils import timezone

from logistics.parcels import tracking
from tests.factories import NOON

NEW, OLD, GONE = "secret in use", "secret before", "secret long gone"
KEY = "17track-key"


def accounts(url, **more):
    """One account of each source, with two live secrets."""
    both = {"secrets": [NEW, OLD], "url": url, "key": "key", "seconds": 0.3}
    return {
        "kuaidi100": {
            "default": {**both, "customer": "CUSTOMER", "callback_url": "https://desk.example.com/x", "pickup_url": url}
        },
        "17track": {"default": {**both, "key": KEY, "secrets": [KEY]}},
        "aftership": {"default": both},
        "sf": {"default": {"url": url, "key": "checkword", "customer": "PARTNER", "seconds": 0.3}},
        "manual": {"default": {"secrets": [NEW, OLD]}},
        **more,
    }


def md5(text):
    """As Kuaidi100 signs."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def kuaidi100(message, secret=NEW):
    """A form of param and sign."""
    param = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    sign = md5(param + secret)
    body = urlencode({"param": param, "sign": sign}).encode()
    return body, "application/x-www-form-urlencoded", {}


def track17(message, secret=KEY):
    body = _bytes(message)
    sign = hashlib.sha256(body + b"/" + secret.encode()).hexdigest()
    return body, "application/json", {"sign": sign}


def aftership(message, secret=NEW):
    body = _bytes(message)
    sign = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return body, "application/json", {"aftership-hmac-sha256": sign}


def manual(message, secret=NEW, ago=timedelta(0)):
    body, sent = _bytes(message), str(int((timezone.now() - ago).timestamp()))
    sign = hmac.new(secret.encode(), sent.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, "application/json", {"x-desk-signature": f"t={sent},v1={sign}"}


def send(client, source, signed, account="default"):
    """Post a signed message to the desk."""
    body, content_type, headers = signed
    return client.post(f"/carriers/{source}/{account}/", body, content_type=content_type, headers=headers)


def push(number, *scans, state="0", status="polling", com="shunfeng"):
    """A push of Kuaidi100; scans are (state in words, local time, text), the newest first as they send it."""
    data = [{"time": at, "ftime": at, "status": word, "context": text} for word, at, text in scans]
    last = {"message": "ok", "nu": number, "com": com, "status": "200", "state": state, "data": data}
    return {"status": status, "message": "", "lastResult": last}


def shipment(number, *checkpoints, event_id="e1", sent=None, **fields):
    """A webhook of AfterShip; checkpoints are (tag, time, text)."""
    told = [{"tag": tag, "checkpoint_time": at, "message": text, "slug": "usps"} for tag, at, text in checkpoints]
    stamp = int((sent or timezone.now()).timestamp())
    return {"ts": stamp, "event_id": event_id, "msg": {"tracking_number": number, "checkpoints": told, **fields}}


def announced(order, waybill="SF1", carrier="SF"):
    """A return that the buyer has handed in."""
    return tracking.announce_return(order, carrier=carrier, waybill=waybill, at=NOON, recorded_by="buyer")


def _bytes(message):
    if isinstance(message, bytes):
        return message
    return (message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)).encode()
