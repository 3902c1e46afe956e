"""What the service speaks of, frozen and without I/O; what few rooms speak of is imported from its file."""

from feedback.model.figures import (
    Counts,
    DayCounts,
    PageChange,
    PageCounts,
    PageFilters,
    PageOrder,
    ScrubbedPageChange,
    Trend,
    TrendFilters,
)
from feedback.model.filters import ANY_KIND, Cursor, Filters, Page
from feedback.model.people import EVERYTHING, OPERATOR, Person, Role, Scope
from feedback.model.submissions import (
    Feedback,
    Note,
    Receipt,
    Removed,
    Rescrubbed,
    ScrubbedFeedback,
    ScrubbedNote,
    Spam,
    Status,
    Useful,
)

__all__ = [
    "ANY_KIND",
    "EVERYTHING",
    "OPERATOR",
    "Counts",
    "Cursor",
    "DayCounts",
    "Feedback",
    "Filters",
    "Note",
    "Page",
    "PageChange",
    "PageCounts",
    "PageFilters",
    "PageOrder",
    "Person",
    "Receipt",
    "Removed",
    "Rescrubbed",
    "Role",
    "Scope",
    "ScrubbedFeedback",
    "ScrubbedNote",
    "ScrubbedPageChange",
    "Spam",
    "Status",
    "Trend",
    "TrendFilters",
    "Useful",
]
