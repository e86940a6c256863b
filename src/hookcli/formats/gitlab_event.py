"""Events of a GitLab webhook as its API tells of them: `GET /projects/:id/hooks/:hook_id/events`.

Source: GitLab's documentation, doc/api/project_webhooks.md, "Get a list of project webhook events".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli.formats.form import Found
from hookcli.formats.record import status_of
from hookcli.formats.told import body_of, framed, header_of, header_pairs, moment_of, target_of

if TYPE_CHECKING:
    from hookcli.formats.form import File


def recognise(file: File) -> bool:
    """Whether these are such events."""
    return bool(file.items) and all(
        isinstance(item, dict)
        and {"trigger", "request_headers", "request_data"} <= item.keys()
        and isinstance(item["request_headers"], dict)
        for item in file.items
    )


def read(file: File) -> list[Found]:
    """The deliveries. GitLab keeps the payload parsed, and neither its token nor people's addresses."""
    return [
        Found(
            message=framed(
                "POST",
                target_of(item.get("url")),
                header_pairs(item["request_headers"]),
                body_of(item["request_data"], header_of(item["request_headers"], "content-type")),
            ),
            received_at=moment_of(item.get("created_at")),
            status=status_of(item.get("response_status")),
        )
        for item in file.items
    ]
