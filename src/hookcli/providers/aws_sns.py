"""Amazon SNS: HTTP and HTTPS endpoints that are subscribed to a topic.

Sources: Amazon SNS Developer Guide, "HTTP/HTTPS headers" (headers, their order), "HTTP/HTTPS notification JSON format",
"... subscription confirmation JSON format", "... unsubscribe confirmation JSON format" (fields), "Verifying the
signatures of Amazon SNS messages" (what is signed, SignatureVersion), "Raw message delivery", "Message delivery
retries"; aws/aws-js-sns-message-validator, `index.js` (that Subject and the rest are signed where they are there). The
names of regions, by which a SubscribeURL is told from one of another service (s3 is a label in the same place): AWS
General Reference, "Amazon SNS endpoints and quotas".
"""

from hookcli.providers.spec import Confirmation, Event, Limits, Provider
from hookcli.signing.public_key import KeyPair

SIGNED = (
    "Message\n{body:Message}\nMessageId\n{body:MessageId}\n[Subject\n{body:Subject}\n]"
    "[SubscribeURL\n{body:SubscribeURL}\n]Timestamp\n{body:Timestamp}\n[Token\n{body:Token}\n]"
    "TopicArn\n{body:TopicArn}\nType\n{body:Type}\n"
)
TOPIC = "{header:x-amz-sns-topic-arn/TopicArn!last}"

PROVIDER = Provider(
    id="aws-sns",
    title="Amazon SNS",
    docs="https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
    color="#e7157b",
    identify=(
        ("header:x-amz-sns-message-type",),
        ("header:x-amz-sns-rawdelivery",),
        ("body:Type", "body:MessageId", "body:TopicArn", "body:SignatureVersion"),
    ),
    event=("header:x-amz-sns-message-type", "body:Type"),
    delivery_id=("header:x-amz-sns-message-id", "body:MessageId"),
    hook_id=("header:x-amz-sns-subscription-arn",),
    confirmation=Confirmation(
        when=(("body:Type=SubscriptionConfirmation",),),
        url="body:SubscribeURL",
        host=r"sns\.[a-z]{2}(-[a-z]+)+-[0-9]\.amazonaws\.com(\.cn)?",
    ),
    signatures=(
        KeyPair(
            name="v2",
            at="body:Signature",
            algorithm="rsa",
            hash="sha256",
            encoding="base64",
            signed=SIGNED,
            when="body:SignatureVersion=2",
        ),
        KeyPair(
            name="v1",
            at="body:Signature",
            algorithm="rsa",
            hash="sha1",
            encoding="base64",
            signed=SIGNED,
            when="body:SignatureVersion=1",
        ),
    ),
    sends=(
        ("x-amz-sns-message-type", "{event}"),
        ("x-amz-sns-message-id", "{body:MessageId}"),
        ("x-amz-sns-topic-arn", "{body:TopicArn}"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("User-Agent", "Amazon Simple Notification Service Agent"),
    ),
    summary={
        "Notification": (
            f"{TOPIC}: {{Subject!line}}",
            f"{TOPIC}: {{Message!line}}",
            f"a message of {TOPIC}, raw",
        ),
        "SubscriptionConfirmation": (f"{TOPIC} asks to be confirmed: fetch SubscribeURL, or listen --confirm",),
        "UnsubscribeConfirmation": f"{TOPIC} was unsubscribed from: SubscribeURL takes that back",
    },
    events=(
        Event("Notification", "A message was published to the topic"),
        Event("SubscriptionConfirmation", "An endpoint was subscribed: nothing is sent until this is confirmed"),
        Event("UnsubscribeConfirmation", "The endpoint was unsubscribed"),
    ),
    limits=Limits(
        body=256 * 1024,
        retries="three, 20 seconds apart, after 5xx and 429 alone; the topic's delivery policy may say otherwise",
    ),
    notes=(
        "The secret is the certificate that SigningCertURL names: fetch it, then --secret aws-sns=file:cert.pem.",
        "hookcli asks no network for it. Mind that the host of SigningCertURL is sns.REGION.amazonaws.com.",
        "`hookcli sign` takes a private key of your own (PEM); SignatureVersion says which hash: 1 SHA-1, 2 SHA-256.",
        "What is signed are the values of some fields, not the raw body: it may be written anew on its way.",
        "Until SubscribeURL is fetched nothing more comes: `hookcli listen --confirm` does that, after the answer.",
        "It does so over https from sns.REGION.amazonaws.com alone, and follows no redirect.",
        "Anyone can subscribe your endpoint to a topic of theirs: look at the topic before you confirm.",
        "Raw message delivery (x-amz-sns-rawdelivery: true) sends the message alone, without envelope or signature.",
        "Message is a text: of an AWS service it mostly is JSON, written as a text.",
        "MessageId stays the same when a message is sent again.",
        "SNS labels its JSON as text/plain.",
    ),
    sensitive=("body:SubscribeURL", "body:UnsubscribeURL"),
)
