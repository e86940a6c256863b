"""What no rule matches: still shown, stored and replayed, and signable with the schemes that many senders share.

Sources: the Standard Webhooks specification (signature scheme, headers); WebSub (W3C), "Authenticated Content
Distribution", for X-Hub-Signature; RFC 6750 for the bearer token in a header and in the query.
"""

from dataclasses import replace

from hookcli.providers.spec import Provider
from hookcli.providers.standard_webhooks import V1
from hookcli.signing.schemes import Hmac, Token

QUERY_KEYS = ("key", "token", "secret", "access_token")
"""Names under which senders that do not sign put a key into the query."""

QUERY_TOKENS = tuple(Token(name=f"query-{name}", at=f"query:{name}", group="query") for name in QUERY_KEYS)

PROVIDER = Provider(
    id="unknown",
    title="Unknown",
    docs="https://www.standardwebhooks.com/",
    color="#8b949e",
    identify=(),
    delivery_id=("header:webhook-id", "header:X-Request-Id"),
    signatures=(
        replace(V1, name="standard-webhooks", default=False),
        Hmac(name="sha256", at="header:X-Hub-Signature-256", prefix="sha256="),
        Hmac(name="sha1", at="header:X-Hub-Signature", hash="sha1", prefix="sha1=", default=False),
        Token(name="bearer", at="header:Authorization", style="bearer", default=False),
        Token(name="basic", at="header:Authorization", style="basic", default=False),
        *(Token(name=token.name, at=token.at, group=token.group, default=False) for token in QUERY_TOKENS),
    ),
    sends=(("Content-Type", "application/json"), ("User-Agent", "hookcli")),
    notes=("No rule matched. `hookcli show ID --explain` tells which ones were tried.",),
)
