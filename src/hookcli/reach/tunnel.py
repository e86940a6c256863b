"""What every way of being reached gives: an open tunnel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A public address whose requests arrive at the listener, and who provides it."""

    public_url: str
    provider: str
