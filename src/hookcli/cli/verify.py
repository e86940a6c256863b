"""`hookcli verify`."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.options import SPAN, json_option, provider_of, secret_options, secrets_of, store_option, store_path
from hookcli.cli.sources import Payloads, load
from hookcli.delivery import Delivery
from hookcli.formats.record import verdict_record
from hookcli.identify import identify
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.render.delivery import accent, event_text, verdict_line
from hookcli.render.escape import visible
from hookcli.render.terminal import output
from hookcli.signing.secrets import Secrets
from hookcli.signing.verify import verify
from hookcli.units import parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command("verify")
@click.argument("names", metavar="FILE|ID...", nargs=-1, required=True)
@secret_options
@click.option("--provider", metavar="NAME", help="Take it for a delivery of this provider.")
@click.option("--url", help="The public URL that the provider called, for schemes that sign it.")
@click.option("--tolerance", type=SPAN, help="How old a signed timestamp may be; else what the provider allows.")
@click.option("--at", metavar="TIME", help="Judge a timestamp as of then; else when the delivery came, for a file now.")
@json_option
@store_option
def command(
    names: Sequence[str],
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    provider: str | None,
    url: str | None,
    tolerance: float | None,
    at: str | None,
    as_json: bool,
    store: Path | None,
) -> int:
    """Check the signature of a delivery: in the store, in a file, or a fixture. Exits with 1 where it does not hold.

    \b
    Examples:
      hookcli verify last --secret "It's a Secret to Everybody"
      hookcli verify delivery.http --secret-file secrets.txt
    """
    declared = provider_of(provider)
    secrets = secrets_of(secret_texts, secret_files)
    if not secrets.pairs and (known := os.environ.get("HOOKCLI_SECRET")):
        secrets = Secrets(((None, known),))
    now = datetime.now(UTC)
    moment = parse_moment(at, now) if at else None
    out, good = output(), True
    for parcel in load(names, store_path(store), Payloads(timestamp=time.time())):
        reading = Reading(parcel.message)
        identity = identify(reading)
        name = declared.id if declared else identity.provider
        arrived = parcel.message.received_at if isinstance(parcel.message, Delivery) else now
        verdict = verify(
            reading,
            providers()[name].signatures,
            secrets.of(name),
            now=moment or arrived,
            url=url,
            tolerance=tolerance,
        )
        good = good and verdict.state == "valid"
        if as_json:
            record = {"name": parcel.label, "provider": name, "verdict": verdict_record(verdict)}
            out.write(json.dumps(record) + "\n")
            continue
        line = Text().append(f"{visible(parcel.label)}  ", "dim")
        line.append(name, f"bold {accent(name)}")
        line.append("" if declared else f" {visible(event_text(identity))}", "bold").append("  ", "default")
        out.lines([line.append_text(verdict_line(verdict))])
    return 0 if good else 1
