"""Writes down at the start which settings changed since the last one."""

from contextlib import suppress

from pydantic import SecretStr

from feedback.errors import Unavailable
from feedback.model.audit import Action, AuditEntry
from feedback.settings import Settings
from feedback.store import Store


async def note_settings(store: Store, settings: Settings) -> None:
    """Write down the settings that are not the default where they differ from those of the last start.

    Of a secret only that it is set. Starting goes on while the database cannot be written.
    """
    set_to = {name: _shown(getattr(settings, name)) for name in sorted(settings.model_fields_set)}
    with suppress(Unavailable):
        await store.audit_news(AuditEntry.by_service(Action.SETTINGS_CHANGED, **set_to))


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set"
    if value is None:
        return "off"
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
