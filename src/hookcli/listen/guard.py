"""Who may send, and whether an unsigned or badly signed delivery is taken."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from hookcli.errors import WrongInput, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hookcli.delivery import Headers, Verdict
    from hookcli.providers.spec import Provider

UNAUTHORIZED, FORBIDDEN = 401, 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The status that a delivery is refused with, and why."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What a delivery must be to be taken; a refused one is stored all the same, with what was answered.

    `networks` are where it may come from (anywhere if there are none); `proxies` is how many proxies of one's own stand
    before the listener, each of which has added an address to X-Forwarded-For.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    proxies: int = 0
    require_valid: bool = False

    def sender(self, headers: Headers, remote: str) -> str:
        """The address of the sender: what the outermost proxy of one's own saw, else the connection's."""
        if not self.proxies:
            return remote
        seen = [part.strip() for value in headers.get_all("x-forwarded-for") for part in value.split(",")]
        return seen[-self.proxies] if len(seen) >= self.proxies else remote

    def refusal(self, sender: str, verdict: Verdict) -> Refusal | None:
        """Why the delivery is not taken; None where it is."""
        if self.networks and not self._allows(sender):
            return Refusal(status=FORBIDDEN, reason=f"refused, it came from {sender}")
        if self.require_valid and verdict.state != "valid":
            return Refusal(status=UNAUTHORIZED, reason=f"refused, {verdict.state}")
        return None

    def _allows(self, sender: str) -> bool:
        try:
            address: IPv4Address | IPv6Address = ip_address(sender.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)


def networks(words: Iterable[str], known: Mapping[str, Provider]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that some words mean: a provider's own, an address, or a network in CIDR form.

    Raises WrongInput for a word that is none of these, and for a provider whose networks are not known.
    """
    return tuple(network for word in words for network in _networks(word, known))


def _networks(word: str, known: Mapping[str, Provider]) -> list[IPv4Network | IPv6Network]:
    provider = known.get(word.lower())
    if provider is not None:
        if not provider.networks:
            what = f"The networks that {provider.title} sends from are not declared."
            raise WrongInput(what, "Name them as CIDR, as in --allow-from 192.0.2.0/24.")
        return [ip_network(one) for one in provider.networks]
    try:
        return [ip_network(word, strict=False)]
    except ValueError:
        what = f"{word!r} is neither a provider nor an address or network."
        told = "Write it like coding, 192.0.2.7 or 192.0.2.0/24."
        raise WrongInput(what, did_you_mean(word, (one.id for one in known.values() if one.networks)) or told) from None
