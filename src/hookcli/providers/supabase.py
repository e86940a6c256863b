"""Supabase: HTTP hooks of Supabase Auth, and database webhooks.

Sources: supabase/auth, `internal/hooks/hookshttp/hookshttp.go` (headers, signature, time-out, retries, what it takes
for an answer) and `internal/hooks/v0hooks/v0hooks.go` (names and payloads), `internal/mailer/mailer.go` (email_data);
Supabase's documentation, "Auth Hooks" (the form of the secret) and "Database Webhooks" (payloads of those).
"""

from dataclasses import replace

from hookcli.providers.spec import Event, Limits, Provider
from hookcli.providers.standard_webhooks import V1

HOOKS = "send-sms|send-email|customize-access-token|mfa-verification|password-verification|(before|after)-user-created"

PROVIDER = Provider(
    id="supabase",
    title="Supabase",
    docs="https://supabase.com/docs/guides/auth/auth-hooks",
    color="#3ecf8e",
    identify=(
        ("header:webhook-id", "body:metadata.uuid", f"body:metadata.name~^({HOOKS})$"),
        ("header:webhook-id", "body:user.aud", "body:email_data.token_hash"),
        ("header:webhook-id", "body:user.aud", "body:sms.otp"),
        ("body:type~^(INSERT|UPDATE|DELETE)$", "body:table", "body:schema", "body:record", "!header:webhook-id"),
        ("body:type~^(INSERT|UPDATE|DELETE)$", "body:table", "body:schema", "body:old_record", "!header:webhook-id"),
    ),
    supersedes=("standard-webhooks",),
    event=("body:metadata.name", "body:type"),
    delivery_id=("header:webhook-id",),
    signatures=(replace(V1, secret="whsec or base64"),),  # noqa: S106 (the form of a secret)
    sends=(("Content-Type", "application/json"), ("Accept-Encoding", "identity")),
    limits=Limits(timeout=5, retries="three tries in all, two seconds apart; each has a webhook-id of its own"),
    notes=(
        "The secret reads v1,whsec_ and base64: hookcli takes it so, with or without v1, before it.",
        "Auth waits for the answer: 204, or 200 with JSON (--body '{}' --header Content-Type:application/json).",
        "Several signatures stand in one header apart by a comma and a blank, one for each secret.",
        "Database webhooks (type, table, schema, record, old_record) are not signed: put a secret into a header.",
        "A hook that is a Postgres function sends nothing.",
    ),
    summary={
        "send-email": "{email_data.email_action_type!words} e-mail for {user.email}",
        "send-sms": "SMS for {user.phone/sms.phone}",
        "before-user-created": "{user.email/user.phone} is about to be created",
        "after-user-created": "{user.email/user.phone} was created",
        "customize-access-token": "claims for {claims.email/user_id} ({authentication_method})",
        "mfa-verification": "second factor of {user_id} tried",
        "password-verification": "password of {user_id} tried",
        "INSERT": "row inserted into {schema}.{table}[: {record.id}]",
        "UPDATE": "row of {schema}.{table} updated[: {record.id}]",
        "DELETE": "row of {schema}.{table} deleted[: {old_record.id}]",
        "*": ("{email_data.email_action_type!words} e-mail for {user.email}", "SMS for {user.phone}", "{@event!words}"),
    },
    events=(
        Event("send-email", "An e-mail is to be sent"),
        Event("send-sms", "An SMS is to be sent"),
        Event("customize-access-token", "An access token is to be issued: its claims may be changed"),
        Event("mfa-verification", "Somebody tried a second factor"),
        Event("password-verification", "Somebody tried a password"),
        Event("before-user-created", "A user is about to be created: it may be refused"),
        Event("after-user-created", "A user was created"),
        Event("INSERT", "A row was inserted (database webhook)"),
        Event("UPDATE", "A row was updated (database webhook)"),
        Event("DELETE", "A row was deleted (database webhook)"),
    ),
    sensitive=(
        "body:email_data.token",
        "body:email_data.token_hash",
        "body:email_data.token_new",
        "body:email_data.token_hash_new",
        "body:sms.otp",
    ),
)
