"""What webhooks and Slack are told: ids and counts, never words; signed as Standard Webhooks asks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any, Final

from feedback.model import Feedback, Useful
from feedback.words import Translate

_PREFIX: Final = "whsec_"
# Ids in one message; those beyond are counted, and the API lists them.
MAX_IDS: Final = 200


def new_signing_secret() -> str:
    """A secret of 256 bits that the receiver needs to check signatures."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def message(items: list[Feedback], count: int, since: int, until: int) -> dict[str, Any]:
    """What came in between two times (epoch milliseconds): how much, and which ids."""
    return {
        "type": "feedback.received",
        "timestamp": _iso(until),
        "data": {
            "since": _iso(since),
            "until": _iso(until),
            "count": count,
            "ids": [item.id for item in items[:MAX_IDS]],
        },
    }


def slack_message(items: list[Feedback], count: int, t: Translate) -> dict[str, Any]:
    """The same for people in a channel, in counts alone."""
    no = sum(item.useful is Useful.NO for item in items)
    pages = len({(item.site, item.path) for item in items})
    return {"text": t("slack.received", n=count, pages=pages, no=no)}


def encode(payload: dict[str, Any]) -> bytes:
    """A message as it is signed and sent."""
    return json.dumps(payload, separators=(",", ":"), sort_keys=True).encode("ascii")


def signed_headers(secret: str, key: str, moment: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that a message is ours and new; `moment` in epoch seconds."""
    signed = f"{key}.{moment}.".encode("ascii") + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(_PREFIX)), signed, hashlib.sha256).digest()
    return {
        "webhook-id": key,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode('ascii')}",
    }


def _iso(milliseconds: int) -> str:
    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
