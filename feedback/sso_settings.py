"""The settings of single sign-on, a part of the one table."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from feedback.model import Role


def _issuer(value: str) -> str:
    if not re.fullmatch(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d{1,5})?(/[^\s?#]*)?", value):
        raise ValueError("must be an https address such as https://login.example.gov.uk/realms/council")
    return value


def _roles(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = [part.strip().rpartition("=") for part in value.split(",") if part.strip()]
    if any(not group or role.strip() not in list(Role) for group, _, role in pairs):
        raise ValueError("must be groups and roles such as web-team=reviewer,web-leads=admin")
    return {group.strip(): Role(role.strip()) for group, _, role in pairs}


def _header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise ValueError("must be the name of a header such as X-Forwarded-Email")
    return value


def _word(value: str) -> str:
    if not re.fullmatch(r"\S+", value):
        raise ValueError("must be one word without spaces")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("must not be empty")
    return value


def _name(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("must be a name such as the council's account")
    return value


def _scopes(value: str) -> str:
    if "openid" not in value.split():
        raise ValueError("must hold openid, such as openid email profile")
    return value


class SsoSettings(BaseSettings):
    """How people sign in at an identity provider or a proxy; all off by default."""

    sso_issuer: Annotated[str, AfterValidator(_issuer)] | None = Field(
        default=None,
        description="single sign-on by OpenID Connect: the identity provider's issuer, word for word",
    )
    sso_client_id: Annotated[str, AfterValidator(_word)] | None = Field(
        default=None, description="what the provider knows this service by"
    )
    sso_client_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        default=None, description="the secret that goes with it"
    )
    sso_name: Annotated[str, AfterValidator(_name)] = Field(
        default="single sign-on", description="what the sign-in page calls the provider"
    )
    sso_scopes: Annotated[str, AfterValidator(_scopes)] = Field(
        default="openid email profile", description="what the provider is asked to tell, separated by spaces"
    )
    sso_groups: Annotated[str, AfterValidator(_word)] = Field(
        default="groups",
        description="the claim that lists somebody's groups; a dot leads into an object: realm_access.roles",
    )
    sso_roles: Annotated[dict[str, Role], NoDecode, BeforeValidator(_roles)] = Field(
        default={},
        description="which group gives which role, such as web-team=reviewer,web-leads=admin; "
        "with it nobody without such a group comes in, without it only invited people do",
    )
    sso_trust_email: bool = Field(
        default=False,
        description="believe addresses that the provider does not call verified: only where all of its "
        "addresses are given by your own organisation",
    )
    sso_header: Annotated[str, AfterValidator(_header)] | None = Field(
        default=None,
        description="a header in which your proxy names the address of who has signed in there, such as "
        "X-Forwarded-Email; believed from FEEDBACK_TRUSTED_PROXIES alone",
    )
