"""The description of the API (OpenAPI 3.1): a YAML file a side, put together when it is first asked for."""

from feedback.openapi.document import get_openapi

__all__ = ["get_openapi"]
