"""The tables of docs/settings.md, from the table of settings in the code."""

from typing import Final

from limits import RateLimitItem
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from feedback.settings import Settings

# What belongs together, and in which order people meet it.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Where it is": ("public_url", "sites", "hosts", "trusted_proxies"),
    "What is kept": ("database_url", "retention_days", "audit_days", "scrub_kinds", "max_text"),
    "What visitors see": ("languages", "widget_path"),
    "How much may come": ("rate", "rate_site", "rate_all", "rate_store", "header_seconds", "body_seconds"),
    "The web team": ("admin_token", "urgent_words", "urgent_procedure", "smtp_url", "smtp_from"),
    "Single sign-on": (
        "sso_issuer",
        "sso_client_id",
        "sso_client_secret",
        "sso_name",
        "sso_scopes",
        "sso_groups",
        "sso_roles",
        "sso_trust_email",
        "sso_header",
    ),
}


def tables(model: type[BaseSettings] = Settings) -> str:
    """A heading and a table for each group: name, default, meaning.

    Raises ValueError for a setting that stands in no group.
    """
    if missing := model.model_fields.keys() - {name for names in GROUPS.values() for name in names}:
        raise ValueError(f"docsite/settings.py has no group for {', '.join(sorted(missing))}")
    parts = []
    for group, names in GROUPS.items():
        rows = [_row(name, model.model_fields[name]) for name in names]
        head = (f"## {group}", "", "| setting | default | meaning |", "|---|---|---|")
        parts.append("\n".join((*head, *rows, "")))
    return "\n".join(parts)


def _row(name: str, field: FieldInfo) -> str:
    meaning, _, default = (field.description or "").partition("; default: ")
    return f"| `FEEDBACK_{name.upper()}` | {default or _default(field.default)} | {meaning} |"


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, RateLimitItem):
        value = f"{value.amount}/{value.GRANULARITY.name}"
    if isinstance(value, tuple):
        value = ",".join(value)
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value or value == 0 else "none"
