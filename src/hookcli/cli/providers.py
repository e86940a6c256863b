"""`hookcli providers`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from hookcli import fixtures
from hookcli.cli.options import json_option
from hookcli.providers.registry import provider, providers
from hookcli.render.provider import detail, overview
from hookcli.render.terminal import output
from hookcli.signing.schemes import Signature, where_it_stands

if TYPE_CHECKING:
    from hookcli.providers.spec import Callback, Provider


@click.command("providers")
@click.argument("name", metavar="[PROVIDER]", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """Show the providers that hookcli knows, or all that it knows of one.

    \b
    Examples:
      hookcli providers
      hookcli providers gitee
      hookcli providers --json | jq -r .id
    """
    out = output()
    if name is None:
        shown = list(providers().values())
        if as_json:
            out.write("".join(json.dumps(_record(one), ensure_ascii=False) + "\n" for one in shown))
        else:
            out.lines(overview(shown))
        return
    one = provider(name)
    if as_json:
        out.write(json.dumps(_record(one), ensure_ascii=False) + "\n")
    else:
        out.labelled(detail(one, _fixtures_of(one)))


def _fixtures_of(one: Provider) -> list[str]:
    return [name for name in fixtures.names() if name.partition("/")[0] == one.id]


def _record(one: Provider) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "docs": one.docs,
        "identify": [list(rule) for rule in one.identify],
        "supersedes": list(one.supersedes),
        "event": list(one.event),
        "action": list(one.action),
        "delivery_id": list(one.delivery_id),
        "attempt": list(one.attempt),
        "hook_id": list(one.hook_id),
        "headers": [[name, value] for name, value in one.sends],
        "signatures": [
            {
                "name": scheme.name,
                "kind": scheme.kind,
                "at": where_it_stands(scheme.at),
                "covers_body": scheme.covers_body,
                "tolerance": scheme.tolerance,
                "hash": scheme.hash if isinstance(scheme, Signature) else None,
                "signed": scheme.signed if isinstance(scheme, Signature) else None,
            }
            for scheme in one.signatures
        ],
        "callback": _callback(one.callback) if one.callback else None,
        "events": [{"name": event.name, "title": event.title} for event in one.events],
        "networks": list(one.networks),
        "limits": {"timeout": one.limits.timeout, "body": one.limits.body, "retries": one.limits.retries},
        "notes": list(one.notes),
        "fixtures": _fixtures_of(one),
    }


def _callback(callback: Callback) -> dict[str, Any]:
    return {
        "at": callback.at,
        "hosts": list(callback.hosts),
        "states": list(callback.states),
        "body": dict(callback.body),
    }
