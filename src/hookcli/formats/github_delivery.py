"""A delivery as GitHub's API tells of it: `gh api repos/OWNER/REPO/hooks/HOOK/deliveries/ID`, or of an app.

Source: GitHub's REST API, "Get a delivery for a repository webhook" (schema hook-delivery).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli.formats.form import Found
from hookcli.formats.record import status_of
from hookcli.formats.told import body_of, framed, header_of, header_pairs, moment_of, target_of

if TYPE_CHECKING:
    from hookcli.formats.form import File


def recognise(file: File) -> bool:
    """Whether it is a delivery, or some of them."""
    return bool(file.items) and all(
        isinstance(item, dict)
        and {"guid", "delivered_at", "request"} <= item.keys()
        and isinstance(item["request"], dict)
        and {"headers", "payload"} <= item["request"].keys()
        for item in file.items
    )


def read(file: File) -> list[Found]:
    """The deliveries. GitHub keeps the payload parsed; the body is written as GitHub writes it."""
    return [
        Found(
            message=framed(
                "POST",
                target_of(item.get("url")),
                header_pairs(item["request"]["headers"] or {}),
                _body(item["request"]["payload"], header_of(item["request"]["headers"] or {}, "content-type")),
            ),
            received_at=moment_of(item["delivered_at"]),
            status=status_of(item.get("status_code")),
        )
        for item in file.items
    ]


def _body(payload: object, content_type: str) -> bytes:
    is_form = content_type.lower().startswith("application/x-www-form-urlencoded")
    return body_of({"payload": payload} if is_form else payload, content_type)
