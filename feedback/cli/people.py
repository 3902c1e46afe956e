"""`feedback user` and `feedback token`: who may come in, for operators with a shell."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from feedback.cli.deleting import open_store
from feedback.cli.filters import sentences
from feedback.errors import Invalid, StartError
from feedback.model import Role
from feedback.model.access import Account
from feedback.model.audit import AuditEntry
from feedback.review.people import (
    add_person,
    disable_person,
    forget_person,
    make_link,
    named_sites,
    parse_email,
    parse_profile,
)
from feedback.review.tokens import add_token, parse_token, revoke_token
from feedback.settings import load_settings
from feedback.store import Store

users = typer.Typer(
    help="People of the web team.",
    epilog="Example: feedback user add ann@example.gov.uk --name Ann",
    no_args_is_help=True,
    add_completion=False,
)
tokens = typer.Typer(
    help="Tokens for scripts.",
    epilog="Example: feedback token add Report",
    no_args_is_help=True,
    add_completion=False,
)

_PEOPLE_PAGE = "/admin/people"
_TOKENS_PAGE = "/admin/tokens"

RoleOption = Annotated[Role, typer.Option(help="What they may do.")]
SiteOption = Annotated[
    list[str] | None,
    typer.Option("--site", help="Only this website; may be repeated.", show_default="all websites"),
]


@users.command("add", epilog="Example: feedback user add ann@example.gov.uk --name Ann --role admin")
def add_user(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in by.", show_default=False)],
    name: Annotated[str, typer.Option(help="As others on the team see it.", show_default=False)],
    role: RoleOption = Role.REVIEWER,
    site: SiteOption = None,
) -> None:
    """Add somebody; prints the one-time link by which they set their password within seven days."""
    fields: dict[str, object] = {"email": email, "name": name, "role": role, "sites": site or None}
    asyncio.run(_add_user(fields))


@users.command("list", epilog="Example: feedback user list")
def list_users() -> None:
    """Say who there is: address, role, websites, name."""
    asyncio.run(_list_users())


@users.command("disable", epilog="Example: feedback user disable ann@example.gov.uk")
def disable_user(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in by.", show_default=False)],
) -> None:
    """Let somebody in no more; they are signed out at once, and what they did stays."""
    asyncio.run(_disable_user(email))


@users.command("forget", epilog="Example: feedback user forget ann@example.gov.uk --yes")
def forget_user(
    *,
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in by.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say who would go.")] = False,
) -> None:
    """Delete somebody's account, name and address; what they did stays in the audit log by their id."""
    asyncio.run(_forget_user(email, yes=yes))


@tokens.command("add", epilog="Example: feedback token add Report --role viewer --expires 2027-01-31")
def add_token_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.", show_default=False)],
    role: RoleOption = Role.VIEWER,
    site: SiteOption = None,
    expires: Annotated[
        str | None, typer.Option(help="The last day on which it works.", show_default="never")
    ] = None,
) -> None:
    """Make a token and print it, this once."""
    fields: dict[str, object] = {"name": name, "role": role, "sites": site or None, "expires_at": expires}
    asyncio.run(_add_token(fields))


@tokens.command("list", epilog="Example: feedback token list")
def list_tokens() -> None:
    """Say which there are: id, role, websites, last day, last use, name."""
    asyncio.run(_list_tokens())


@tokens.command("revoke", epilog="Example: feedback token revoke 0123456789abcdef")
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="As `list` says it.", show_default=False)],
) -> None:
    """Let a token in no more."""
    asyncio.run(_revoke(key))


async def _add_user(fields: Mapping[str, object]) -> None:
    async with open_store(_PEOPLE_PAGE) as store:
        try:
            profile = parse_profile(fields)
            account = await add_person(store, parse_email(fields), profile, AuditEntry.by_command)
        except Invalid as problem:
            raise _refused(problem, name="--name") from None
        link = await make_link(store, load_settings().public_url, account, AuditEntry.by_command)
    typer.echo(f"Added {account.email}. The link works once, within seven days:\n{link}")


async def _list_users() -> None:
    async with open_store(_PEOPLE_PAGE) as store:
        for account in await store.people.all():
            disabled = " (disabled)" if account.disabled_at else ""
            typer.echo(
                f"{account.email}  {account.role}  {named_sites(account.scope)}  {account.name}{disabled}"
            )


async def _disable_user(email: str) -> None:
    async with open_store(_PEOPLE_PAGE) as store:
        account = await _account(store, email)
        await disable_person(store, account, "", AuditEntry.by_command)
    typer.echo(f"Disabled {account.email}.")


async def _forget_user(email: str, *, yes: bool) -> None:
    async with open_store(_PEOPLE_PAGE) as store:
        account = await _account(store, email)
        if yes:
            await forget_person(store, account, "", AuditEntry.by_command)
    done = f"Deleted; the audit log knows them as {account.id} only."
    typer.echo(done if yes else f"{account.email} would go; add --yes to delete.")


async def _add_token(fields: Mapping[str, object]) -> None:
    async with open_store(_TOKENS_PAGE) as store:
        try:
            _, text = await add_token(store, parse_token(fields), AuditEntry.by_command)
        except Invalid as problem:
            raise _refused(problem, name="NAME") from None
    typer.echo(text)


async def _list_tokens() -> None:
    async with open_store(_TOKENS_PAGE) as store:
        for token in await store.tokens.all():
            last = f"until {token.last_day}" if token.last_day else "for ever"
            used = f"used {token.used:%Y-%m-%d}" if token.used else "unused"
            typer.echo(f"{token.id}  {token.role}  {named_sites(token.scope)}  {last}  {used}  {token.name}")


async def _revoke(key: str) -> None:
    async with open_store(_TOKENS_PAGE) as store:
        if not await revoke_token(store, key, AuditEntry.by_command):
            raise StartError("There is no token of this id; `feedback token list` names them.")
    typer.echo("Revoked.")


async def _account(store: Store, email: str) -> Account:
    account = await store.people.find_by_email(email)
    if account is None:
        raise StartError("Nobody has this address; `feedback user list` names everybody.")
    return account


def _refused(problem: Invalid, name: str) -> StartError:
    """The rules that fields break, in the names of arguments and options; `name` is that of the name."""
    names = {"email": "EMAIL", "name": name, "sites": "--site", "expires_at": "--expires"}
    return StartError(sentences(problem, names))
