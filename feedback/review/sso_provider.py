"""The identity provider, by OpenID Connect; the only file that imports authlib."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import httpx2 as httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import StarletteOAuth2App
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from feedback.errors import SsoFailed
from feedback.model.access import Identity

_SECONDS: Final = 5
_CLOCKS_DIFFER: Final = 60  # seconds
# Never `none`, and never a signature that the client's own secret could make.
_SIGNATURES: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)
# What a provider that is away, wrong or lying makes the libraries raise.
_FAULTS: Final = (
    OAuthError,
    JoseError,
    httpx.HTTPError,
    httpx.InvalidURL,
    RuntimeError,
    ValueError,
    KeyError,
    TypeError,
    SsoFailed,
)


@dataclass(frozen=True, slots=True)
class Begun:
    """What a sign-in under way is known by when it comes back."""

    state: str
    nonce: str
    code_verifier: str

    def to_json(self) -> str:
        """As a ticket keeps it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Begun":
        """What `to_json` made."""
        return cls(**json.loads(text))


class Provider:
    """One provider, known by its issuer; everything else it says of itself (OpenID Connect Discovery 1.0)."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str | None, scopes: str, groups_claim: str
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._groups_claim = groups_claim
        self._app = StarletteOAuth2App(
            None,
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": scopes, "code_challenge_method": "S256", "timeout": _SECONDS},
        )

    async def begin(self, redirect_uri: str) -> tuple[str, Begun]:
        """Where to send the browser, and what to keep of it; raises SsoFailed."""
        try:
            await self._metadata()
            begun = await self._app.create_authorization_url(redirect_uri)
        except _FAULTS:
            raise SsoFailed from None
        return begun["url"], Begun(begun["state"], begun["nonce"], begun["code_verifier"])

    async def finish(self, answer: Mapping[str, str], kept: str, redirect_uri: str) -> Identity:
        """Who came back with this answer to what `kept` says of its beginning.

        Raises SsoFailed for any answer that is not wholly right.
        """
        begun = Begun.from_json(kept)
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SsoFailed
        # Where a provider names itself in the answer, it is the one that was asked (RFC 9207).
        if answer.get("iss", self._issuer) != self._issuer or not answer.get("code"):
            raise SsoFailed
        try:
            await self._metadata()
            token = await self._app.fetch_access_token(
                redirect_uri, code=answer["code"], code_verifier=begun.code_verifier
            )
            claims = await self._app.parse_id_token(
                token,
                begun.nonce,
                # authlib alone would take another audience together with our `azp`.
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                CodeIDToken,
                _CLOCKS_DIFFER,
            )
            return self._identity(claims)
        except _FAULTS:
            raise SsoFailed from None

    async def sign_out_url(self, back: str) -> str | None:
        """Where somebody signs out of the provider, too; None where it offers no such thing or is away."""
        try:
            await self._metadata()
            ended = await self._app.create_logout_url(back, client_id=self._client_id)
        except _FAULTS:
            return None
        url: str = ended["url"]
        return url

    async def _metadata(self) -> None:
        """Ask the provider about itself, once, and hold it to what we asked for."""
        metadata = await self._app.load_server_metadata()
        if metadata.get("issuer") != self._issuer:
            metadata.clear()
            raise SsoFailed
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [each for each in offered if each in _SIGNATURES]

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        groups: Any = claims
        for part in self._groups_claim.split("."):
            groups = groups.get(part) if isinstance(groups, Mapping) else None
        email = claims.get("email")
        return Identity(
            subject=f"{self._issuer} {claims['sub']}",
            email=email.lower() if isinstance(email, str) else None,
            email_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or claims.get("preferred_username") or email or ""),
            groups=frozenset(each for each in groups if isinstance(each, str))
            if isinstance(groups, list)
            else frozenset(),
        )
