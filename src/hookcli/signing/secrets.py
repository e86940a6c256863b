"""The secrets that a person gives: one for every provider, or one for this and that.

SECRET             tried for whatever comes
PROVIDER=SECRET    tried for this provider; the part before `=` counts only where it is a provider's id

A SECRET is taken as it stands, or names where it is: env:NAME, file:PATH, keyring:NAME (the extra `keyring`), or
config:NAME, the secrets of that name in the configuration file. A file holds a secret on its first line, unless there
is a key or certificate in it (PEM): then the secret is all of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hookcli.config.effect import in_effect
from hookcli.config.secrets import reference
from hookcli.errors import Environment, WrongInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets with the provider that each is for, None for any; `later` are not looked up until they are needed."""

    pairs: tuple[tuple[str | None, str], ...] = ()
    later: tuple[tuple[str, str], ...] = ()

    def of(self, provider: str) -> list[str]:
        """The secrets to try for a provider, its own first. Raises Environment where none of those can be had."""
        own = [secret for name, secret in self.pairs if name == provider]
        later = Secrets(later=tuple(one for one in self.later if one[0] == provider))
        found = [secret for _, secret in later.at_hand()[0].pairs]
        if later.later and not found:
            resolve(later.later[0][1])
        return own + found + [secret for name, secret in self.pairs if name is None]

    def of_others(self, provider: str) -> list[tuple[str, str]]:
        """The secrets that are for other providers, each with whose it is; those that can't be had are left out."""
        found = self.at_hand()[0].pairs
        return [(name, secret) for name, secret in found if name is not None and name != provider]

    def at_hand(self) -> tuple[Secrets, list[str]]:
        """The same with all of them looked up, and in a sentence each what can't be had and why."""
        pairs, missing = self.pairs, []
        for name, secret in self.later:
            try:
                pairs += ((name, resolve(secret)),)
            except Environment as error:
                missing.append(f"No secret for {name}: {error.what} {error.fix}".strip())
        return Secrets(pairs), missing

    def or_else(self, others: Iterable[tuple[str, str]]) -> Secrets:
        """With others, looked up later, for the providers that these say nothing about; one for any says all."""
        told = {name for name, _ in (*self.pairs, *self.later)}
        return (
            self if None in told else replace(self, later=(*self.later, *(one for one in others if one[0] not in told)))
        )

    def whose(self) -> list[str]:
        """Who the secrets are for, to show: provider ids, and `any provider`."""
        return list(dict.fromkeys(name or "any provider" for name, _ in (*self.pairs, *self.later)))

    def __add__(self, other: Secrets) -> Secrets:
        return Secrets(self.pairs + other.pairs, self.later + other.later)


def parse_secrets(texts: Iterable[str], providers: Collection[str]) -> Secrets:
    """Read SECRET and PROVIDER=SECRET. Raises WrongInput for an empty one, and for a provider's id misspelt."""
    return Secrets(tuple(pair for text in texts for pair in _parse(text, providers)))


def _parse(text: str, providers: Collection[str]) -> list[tuple[str | None, str]]:
    name, equals, secret = text.partition("=")
    if equals and name.lower() in providers:
        if not secret:
            what = f"The secret for {name} is empty."
            raise WrongInput(what, f"Write it as {name}=SECRET.")
        return [(name.lower(), one) for one in resolve_all(secret)]
    if not text:
        what = "The secret is empty."
        raise WrongInput(what, "Leave the option out to check nothing.")
    near = get_close_matches(name.lower(), providers, n=1, cutoff=0.8)
    if equals and secret and near:
        what = f"There is no provider {name!r} to give a secret to."
        raise WrongInput(what, f"Did you mean {near[0]}=...?")
    return [(None, one) for one in resolve_all(text)]


KEYRING_SERVICE = "hookcli"
PEM = "-----BEGIN "
"""What a key or a certificate begins with. Source: RFC 7468, section 2."""


def resolve_all(secret: str) -> list[str]:
    """The secret itself, where a reference is given, and all of those that config:NAME names.

    Raises Environment where it is not there, WrongInput where the configuration file has none of the name.
    """
    kind, _, name = secret.partition(":")
    if kind == "config" and name:
        return [resolve(one) for one in reference(in_effect(), name)]
    return [resolve(secret)]


def resolve(secret: str) -> str:
    """The secret itself, where a reference is given; of several the first. Raises as `resolve_all` does."""
    kind, _, name = secret.partition(":")
    if kind == "config" and name:
        return resolve(reference(in_effect(), name)[0])
    if kind == "env" and name:
        found = os.environ.get(name)
        if not found:
            raise Environment(f"The environment has no {name} to take a secret from.", f"Set it: export {name}=...")
        return found
    if kind == "file" and name:
        return _of_file(Path(name).expanduser())
    if kind == "keyring" and name:
        return _from_keyring(name)
    return secret


def _of_file(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Environment(
            f"The secret in {path} can't be read: {error}.", "It holds the secret on one line."
        ) from error
    secret = text if PEM in text else text.partition("\n")[0].removesuffix("\r")
    if not secret:
        raise Environment(f"The secret file {path} is empty.", "It holds the secret on one line.")
    return secret


def _from_keyring(name: str) -> str:
    try:
        import keyring  # an extra
        import keyring.errors
    except ImportError as error:
        raise Environment("Secrets in the keyring need the extra.", "pip install 'hookcli[keyring]'") from error
    try:
        found = keyring.get_password(KEYRING_SERVICE, name)
    except keyring.errors.KeyringError as error:
        raise Environment(
            f"The keyring can't be read: {error}.", "Unlock it, or give the secret another way."
        ) from error
    if not found:
        fix = f"Put it there: keyring set {KEYRING_SERVICE} {name}"
        raise Environment(f"The keyring has no secret {name} of {KEYRING_SERVICE}.", fix)
    return str(found)


def read_secret_file(path: Path, providers: Collection[str]) -> Secrets:
    """Read a file with a secret a line, in either form; empty lines and lines that begin with # are passed over.

    A file with a key or certificate in it (PEM) is one secret as a whole.
    Raises Environment where it can't be read or has none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        what = f"The secret file {path} can't be read: {error.strerror}."
        raise Environment(what, "It holds one SECRET or PROVIDER=SECRET a line.") from error
    except UnicodeDecodeError as error:
        what = f"The secret file {path} is not text: byte {error.start} is no UTF-8."
        raise Environment(what, "It holds one SECRET or PROVIDER=SECRET a line.") from error
    if PEM in text:
        return Secrets(((None, text),))
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        what = f"The secret file {path} holds no secret."
        raise Environment(what, "It holds one SECRET or PROVIDER=SECRET a line.")
    try:
        return parse_secrets(lines, providers)
    except WrongInput as error:
        what = f"The secret file {path}: {error.what}"
        raise Environment(what, error.fix) from error
