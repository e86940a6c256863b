"""A secret to check signatures with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from hookcli.errors import WrongInput
from hookcli.signing.secrets import resolve
from hookcli.tui.dialogs.dialog import Dialog, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget


class SecretDialog(Dialog[str]):
    """Asks for the secret of one provider; it is known until the interface ends, and written nowhere."""

    heading = "The secret to check it with"
    verb = "Explain"

    def __init__(self, provider: str) -> None:
        super().__init__()
        self._provider = provider

    def fields(self) -> Iterator[Widget]:
        """The secret."""
        yield Static(
            f"It is kept for {self._provider} until you quit, and written nowhere.", markup=False, classes="dialog-note"
        )
        yield from field("secret", "secret", secret=True, placeholder="or env:NAME, file:PATH, keyring:NAME")

    def answer(self) -> str:
        """The secret itself."""
        if not self.value("secret"):
            what = "There is no secret yet."
            raise WrongInput(what)
        return resolve(self.value("secret"))
