"""One table of settings: name, default, help; a bad value stops the start with one sentence."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from feedback.errors import StartError
from feedback.sso_settings import SsoSettings


def _database_url(value: SecretStr) -> SecretStr:
    # A colon begins SQLite's names for databases that are no files.
    if not re.match(r"sqlite:///[^:]|postgresql://.", value.get_secret_value()):
        raise ValueError("must be sqlite:///PATH or postgresql://USER@HOST/NAME")
    return value


def _audit_days(value: int) -> int:
    if 0 < value < _MIN_AUDIT_DAYS:
        raise ValueError(f"must be 0 for never or at least {_MIN_AUDIT_DAYS}")
    return value


def _public_url(value: str) -> str:
    if not re.fullmatch(
        r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?", value
    ):
        raise ValueError("must be an http or https address such as https://feedback.example.gov.uk")
    return value.rstrip("/")


def _widget_path(value: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+\.js", value) or value.startswith("/admin/"):
        raise ValueError("must be a path such as /assets/page.js that ends in .js and is not under /admin/")
    return value


def _comma_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
    return value


def _phrases(value: object) -> object:
    if not isinstance(value, str):
        return value
    lines = [line for line in value.splitlines() if not line.startswith("#")]
    return _comma_list(",".join(lines))


def _procedure(value: str) -> str:
    if len(value) > _MAX_PROCEDURE:
        raise ValueError(f"must be {_MAX_PROCEDURE} characters or fewer")
    return value


def _not_empty(value: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if value == ():
        raise ValueError("must name at least one")
    return value


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text or not text.isascii() or any(character.isspace() for character in text):
        raise ValueError("must be a token of plain characters without spaces")
    # Who has it reads everything, and nothing but its length stands in the way of guessing.
    if len(text) < _MIN_TOKEN:
        raise ValueError(f"must have at least {_MIN_TOKEN} characters; `openssl rand -hex 24` makes one")
    return value


def _smtp_url(value: SecretStr) -> SecretStr:
    if not re.fullmatch(
        r"(smtps|smtp|smtp\+plain)://([^\s:@/]+(:[^\s:@/]+)?@)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?/?",
        value.get_secret_value(),
    ):
        raise ValueError("must be smtp://USER:PASSWORD@HOST:PORT or smtps://... or smtp+plain://HOST")
    return value


def _mail_address(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value):
        raise ValueError("must be an e-mail address such as feedback@example.gov.uk")
    return value


def _hosts(value: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if any(not re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", host) for host in value or ()):
        raise ValueError("must be names of hosts without scheme or port such as feedback.example.gov.uk")
    return value and tuple(host.lower() for host in value)


_MIN_TOKEN: Final = 20  # characters
_MIN_AUDIT_DAYS: Final = 180  # what the National Cyber Security Centre asks for: six months
_MAX_PROCEDURE: Final = 2_000  # characters
_KUBERNETES: Final = re.compile(r"FEEDBACK_(SERVICE_HOST|SERVICE_PORT|PORT)(_|\Z)")


def _rate(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    found = re.fullmatch(r"([1-9]\d{0,8})/(second|minute|hour|day)", value.strip().lower())
    if not found:
        raise ValueError("must be a number by second or minute or hour or day such as 5/minute; or off")
    return parse(found[0])


def _rate_store(value: SecretStr) -> SecretStr:
    if not re.match(r"rediss?://.", value.get_secret_value()):
        raise ValueError("must be redis://HOST:PORT/NUMBER or rediss://...")
    return value


_RATE: Final = BeforeValidator(_rate)

# NoDecode: the text is a plain comma-separated list, not JSON.
_PHRASES = (NoDecode, BeforeValidator(_phrases), AfterValidator(_not_empty))
_LIST = (NoDecode, BeforeValidator(_comma_list), AfterValidator(_not_empty))


class _EnvironmentOrFile(EnvSettingsSource):
    """Reads FEEDBACK_NAME, or the file that FEEDBACK_NAME_FILE names (secrets of containers)."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        value, key, is_complex = super().get_field_value(field, field_name)
        name = f"{self.env_prefix}{field_name}_file".lower()
        path = self.env_vars.get(name)
        if path is None:
            return value, key, is_complex
        if value is not None:
            return _Unread(f"Set {name.upper()} or {name.upper()[:-5]}, not both."), key, is_complex
        try:
            return Path(path).read_text(encoding="utf-8").strip(), key, is_complex
        except (OSError, UnicodeDecodeError):
            return _Unread(f"{name.upper()} must name a readable text file."), key, is_complex


@dataclass(frozen=True, slots=True)
class _Unread:
    """Stands for a value that could not be read, so that it is told of together with all others."""

    sentence: str


class Settings(SsoSettings):
    """The settings of one service, from FEEDBACK_* variables; none is required to try it."""

    # hide_input_in_errors: a mistyped secret must not be printed back.
    model_config = SettingsConfigDict(
        env_prefix="FEEDBACK_", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        default=SecretStr("sqlite:///data/feedback.db"),
        description="where submissions are stored: sqlite:///PATH or postgresql://...",
    )
    sites: Annotated[tuple[str, ...] | None, *_LIST] = Field(
        default=None,
        description="origins whose pages may embed the widget, comma separated, "
        "https://*.example.gov.uk allowed; default: this server's own origin and loopback",
    )
    admin_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        default=None,
        description="an API token with the admin role, for scripts and first set-up",
    )
    scrub_kinds: Annotated[tuple[str, ...] | None, *_LIST] = Field(
        default=None,
        description="kinds to redact, comma separated; UK_NINO and CREDIT_CARD are always on; "
        "default: those that are on by default",
    )
    max_text: Annotated[int, Field(ge=1, le=20_000)] = Field(
        default=1200,
        description="characters in one answer, 1 to 20000",
    )
    retention_days: Annotated[int, Field(ge=0, le=36_500)] = Field(
        default=180,
        description="days after which words are deleted and only counts stay, 0 = never",
    )
    audit_days: Annotated[int, Field(ge=0, le=36_500), AfterValidator(_audit_days)] = Field(
        default=730,
        description="days after which entries of the audit log are deleted, 180 at least, 0 = never",
    )
    languages: Annotated[tuple[str, ...], *_LIST] = Field(
        default=("en", "cy"),
        description="languages of the visitors' pages, the first is the fallback",
    )
    public_url: Annotated[str, AfterValidator(_public_url)] = Field(
        default="http://127.0.0.1:8000",
        description="the address under which visitors reach this server",
    )
    widget_path: Annotated[str, AfterValidator(_widget_path)] = Field(
        default="/widget/v1.js",
        description="another path for the widget's script, where ad blockers know its own",
    )
    urgent_words: Annotated[tuple[str, ...] | None, *_PHRASES] = Field(
        default=None,
        description="phrases that mark a submission as urgent, comma separated or one a line; "
        "default: words of threat, harm and abuse in English and Welsh",
    )
    urgent_procedure: Annotated[str, AfterValidator(_procedure)] | None = Field(
        default=None,
        description="what the team is to do about an urgent submission, shown above each",
    )
    hosts: Annotated[tuple[str, ...] | None, *_LIST, AfterValidator(_hosts)] = Field(
        default=None,
        description="other names under which this server may be asked, comma separated, without port; "
        "the host of FEEDBACK_PUBLIC_URL and loopback always may",
    )
    header_seconds: Annotated[int, Field(ge=1, le=300)] = Field(
        default=10,
        description="seconds in which a client must have sent a request's headers, 1 to 300",
    )
    body_seconds: Annotated[int, Field(ge=1, le=300)] = Field(
        default=10,
        description="seconds in which a client must then have sent the body, 1 to 300",
    )
    rate: Annotated[RateLimitItem | None, _RATE] = Field(
        default=RateLimitItemPerMinute(5),
        description="submissions of one network (IPv4 /24, IPv6 /48), such as 5/minute; off = no limit",
    )
    rate_site: Annotated[RateLimitItem | None, _RATE] = Field(
        default=RateLimitItemPerMinute(600),
        description="submissions about one site, such as 600/minute; off = no limit",
    )
    rate_all: Annotated[RateLimitItem | None, _RATE] = Field(
        default=RateLimitItemPerMinute(6000),
        description="submissions altogether, such as 6000/minute; off = no limit",
    )
    rate_store: Annotated[SecretStr, AfterValidator(_rate_store)] | None = Field(
        default=None,
        description="where several processes count together: redis://HOST:PORT/NUMBER; "
        "default: PostgreSQL where that is the database, else the memory of the one process",
    )
    trusted_proxies: Annotated[tuple[str, ...] | None, *_LIST] = Field(
        default=None,
        description="networks of proxies whose X-Forwarded-For is believed, comma separated, "
        "such as 10.0.0.0/8; never *",
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(
        default=None,
        description="the mail server for digests: smtp://USER:PASSWORD@HOST:PORT with STARTTLS, "
        "smtps:// with TLS from the start, smtp+plain:// without, for a relay on the same machine",
    )
    smtp_from: Annotated[str, AfterValidator(_mail_address)] | None = Field(
        default=None,
        description="the address that digests come from; needed with FEEDBACK_SMTP_URL",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_read(cls, value: object) -> object:
        if isinstance(value, _Unread):
            raise PydanticCustomError("unread", value.sentence)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic names all four
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values given in code, then the environment; no .env file is read behind anyone's back."""
        return init_settings, _EnvironmentOrFile(settings_cls)


def load_settings(**values: object) -> Settings:
    """Read the settings from the environment; `values` win over it.

    Raises StartError with one sentence per wrong setting, which names the setting and never its value.
    """
    settings, sentences = read_settings(**values)
    if settings is None or sentences:
        raise StartError(" ".join(sentences))
    return settings


def read_settings(**values: object) -> tuple[Settings | None, list[str]]:
    """The settings as `load_settings` reads them, None where a value is wrong, and what is wrong."""
    sentences = _unknown_names(os.environ)
    try:
        return Settings(**values), sentences  # type: ignore[arg-type]  # pydantic checks each value
    except ValidationError as error:
        sentences += [
            problem["msg"]
            if problem["type"] == "unread"
            else f"FEEDBACK_{str(problem['loc'][0]).upper()} {_rule(problem['msg'])}."
            for problem in error.errors()
        ]
    return None, list(dict.fromkeys(sentences))


def _unknown_names(names: Iterable[str]) -> list[str]:
    """A misspelt name would leave its default in place, and nobody would notice."""
    known = [f"FEEDBACK_{name.upper()}{end}" for name in Settings.model_fields for end in ("", "_FILE")]
    sentences = []
    for name in sorted(names):
        # Case does not matter to the settings. Kubernetes names a service called "feedback" in this way.
        if not name.upper().startswith("FEEDBACK_") or name.upper() in known or _KUBERNETES.match(name):
            continue
        near = get_close_matches(name.upper(), known, 1, cutoff=0.8)
        sentences.append(f"{name} is not a setting{f'; is {near[0]} meant?' if near else '.'}")
    return sentences


def _rule(message: str) -> str:
    message = message.removeprefix("Value error, ").removeprefix("Input ")
    return message[0].lower() + message[1:].rstrip(".").split(",")[0]
