"""XML as the values that it holds, for looking at: never a document type, never an entity of its own.

Expat reads it. Whatever declares a document type is refused whole, so that no entity can name a file, a URL, or a
thousand copies of itself.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

DEEPEST = 64
"""Elements within elements; what goes deeper is no message."""

Tree = dict[str, Any]


class _RefusedError(Exception):
    """XML that is not read."""


def parse_xml(data: bytes) -> Tree | None:
    """What the outermost element holds: a text or a dict by name, a list where a name comes again.

    Attributes are left out. None where it is no XML, or XML that is refused.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    stack: list[tuple[Tree, list[str]]] = [({}, [])]

    def start(_name: str, _attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise _RefusedError
        stack.append(({}, []))

    def end(name: str) -> None:
        children, text = stack.pop()
        value = children or "".join(text)
        holder = stack[-1][0]
        if name not in holder:
            holder[name] = value
        elif isinstance(holder[name], list):
            holder[name].append(value)
        else:
            holder[name] = [holder[name], value]

    def characters(text: str) -> None:
        stack[-1][1].append(text)

    def refuse(*_: object) -> None:
        raise _RefusedError

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 (expat takes it by position)
    except (expat.ExpatError, _RefusedError, ValueError):
        return None
    found = next(iter(stack[0][0].values()))
    return found if isinstance(found, dict) else None
