"""Secrets that the service gives out: so long and random that a plain hash of them keeps them."""

import secrets
import time
from hashlib import sha256


def new_secret() -> str:
    """256 random bits, as they can stand in an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """What is stored of a secret."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000
