"""Liveblocks: webhooks of a project.

Sources: Liveblocks' documentation, "Webhooks" and "Webhook events" (Svix, five days of failures) and its library,
`@liveblocks/node`, `webhooks.ts` (headers, what is signed, the form of the secret, five minutes, events and payloads).
"""

from dataclasses import replace

from hookcli.providers import svix
from hookcli.providers.spec import Event, Provider
from hookcli.providers.standard_webhooks import V1

ROOM = "{data.roomId}"

PROVIDER = Provider(
    id="liveblocks",
    title="Liveblocks",
    docs="https://liveblocks.io/docs/platform/webhooks",
    color="#7a5cff",
    identify=(
        (
            "header:webhook-id",
            r"body:type~^((storage|ydoc)Updated|user(Entered|Left)|(room|thread|comment)[A-Z]\w+|notification)$",
            "body:data.projectId",
        ),
    ),
    supersedes=("standard-webhooks", "svix"),
    event=("body:type",),
    delivery_id=("header:webhook-id",),
    hook_id=("body:data.projectId",),
    signatures=(replace(V1, secret="whsec"),),  # noqa: S106 (the form of a secret)
    limits=svix.PROVIDER.limits,
    notes=(
        "By Standard Webhooks, sent through Svix.",
        "storageUpdated and ydocUpdated are throttled: one a minute for a room.",
        "Comments come without their text: fetch it by its ids.",
    ),
    summary={
        "userEntered": f"{{data.userId}} entered {ROOM} ({{data.numActiveUsers}} there)",
        "userLeft": f"{{data.userId}} left {ROOM} ({{data.numActiveUsers}} there)",
        "roomCreated": f"room {ROOM} was created",
        "roomDeleted": f"room {ROOM} was deleted",
        "storageUpdated": f"the storage of {ROOM} changed",
        "ydocUpdated": f"the document of {ROOM} changed",
        "commentCreated": f"{{data.createdBy}} commented in {ROOM}",
        "threadCreated": f"{{data.createdBy}} began a thread in {ROOM}",
        "notification": "{data.kind} notification for {data.userId} by {data.channel}",
        "*": (f"{{type}} in {ROOM}", "{type}"),
    },
    events=(
        Event("storageUpdated", "The storage of a room changed"),
        Event("ydocUpdated", "The Yjs document of a room changed"),
        Event("userEntered", "Somebody entered a room"),
        Event("userLeft", "Somebody left a room"),
        Event("roomCreated", "A room was created"),
        Event("roomDeleted", "A room was deleted"),
        Event("threadCreated", "A thread was begun"),
        Event("threadDeleted", "A thread was deleted"),
        Event("threadMetadataUpdated", "The metadata of a thread changed"),
        Event("threadMarkedAsResolved", "A thread was resolved"),
        Event("threadMarkedAsUnresolved", "A thread was taken up again"),
        Event("commentCreated", "Somebody commented"),
        Event("commentEdited", "A comment was edited"),
        Event("commentDeleted", "A comment was deleted"),
        Event("commentMetadataUpdated", "The metadata of a comment changed"),
        Event("commentReactionAdded", "Somebody reacted to a comment"),
        Event("commentReactionRemoved", "A reaction was taken back"),
        Event("notification", "Somebody is to be notified"),
    ),
)
