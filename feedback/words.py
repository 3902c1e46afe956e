"""The sentences of every page and error, one JSON file a language under `locale/`."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from feedback.errors import StartError

# Key of a sentence, then its values by name; gives the sentence.
Translate = Callable[..., str]

# Counts that languages word in their own way; Welsh says "2 rif" but "3 rhif".
_COUNT_FORMS: Final = MappingProxyType({1: "one", 2: "two"})


class Words:
    """All sentences in all configured languages; the first language stands in where one is missing."""

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(languages)
        folder = files("feedback") / "locale"
        known = sorted(entry.name.removesuffix(".json") for entry in folder.iterdir())
        for language in self.languages:
            if language not in known:
                raise StartError(f"FEEDBACK_LANGUAGES may name these languages: {', '.join(known)}.")
        self._sentences: dict[str, Mapping[str, str | Mapping[str, str]]] = {
            language: json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
            for language in self.languages
        }

    def language(self, *wanted: str | None) -> str:
        """The first wanted tag (or item of Accept-Language) that is spoken here, else the first language."""
        for tags in wanted:
            for tag in (tags or "").split(","):
                primary = tag.partition(";")[0].partition("-")[0].strip().lower()
                if primary in self.languages:
                    return primary
        return self.languages[0]

    def translate(self, language: str) -> Translate:
        """The function that templates call as `t("key", name=value)`."""
        return partial(self.say, language)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences[self.languages[0]]

    def say(self, language: str, key: str, /, **values: str | int) -> str:
        """One sentence; a sentence about a count `n` takes the form that the language has for it."""
        sentence = self._sentences[language].get(key) or self._sentences[self.languages[0]][key]
        if not isinstance(sentence, str):
            form = _COUNT_FORMS.get(int(values["n"]), "other")
            sentence = sentence.get(form) or sentence["other"]
        return sentence.format(**values) if values else sentence
