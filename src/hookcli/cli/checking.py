"""What `verify` and `explain` share: deliveries from the command line, each with its verdict."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.options import F, provider_of, secret_options, secrets_of, store_path, with_configured
from hookcli.cli.sources import Payloads, load
from hookcli.delivery import Delivery, Identity, Verdict
from hookcli.examine import opened, whose
from hookcli.identify import identity_of
from hookcli.reading import Reading
from hookcli.render.delivery import accent, event_text, verdict_line
from hookcli.render.escape import visible
from hookcli.signing.secrets import Secrets
from hookcli.signing.verify import verify
from hookcli.units import parse_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hookcli.providers.spec import Provider
    from hookcli.replay import Parcel


_WHOLE = "Signatures stand in headers: give the whole delivery, as an .http file or hookcli's JSON."


@dataclass(frozen=True, slots=True)
class Checked:
    """A delivery, whose it is, and what its signature says."""

    parcel: Parcel
    provider: Provider
    identity: Identity
    verdict: Verdict

    def can_be_explained(self, secrets: Secrets) -> bool:
        """Whether there is a claim that does not hold under these secrets, or that none of them is fit for."""
        state = self.verdict.state
        return state == "invalid" or (state == "no secret" and bool(secrets.of(self.provider.id)))

    @property
    def line(self) -> Text:
        """All of it on one line."""
        line = Text().append(f"{visible(self.parcel.label)}  ", "dim")
        line.append(self.provider.id, f"bold {accent(self.provider.id)}")
        if self.identity.provider == self.provider.id:
            line.append(f" {visible(event_text(self.identity))}", "bold")
        return line.append("  ").append_text(verdict_line(self.verdict))


def checking_options(function: F) -> F:
    """`--secret`, `--secret-file`, `--provider` and `--url`: what a signature is checked with."""
    for option in (
        click.option("--url", help="The public URL that the provider called, for schemes that sign it."),
        click.option("--provider", metavar="NAME", help="Take it for a delivery of this provider."),
        secret_options,
    ):
        function = option(function)
    return function


def given_secrets(texts: Sequence[str], files: Sequence[Path]) -> Secrets:
    """The secrets of the options, or else of HOOKCLI_SECRET; where they say nothing, those of the configuration."""
    secrets = secrets_of(texts, files)
    known = os.environ.get("HOOKCLI_SECRET")
    return with_configured(Secrets(((None, known),)) if known and not secrets.pairs else secrets)


def checked(
    names: Sequence[str],
    secrets: Secrets,
    *,
    provider: str | None,
    url: str | None,
    store: Path | None,
    at: str | None = None,
    tolerance: float | None = None,
) -> Iterator[Checked]:
    """Each delivery that the names mean, with its verdict; a timestamp is judged `at` a moment, else on arrival."""
    declared = provider_of(provider)
    now = datetime.now(UTC)
    moment = parse_moment(at, now) if at else None
    for parcel in load(names, store_path(store), Payloads(timestamp=time.time(), fix=_WHOLE)):
        reading = Reading(parcel.message)
        sender = whose(reading)
        taken_as = declared or sender
        known = secrets.of(taken_as.id)
        clear = opened(reading, taken_as, known)
        identity = identity_of(clear or reading, sender)
        arrived = parcel.message.received_at if isinstance(parcel.message, Delivery) else now
        verdict = verify(
            reading,
            taken_as.signatures,
            known,
            now=moment or arrived,
            url=url,
            tolerance=tolerance,
            clear=clear,
        )
        yield Checked(parcel, taken_as, identity, verdict)
