"""The secrets that a person gives: one for every provider, or one for this and that.

SECRET             tried for whatever comes
PROVIDER=SECRET    tried for this provider; the part before `=` counts only where it is a provider's id

A SECRET is taken as it stands, or names where it is: env:NAME, file:PATH, keyring:NAME (the extra `keyring`). A file
holds a secret on its first line, unless there is a key or certificate in it (PEM): then the secret is all of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hookcli.errors import Environment, WrongInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets with the provider that each is for, None for any."""

    pairs: tuple[tuple[str | None, str], ...] = ()

    def of(self, provider: str) -> list[str]:
        """The secrets to try for a provider, its own first."""
        own = [secret for name, secret in self.pairs if name == provider]
        return own + [secret for name, secret in self.pairs if name is None]

    def whose(self) -> list[str]:
        """Who the secrets are for, to show: provider ids, and `any provider`."""
        return list(dict.fromkeys(name or "any provider" for name, _ in self.pairs))

    def __add__(self, other: Secrets) -> Secrets:
        return Secrets(self.pairs + other.pairs)


def parse_secrets(texts: Iterable[str], providers: Collection[str]) -> Secrets:
    """Read SECRET and PROVIDER=SECRET. Raises WrongInput for an empty one, and for a provider's id misspelt."""
    return Secrets(tuple(_parse(text, providers) for text in texts))


def _parse(text: str, providers: Collection[str]) -> tuple[str | None, str]:
    name, equals, secret = text.partition("=")
    if equals and name.lower() in providers:
        if not secret:
            what = f"The secret for {name} is empty."
            raise WrongInput(what, f"Write it as {name}=SECRET.")
        return name.lower(), resolve(secret)
    if not text:
        what = "The secret is empty."
        raise WrongInput(what, "Leave the option out to check nothing.")
    near = get_close_matches(name.lower(), providers, n=1, cutoff=0.8)
    if equals and secret and near:
        what = f"There is no provider {name!r} to give a secret to."
        raise WrongInput(what, f"Did you mean {near[0]}=...?")
    return None, resolve(text)


KEYRING_SERVICE = "hookcli"
PEM = "-----BEGIN "
"""What a key or a certificate begins with. Source: RFC 7468, section 2."""


def resolve(secret: str) -> str:
    """The secret itself, where a reference is given. Raises Environment where it is not there."""
    kind, _, name = secret.partition(":")
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
