"""Typeform.

Sources: typeform.com/developers, "Webhooks", "Secure your webhooks" (the signature) and "Example payload"; answers and
retries as the AsyncAPI description of its webhooks (apis.io) has them from there.
"""

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.signing.schemes import Hmac

PROVIDER = Provider(
    id="typeform",
    title="Typeform",
    docs="https://www.typeform.com/developers/webhooks/",
    color="#8a5cd1",
    identify=(
        ("header:Typeform-Signature",),
        ("body:event_type=form_response", "body:event_id", "body:form_response.form_id"),
    ),
    event=("body:event_type",),
    delivery_id=("body:event_id",),
    signatures=(Hmac(name="sha256", at="header:Typeform-Signature", encoding="base64", prefix="sha256="),),
    sends=(("Content-Type", "application/json"),),
    limits=Limits(
        timeout=30,
        retries="408, 423, 429 and 503: every few minutes for ten hours; else up to five times; 404 and 410: none",
    ),
    notes=(
        "The signature is base64 after `sha256=`, not hex, and covers the raw body.",
        "Without a secret set for the webhook nothing is signed.",
        "404 and 410 switch the webhook off at once.",
        "Answers stand in the order of the questions that were shown; definition.fields has all questions.",
        "Hidden fields, scores and variables come only where the form has them.",
    ),
    infer=(("body:form_response", "form_response"),),
    summary={
        "form_response": (
            "{form_response.answers!count:answer} to {form_response.definition.title!line}",
            "response to form {form_response.form_id}",
        ),
    },
    events=(Event("form_response", "Somebody sent a form in"),),
)
