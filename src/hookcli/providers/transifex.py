"""Transifex: webhooks of a project.

Sources: Transifex's documentation, "Webhooks" (events, payload, X-TX-Signature-V2); lumoslabs/txgh,
`transifex_request_auth.rb`, and transifex's PHP client (what is signed, the headers, the events).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="transifex",
    title="Transifex",
    docs="https://help.transifex.com/en/articles/6216204-webhooks",
    color="#0064ab",
    identify=(("header:X-TX-Signature-V2",), ("header:X-TX-Signature", "header:X-TX-Url")),
    event=("body:event",),
    signatures=(
        Hmac(
            name="v2",
            at="header:X-TX-Signature-V2",
            encoding="base64",
            signed="{method}\n{header:X-TX-Url}\n{header:Date}\n{body_md5}",
        ),
    ),
    sends=(
        ("Content-Type", "application/json"),
        ("Date", "{date}"),
        ("X-TX-Url", "http://localhost:8080/"),
    ),
    notes=(
        "Signed are method, X-TX-Url, Date and the MD5 of the body in hex, each on a line.",
        "X-TX-Url is the URL that Transifex was told: compare it with your own.",
        "X-TX-Signature (without V2) is of an older scheme, which hookcli does not check.",
    ),
    summary={
        "translation_completed": "{resource} is translated to {language} ({project})",
        "review_completed": "{resource} is reviewed in {language} ({project})",
        "proofread_completed": "{resource} is proofread in {language} ({project})",
        "*": ("{event!words}: {resource} in {language} ({project})", "{event!words}: {project}", "{event!words}"),
    },
    events=(
        Event("translation_completed", "A resource is translated to a language"),
        Event("translation_updated_completed", "A whole translation was changed"),
        Event("review_completed", "A resource is reviewed in a language"),
        Event("proofread_completed", "A resource is proofread in a language"),
        Event("fillup_completed", "A resource was filled up from the translation memory"),
        Event("resource_language_stats", "The state of a translation changed"),
    ),
)
