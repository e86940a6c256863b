"""Two deliveries side by side."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.render.delivery import message_body, message_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.delivery import Delivery


def difference(one: Delivery, other: Delivery, *, reveal: bool) -> list[Text]:
    return list(_difference(one, other, reveal=reveal))


def _difference(one: Delivery, other: Delivery, *, reveal: bool) -> Iterator[Text]:
    left, right = ([line.plain for line in _lines(each, reveal=reveal)] for each in (one, other))
    for line in unified_diff(left, right, n=3, lineterm=""):
        if not line.startswith(("---", "+++")):
            yield Text(line, {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""))


def _lines(delivery: Delivery, *, reveal: bool) -> Iterator[Text]:
    yield from message_head(delivery, delivery.identity.provider, reveal=reveal)
    yield from message_body(delivery, reveal=reveal)
