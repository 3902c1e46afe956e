"""`feedback`: the commands of those who run the service."""

from feedback.cli.commands import main

__all__ = ["main"]
