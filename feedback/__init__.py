"""Page feedback for public bodies, scrubbed of personal numbers before anything is stored or logged."""

__version__ = "0.1.0"
