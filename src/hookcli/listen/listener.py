"""The listener: each delivery is looked at, stored, answered, and only then shown and passed on.

A sender gets its answer when the delivery is on disk; where it can't be stored the answer is 503, so that the sender
tries again. What comes after the answer can be slow or fail and loses nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from hookcli.delivery import Delivery, Identity, UlidMaker, Verdict
from hookcli.examine import Findings, examine
from hookcli.listen.guard import Guard
from hookcli.listen.protocol import BrokenOff, Server, TooLarge, capture, take_start
from hookcli.providers.handshake import HandshakeAnswer, answer
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.signing.secrets import Secrets
from hookcli.store.rows import Stored

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from hookcli.delivery import Message
    from hookcli.providers.spec import Provider
    from hookcli.store.filters import Filter
    from hookcli.store.rows import AnswerKind
    from hookcli.store.writer import Writer

MEBIBYTE = 1024 * 1024
DRAIN_SECONDS = 10.0
"""How long deliveries that are still coming in have to finish when the listener stops."""

CLOSE_SECONDS = 1.0
"""How long connections have to close after that: aiohttp's minute would be waited for a sender that stands still."""


HANDSHAKEN = Verdict(state="valid")
"""Most handshakes come before there is anything to sign with, so they are not refused for being unsigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What every delivery is answered; `delay` in seconds."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to take, how to look at it and what to answer; `verify_token` is the word that a handshake has to say.

    `wanted` is of what is told and counted; what it does not keep is taken, stored and answered as everything is.
    """

    path: str = "/"
    secrets: Secrets = field(default_factory=Secrets)
    taken_as: Provider | None = None
    reply: Reply = Reply()
    max_body: int = 25 * MEBIBYTE
    count: int | None = None
    guard: Guard = field(default_factory=Guard)
    handshakes: bool = True
    verify_token: str | None = None
    wanted: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Who is told: of a stored and answered delivery, of one that is not wanted, and in words of what was not taken."""

    arrived: Callable[[Stored], None]
    notice: Callable[[str], None]
    passed_over: Callable[[Stored], None] = lambda _: None


class Listener:
    """Takes deliveries on some sockets until it is stopped. Made and used inside one running event loop."""

    def __init__(
        self,
        plan: Plan,
        writer: Writer,
        hooks: Hooks,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self.received = 0
        self.complete = asyncio.Event()
        """Set when as many have come as the plan counts."""
        self._plan = plan
        self._writer = writer
        self._hooks = hooks
        self._clock = clock
        self._new_id = new_id or UlidMaker()
        self._loop = asyncio.get_running_loop()
        self._asked: set[asyncio.Future[bool]] = set()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = asyncio.Event()
        self._runner = web.ServerRunner(
            Server(self._handle, self._refused), handle_signals=False, shutdown_timeout=CLOSE_SECONDS
        )

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Begin to take deliveries on bound sockets."""
        await self._runner.setup()
        for bound in sockets:
            await web.SockSite(self._runner, bound, backlog=1024).start()

    async def stop(self) -> None:
        """Take no new connection, let what is coming in finish, and close."""
        self._stopping.set()
        for site in list(self._runner.sites):
            await site.stop()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            self._hooks.notice(f"{self._under_way} unfinished after {DRAIN_SECONDS:g} s: broken off, not stored")
        await self._runner.cleanup()
        while self._asked:
            await asyncio.wait(self._asked)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self._under_way += 1
        self._idle.clear()
        try:
            return await self._take(request)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        plan = self._plan
        method, target = take_start(request)
        # Without the query, where keys and tokens stand.
        what = f"{method} {target.partition('?')[0]}"
        if not _below(plan.path, target):
            self._hooks.notice(f"{what}: not under {plan.path}, answered 404, not stored")
            return self._response(404, b"hookcli listens on another path.\n")
        try:
            message = await capture(request, method, target, plan.max_body)
        except TooLarge as error:
            over = f"{error.size:,} bytes or more are over --max-body ({plan.max_body:,})"
            self._hooks.notice(f"{what}: {over}, answered 413, not stored")
            response = self._response(413, b"The body is larger than this listener takes.\n")
            response.force_close()
            return response
        except BrokenOff as error:
            self._hooks.notice(f"{what}: broken off before its end, not stored ({error})")
            response = self._response(400, b"The message broke off before its end.\n")
            response.force_close()
            return response
        seen, reply = self._looked_at(message, request.remote or "")
        try:
            stored = await self._writer.write(seen)
        except Exception as error:  # noqa: BLE001 (whatever it was, no sender may take it for stored)
            self._hooks.notice(f"{what}: could not be stored ({error}), answered 503 so that the sender tries again")
            return self._response(503, b"The delivery could not be stored.\n")
        if reply.delay:
            with suppress(TimeoutError):
                async with asyncio.timeout(reply.delay):
                    await self._stopping.wait()
        # Behind this step of the task, in which the answer is written.
        self._loop.call_soon(self._answered, stored)
        return self._response(reply.status, reply.body, (*reply.headers, ("Hookcli-Delivery", stored.delivery.id)))

    def _looked_at(self, message: Message, remote: str) -> tuple[Stored, Reply]:
        now, reply, guard = self._clock(), self._plan.reply, self._plan.guard
        sender = guard.sender(message.headers, remote)
        try:
            found = examine(message, self._plan.secrets, now=now, taken_as=self._plan.taken_as)
            shaken = self._handshake(found)
        except Exception as error:  # noqa: BLE001 (a mistake in a declaration must not lose the delivery)
            self._hooks.notice(f"{message.method}: a delivery was stored, but not understood ({error!r})")
            found, shaken = Findings(Identity(), Verdict(), "", Reading(message)), None
        answered: AnswerKind = "plain"
        refusal = guard.refusal(sender, found.verdict if shaken is None or shaken.signed else HANDSHAKEN)
        if refusal:
            answered, reply = "refused", Reply(status=refusal.status)
            found = found._replace(summary=f"{refusal.reason}: {found.summary}".removesuffix(": "))
        elif shaken:
            answered = "handshake"
            reply = Reply(status=shaken.status, body=shaken.body, headers=shaken.headers)
            found = found._replace(summary=shaken.outcome)
        delivery = Delivery(
            id=self._new_id(),
            received_at=now,
            remote=sender,
            method=message.method,
            target=message.target,
            http_version=message.http_version,
            headers=message.headers,
            body=message.body,
            identity=found.identity,
            verdict=found.verdict,
            summary=found.summary,
        )
        return Stored(delivery, len(message.body), reply.status, answered), reply

    def _handshake(self, found: Findings) -> HandshakeAnswer | None:
        declared = providers()[found.identity.provider]
        if not self._plan.handshakes or declared.handshake is None:
            return None
        secrets = self._plan.secrets.of(declared.id)
        return answer(found.reading, declared, secrets, self._plan.verify_token, found.verdict)

    def _answered(self, stored: Stored) -> None:
        if self._plan.wanted is None:
            self._arrived(stored)
            return
        asked = self._writer.keeps(self._plan.wanted, stored.seq)
        self._asked.add(asked)
        asked.add_done_callback(partial(self._told, stored))

    def _told(self, stored: Stored, asked: asyncio.Future[bool]) -> None:
        self._asked.discard(asked)
        error = asked.exception()
        if error:
            self._hooks.notice(f"{stored.delivery.id} was stored; whether the filter keeps it can't be told ({error})")
        if error or not asked.result():
            self._hooks.passed_over(stored)
        else:
            self._arrived(stored)

    def _arrived(self, stored: Stored) -> None:
        self.received += 1
        self._hooks.arrived(stored)
        if self.received == self._plan.count:
            self.complete.set()

    def _response(self, status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> web.Response:
        response = web.Response(status=status, body=body)
        if not body:
            response.headers.popall("Content-Type", None)
        for name in {name for name, _ in headers}:
            response.headers.popall(name, None)
        for name, value in headers:
            response.headers.add(name, value)
        response.headers.setdefault("Server", "hookcli")
        if self._stopping.is_set():
            response.force_close()
        return response

    def _refused(self, remote: str, what: str) -> None:
        self._hooks.notice(f"{remote} {what}")


def _below(path: str, target: str) -> bool:
    """Whether a target's path is this path or lies under it."""
    own = target.partition("?")[0]
    return path in {"/", own} or own.startswith(path.rstrip("/") + "/")
