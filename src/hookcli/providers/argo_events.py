"""Argo Events: what a sensor's HTTP trigger POSTs, an event as it came over the event bus.

Sources, all in argoproj/argo-events: `pkg/apis/events/v1alpha1/sensor_types.go` (Event, EventContext and their
order), `pkg/apis/events/v1alpha1/const.go` (the event source types), `pkg/eventsources/events/event-data.go` (data
of each), `pkg/eventsources/eventing.go` (id), `pkg/eventsources/sources/webhook/start.go` (body),
`pkg/eventsources/common/webhook` (masked token, size), `pkg/sensors/triggers/params.go` and
`pkg/sensors/triggers/http/http.go` (payload, headers, time-out).
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hookcli.delivery import Headers, Message
from hookcli.providers.spec import Event, Limits, Provider
from hookcli.reading import dig, parse_json
from hookcli.signing.schemes import Token

if TYPE_CHECKING:
    from hookcli.reading import Json, Reading

FORM = "application/x-www-form-urlencoded"


def carried(reading: Reading) -> Message | None:
    """The delivery that an event source took in: a sensor may write `data` as base64, which no place reaches into."""
    data = dig(reading.payload, "data")
    try:
        if isinstance(data, str):
            data = parse_json(base64.b64decode(data, validate=True))
        headers, body = dig(data, "header") or dig(data, "headers"), dig(data, "body")
        # An envelope in an envelope ends here: how deep they go is the sender's choice.
        if not isinstance(headers, dict) or body is None or dig(body, "context.specversion") is not None:
            return None
        listed = {name: many for name, many in headers.items() if _line(name) and isinstance(many, list)}
        lines = [(name, one) for name, many in listed.items() for one in many if _line(one)]
        if ("Content-Type", FORM) in lines and isinstance(body, dict):
            text = urlencode(body, doseq=True)
        else:
            text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return Message(headers=Headers((_utf8(name), _utf8(value)) for name, value in lines), body=_utf8(text))


def _line(value: Json) -> bool:
    return isinstance(value, str) and not {"\r", "\n", "\0"}.intersection(value)


def _utf8(text: str) -> bytes:
    # JSON can hold a half of a surrogate pair, which UTF-8 can't.
    return text.encode("utf-8", "replace")


CARRIED = "/".join(
    f"data.{key}.{name}.0"
    for name in ("X-Gitea-Event", "X-Gogs-Event", "X-Github-Event", "X-Gitlab-Event", "X-Gitee-Event", "X-Event-Key")
    for key in ("header", "headers")
)

PROVIDER = Provider(
    id="argo-events",
    title="Argo Events",
    docs="https://argoproj.github.io/argo-events/sensors/triggers/http-trigger/",
    color="#ef7b4d",
    identify=(
        (
            "body:context.id",
            "body:context.source",
            "body:context.specversion",
            "body:context.type",
            "body:context.subject",
            "body:data",
        ),
    ),
    event=("body:context.type",),
    delivery_id=("body:context.id",),
    hook_id=("body:context.subject",),
    carries=carried,
    signatures=(
        Token(name="bearer", at="header:Authorization", style="bearer"),
        Token(name="basic", at="header:Authorization", style="basic", default=False),
    ),
    sends=(
        ("User-Agent", "Go-http-client/1.1"),
        ("Accept-Encoding", "gzip"),
    ),
    id_form="hex32",
    summary={
        "*": (
            f"{{context.type}} event {{context.subject}} from {{context.source}}[ carrying {{{CARRIED}!words}}]",
            "{context.type} event from {context.source}",
        ),
    },
    events=(
        Event("webhook", "A request to a webhook endpoint"),
        Event("calendar", "A moment of a schedule has come"),
        Event("github", "A GitHub delivery"),
        Event("gitlab", "A GitLab delivery"),
        Event("bitbucket", "A Bitbucket Cloud delivery"),
        Event("bitbucketserver", "A Bitbucket Data Center delivery"),
        Event("gerrit", "A Gerrit delivery"),
        Event("slack", "A Slack event or slash command"),
        Event("stripe", "A Stripe delivery"),
        Event("storagegrid", "A StorageGRID notification"),
        Event("sns", "An Amazon SNS message"),
        Event("sqs", "An Amazon SQS message"),
        Event("pubsub", "A Google Cloud Pub/Sub message"),
        Event("azureEventsHub", "An Azure Event Hubs message"),
        Event("azureQueueStorage", "An Azure Queue Storage message"),
        Event("azureServiceBus", "An Azure Service Bus message"),
        Event("mns", "An Alibaba Cloud MNS message"),
        Event("amqp", "An AMQP message"),
        Event("kafka", "A Kafka message"),
        Event("mqtt", "An MQTT message"),
        Event("nats", "A NATS message"),
        Event("nsq", "An NSQ message"),
        Event("pulsar", "A Pulsar message"),
        Event("redis", "A Redis message"),
        Event("redisStream", "An entry of a Redis stream"),
        Event("emitter", "An Emitter message"),
        Event("minio", "A MinIO bucket notification"),
        Event("file", "A file changed"),
        Event("hdfs", "A file in HDFS changed"),
        Event("sftp", "A file on an SFTP server changed"),
        Event("resource", "A Kubernetes resource changed"),
        Event("generic", "An event of a custom gRPC event source"),
    ),
    limits=Limits(timeout=60, retries="as the trigger's retryStrategy says"),
    notes=(
        "A trigger sends no Content-Type, no Authorization and an empty body unless its configuration adds them.",
        "A payload with neither contextKey nor dataKey is the whole event, and `data` in it is base64.",
        "For readable data send two parts with useRawData: contextKey @this to context, dataKey @this to data.",
        "A dest for the whole event makes it one string under that name, which is no envelope any more.",
        "Header names come as Go writes them (X-Github-Event), each with a list of values.",
        "The headers stand in `header` for webhook and sns; in `headers` for github, gitlab, bitbucket and gerrit.",
        "Go rewrites the JSON inside (compact, <, > and & as \\u003c ...): check signatures in the event source.",
        "A webhook event source takes 1 MiB unless maxPayloadSize says otherwise, and masks an Authorization header.",
        "It turns a form into JSON with lists of values, and the query of a GET into the body.",
    ),
)
