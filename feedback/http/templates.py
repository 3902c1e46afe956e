"""Renders the pages: strict templates, everything escaped, the sentences in the page's language."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feedback.words import Words


class Templates:
    """The templates and the words they speak."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.environment = Environment(
            loader=PackageLoader("feedback", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        request: Request[Any],
        name: str,
        values: Mapping[str, object],
        *,
        lang: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Render the template `name` as an answer, in `lang` or the language the browser asks for."""
        language = lang or self.language(request)
        html = self.environment.get_template(name).render(
            lang=language,
            t=self.words.translate(language),
            others={
                tag: self.words.say(tag, "visitor.language")
                for tag in self.words.languages
                if tag != language
            },
            root=request.scope.get("root_path", ""),
            **values,
        )
        return HTMLResponse(
            html, status, {"Content-Language": language, "Vary": "Accept, Accept-Language", **(headers or {})}
        )

    def language(self, request: Request[Any]) -> str:
        """The language of the page: `?lang=`, else what the browser prefers."""
        return self.words.language(request.query_params.get("lang"), request.headers.get("accept-language"))
