"""Providers out of the configuration file: `[provider.ID]` with the fields of `hookcli.providers.spec.Provider`.

A field that is left out has the provider's own default; one of the same id as a known provider has that one's, so that
a few lines amend it. A signature names its primitive by `scheme`, and has that one's own fields besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

from hookcli.config.mistakes import PROVIDERS, Mistake, near
from hookcli.config.typed import WRONG, Reader
from hookcli.delivery import Message
from hookcli.providers import sound
from hookcli.providers.spec import Provider
from hookcli.providers.standard_webhooks import V1
from hookcli.reading import Reading
from hookcli.signing.encryption import Encryption, SortedDigest
from hookcli.signing.jws import Jws
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Digest, Hmac, Scheme, Token

if TYPE_CHECKING:
    from collections.abc import Collection

    from hookcli.config.effect import Config
    from hookcli.config.positions import Key
    from hookcli.config.typed import Value

SCHEMES: Mapping[str, tuple[type, Mapping[str, Any]]] = {
    "hmac": (Hmac, {}),
    "digest": (Digest, {}),
    "sorted-digest": (SortedDigest, {}),
    "token": (Token, {}),
    "jws": (Jws, {}),
    "ed25519": (KeyPair, {"algorithm": "ed25519"}),
    "ecdsa": (KeyPair, {"algorithm": "ecdsa"}),
    "rsa": (KeyPair, {"algorithm": "rsa"}),
    "standard-webhooks": (type(V1), {one.name: getattr(V1, one.name) for one in fields(V1) if one.name != "name"}),
}
"""The words for the primitives, each with its class and what it says of its fields."""

COLORS = ("#f6821f", "#00a0dc", "#8a63d2", "#2da44e", "#d63aff", "#e0457b", "#00a99d", "#b58900")

_NO_TABLE = "Write [provider.ID], and below it lines like event = ..."

_NAMES = {
    "Callable": Callable,
    "Encryption": Encryption,
    "Mapping": Mapping,
    "Message": Message,
    "Reading": Reading,
    "Scheme": Scheme,
}


def declared(config: Config, known: Mapping[str, Provider]) -> dict[str, Provider]:
    """The providers of the configuration by id, laid over the known ones. Raises WrongConfig."""
    found, mistakes = read(config.tables, known)
    config.refuse(mistakes)
    return found


def read(
    tables: Mapping[str, Any], known: Mapping[str, Provider], also: Collection[str] = ()
) -> tuple[dict[str, Provider], list[Mistake]]:
    """The providers that can be read, and what is wrong; `also` are ids that are declared elsewhere."""
    listed = tables.get(PROVIDERS, {})
    if not isinstance(listed, dict):
        return {}, [Mistake((PROVIDERS,), "each provider is a table of its own.", _NO_TABLE)]
    checks = sound.checks({*known, *listed, *also})
    reader = Reader(_NAMES, checks, {Scheme: _scheme, Callable[[Reading], Message | None] | None: _code})
    found = {}
    for name, table in listed.items():
        if not isinstance(table, dict):
            reader.wrong((PROVIDERS, name), "this is no table.", _NO_TABLE)
            continue
        provider = _provider(reader, name, table, known.get(name))
        if provider is not None:
            found[name] = provider
    return found, reader.mistakes


def _provider(reader: Reader, name: str, table: Mapping[str, Any], base: Provider | None) -> Provider | None:
    key: Key = (PROVIDERS, name)
    before = len(reader.mistakes)
    color = COLORS[crc32(name.encode()) % len(COLORS)]
    given = {"id": name, "title": name, "docs": "", "color": color, "identify": ()}
    reader.value(str, name, key, sound.checks(()).get(Provider, {}).get("id"))
    arguments = reader.arguments(Provider, table, key, given=given, without=("id",))
    if len(reader.mistakes) > before:
        return None
    provider = replace(base, **arguments) if base else Provider(**{**given, **arguments})
    reader.mistakes += sound.provider_mistakes(provider, key)
    return provider


def _scheme(reader: Reader, value: Value, key: Key) -> Value:
    if not isinstance(value, dict):
        return reader.wrong(key, "this is no table.", 'A signature is a table, as in {scheme = "hmac", at = ...}.')
    words = ", ".join(f'"{word}"' for word in SCHEMES)
    if "scheme" not in value:
        return reader.wrong(key, "scheme is missing.", f"It is one of {words}.")
    word = value["scheme"]
    if not isinstance(word, str) or word not in SCHEMES:
        fix = near(str(word), SCHEMES, f"It is one of {words}.")
        return reader.wrong((*key, "scheme"), f"there is no scheme {word!r}.", fix)
    cls, preset = SCHEMES[word]
    rest = {name: part for name, part in value.items() if name != "scheme"}
    before = len(reader.mistakes)
    given = {"name": word, **preset}
    fixed = tuple(name for name in preset if name == "algorithm")
    arguments = reader.arguments(cls, rest, key, given=given, without=fixed)
    if len(reader.mistakes) > before:
        return WRONG
    scheme: Scheme = cls(**{**given, **arguments})
    reader.mistakes += sound.scheme_mistakes(scheme, key)
    return scheme


def _code(reader: Reader, value: Value, key: Key) -> Value:  # noqa: ARG001 (whatever it is)
    fix = "A package with an entry point hookcli.providers can bring it."
    return reader.wrong(key, "this is code, which a file can't hold.", fix)
