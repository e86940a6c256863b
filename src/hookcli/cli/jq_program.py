"""`--jq`: a program in jq's language over what a delivery is about, its JSON, be it in a form or packed.

It selects and projects at once, as jq itself does: its outputs are printed, one JSON a line, and a delivery that gives
none (`select(...)`, `empty`, no JSON in it) is left out. What it says of one delivery ends nothing for the others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.delivery import to_unicode
from hookcli.errors import Environment, WrongInput
from hookcli.reading import Reading
from hookcli.render.escape import visible
from hookcli.render.terminal import notes

if TYPE_CHECKING:
    from hookcli.delivery import Delivery


class JqProgram:
    """A compiled program. Raises Environment where jq is not installed, WrongInput where the program is wrong."""

    def __init__(self, text: str) -> None:
        try:
            import jq  # an extra
        except ImportError as error:
            raise Environment("Programs in jq need the extra.", "pip install 'hookcli[jq]'") from error
        try:
            self._compiled = jq.compile(to_unicode(text))
        except ValueError as error:
            raise WrongInput(f"The jq program {text!r} is wrong.\n{error}") from error
        self._text = text
        self._said: set[str] = set()

    def outputs(self, delivery: Delivery) -> list[str]:
        """The outputs for a delivery, each as JSON on one line. What goes wrong is told on standard error, once."""
        reading = Reading(delivery)
        payload = reading.payload
        if payload is None:
            return []
        try:
            return self._run(_as_sent(reading) or json.dumps(payload))
        except ValueError as error:
            said = str(error)
            # Half of a surrogate pair is no reason for a delivery not to be there.
            if said.startswith("parse error"):
                try:
                    return self._run(to_unicode(json.dumps(payload, ensure_ascii=False)))
                except ValueError as again:
                    said = str(again)
            self._tell(said, delivery)
            return []

    def _run(self, text: str) -> list[str]:
        printed: str = self._compiled.input_text(text).text()
        return printed.split("\n") if printed else []

    def _tell(self, said: str, delivery: Delivery) -> None:
        if said not in self._said:
            self._said.add(said)
            notes().lines([Text(f"! jq {visible(self._text)}: {visible(said)} (in {delivery.id})", "yellow")])


def _as_sent(reading: Reading) -> str | None:
    """The JSON as it was sent, with its own numbers, where the body is that."""
    if reading.form or not reading.message.body:
        return None
    try:
        return reading.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
