"""`hookcli listen`."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.text import Text

from hookcli.cli import searching
from hookcli.cli.exclusive import exclusive, is_said
from hookcli.cli.options import (
    HEADER,
    SIZE,
    SPAN,
    filter_of,
    filter_option,
    json_option,
    provider_of,
    secret_options,
    secrets_of,
    sending_options,
    store_option,
    store_path,
    with_configured,
)
from hookcli.cli.output import note, notes_kept
from hookcli.config.effect import in_effect
from hookcli.errors import Environment, WrongInput
from hookcli.examine import explain_verdict
from hookcli.listen.guard import Guard, networks
from hookcli.listen.listener import Plan, Reply
from hookcli.listen.run import run
from hookcli.listen.sockets import bind, urls
from hookcli.providers.registry import providers
from hookcli.render.config import in_short
from hookcli.render.escape import visible
from hookcli.render.live import LiveView, Style
from hookcli.render.terminal import Terminal, notes, output
from hookcli.store.database import opened
from hookcli.store.filters import Filter
from hookcli.wire import Destination, Manner

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from hookcli.delivery import Delivery
    from hookcli.signing.explain import Explanation
    from hookcli.signing.secrets import Secrets
    from hookcli.tui.live import Behind

DEFAULT_PORT = 8080
EXPLAIN_SECONDS = 0.3
_LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 (compared, not bound)


@click.command("listen")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 is every one.")
@click.option(
    "--port", "-p", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535), help="0 picks one."
)
@click.option("--path", default="/", show_default=True, help="Take deliveries on this path and below it alone.")
@secret_options
@click.option("--provider", metavar="NAME", help="Take every delivery for one of this provider.")
@click.option("--status", default=200, show_default=True, type=click.IntRange(200, 599), help="The status to answer.")
@click.option("--body", default="", metavar="TEXT|@FILE", help="The body to answer.")
@click.option("--header", "headers", multiple=True, type=HEADER, help="A header of the answer.")
@click.option("--delay", type=SPAN, default=0.0, help="Wait so long before the answer.")
@click.option("--require-valid", is_flag=True, help="Refuse with 401 what has no valid signature; it is stored still.")
@click.option(
    "--allow-from",
    multiple=True,
    metavar="PROVIDER|CIDR",
    help="Refuse with 403 what comes from elsewhere; it is stored still.",
)
@click.option(
    "--trust-proxy",
    default=0,
    type=click.IntRange(min=0),
    metavar="N",
    help="So many proxies of yours stand before it: take the sender from X-Forwarded-For.",
)
@click.option("--no-handshake", is_flag=True, help="Do not answer providers' handshakes; they get what all get.")
@click.option(
    "--confirm", is_flag=True, help="Fetch what a provider wants fetched before it sends (Amazon SNS's SubscribeURL)."
)
@click.option("--verify-token", metavar="WORD", help="The word that a handshake has to say, where it says one (Meta).")
@click.option("--count", "-n", type=click.IntRange(min=1), help="Stop after so many deliveries.")
@click.option("--timeout", type=SPAN, help="Stop after this time; exit 1 if fewer than --count (or none) came.")
@click.option("--max-body", type=SIZE, default="25MiB", show_default=True, help="Answer 413 to larger bodies.")
@click.option(
    "--print", "style", type=click.Choice(get_args(Style)), default="line", show_default=True, help="How much to show."
)
@click.option("--ui", is_flag=True, help="Show them on a full screen, as `hookcli inspect` does.")
@filter_option("Show, count and pass on what meets this alone; everything is stored and answered still.")
@json_option
@store_option
@click.option("--forward", metavar="URL", help="Pass each delivery on, byte for byte, after it was answered.")
@sending_options
@click.option("--tunnel", type=click.Choice(["ngrok"]), help="Make the listener reachable from the internet.")
@click.option(
    "--ngrok-token", metavar="TOKEN", help="ngrok's auth token; else NGROK_AUTHTOKEN, else ngrok's own config."
)
@click.option("--ngrok-domain", metavar="DOMAIN", help="The domain of yours to use.")
@exclusive("json", "print", "ui")
def command(
    host: str,
    port: int,
    path: str,
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    provider: str | None,
    status: int,
    body: str,
    headers: Sequence[tuple[str, str]],
    delay: float,
    require_valid: bool,
    allow_from: Sequence[str],
    trust_proxy: int,
    no_handshake: bool,
    confirm: bool,
    verify_token: str | None,
    count: int | None,
    timeout: float | None,
    max_body: int,
    style: Style,
    ui: bool,
    filters: Sequence[str],
    as_json: bool,
    store: Path | None,
    forward: str | None,
    send_timeout: float,
    keep_host: bool,
    insecure: bool,
    tunnel: str | None,
    ngrok_token: str | None,
    ngrok_domain: str | None,
) -> int:
    """Receive deliveries on a local port.

    Each one is identified, verified where its secret is known, stored, answered, and then shown.

    \b
    Examples:
      hookcli listen
      hookcli listen --port 3000 --secret "It's a Secret to Everybody"
      hookcli listen --secret github=S1 --secret gitlab=S2 --forward http://localhost:8000/webhooks
      hookcli listen --port 0 --json --count 1 --timeout 30s
      hookcli listen --filter 'provider:github -is:ping' --forward http://localhost:8000
      hookcli listen --tunnel ngrok
      hookcli listen --ui --secret S --forward http://localhost:8000
    """
    # What there is to note comes under the line that names the URL, which programs read.
    with notes_kept() as doubts:
        secrets, missing = with_configured(secrets_of(secret_texts, secret_files)).at_hand()
        plan = Plan(
            path="/" + path.strip("/"),
            secrets=secrets,
            taken_as=provider_of(provider),
            reply=_reply(status, body, headers, delay),
            max_body=max_body,
            count=count,
            guard=Guard(networks=networks(allow_from, providers()), proxies=trust_proxy, require_valid=require_valid),
            handshakes=not no_handshake,
            verify_token=verify_token,
            wanted=filter_of(filters, datetime.now(UTC)) if filters else None,
        )
    doubts += missing
    where = store_path(store)
    to = Destination.parse(forward) if forward else None
    # Opened here so that a store that can't be used says so before anything listens.
    with opened(where) as connection:
        searching.ready(connection, plan.wanted or Filter())
    err, end, others = notes(), _End(), Counter[str]()
    with ExitStack() as stack:
        sockets = bind(host, port)
        for one in sockets:
            stack.callback(one.close)
        local = urls(sockets, plan.path)
        _refuse_loop(to, sockets)
        public = _public_url(stack, tunnel, sockets, ngrok_token, ngrok_domain, plan.path)

        def explained(delivery: Delivery) -> Explanation:
            return explain_verdict(
                delivery, providers()[delivery.identity.provider], plan.secrets, seconds=EXPLAIN_SECONDS
            )

        manner = Manner(timeout=send_timeout, keep_host=keep_host, insecure=insecure)
        listener = partial(
            run,
            plan,
            sockets,
            where,
            forward=(to, manner) if to else None,
            # With its certificate checked, whatever the target of --forward may have.
            confirm=Manner(timeout=send_timeout) if confirm else None,
            seconds=timeout,
            passed_over=lambda stored: others.update([stored.delivery.identity.provider]),
        )
        view: LiveView | Behind
        if ui:
            from hookcli.cli.inspect import over  # it brings the interface along

            listens_at = [public, *local] if public else local
            view, came = over(listener, listens_at, forward, where, plan.secrets, manner, doubts, " ".join(filters))
        else:
            view = LiveView(output(), err, style, as_json=as_json, reader_left=end, explain=explained)

            def ready() -> None:
                _banner(err, local, public, where, plan.secrets, to, " ".join(filters), doubts)

            try:
                came = asyncio.run(listener(view, ready=ready, ending=end.set))
            finally:
                view.close()
    _farewell(err, view, others)
    return 0 if came >= (count or (1 if timeout else 0)) else 1


class _End:
    """The call that ends the listener, once there is one."""

    def __init__(self) -> None:
        self._call: Callable[[], object] = lambda: None

    def set(self, call: Callable[[], object]) -> None:
        self._call = call

    def __call__(self) -> None:
        self._call()


def _reply(status: int, body: str, headers: Sequence[tuple[str, str]], delay: float) -> Reply:
    content = body.encode("utf-8", "surrogateescape")
    if body.startswith("@"):
        file = Path(body[1:]).expanduser()
        try:
            content = file.read_bytes()
        except OSError as error:
            what = f"The body to answer, {file}, can't be read: {error.strerror}."
            raise Environment(what) from error
    if content and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", "application/json" if _is_json(content) else "text/plain; charset=utf-8"))
    return Reply(status=status, body=content, headers=tuple(headers), delay=delay)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _refuse_loop(to: Destination | None, sockets: list[socket.socket]) -> None:
    if to is None:
        return
    own = {one.getsockname()[:2] for one in sockets} | {(host, sockets[0].getsockname()[1]) for host in _LOCAL}
    if (to.host, to.port) in own:
        what = "--forward names the listener itself: each delivery would come back for ever."
        raise WrongInput(what, "Name the port of your own program.")


def _public_url(
    stack: ExitStack, tunnel: str | None, sockets: list[socket.socket], token: str | None, domain: str | None, path: str
) -> str | None:
    if tunnel is None:
        ctx = click.get_current_context()
        if is_said(ctx, "ngrok_token") or is_said(ctx, "ngrok_domain"):
            what = "--ngrok-token and --ngrok-domain say nothing without --tunnel ngrok."
            raise WrongInput(what, "Add --tunnel ngrok.")
        return None
    from hookcli.reach.ngrok import open_tunnel

    host, port = sockets[0].getsockname()[:2]
    return stack.enter_context(open_tunnel(host, port, token=token, domain=domain)).public_url.rstrip("/") + path


def _banner(
    err: Terminal,
    local: list[str],
    public: str | None,
    store: Path,
    secrets: Secrets,
    to: Destination | None,
    wanted: str,
    doubts: Sequence[str],
) -> None:
    first = Text().append("Listening on ", "bold")
    first.append("  ".join(local), "bold cyan")
    rows = [("public", public), ("store", _short(store)), ("config", in_short(in_effect()))]
    if secrets.pairs:
        rows.append(("secrets", ", ".join(secrets.whose())))
    if to:
        rows.append(("forward", f"{to.scheme}://{to.authority}{to.path}"))
    if wanted:
        rows.append(("filter", visible(wanted)))
    rows.append(("try", f'curl -d \'{{"hello": "world"}}\' {local[0]}'))
    default = f"http://127.0.0.1:{DEFAULT_PORT}/"
    rows.append(("or", "hookcli replay github/push" + ("" if local[0] == default else f" --to {local[0]}")))
    lines = [first]
    for name, value in rows:
        if value:
            line = Text().append(f"  {name:<8}", "dim")
            lines.append(line.append(value, "bold cyan" if name == "public" else "default"))
    lines += [Text("  Ctrl-C stops.", "dim"), *map(note, doubts), Text()]
    err.lines(lines)


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _farewell(err: Terminal, view: LiveView | Behind, others: Counter[str]) -> None:
    came = view.came + others
    total = came.total()
    text = f"{total} {'delivery' if total == 1 else 'deliveries'}"
    if total:
        text += f" ({', '.join(f'{count} {name}' for name, count in came.most_common())})"
    bad = [f"{view.verdicts[state]} {state}" for state in ("invalid", "stale") if view.verdicts[state]]
    line = Text().append(f"{text} received and stored", "bold")
    if bad:
        line.append(f", {', '.join(bad)}", "bold red")
    if others:
        line.append(f", {others.total()} not shown for the filter")
    err.lines([line.append(".")])
