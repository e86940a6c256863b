"""The words of deliveries: what is searched of a body and its headers, and the index of it.

The index is SQLite's FTS5 with the tokenizer `unicode61`, and not `trigram`: people look for names, the parts of an id,
a phrase from a title, and those are whole words or their beginnings (`72d3162e*`). Trigrams would also find the middle
of a word, at six times the index and three times the time. What unicode61 can't do is Chinese, Japanese and Korean,
where a whole sentence is one word to it; so every such character is set apart before it is indexed, and so it is in
what is searched for: a word of several is then a phrase, found anywhere in a sentence.

It keeps no texts (they would double the store), so what a delivery has in it is taken out by the same text that put it
in. That is why `searchable` has a version, which any change of what it returns must raise: an index of another version
is made anew.

It is brought up to date by whoever has the time, a listener that waits or a command that wants to search, in batches
that hold the store for a moment each. All deliveries up to number `upto` are in it.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from hookcli.delivery import to_unicode
from hookcli.reading import unpacked
from hookcli.store.rows import headers_from_blob

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

VERSION = 1
"""Of what `searchable` returns."""

LONGEST_TEXT = 1024 * 1024
"""Characters of a body that are indexed: a delivery must not hold the store for long."""

_APART = re.compile(
    "([\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff])"
)
"""Kana, Han, Hangul: ranges and not Python's own tables, which differ by version."""

_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.", re.DOTALL)


def searchable(headers: bytes, body: bytes) -> str:
    """What is searched of a delivery: its headers' values, and its body where that is text, decoded."""
    pairs = headers_from_blob(headers)
    content = unpacked(body, pairs.get("content-encoding", ""))
    try:
        text = content.decode("utf-8-sig")[:LONGEST_TEXT]
    except UnicodeDecodeError:
        text = ""
    if pairs.get("content-type", "").lower().startswith("application/x-www-form-urlencoded") and text[:1] not in "{[":
        text = unquote_plus(text)
    values = "\n".join(value for _, value in pairs)
    return apart(f"{values}\n{_unescaped(text)}")


def apart(text: str) -> str:
    """The text with those characters apart that are words of their own, and as SQLite can hold it."""
    text = to_unicode(text).replace("\0", " ")
    return text if text.isascii() else _APART.sub(r" \1 ", text)


def _unescaped(text: str) -> str:
    """JSON's escapes as what they stand for, a line end or a quote as a blank: they part words."""
    return _ESCAPE.sub(_meaning, text) if "\\" in text else text


def _meaning(escape: re.Match[str]) -> str:
    if escape[0][1] != "u":
        return " "
    return bytes.fromhex(escape[0].replace("\\u", "")).decode("utf-16-be", "replace")


def teach(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the store's triggers call."""
    connection.create_function("searchable", 2, searchable, deterministic=True)
    connection.create_function("searchable_version", 0, lambda: VERSION, deterministic=True)


BATCH, BATCH_BYTES = 64, 512 * 1024
"""Deliveries, and bytes of their bodies, that are indexed in one transaction: some hundredths of a second."""


_FROM_NEXT = "FROM deliveries WHERE seq > (SELECT iif(version = searchable_version(), upto, 0) FROM indexed)"


def missing(connection: sqlite3.Connection) -> int:
    """How many deliveries are not in the index yet."""
    return int(connection.execute(f"SELECT count(*) {_FROM_NEXT}").fetchone()[0])


def catch_up(connection: sqlite3.Connection, told: Callable[[int], None] = lambda _: None) -> None:
    """Index what is missing, one transaction a batch; `told` is how many came in after each.

    Between two batches the store is left alone for as long as one took: whoever waits to write gets in there.
    """
    while _next(connection, 1):
        began = time.monotonic()
        told(index_some(connection))
        if _next(connection, 1):
            time.sleep(time.monotonic() - began)


def index_some(connection: sqlite3.Connection, most: int = BATCH) -> int:
    """Index a batch of what is missing; says of how many deliveries, 0 where none is left. Who writes, waits."""
    if not _next(connection, most):
        return 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = connection.execute("SELECT version FROM indexed").fetchone()[0]
        if found != VERSION:
            connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
            connection.execute("UPDATE indexed SET upto = 0, version = ?", [VERSION])
        # Read again: another process may have done it meanwhile.
        batch = _next(connection, most)
        if batch:
            # Not by a function in SQL, which would turn a Ctrl-C into an error of SQLite's.
            sql = "SELECT seq, headers, body FROM contents WHERE seq BETWEEN ? AND ?"
            rows = connection.execute(sql, [batch[0], batch[-1]])
            texts = [(seq, searchable(headers, body)) for seq, headers, body in rows]
            connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", texts)
            connection.execute("UPDATE indexed SET upto = ?", [batch[-1]])
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return len(batch)


def _next(connection: sqlite3.Connection, most: int) -> list[int]:
    """The numbers of the deliveries that come next, as many as one batch takes."""
    rows = connection.execute(f"SELECT seq, size {_FROM_NEXT} ORDER BY seq LIMIT ?", [most]).fetchall()
    numbers: list[int] = []
    total = 0
    for seq, size in rows:
        total += size
        if numbers and total > BATCH_BYTES:
            break
        numbers.append(seq)
    return numbers
