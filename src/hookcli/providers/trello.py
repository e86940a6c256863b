"""Trello.

Sources: developer.atlassian.com, Trello REST API guides, "Webhooks" (making one, the signature); payload keys
from recorded deliveries in fiatjaf/trello-webhooks and the types of mattermost-community/mattermost-app-trello.
"""

from hookcli.providers.spec import Event, Provider
from hookcli.signing.schemes import Hmac

WHO = "{action.memberCreator.fullName/action.memberCreator.username!line}"
CARD = "{action.data.card.name!line}"

PROVIDER = Provider(
    id="trello",
    title="Trello",
    docs="https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/",
    color="#0079bf",
    identify=(
        ("header:X-Trello-Webhook",),
        ("body:action.type", "body:action.idMemberCreator", "body:model.id"),
    ),
    event=("body:action.type",),
    delivery_id=("body:action.id",),
    signatures=(Hmac(name="sha1", at="header:X-Trello-Webhook", hash="sha1", encoding="base64", signed="{body}{url}"),),
    sends=(("Content-Type", "application/json"),),
    id_form="hex32",
    notes=(
        "The secret is the application's secret, not its API key and not a token.",
        "Body and callbackURL are signed together, the URL exactly as it was given when the webhook was made: --url.",
        "Making a webhook sends a HEAD request first, which wants 200.",
        "A webhook belongs to the token that made it, and sees what that token may see.",
        "The body's own id is the action's: one action reaches every webhook that watches the board, list or card.",
        "model is what is being watched, as it is now; action.data what happened.",
    ),
    summary={
        "createCard": f"{WHO} made card {CARD}[ in {{action.data.list.name!line}}]",
        "commentCard": f"{WHO} commented on {CARD}: {{action.data.text!line}}",
        "updateCard": (
            f"{WHO} moved {CARD} from {{action.data.listBefore.name!line}} to {{action.data.listAfter.name!line}}",
            f"{WHO} changed {CARD}",
        ),
        "deleteCard": (f"{WHO} deleted card {CARD}", f"{WHO} deleted a card"),
        "*": (
            f"{{action.type}} by {WHO}: {CARD}",
            f"{{action.type}} by {WHO}: {{action.data.board.name!line}}",
            f"{{action.type}} by {WHO}",
        ),
    },
    events=(
        Event("createCard", "A card was made"),
        Event("updateCard", "A card changed or was moved"),
        Event("deleteCard", "A card was deleted"),
        Event("copyCard", "A card was copied"),
        Event("commentCard", "Somebody commented on a card"),
        Event("updateComment", "A comment changed"),
        Event("deleteComment", "A comment was deleted"),
        Event("addMemberToCard", "A member was put on a card"),
        Event("removeMemberFromCard", "A member was taken off a card"),
        Event("addLabelToCard", "A card got a label"),
        Event("removeLabelFromCard", "A card lost a label"),
        Event("addAttachmentToCard", "A card got a file"),
        Event("deleteAttachmentFromCard", "A card lost a file"),
        Event("addChecklistToCard", "A card got a checklist"),
        Event("updateCheckItemStateOnCard", "An item of a checklist was ticked or unticked"),
        Event("createList", "A list was made"),
        Event("updateList", "A list changed or was archived"),
        Event("updateBoard", "A board changed"),
        Event("addMemberToBoard", "A member joined a board"),
        Event("removeMemberFromBoard", "A member left a board"),
    ),
)
