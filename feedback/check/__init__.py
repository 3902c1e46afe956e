"""What the doctor looks at, a file a subject: `feedback check` puts them one after the other."""

from feedback.check.finding import Finding, Level

__all__ = ["Finding", "Level"]
