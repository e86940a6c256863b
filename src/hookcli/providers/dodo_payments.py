"""Dodo Payments.

Sources: Dodo Payments' documentation, "Webhooks" (Standard Webhooks); dodopayments-python,
`resources/webhooks/webhooks.py` (it verifies with `standardwebhooks`), `types/webhook_event_type.py` (the events) and
`types/payment_succeeded_webhook_event.py`, `types/payment.py` (what a delivery holds).
"""

from hookcli.providers.spec import Event, Provider
from hookcli.providers.standard_webhooks import V1

CUSTOMER = "{data.customer.email}"
KINDS = "payment|refund|dispute|subscription|license_key|payout|credit|abandoned_checkout|dunning|entitlement_grant"

PROVIDER = Provider(
    id="dodo-payments",
    title="Dodo Payments",
    docs="https://docs.dodopayments.com/developer-resources/webhooks",
    color="#c6fe1e",
    identify=(
        ("header:webhook-id", "body:business_id", rf"body:type~^({KINDS})\.\w+$", "body:timestamp", "body:data"),
    ),
    supersedes=("standard-webhooks",),
    event=("body:type",),
    delivery_id=("header:webhook-id",),
    hook_id=("body:business_id",),
    signatures=(V1,),
    notes=(
        "By Standard Webhooks: webhook-id stays the same when a delivery is sent again.",
        "data is the newest state at the time of delivery, not that of the event.",
        "Amounts are in the smallest unit of the currency.",
    ),
    summary={
        "payment.succeeded": f"{CUSTOMER} paid {{data.total_amount}} {{data.currency}} (in the smallest unit)",
        "payment.failed": f"the payment of {CUSTOMER} failed: {{data.error_message!line}}",
        "*": (f"{{type!words}}: {CUSTOMER}", "{type!words}"),
    },
    events=(
        Event("payment.succeeded", "A payment succeeded"),
        Event("payment.failed", "A payment failed"),
        Event("payment.processing", "A payment is under way"),
        Event("payment.cancelled", "A payment was cancelled"),
        Event("refund.succeeded", "A refund succeeded"),
        Event("refund.failed", "A refund failed"),
        Event("dispute.opened", "A dispute was opened"),
        Event("dispute.expired", "A dispute expired"),
        Event("dispute.accepted", "A dispute was accepted"),
        Event("dispute.cancelled", "A dispute was cancelled"),
        Event("dispute.challenged", "A dispute was challenged"),
        Event("dispute.won", "A dispute was won"),
        Event("dispute.lost", "A dispute was lost"),
        Event("subscription.active", "A subscription became active"),
        Event("subscription.renewed", "A subscription was renewed"),
        Event("subscription.on_hold", "A subscription was put on hold"),
        Event("subscription.paused", "A subscription was paused"),
        Event("subscription.cancelled", "A subscription was cancelled"),
        Event("subscription.failed", "A subscription could not be made"),
        Event("subscription.expired", "A subscription ended"),
        Event("subscription.plan_changed", "A subscription has another plan"),
        Event("subscription.updated", "A subscription was changed"),
        Event("subscription.update_payment_method", "A subscription has another means of payment"),
        Event("license_key.created", "A licence key was made"),
        Event("payout.created", "A payout was made"),
        Event("payout.on_hold", "A payout was put on hold"),
        Event("payout.in_progress", "A payout is under way"),
        Event("payout.failed", "A payout failed"),
        Event("payout.success", "A payout succeeded"),
        Event("credit.added", "Credit was added"),
        Event("credit.deducted", "Credit was used"),
        Event("credit.expired", "Credit expired"),
        Event("credit.rolled_over", "Credit was taken over"),
        Event("credit.rollover_forfeited", "Credit was forfeited"),
        Event("credit.overage_charged", "An overage was charged"),
        Event("credit.overage_reset", "An overage was reset"),
        Event("credit.manual_adjustment", "Credit was changed by hand"),
        Event("credit.balance_low", "Credit is nearly used up"),
        Event("abandoned_checkout.detected", "A checkout was abandoned"),
        Event("abandoned_checkout.recovered", "An abandoned checkout was finished"),
        Event("dunning.started", "Dunning began"),
        Event("dunning.recovered", "Dunning succeeded"),
        Event("entitlement_grant.created", "An entitlement was granted"),
        Event("entitlement_grant.delivered", "An entitlement was delivered"),
        Event("entitlement_grant.failed", "An entitlement could not be delivered"),
        Event("entitlement_grant.revoked", "An entitlement was revoked"),
    ),
)
