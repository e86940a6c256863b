"""How a signature may be written otherwise than its scheme has it: in another encoding, by another hash, elsewhere."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, get_args
from urllib.parse import unquote

from hookcli.signing.mistakes import Mistake
from hookcli.signing.public_key import KeyPair, der_of
from hookcli.signing.schemes import Hash, encode, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.signing.schemes import Encoding, Signature

_HASHES: dict[int, Hash] = {16: "md5", 20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
"""The hash that makes a digest of so many bytes."""


LEAST = 16
"""Characters of a signature that was cut off which are enough to know it again."""


_OTHER_PREFIX = re.compile(r"\w{1,8}[=,:](?=.)")


class Candidate(NamedTuple):
    """What a claim may mean: a signature as the scheme would write it, by this hash, and the mistakes that it takes.

    `cut` is only the beginning of one.
    """

    scheme: Signature
    text: str
    mistakes: tuple[Mistake, ...]
    cut: bool = False

    def holds(self, data: bytes, key: bytes) -> bool:
        """Whether this key makes this signature of these bytes."""
        if not self.cut:
            return self.scheme.agrees(self.text, data, key)
        whole = self.scheme.made(data, key)
        return whole is not None and same(encode(whole, self.scheme.encoding)[: len(self.text)], self.text)


def candidates(claim: str, scheme: Signature) -> list[Candidate]:
    """All that a claim may mean, as it should be first."""
    found: dict[tuple[str, str], Candidate] = {}
    for text, elsewhere in _signatures(claim, scheme):
        for signature, otherwise in _read(text, scheme):
            for variant, raw, by in _made_by(scheme, signature):
                whole = Candidate(variant, encode(raw, scheme.encoding), (*elsewhere, *otherwise, *by))
                key = (variant.hash, whole.text)
                if key not in found or len(whole.mistakes) < len(found[key].mistakes):
                    found[key] = whole
    cut = [] if isinstance(scheme, KeyPair) else _cut(claim, scheme)
    return sorted([*found.values(), *cut], key=lambda one: len(one.mistakes))


def _cut(claim: str, scheme: Signature) -> Iterator[Candidate]:
    whole = len(encode(bytes(hashlib.new(scheme.hash).digest_size), scheme.encoding))
    for one in scheme.claims(claim):
        text = one.removeprefix(scheme.prefix)
        if one.startswith(scheme.prefix) and LEAST <= len(text) < whole:
            what = f"a signature that is cut off: {len(text)} of its {whole} characters came"
            fix = "Keep all of it: a header, a column or a variable is too short."
            yield Candidate(scheme, text, (Mistake(what, fix),), cut=True)


def _signatures(claim: str, scheme: Signature) -> Iterator[tuple[str, tuple[Mistake, ...]]]:
    """The texts in a claim that may be signatures, those in their place first."""
    yield from ((one, ()) for one in scheme.claims(claim))
    if scheme.layout == "pairs":
        form = f"{scheme.pair}={scheme.prefix}..."
        for name, value in re.findall(r"(\w+)=([^,;&\s]+)", claim):
            what = f"a signature under `{name}=`, where it should be written {form}"
            if name == scheme.pair:
                what = f"a signature that is not apart from the rest by `{scheme.separator}`"
            yield value, (Mistake(what, f"Write it as {form}, apart from the rest by `{scheme.separator}`."),)
        yield claim, (Mistake(f"a signature alone, where it should be written {form}", f"Write it as {form}."),)
    for one in scheme.claims(claim):
        bare = one.strip().strip("'\"")
        if bare != one.strip():
            yield bare, (Mistake("a signature in quotes", "Write it without them."),)
    if "%" in claim:
        yield unquote(claim), (Mistake("a signature that is percent-encoded", "Write it as it is."),)


def _read(one: str, scheme: Signature) -> Iterator[tuple[bytes, tuple[Mistake, ...]]]:
    """The bytes of a signature, with what is not right about its prefix and its encoding."""
    own = one.startswith(scheme.prefix)
    text, other = one.removeprefix(scheme.prefix), _OTHER_PREFIX.match(one)
    fix = f"Write it as {scheme.prefix}{scheme.encoding}."
    prefix: tuple[Mistake, ...] = ()
    if other and (not own or not scheme.prefix):
        text = one[other.end() :]
        right = f", where {scheme.prefix} belongs" if scheme.prefix else ""
        prefix = (Mistake(f"a signature that begins with {other[0]}{right}", fix),)
    elif not own:
        prefix = (Mistake(f"a signature that does not begin with {scheme.prefix}", fix),)
    for signature, form, exact in _decoded(text):
        if form != scheme.encoding:
            yield signature, (*prefix, Mistake(f"a digest in {form}, where {scheme.encoding} belongs", fix))
        elif exact:
            yield signature, prefix
        else:
            how = "with capital letters" if form == "hex" else "without its padding, or with blanks"
            yield signature, (*prefix, Mistake(f"a digest in {form} {how}", fix))


def _decoded(text: str) -> Iterator[tuple[bytes, Encoding, bool]]:
    """The bytes of a signature, the encoding, and whether it is written just as `encode` writes it."""
    bare = text.strip()
    try:
        signature = bytes.fromhex(bare)
    except ValueError:
        signature = b""
    if signature:
        # No base64 of a digest comes out as so many hex digits by chance.
        yield signature, "hex", text == encode(signature, "hex")
        return
    forms: tuple[tuple[Encoding, str], ...] = (("base64", "+/"), ("base64url", "-_"))
    for form, letters in forms:
        try:
            padded = bare.rstrip("=") + "=" * (-len(bare.rstrip("=")) % 4)
            signature = base64.b64decode(padded, altchars=letters.encode(), validate=True)
        except (ValueError, binascii.Error):
            continue
        if signature:
            yield signature, form, text == encode(signature, form)


def _made_by(scheme: Signature, signature: bytes) -> Iterator[tuple[Signature, bytes, tuple[Mistake, ...]]]:
    """The scheme with each hash that may have made the signature, and the signature in the form that it checks."""
    if not isinstance(scheme, KeyPair):
        name = _HASHES.get(len(signature))
        if name:
            yield replace(scheme, hash=name), signature, () if name == scheme.hash else (_other(name, scheme.hash),)
        return
    yield scheme, signature, ()
    if scheme.algorithm == "ed25519":
        return
    for name in get_args(Hash):
        if name not in {scheme.hash, "md5"}:
            yield replace(scheme, hash=name), signature, (_other(name, scheme.hash),)
    raw = der_of(signature) if scheme.algorithm == "ecdsa" else None
    if raw is not None:
        what = "a signature that is r and s alone (IEEE P1363), where DER belongs"
        yield scheme, raw, (Mistake(what, "Write the signature in DER, as openssl does."),)


def _other(used: Hash, declared: Hash) -> Mistake:
    return Mistake(f"the hash {used}, where {declared} belongs", f"Use {declared} on both sides.")
