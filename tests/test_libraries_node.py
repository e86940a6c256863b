"""Signatures against the senders' own libraries for Node.js, where they have none for Python that checks webhooks.

GitHub (@octokit/webhooks-methods), Linear (@linear/sdk), Liveblocks (@liveblocks/node), Paddle
(@paddle/paddle-node-sdk) and Shopify (@shopify/shopify-api), as tests/js/package.json pins them.
`npm ci --prefix tests/js` brings them; without Node.js or without them these tests are skipped.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hookcli.delivery import Headers, Message
from hookcli.identify import identify
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify
from support import SAFETY

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent / "js"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here"),
    pytest.mark.skipif(not (HERE / "node_modules").is_dir(), reason="run `npm ci --prefix tests/js` first"),
]

SECRET = "It's a Secret to Everybody"
WHSEC = "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkh"


def answers(tasks: Sequence[dict[str, Any]]) -> list[Any]:
    """What the libraries say, all in one run of Node.js."""
    done = subprocess.run(
        ["node", "verify.mjs"],
        input=json.dumps(tasks).encode(),
        capture_output=True,
        check=False,
        cwd=HERE,
        timeout=SAFETY * 2,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def a_task(library: str, message: Message, secret: str) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in message.headers if name.lower() not in {"host", "content-length"}}
    return {"library": library, "secret": secret, "headers": headers, "body": base64.b64encode(message.body).decode()}


def body_of(name: str, now: datetime) -> bytes:
    """A payload with letters of every kind, and a timestamp in it where the sender has one there."""
    text = "Grüße, <b>50 %</b> \\ 部署"
    payloads: dict[str, Any] = {
        "linear": {"type": "Issue", "action": "create", "webhookTimestamp": int(now.timestamp() * 1000), "data": text},
        "liveblocks": {"type": "userEntered", "data": {"projectId": "1", "roomId": text, "numActiveUsers": 2}},
        "paddle": {"event_id": "evt_1", "event_type": "transaction.completed", "data": {"note": text}},
    }
    return json.dumps(payloads.get(name, {"note": text}), ensure_ascii=False).encode()


def made(name: str, secret: str, scheme: str | None = None) -> Message:
    """A delivery as hookcli makes it, this very moment."""
    of, now = provider(name), datetime.now(UTC)
    occasion = Occasion(timestamp=now.timestamp())
    bare = dressed(of, body_of(name, now), event="orders/create", occasion=occasion)
    return signed(bare, of.signatures, secret, occasion=occasion, delivery_id="msg_1", scheme=scheme)


LIBRARIES = {
    "github": SECRET,
    "linear": "lin_wh_5e8e2bc9867f4b3f989f6a5037861391",
    "liveblocks": WHSEC,
    "paddle": "pdl_ntfset_01hookcli_5e8e2bc9867f4b3f",
    "shopify": SECRET,
}


def test_their_libraries_accept_what_hookcli_signs_and_nothing_else() -> None:
    tasks, expected = [], []
    for name, secret in LIBRARIES.items():
        message = made(name, secret)
        assert identify(Reading(message)).provider == name
        another = WHSEC[:-4] + "aaaa" if name == "liveblocks" else "another"
        changed = replace(message, body=message.body.replace(b"50", b"51"))
        assert changed.body != message.body
        for task, key, says in ((message, secret, True), (changed, secret, False), (message, another, False)):
            tasks.append(a_task(name, task, key))
            expected.append((name, says))
    assert list(zip((name for name, _ in expected), answers(tasks), strict=True)) == expected


def test_shopifys_library_accepts_the_newer_kind_of_delivery_too() -> None:
    message = made("shopify", SECRET, scheme="events-hmac")
    named = {
        "Shopify-Topic": "orders",
        "Shopify-Shop-Domain": "hookcli-demo.myshopify.com",
        "Shopify-API-Version": "2026-01",
        "Shopify-Webhook-Id": "1",
        "Shopify-Event-Id": "2",
        "Shopify-Action": "create",
        "Shopify-Hmac-Sha256": message.headers.get("Shopify-Hmac-Sha256") or "",
    }
    newer = replace(message, headers=Headers(named.items()))
    told = identify(Reading(newer))
    assert (told.provider, told.event, told.action) == ("shopify", "orders", "create")
    assert answers([a_task("shopify", newer, SECRET), a_task("shopify", newer, "another")]) == [True, False]


def test_hookcli_accepts_what_githubs_library_signs() -> None:
    body = body_of("github", datetime.now(UTC))
    (signature,) = answers([{**a_task("github", Message(body=body), SECRET), "sign": True}])
    message = Message(headers=Headers([("X-GitHub-Event", "push"), ("X-Hub-Signature-256", signature)]), body=body)
    for secret, state in ((SECRET, "valid"), ("another", "invalid")):
        verdict = verify(Reading(message), provider("github").signatures, [secret], now=datetime.now(UTC))
        assert verdict.state == state
