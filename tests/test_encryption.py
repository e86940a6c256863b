"""Bodies that arrive encrypted, and XML: WeCom, WeChat and Feishu.

WeCom's vectors are those that wechatpy publishes (tests/test_crypto.py), and wechatpy itself signs, encrypts and reads
here; Feishu's is from its documentation ("Encrypt Key 加密配置案例"), and the openssl program makes further ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto as WeCom  # type: ignore[import-untyped]
from wechatpy.exceptions import InvalidSignatureException  # type: ignore[import-untyped]
from wechatpy.utils import check_signature as wechats_signature  # type: ignore[import-untyped]

from hookcli import fixtures
from hookcli.delivery import Headers, Message, Verdict
from hookcli.examine import Findings, examine
from hookcli.formats import http_file
from hookcli.providers.handshake import answer
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.signing.encryption import Encryption, sealed_for_wechat, wechat_key
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.xml_tree import DEEPEST, parse_xml
from support import hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2025, 11, 24, 10, 35, 31, tzinfo=UTC)

TOKEN, AES, CORP = "123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a"
BOTH = f"{TOKEN}:{AES}"
ECHO = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
VERIFYING = Message(
    method="GET",
    target="/?msg_signature=dd6b9c95b495b3f7e2901bfbc76c664930ffdb96&timestamp=1411443780&nonce=437374425"
    f"&echostr={quote(ECHO, safe='')}",
    headers=Headers([("Host", "localhost")]),
)
PUBLISHED = Message(
    target="/?msg_signature=74d92dfeb87ba7c714f89d98870ae5eb62dff26d&timestamp=1411525903&nonce=461056294",
    headers=Headers([("Host", "localhost")]),
    body=b"""<xml><ToUserName><![CDATA[wx49f0ab532d5d035a]]></ToUserName>
<Encrypt><![CDATA[RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXzF6Bv283\
dGymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gYNx410cvkKR2/nPwBiT+P4hIiOAQqGp/Ty\
wZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2SjHnwh4jYFxdgpkHHqIrH/54SNdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGA\
POQipvWTT4dShyqio7mlsl5noTrb++x6En749zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91eBdCRxthuL0=]]></Encrypt>
<AgentID><![CDATA[1]]></AgentID>
</xml>""",
)
PLAIN = (
    "<xml><ToUserName><![CDATA[wx49f0ab532d5d035a]]></ToUserName><FromUserName><![CDATA[ada]]></FromUserName>"
    "<CreateTime>1763980530</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[部署完成了吗 & <b>]]>"
    "</Content><MsgId>7412398765012345678</MsgId><AgentID>1</AgentID></xml>"
).encode()


def found(message: Message, *secrets: str) -> Findings:
    return examine(message, Secrets(tuple((None, secret) for secret in secrets)), now=NOW)


def made(name: str, body: bytes, secret: str, scheme: str | None = None) -> Message:
    of, occasion = provider(name), Occasion(timestamp=NOW.timestamp())
    bare = dressed(of, body, event=None, occasion=occasion)
    return signed(bare, of.signatures, secret, occasion=occasion, delivery_id="", scheme=scheme)


class TestWeCom:
    def test_the_published_signature_holds_with_the_token_alone(self) -> None:
        told = found(PUBLISHED, TOKEN)
        assert told.identity.provider == "wecom"
        assert told.verdict == Verdict(state="valid", scheme="msg-signature", header="?msg_signature")
        assert (told.identity.event, told.summary) == (None, "encrypted")

    def test_the_published_message_is_read_with_the_key(self) -> None:
        told = found(PUBLISHED, BOTH)
        assert told.verdict.state == "valid"
        assert told.summary == "messense wrote: test"
        assert (told.identity.event, told.identity.hook_id) == ("text", "1")

    def test_token_and_key_may_be_secrets_of_their_own(self) -> None:
        told = found(PUBLISHED, AES, TOKEN)
        assert (told.verdict.state, told.identity.event) == ("valid", "text")

    def test_the_key_alone_opens_it_and_checks_nothing(self) -> None:
        told = found(PUBLISHED, AES)
        assert (told.verdict.state, told.identity.event) == ("no secret", "text")

    @pytest.mark.parametrize("secret", ["another", f"another:{AES}"])
    def test_another_token_does_not_hold(self, secret: str) -> None:
        assert found(PUBLISHED, secret).verdict.state == "invalid"

    def test_another_key_opens_nothing(self) -> None:
        assert found(PUBLISHED, f"{TOKEN}:{AES[::-1]}").identity.event is None

    def test_the_published_url_verification_is_answered_by_its_echostr_decrypted(self) -> None:
        told = found(VERIFYING, BOTH)
        assert (told.identity.provider, told.identity.is_ping, told.verdict.state) == ("wecom", True, "valid")
        shaken = answer(told.reading, provider("wecom"), [BOTH], verdict=told.verdict)
        assert shaken is not None
        claim = ("dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", "1411443780", "437374425")
        assert shaken.body.decode() == WeCom(TOKEN, AES, CORP).check_signature(*claim, ECHO) == "5927782489442352469"

    @pytest.mark.parametrize("secrets", [[], [TOKEN]])
    def test_without_the_key_it_is_not_answered(self, secrets: list[str]) -> None:
        assert answer(Reading(VERIFYING), provider("wecom"), secrets) is None

    def test_nobody_has_a_message_decrypted_that_is_not_signed(self) -> None:
        stolen = quote(Reading(PUBLISHED).word("xml:Encrypt") or "", safe="")
        target = f"/?msg_signature={'0' * 40}&timestamp=1411443780&nonce=437374425&echostr={stolen}"
        told = found(Message(method="GET", target=target), BOTH)
        shaken = answer(told.reading, provider("wecom"), [BOTH], verdict=told.verdict)
        assert shaken is not None
        assert (shaken.status, shaken.body) == (401, b"")

    @pytest.mark.parametrize("verdict", [None, Verdict(state="no secret"), Verdict(state="unsigned")])
    def test_nor_one_whose_signature_could_not_be_checked(self, verdict: Verdict | None) -> None:
        assert answer(Reading(VERIFYING), provider("wecom"), [AES], verdict=verdict) is None

    def test_wechatpy_reads_what_hookcli_encrypts_and_signs(self) -> None:
        message = made("wecom", PLAIN, BOTH)
        query = Reading(message).query
        claim = (query["msg_signature"], query["timestamp"], query["nonce"])
        assert WeCom(TOKEN, AES, CORP).decrypt_message(message.body, *claim) == PLAIN.decode()
        with pytest.raises(InvalidSignatureException):
            WeCom("another", AES, CORP).decrypt_message(message.body, *claim)
        assert message.headers.get("content-length") == str(len(message.body))

    def test_hookcli_reads_what_wechatpy_encrypts_and_signs(self) -> None:
        body = WeCom(TOKEN, AES, CORP).encrypt_message(PLAIN.decode(), "461056294", "1763980530")
        tree = parse_xml(body.encode()) or {}
        target = f"/?msg_signature={tree['MsgSignature']}&timestamp=1763980530&nonce=461056294"
        told = found(Message(target=target, body=body.encode()), BOTH)
        assert (told.verdict.state, told.identity.delivery_id) == ("valid", "7412398765012345678")
        assert told.summary == "ada wrote: 部署完成了吗 & <b>"

    @pytest.mark.parametrize(
        ("name", "summary"),
        [
            ("wecom/text", "ada wrote: Ist das Release fertig? 部署完成了吗"),
            ("wecom/change_contact.create_user", "contacts: create user ada"),
            ("wechat/text", "oia2TjuEGTNoeX76QEjQNrcURxG8 wrote: 部署完成了吗"),
            ("wechat/subscribe", "oia2TjuEGTNoeX76QEjQNrcURxG8 follows the account"),
            ("feishu/im_message_receive_v1.encrypted", None),
        ],
    )
    def test_fixtures_are_read_and_hold(self, name: str, summary: str | None) -> None:
        secret = "hookcli" if name.startswith("feishu") else "hookcli:aG9va2NsaSBob29rY2xpIGhvb2tjbGkgaG9va2NsaSA"
        told = found(http_file.read(fixtures.load(name)), secret)
        assert told.verdict.state == "valid"
        assert told.identity.event
        assert summary is None or told.summary == summary

    def test_url_and_messages_at_a_listener(self, tmp_path: Path) -> None:
        store = tmp_path / "store.db"
        with listening(store, "--secret", f"wecom={BOTH}", "--json") as listener:
            shaken = post(listener.port, VERIFYING)
            assert shaken.startswith(b"HTTP/1.1 200")
            # What wechatpy decrypts it to, as the test before this one shows.
            assert shaken.endswith(b"\r\n\r\n5927782489442352469")
            assert listener.record()["summary"] == "handshake answered"
            message = made("wecom", PLAIN, BOTH)
            post(listener.port, message)
            record = listener.record()
        assert (record["provider"], record["event"], record["verdict"]["state"]) == ("wecom", "text", "valid")
        assert record["summary"] == "ada wrote: 部署完成了吗 & <b>"
        # What is stored is what came.
        assert hookcli("show", "last", "--raw", "--store", store).out == message.body

    @pytest.mark.parametrize("body", [PLAIN, b"<xml><MsgType>text</MsgType></xml>", b"{}"])
    def test_what_can_not_be_encrypted_is_refused_with_what_to_do(self, body: bytes, tmp_path: Path) -> None:
        path = tmp_path / "payload.xml"
        path.write_bytes(body)
        result = hookcli("sign", "--provider", "wecom", "--secret", TOKEN if body == PLAIN else BOTH, path)
        assert (result.code, result.text) == (2, "")
        assert result.err.startswith("Error: The payload is not encrypted, and can't be: ")
        assert "Give TOKEN:EncodingAESKey" in result.err

    @pytest.mark.parametrize(
        ("secrets", "sentence"),
        [
            (["svix=hookcli", "another"], "The signature holds for the secret for svix."),
            (["HOOKCLI"], "The signature holds for the secret in lower case."),
            (["another"], "No known mistake makes this signature come true."),
        ],
    )
    def test_explain_names_the_slip_in_the_token(self, secrets: list[str], sentence: str) -> None:
        given = [word for secret in secrets for word in ("--secret", secret)]
        result = hookcli("explain", "wecom/text", *given)
        assert (result.code, sentence in result.text) == (1, True)


class TestWeChat:
    def test_wechatpy_accepts_what_hookcli_signs(self) -> None:
        query = Reading(made("wechat", PLAIN, TOKEN)).query
        wechats_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        with pytest.raises(InvalidSignatureException):
            wechats_signature("another", query["signature"], query["timestamp"], query["nonce"])

    def test_plain_mode(self) -> None:
        message = made("wechat", PLAIN, TOKEN)
        told = found(message, TOKEN)
        assert (told.identity.provider, told.identity.event) == ("wechat", "text")
        assert (told.verdict.state, told.verdict.detail) == ("valid", "it does not cover the body")
        assert found(message, "another").verdict.state == "invalid"

    def test_safe_mode_is_read_with_the_key_and_covers_the_body(self) -> None:
        message = made("wechat", PLAIN, BOTH, "msg-signature")
        query = Reading(message).query
        claim = (query["msg_signature"], query["timestamp"], query["nonce"])
        assert WeCom(TOKEN, AES, CORP).decrypt_message(message.body, *claim) == PLAIN.decode()
        text = "".join(sorted([TOKEN, query["timestamp"], query["nonce"]])).encode()
        target = f"{message.target}&encrypt_type=aes&signature={hashlib.sha1(text).hexdigest()}"
        told = found(Message(target=target, body=message.body), BOTH)
        assert (told.identity.provider, told.identity.event) == ("wechat", "text")
        assert (told.verdict.state, told.verdict.scheme) == ("valid", "msg-signature")

    def test_the_url_is_verified_by_its_echostr_as_it_is(self) -> None:
        text = "".join(sorted([TOKEN, "1763980530", "1372623149"])).encode()
        target = f"/?signature={hashlib.sha1(text).hexdigest()}&echostr=5936258&timestamp=1763980530&nonce=1372623149"
        told = found(Message(method="GET", target=target), TOKEN)
        assert (told.identity.provider, told.identity.is_ping, told.verdict.state) == ("wechat", True, "valid")
        shaken = answer(told.reading, provider("wechat"), [])
        assert shaken is not None
        assert shaken.body == b"5936258"


FEISHU = Encryption(kind="sha256", at="body:encrypt")
WECHATS = Encryption(kind="wechat", at="xml:Encrypt")
FEISHU_KEY = "test key"


def by_openssl(text: bytes, secret: str = FEISHU_KEY) -> str:
    """The ciphertext that the openssl program makes by Feishu's recipe."""
    vector, key = bytes(range(16)), hashlib.sha256(secret.encode()).hexdigest()
    command = ["openssl", "enc", "-aes-256-cbc", "-K", key, "-iv", vector.hex()]
    done = subprocess.run(command, input=text, capture_output=True, check=True)
    return base64.b64encode(vector + done.stdout).decode()


def a_feishu(inside: object, **headers: str) -> Message:
    body = json.dumps({"encrypt": by_openssl(json.dumps(inside).encode())}).encode()
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    pairs = [("Host", "localhost"), ("Content-Length", str(len(body))), *named]
    return Message(headers=Headers(pairs), body=body)


CHALLENGE = {"challenge": "ajls384kdjx98XX", "token": "hookcli", "type": "url_verification"}


class TestFeishu:
    def test_the_published_ciphertext_is_opened(self) -> None:
        sealed = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
        assert FEISHU.decrypted(sealed, ["another", FEISHU_KEY]) == b"hello world"
        assert FEISHU.decrypted(sealed, ["another"]) is None

    @given(st.binary(max_size=80), st.text(max_size=60))
    def test_what_is_no_ciphertext_opens_nothing_and_breaks_nothing(self, data: bytes, text: str) -> None:
        for encryption in (FEISHU, WECHATS):
            for sealed in (text, base64.b64encode(data).decode()):
                encryption.decrypted(sealed, [FEISHU_KEY, AES, ""])

    def test_an_event_is_read_inside(self) -> None:
        inside = {"schema": "2.0", "header": {"event_id": "e-1", "event_type": "im.chat.disbanded_v1", "token": "t"}}
        message = made("feishu", a_feishu(inside).body, FEISHU_KEY, "sha256")
        told = found(message, FEISHU_KEY)
        assert (told.identity.event, told.identity.delivery_id) == ("im.chat.disbanded_v1", "e-1")
        assert (told.verdict.state, told.verdict.scheme) == ("valid", "sha256")
        assert found(message).identity.event is None

    def test_a_token_inside_does_not_make_up_for_a_signature_that_fails(self) -> None:
        message = made("feishu", a_feishu(CHALLENGE).body, "another key", "sha256")
        assert found(message, FEISHU_KEY, "hookcli").verdict.state == "invalid"

    def test_an_encrypted_url_verification_is_answered_and_its_token_checked(self, tmp_path: Path) -> None:
        secrets = ("--secret", f"feishu={FEISHU_KEY}", "--secret", "feishu=hookcli")
        with listening(tmp_path / "store.db", *secrets, "--json") as listener:
            shaken = post(listener.port, a_feishu(CHALLENGE))
            record = listener.record()
        assert json.loads(shaken.partition(b"\r\n\r\n")[2]) == {"challenge": "ajls384kdjx98XX"}
        assert (record["provider"], record["event"]) == ("feishu", "url_verification")
        assert record["verdict"] == {
            "state": "valid",
            "scheme": "token-v1",
            "header": "body.token",
            "detail": "it does not cover the body",
        }

    def test_verify_reads_inside_too(self, tmp_path: Path) -> None:
        path = tmp_path / "encrypted.http"
        body = a_feishu(CHALLENGE).body
        path.write_bytes(b"POST / HTTP/1.1\nContent-Length: %d\n\n%s" % (len(body), body))
        good = hookcli("verify", path, "--secret", FEISHU_KEY, "--secret", "hookcli")
        assert (good.code, good.text.split()[1:3]) == (0, ["feishu", "url_verification"])
        assert hookcli("verify", path, "--secret", FEISHU_KEY, "--secret", "other").code == 1


@given(st.binary(max_size=300), st.binary(min_size=16, max_size=16))
def test_what_is_sealed_for_wechat_is_opened_again(clear: bytes, random: bytes) -> None:
    key = wechat_key(AES)
    assert key is not None
    sealed = sealed_for_wechat(clear, key, CORP, lambda _: random)
    assert WECHATS.decrypted(sealed, [BOTH]) == clear
    assert WeCom(TOKEN, AES, CORP).key == key


class TestXml:
    def test_texts_elements_and_lists(self) -> None:
        text = "<xml a='1'><A>1 &amp; 2</A><B><C><![CDATA[<é>]]></C></B><D>x</D><D>y</D><E/></xml>"
        assert parse_xml(text.encode()) == {"A": "1 & 2", "B": {"C": "<é>"}, "D": ["x", "y"], "E": ""}

    def test_another_encoding_than_utf_8(self) -> None:
        assert parse_xml('<?xml version="1.0" encoding="iso-8859-1"?><x><a>\xe9</a></x>'.encode("latin-1")) == {
            "a": "é"
        }

    @pytest.mark.parametrize(
        "text",
        [
            '<!DOCTYPE x [<!ENTITY a "b">]><x><c>&a;</c></x>',
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><c>&a;</c></x>',
            '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x><c>1</c></x>',
            "<!DOCTYPE x><x><c>1</c></x>",
            "<x><c>&undefined;</c></x>",
            "<x><c>1</x>",
            "<x>text alone</x>",
            "<x" + "><x" * (DEEPEST + 1) + ">",
            "<",
            "",
        ],
    )
    def test_what_is_refused_or_no_xml_is_nothing(self, text: str) -> None:
        assert parse_xml(text.encode()) is None

    @given(st.binary(max_size=200))
    def test_no_bytes_break_it(self, data: bytes) -> None:
        parse_xml(data)
        parse_xml(b"<x>" + data)

    def test_a_place_reads_it(self) -> None:
        reading = Reading(Message(body=b"\n<xml><A><B>c</B></A></xml>"))
        assert (reading.word("xml:A.B"), reading.word("xml:A.C"), reading.payload) == ("c", None, None)
        assert Reading(Message(body=b'{"a": 1}')).word("xml:a") is None
