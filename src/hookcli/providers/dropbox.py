"""Dropbox.

Sources: dropbox.com/developers, "Webhooks" (the verification request, signature, payload, time-out, retries);
dropbox/dropbox_hook, its own tool that sends test notifications; user agent and header order from recorded requests.
"""

from hookcli.providers.spec import Event, Handshake, Limits, Provider
from hookcli.signing.schemes import Hmac

CHALLENGE = ("header:User-Agent~^DropboxWebhooks", "query:challenge")

PROVIDER = Provider(
    id="dropbox",
    title="Dropbox",
    docs="https://www.dropbox.com/developers/reference/webhooks",
    color="#0061fe",
    identify=(
        ("header:X-Dropbox-Signature",),
        ("header:User-Agent~^DropboxWebhooks",),
        ("body:list_folder.accounts", "body:delta.users"),
    ),
    ping=(CHALLENGE,),
    handshake=Handshake(
        when=(CHALLENGE,),
        headers=(("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff")),
        body="{query:challenge}",
    ),
    signatures=(Hmac(name="sha256", at="header:X-Dropbox-Signature"),),
    sends=(
        ("User-Agent", "DropboxWebhooks/1.0"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip,deflate"),
        ("Content-Type", "application/json"),
    ),
    limits=Limits(timeout=10, retries="with growing pauses for about ten minutes"),
    notes=(
        "A notification says whose files changed, not which: call list_folder/continue with that account's cursor.",
        "The secret is the app secret.",
        "Before the first one, a GET with ?challenge= wants the challenge back as plain text; it is not signed.",
        "list_folder.accounts has the ids that the API knows; delta.users are old numbers of the same people.",
        "There is no event name and no delivery id: the same body may come again and again.",
    ),
    summary={
        "*": (
            "files changed in {list_folder.accounts!count:account}",
            "files changed for {delta.users!count:user}",
            "verification request: {query:challenge!line}",
        ),
    },
    events=(Event("list_folder", "Files of some accounts changed; no delivery names it"),),
)
