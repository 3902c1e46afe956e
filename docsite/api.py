"""The reference of docs/api.md, from the description of the API that the service itself answers."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from starlette.routing import Route

from feedback.app import create_app
from feedback.openapi.document import document
from feedback.review.guard import declared_role, needs_all_sites

# A part of the description: an object of JSON.
Json = dict[str, Any]

SERVER: Final = "https://feedback.example.gov.uk"
# Any request may be refused by these, and one that needs a token by those; the page says so once.
_ALWAYS: Final = {"400", "421", "503"}
_ADMIN: Final = {"401", "403"}
_SCHEMA: Final = "#/components/schemas/"


def reference() -> str:
    """Every operation under the heading of its side, then what the named objects hold."""
    whole = document(SERVER)
    roles = _roles()
    lines: list[str] = []
    for tag in whole["tags"]:
        lines += [f"## {tag['name'].capitalize()}", "", tag["description"], ""]
        for path, methods in whole["paths"].items():
            for method, operation in methods.items():
                if method != "parameters" and tag["name"] in operation["tags"]:
                    lines += _operation(f"{method.upper()} {path}", operation, roles)
    lines += ["## Objects", ""]
    for name, schema in whole["components"]["schemas"].items():
        lines += _object(name, schema)
    return "\n".join(lines)


def _roles() -> dict[str, str]:
    """What a token needs, by method and path."""
    return {
        f"{method} {route.path}": f"{declared_role(route)}{', of all websites' * needs_all_sites(route)}"
        for route in create_app().routes
        if isinstance(route, Route) and route.path.startswith("/admin/api/")
        for method in route.methods or ()
    }


def _operation(name: str, operation: Json, roles: dict[str, str]) -> Iterator[str]:
    yield f"### `{name}`"
    yield ""
    yield f"{operation['summary']}." + (f" Role: {roles[name]}." if name in roles else "")
    yield ""
    if "description" in operation:
        yield from (operation["description"], "")
    yield from _table("in the query", [(one["name"], one) for one in operation.get("parameters", ())])
    if "requestBody" in operation:
        content: Json = operation["requestBody"]["content"]
        schema = next(iter(content.values()))["schema"]
        named = f": {_kind(schema)}" if "$ref" in schema else ""
        yield from (f"Body, as `{'` or `'.join(content)}`{named}", "")
        yield from _fields(schema)
    for status, answer in operation["responses"].items():
        if status < "400":
            yield f"* `{status}`: {_answer(answer)}"
    shared = _ALWAYS | _ADMIN if name in roles else _ALWAYS
    refusals = [status for status in operation["responses"] if status >= "400" and status not in shared]
    if refusals:
        yield f"* refused: `{'`, `'.join(refusals)}`"
    yield ""


def _answer(answer: Json) -> str:
    kinds = [f"`{kind}`{_held(body['schema'])}" for kind, body in answer.get("content", {}).items()]
    return "; ".join((answer["description"], *kinds))


def _held(schema: Json) -> str:
    """What an answer holds: the name of an object, or the fields of one that has no name."""
    if "$ref" in schema:
        return f", {_kind(schema)}"
    fields = [f"`{name}` ({_kind(field)})" for name, field in schema.get("properties", {}).items()]
    return f" with {', '.join(fields)}" if fields else ""


def _object(name: str, schema: Json) -> Iterator[str]:
    yield f"### {name} object"
    yield ""
    if "description" in schema:
        yield from (f"{schema['description'].rstrip('.')}.", "")
    if "properties" not in schema:
        yield from (_kind(schema), "")
    for part in schema.get("allOf", ()):
        yield from (f"All of {_kind(part)}, and:", "")
    yield from _fields(schema)


def _fields(schema: Json) -> Iterator[str]:
    required = schema.get("required", ())
    fields = schema.get("properties", {})
    yield from _table(
        "field",
        [(name, {"schema": field, "required": name in required, **field}) for name, field in fields.items()],
    )


def _table(title: str, rows: Iterable[tuple[str, Json]]) -> Iterator[str]:
    """Names with what they are and what is said of them; nothing where there are none."""
    if not rows:
        return
    yield f"| {title} | is | |"
    yield "|---|---|---|"
    for name, row in rows:
        notes = ["required" if row.get("required") is True else "", row.get("description", "")]
        yield f"| `{name}` | {_kind(row['schema'])} | {', '.join(filter(None, notes))} |"
    yield ""


def _kind(schema: Json) -> str:
    """What a value is, in one line."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SCHEMA)
        return f"[{name}](#{name.lower()}-object)"
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join("null" if value is None else f"`{value}`" for value in schema["enum"])
    kinds = schema.get("type", "object")
    names = [kinds] if isinstance(kinds, str) else kinds
    said = " or ".join(f"list of {_kind(schema['items'])}" if name == "array" else name for name in names)
    return said + _bounds(schema)


def _bounds(schema: Json) -> str:
    """How much of it there may be, and what it is where it is not given."""
    least, most = schema.get("minimum"), schema.get("maximum")
    said = {
        f", {least} to {most}": least is not None and most is not None,
        f", at least {least}": least is not None and most is None,
        f", up to {schema.get('maxLength')} characters": schema.get("maxLength"),
        ", empty": schema.get("maxLength") == 0,
        f", up to {schema.get('maxItems')}": "maxItems" in schema,
        f" ({schema.get('format')})": "format" in schema,
        f", else {schema.get('default')}": "default" in schema,
    }
    return "".join(text for text, holds in said.items() if holds)
