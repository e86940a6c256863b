"""With what secret to sign a delivery anew, and where to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hookcli.errors import WrongInput
from hookcli.providers.registry import provider as declared
from hookcli.providers.registry import providers
from hookcli.signing.secrets import resolve
from hookcli.tui.dialogs.dialog import Dialog, field
from hookcli.wire import Destination

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget


class Signing(NamedTuple):
    """How to sign and where to send: `scheme` is None for what the provider does by default."""

    provider: str
    secret: str
    scheme: str | None
    target: str


class SignDialog(Dialog[Signing]):
    """Asks for provider, secret, scheme and target."""

    heading = "Sign anew and send"
    verb = "Sign and send"

    def __init__(self, provider: str, target: str, secret: str = "") -> None:
        super().__init__()
        self._provider = provider
        self._target = target
        self._secret = secret

    def fields(self) -> Iterator[Widget]:
        """Provider, secret, scheme, target."""
        yield from field("provider", "provider", self._provider, suggest=providers())
        yield from field("target", "to", self._target, placeholder="http://localhost:3000/webhooks")
        yield from field("scheme", "scheme", placeholder="what the provider does by default", optional=True)
        yield from field("secret", "secret", self._secret, secret=True, placeholder="or env:NAME, file:PATH")

    def answer(self) -> Signing:
        """What can be signed with."""
        known = declared(self.value("provider").strip())
        if not self.value("secret"):
            what = "There is no secret to sign with."
            raise WrongInput(what)
        Destination.parse(self.value("target"))
        return Signing(
            known.id, resolve(self.value("secret")), self.value("scheme").strip() or None, self.value("target")
        )
