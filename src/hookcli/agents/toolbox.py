"""The tools themselves. Deliveries come from the store and the fixtures, never from a file that a tool is told."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from hookcli import fixtures
from hookcli.agents import results
from hookcli.delivery import Delivery
from hookcli.errors import WrongInput
from hookcli.examine import examine, explain_verdict
from hookcli.formats import http_file
from hookcli.providers.registry import provider, providers
from hookcli.reading import Reading
from hookcli.render.provider import detail, overview
from hookcli.signing.explain import Explanation
from hookcli.signing.secrets import Secrets, resolve
from hookcli.signing.sign import Occasion, dressed, new_id, signed
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.filters import parse_filter
from hookcli.store.writer import AttemptOf, write_now
from hookcli.wire import Destination, Manner, attempt

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Message
    from hookcli.examine import Findings
    from hookcli.providers.spec import Provider
    from hookcli.store.filters import Filter

MOST = 100
"""Deliveries in one answer."""

MOST_SENT = 20
"""Sendings of a delivery that are told of, the latest."""

REFERENCES = ("env:", "file:", "keyring:")
EXPLAIN_SECONDS = 5.0
_SENTENCES = {
    "valid": "the signature holds",
    "stale": "the signature holds, but its timestamp is too old: replay_delivery can sign it anew",
    "unsigned": "there is no signature or token to explain",
    "no secret": "there is no secret for this provider: whoever starts the server can give one with --secret",
}
_HEADER_TERM = re.compile(r"(?i)(?<!\S)-?header\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """What the tools work on: the store, the secrets that were given at the start, and where may be sent to."""

    store: Path
    secrets: Secrets
    targets: frozenset[str] = frozenset()

    def secret_texts(self, reference: str | None = None) -> list[str]:
        """The secrets that were given at the start and the one referred to, in every form: no answer may hold one."""
        return results.forms(secret for _, secret in (self.secrets + self._known(reference)).pairs)

    def page(self, filter_text: str, limit: int, cursor: str | None) -> results.Page:
        """Deliveries that a filter keeps."""
        wanted, most = _filter(filter_text), min(max(limit, 1), MOST)
        with opened(self.store) as connection:
            # One more than is asked for tells whether there is a next page.
            if cursor is None:
                found = list(query.newest(connection, wanted, most + 1))
            else:
                found = query.older_than(connection, wanted, _position(cursor), most + 1)
        following = str(found[most - 1].seq) if len(found) > most else None
        return {"deliveries": [results.listed(stored) for stored in found[:most]], "next_cursor": following}

    def shown(self, name: str, cursor: str | None) -> results.Shown:
        """One stored delivery, with a page of its body."""
        with opened(self.store) as connection:
            stored = query.find(connection, name)
            attempts = query.attempts(connection, stored.delivery.id)
        delivery = stored.delivery
        body, following = results.body_page(delivery, delivery.identity.provider, _position(cursor))
        return {
            "delivery": results.listed(stored),
            "verdict": results.judgement(delivery.verdict),
            "delivery_id": delivery.identity.delivery_id,
            "headers": results.headers(delivery, delivery.identity.provider),
            "body": body,
            "next_cursor": None if following is None else str(following),
            "sent": [results.sent(one) for one in attempts[-MOST_SENT:]],
        }

    def verified(self, name: str, whose: str | None, secret: str | None) -> results.Judgement:
        """What the signature of a delivery says."""
        message = self._message(name)
        return results.judgement(_examined(message, whose, self._known(secret)).verdict)

    def explained(self, name: str, whose: str | None, url: str | None, secret: str | None) -> results.Explained:
        """Why the signature of a delivery does not hold."""
        message, known = self._message(name), self._known(secret)
        found = _examined(message, whose, known)
        declared, state = provider(whose or found.identity.provider), found.verdict.state
        if state in {"invalid", "no secret"} and known.of(declared.id):
            why = explain_verdict(message, declared, known, url=url, seconds=EXPLAIN_SECONDS)
            return results.explained(found.verdict, why)
        return results.explained(found.verdict, Explanation(), _SENTENCES[state])

    def signed(  # noqa: PLR0913 (what a signed request is made of)
        self, whose: str, payload: str, event: str | None, scheme: str | None, url: str | None, secret: str | None
    ) -> results.Signed:
        """A payload as the provider would send it, signed."""
        message = self._dressed(provider(whose), payload, event, self._known(secret), scheme=scheme, url=url)
        return {
            "method": message.method,
            "target": results.target(message, whose.lower()),
            "headers": results.headers(message, whose.lower()),
            # Where the signature stands in the body, that is written anew, and masked.
            "body": payload if message.body == _body(payload) else results.body_page(message, whose.lower(), 0)[0],
        }

    async def replayed(self, name: str, to: str, *, sign_anew: bool) -> results.Sent:
        """A delivery of the store, or a fixture, sent again."""
        target, message = self._target(to), self._message(name)
        if sign_anew:
            reading = Reading(message)
            found = _examined(message, None, self.secrets)
            known = provider(found.identity.provider)
            message = signed(
                reading.message,
                known.signatures,
                _first(self.secrets, known),
                occasion=Occasion(timestamp=time.time()),
                delivery_id=found.identity.delivery_id or new_id(known),
                url=to,
            )
        return await self._send(message, target)

    async def sent(self, whose: str, payload: str, event: str | None, to: str) -> results.Sent:
        """A payload sent as the provider would send it, signed."""
        target = self._target(to)
        return await self._send(self._dressed(provider(whose), payload, event, self.secrets, url=to), target)

    def all_providers(self) -> list[str]:
        """A line for each provider."""
        return [line.plain.rstrip() for line in overview(list(providers().values()))]

    def one_provider(self, name: str) -> list[str]:
        """All that is known of a provider, by lines."""
        one = provider(name)
        own = [fixture for fixture in fixtures.names() if fixture.partition("/")[0] == one.id]
        return [f"{label}: {text.plain}" if label else f"  {text.plain}" for label, text in detail(one, own)]

    def _message(self, name: str) -> Message:
        found = fixtures.matching(name)
        if len(found) > 1:
            raise WrongInput(f"{name} means several fixtures.", f"Name one of {', '.join(found)}.")
        if found:
            return http_file.read(fixtures.load(found[0]))
        with opened(self.store) as connection:
            return query.find(connection, name).delivery

    def _known(self, reference: str | None) -> Secrets:
        """The secrets that were given at the start, or the one referred to. Raises WrongInput for one in clear."""
        if reference is None:
            return self.secrets
        if not reference.startswith(REFERENCES):
            what = "A secret is taken by reference alone, so that it stays out of the conversation."
            raise WrongInput(what, "Say where it is: env:NAME, file:PATH or keyring:NAME.")
        return Secrets(((None, resolve(reference)),))

    def _dressed(  # noqa: PLR0913 (what a signed request is made of)
        self,
        declared: Provider,
        payload: str,
        event: str | None,
        known: Secrets,
        *,
        scheme: str | None = None,
        url: str | None = None,
    ) -> Message:
        occasion = Occasion(timestamp=time.time(), id=new_id(declared))
        message = dressed(declared, _body(payload), event=event, occasion=occasion)
        if not declared.signatures:
            return message
        return signed(
            message,
            declared.signatures,
            _first(known, declared),
            occasion=occasion,
            delivery_id=occasion.id or "",
            scheme=scheme,
            url=url,
        )

    def _target(self, to: str) -> Destination:
        """Where to send. Raises WrongInput for anywhere that was not allowed at the start."""
        target = Destination.parse(to)
        if not (_is_loopback(target.host) or {target.host.lower(), target.authority.lower()} & self.targets):
            what = f"Nothing is sent to {target.authority}: only this machine may be sent to."
            raise WrongInput(what, f"Whoever starts the server can allow it: hookcli mcp --allow-target {target.host}")
        return target

    async def _send(self, message: Message, target: Destination) -> results.Sent:
        made = await attempt("replay", message, target, Manner())
        if isinstance(message, Delivery):
            write_now(self.store, [AttemptOf(message.id, made)])
        return results.sent(made)


def _examined(message: Message, whose: str | None, known: Secrets) -> Findings:
    arrived = message.received_at if isinstance(message, Delivery) else datetime.now(UTC)
    return examine(message, known, now=arrived, taken_as=provider(whose) if whose else None)


def _body(payload: str) -> bytes:
    """The payload as bytes, halves of surrogate pairs too."""
    return payload.encode("utf-8", "surrogatepass")


def _first(known: Secrets, declared: Provider) -> str:
    found = known.of(declared.id)
    if not found:
        what = f"There is no secret for {declared.id} to sign with."
        raise WrongInput(what, f"Start the server with one: hookcli mcp --secret {declared.id}=env:NAME")
    return found[0]


def _filter(text: str) -> Filter:
    """Read a filter. Raises WrongInput for one that could find out a masked token letter by letter."""
    wanted = parse_filter(text, datetime.now(UTC))
    if any(sign in text for sign in "*?[") and (wanted.searches or _HEADER_TERM.search(text)):
        what = "Words and headers are looked for whole here: with a pattern a token that is masked could be guessed."
        raise WrongInput(what, "Leave out *, ? and [, or ask by provider:, event:, path: and the like alone.")
    return wanted


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not re.fullmatch(r"\d{1,15}", cursor, re.ASCII):
        raise WrongInput(f"{cursor!r} is no cursor.", "Give the next_cursor of an answer, as it is.")
    return int(cursor)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host.lower() == "localhost"
