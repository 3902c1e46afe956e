"""The app in this process, as the tests of the service have it."""

from tests.feedback.conftest import admin, app, client, settings

__all__ = ["admin", "app", "client", "settings"]
