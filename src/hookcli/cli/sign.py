"""`hookcli sign`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.exclusive import exclusive
from hookcli.cli.hints import say_if_unknown
from hookcli.cli.options import secrets_of, sending_options, with_configured
from hookcli.cli.output import write_bytes
from hookcli.cli.sources import read_bytes
from hookcli.errors import Environment, WrongInput
from hookcli.formats import http_file
from hookcli.formats.known import FORMS
from hookcli.providers.registry import provider as declared
from hookcli.render.delivery import attempt_line
from hookcli.render.terminal import notes, output
from hookcli.replay import good
from hookcli.signing.secrets import Secrets, resolve
from hookcli.signing.sign import Occasion, dressed, new_id, signed
from hookcli.wire import Destination, Manner, attempt

if TYPE_CHECKING:
    from hookcli.delivery import Message
    from hookcli.providers.spec import Provider

DEFAULT_URL = "http://127.0.0.1:8080"
STANDARD_INPUT = "-"
OF_MESSAGE = {form.id: form.of_message for form in FORMS if form.of_message}
"""The forms that a message can be printed in."""
_TRANSPORT = frozenset({"host", "content-length"})
"""Headers that whoever sends the message makes."""


def _moment(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    """Seconds since 1970 that a calendar has a date for."""
    try:
        datetime.fromtimestamp(value or 0.0, UTC)
    except (ValueError, OverflowError, OSError) as error:
        what = f"{value:g} is no moment: write seconds since 1970."
        raise click.BadParameter(what) from error
    return value


@click.command("sign")
@click.argument("file", metavar="[FILE|-]", default=STANDARD_INPUT)
@click.option("--provider", required=True, metavar="NAME", help="Whose headers to make.")
@click.option("--secret", help="The secret to sign with; else HOOKCLI_SECRET, else the configured one.")
@click.option("--secret-file", metavar="FILE|-", help="A file that holds the secret.")
@click.option("--event", help="The event, where the payload does not tell it.")
@click.option("--scheme", metavar="NAME", help="One of the provider's schemes, instead of what it does by default.")
@click.option("--id", "delivery_id", metavar="ID", help="The delivery's id; else a new one.")
@click.option(
    "--timestamp", type=float, callback=_moment, metavar="SECONDS", help="When it is signed, since 1970; else now."
)
@click.option("--url", help="The public URL, for schemes that sign it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["headers", "json", *OF_MESSAGE]),
    default="headers",
    show_default=True,
    help="Header lines, JSON, the whole HTTP message, or a command or script that sends it.",
)
@click.option("--send", metavar="URL", help="Send it there.")
@sending_options
@exclusive("secret", "secret-file")
def command(
    file: str,
    provider: str,
    secret: str | None,
    secret_file: str | None,
    event: str | None,
    scheme: str | None,
    delivery_id: str | None,
    timestamp: float | None,
    url: str | None,
    form: str,
    send: str | None,
    send_timeout: float,
    keep_host: bool,
    insecure: bool,
) -> int:
    """Make the headers that a provider would send for a payload, signed.

    FILE is the payload, or an HTTP message (.http) to sign anew; without it, standard input.

    \b
    Examples:
      hookcli sign --provider github --secret S payload.json
      hookcli sign --provider gitlab --secret env:GITLAB_TOKEN --format curl payload.json
      echo '{"zen": "Keep it simple."}' | hookcli sign --provider github --secret S --send http://localhost:8080
    """
    chosen = declared(provider)
    moment = time.time() if timestamp is None else timestamp
    occasion = Occasion(timestamp=moment, id=delivery_id or new_id(chosen))
    key = _secret(chosen, secret, secret_file, payload=file)
    bare = _message(chosen, _payload(file), event, occasion)
    say_if_unknown(event, chosen)
    message = signed(
        bare,
        chosen.signatures,
        key,
        occasion=occasion,
        delivery_id=occasion.id or "",
        scheme=scheme,
        url=url or send,
    )
    if send:
        to = Destination.parse(send)
        manner = Manner(timeout=send_timeout, keep_host=keep_host, insecure=insecure)
        made = asyncio.run(attempt("replay", message, to, manner))
        output().lines([attempt_line(made)])
        return 0 if good(made) else 1
    _print(message, form, url, written_anew=message.body != bare.body)
    return 0


def _secret(chosen: Provider, secret: str | None, secret_file: str | None, payload: str) -> str:
    if secret_file == STANDARD_INPUT:
        if payload == STANDARD_INPUT:
            what = "The secret and the payload can't both be read from standard input."
            raise WrongInput(what, "Name a file for one of them.")
        secret = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    elif secret_file is not None:
        found = secrets_of((), [Path(secret_file).expanduser()]).of(chosen.id)
        if not found:
            what = f"The secret file {secret_file} holds no secret for {chosen.id}."
            raise Environment(what, f"Add a line {chosen.id}=SECRET.")
        secret = found[0]
    elif secret is not None:
        secret = resolve(secret)
    else:
        secret = os.environ.get("HOOKCLI_SECRET") or next(iter(with_configured(Secrets()).of(chosen.id)), "")
    if not secret:
        what = "There is no secret to sign with."
        fix = f"Give --secret SECRET, --secret-file FILE, or set HOOKCLI_SECRET; or configure one for {chosen.id}."
        raise WrongInput(what, fix)
    return secret


def _payload(file: str) -> bytes:
    if file != STANDARD_INPUT:
        return read_bytes(Path(file).expanduser())
    if sys.stdin.isatty():
        what = "There is no payload."
        raise WrongInput(what, "Name a file, or pipe the payload in.")
    return sys.stdin.buffer.read()


def _message(chosen: Provider, data: bytes, event: str | None, occasion: Occasion) -> Message:
    if http_file.looks_like(data):
        return http_file.read(data)
    return dressed(chosen, data, event=event, occasion=occasion)


def _print(message: Message, form: str, url: str | None, *, written_anew: bool) -> None:
    headers = [(name, value) for name, value in message.headers if name.lower() not in _TRANSPORT]
    if write := OF_MESSAGE.get(form):
        write_bytes(write(message, url or DEFAULT_URL), sys.stdout)
    elif form == "json":
        target = {"target": message.target} if "?" in message.target else {}
        body = {"body": message.body.decode()} if written_anew else {}
        click.echo(json.dumps({"headers": dict(headers), **target, **body}))
    else:
        write_bytes(
            b"".join(f"{name}: {value}\n".encode("utf-8", "surrogateescape") for name, value in headers), sys.stdout
        )
        if "?" in message.target:
            notes().lines([Text(f"The key goes into the URL: {message.method} {message.target}", "dim")])
        if written_anew:
            notes().lines([Text("The body changes, too: --format http prints it, --send sends it.", "dim")])
