"""`hookcli explain`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hookcli.cli.checking import Checked, checked, checking_options, given_secrets
from hookcli.cli.options import SPAN, json_option, store_option
from hookcli.examine import explain_verdict
from hookcli.formats.record import verdict_record
from hookcli.render.explanation import in_full, signed_bytes, stale
from hookcli.render.terminal import output
from hookcli.signing.explain import SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.signing.explain import Explanation


@click.command("explain")
@click.argument("names", metavar="FILE|ID...", nargs=-1, required=True)
@checking_options
@click.option(
    "--time",
    "seconds",
    type=SPAN,
    default=SECONDS,
    show_default="0.8s",
    help="How long to search; more for long bodies.",
)
@click.option("--show-bytes", is_flag=True, help="Show the bytes that the signature speaks for, first and last.")
@json_option
@store_option
def command(
    names: Sequence[str],
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    provider: str | None,
    url: str | None,
    seconds: float,
    show_bytes: bool,
    as_json: bool,
    store: Path | None,
) -> int:
    """Find out why a signature does not hold, and what to do about it. Exits with 1 unless it holds.

    It tries the mistakes that people make with the secret, the body, the URL and the scheme, singly and in pairs, and
    names one only where it makes the signature come true.

    \b
    Examples:
      hookcli explain last --secret S
      hookcli explain delivery.http --secret-file secrets.txt --show-bytes
    """
    secrets = given_secrets(secret_texts, secret_files)
    out, good = output(), True
    for one in checked(names, secrets, provider=provider, url=url, store=store):
        good = good and one.verdict.state == "valid"
        asked = one.can_be_explained(secrets)
        found = None
        if asked or show_bytes:
            found = explain_verdict(one.parcel.message, one.provider, secrets, url=url, seconds=seconds)
        if as_json:
            out.write(json.dumps(_record(one, found if asked else None)) + "\n")
            continue
        out.lines([one.line])
        if found and asked:
            out.lines(in_full(found, out.width))
        elif one.verdict.state == "stale":
            out.lines(stale(out.width))
        if found and show_bytes and found.signed is not None:
            out.lines(signed_bytes(found.signed))
    return 0 if good else 1


def _record(one: Checked, found: Explanation | None) -> dict[str, Any]:
    record = {"name": one.parcel.label, "provider": one.provider.id, "verdict": verdict_record(one.verdict)}
    if found is None:
        return record
    fields = {name: value for name, value in asdict(found).items() if name in {"received", "expected", "complete"}}
    return {**record, "mistakes": [mistake._asdict() for mistake in found.mistakes], **fields}
