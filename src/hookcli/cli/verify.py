"""`hookcli verify`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from hookcli.cli.checking import checked, checking_options, given_secrets
from hookcli.cli.options import SPAN, json_option, store_option
from hookcli.examine import explain_verdict
from hookcli.formats.record import verdict_record
from hookcli.render.explanation import in_short
from hookcli.render.terminal import output

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command("verify")
@click.argument("names", metavar="FILE|ID...", nargs=-1, required=True)
@checking_options
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
    secrets = given_secrets(secret_texts, secret_files)
    out, good = output(), True
    for one in checked(names, secrets, provider=provider, url=url, store=store, at=at, tolerance=tolerance):
        good = good and one.verdict.state == "valid"
        if as_json:
            record = {"name": one.parcel.label, "provider": one.provider.id, "verdict": verdict_record(one.verdict)}
            out.write(json.dumps(record) + "\n")
            continue
        out.lines([one.line])
        if one.can_be_explained(secrets):
            found = explain_verdict(one.parcel.message, one.provider, secrets, url=url)
            out.lines(in_short(found, out.width))
    return 0 if good else 1
