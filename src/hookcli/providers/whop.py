"""Whop.

Sources: Whop's API reference, the webhooks (headers, api_version, data, company_id or account_id) and its guide,
"Webhooks" (webhookKey: btoa(secret)); whopsdk-python, `resources/webhooks.py` (it verifies with `standardwebhooks`) and
`types/*_webhook_event.py` (the events).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Provider
from hookcli.providers.standard_webhooks import V1

WHO = "{data.user.email/data.user.username/data.user.id}"

PROVIDER = Provider(
    id="whop",
    title="Whop",
    docs="https://docs.whop.com/developer/guides/webhooks",
    color="#fa4616",
    identify=(
        ("header:webhook-id", "body:api_version", "body:type", "body:data", "body:company_id~^biz_"),
        ("header:webhook-id", "body:api_version", "body:type", "body:data", "body:account_id~^biz_"),
    ),
    supersedes=("standard-webhooks",),
    event=("body:type",),
    delivery_id=("header:webhook-id", "body:id"),
    hook_id=("body:company_id", "body:account_id"),
    # The library wants the secret in base64: the key is the text that Whop shows.
    signatures=(replace(V1, secret="plain"),),  # noqa: S106 (the form of a secret)
    notes=(
        "By Standard Webhooks.",
        "The secret is the key as Whop shows it; its library has to be given it in base64.",
        "Where neither company_id nor account_id is there, hookcli tells standard-webhooks.",
    ),
    summary={"*": (f"{{type!words}}: {WHO}", "{type!words}: {data.id}", "{type!words}")},
    events=(
        Event("payment.created", "A payment was made"),
        Event("payment.pending", "A payment is under way"),
        Event("payment.succeeded", "A payment succeeded"),
        Event("payment.failed", "A payment failed"),
        Event("refund.created", "A refund was made"),
        Event("refund.updated", "A refund was changed"),
        Event("dispute.created", "A dispute was opened"),
        Event("dispute.updated", "A dispute was changed"),
        Event("dispute_alert.created", "A dispute is about to be opened"),
        Event("membership.activated", "A membership became active"),
        Event("membership.deactivated", "A membership ended"),
        Event("membership.cancel_at_period_end_changed", "A membership ends with its period, or does so no more"),
        Event("entry.created", "Somebody joined a waiting list"),
        Event("entry.approved", "An entry was approved"),
        Event("entry.denied", "An entry was denied"),
        Event("entry.deleted", "An entry was deleted"),
        Event("invoice.created", "An invoice was made"),
        Event("invoice.paid", "An invoice was paid"),
        Event("invoice.past_due", "An invoice is past due"),
        Event("invoice.voided", "An invoice was voided"),
        Event("invoice.marked_uncollectible", "An invoice was given up"),
        Event("setup_intent.requires_action", "A means of payment waits for its owner"),
        Event("setup_intent.succeeded", "A means of payment was set up"),
        Event("setup_intent.canceled", "The setup of a means of payment was cancelled"),
        Event("withdrawal.created", "A withdrawal was made"),
        Event("withdrawal.updated", "A withdrawal was changed"),
        Event("payout_method.created", "A means of payout was added"),
        Event("payout_account.status_updated", "A payout account changed its state"),
        Event("verification.succeeded", "A verification succeeded"),
        Event("identity_profile.updated", "An identity was changed"),
        Event("identity_profile.approved", "An identity was approved"),
        Event("identity_profile.rejected", "An identity was rejected"),
        Event("identity_profile.needs_action", "An identity waits for its owner"),
        Event("course_lesson_interaction.completed", "A lesson was completed"),
        Event("resolution_center_case.created", "A case was opened"),
        Event("resolution_center_case.updated", "A case was changed"),
        Event("resolution_center_case.decided", "A case was decided"),
    ),
)
