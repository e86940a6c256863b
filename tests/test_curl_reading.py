"""Curl commands read as bash and curl would run them: held against the real ones, and back from what is written."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message, to_text
from hookcli.errors import WrongInput
from hookcli.formats import curl, curl_reading
from hookcli.formats.form import File
from hookcli.formats.shell_reading import Unreadable, commands
from hookcli.wire import request_bytes
from support import SAFETY, Receiver, Wire, environment, hookcli, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASH = shutil.which("bash") or ""
needs_curl = pytest.mark.skipif(not (BASH and shutil.which("curl")), reason="needs bash and curl")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def read(text: str, fetch: dict[str, bytes] | None = None) -> Message:
    """The one message of a command."""
    files = fetch or {}
    (found,) = curl_reading.read(File(text.encode("utf-8", "surrogateescape"), "pasted.sh", files.__getitem__))
    return found.message


SAMPLES = {
    "bare": "curl URL",
    "path": "curl URL/a?b=1",
    "no scheme": "curl HOST/a",
    "data": "curl -d a=1 -d 'b=2' URL/",
    "data of no type": "curl -d '{}' -H 'Content-Type:' URL/",
    "json": """curl --json '{"a":' --json '1}' URL/""",
    "json with its own type": "curl --json '{}' -H 'content-type: application/cloudevents+json' URL/",
    "a method": "curl -X PUT URL/ -d x",
    "run together": "curl -sSXPATCH -HX-A:1 -dx URL/",
    "head": "curl -I URL/a",
    "get": "curl -G -d a=1 --data-urlencode 'q=a b&c' URL/?x=1",
    "urlencoded": "curl --data-urlencode 'a=1 2' --data-urlencode =é --data-urlencode x/y URL/",
    "url-query": "curl --url-query 'a=1 2' --url-query +raw=%41 URL/?x=1",
    "user": "curl -u me:pass URL/",
    "user in the URL": "curl http://me:pass@HOST/",
    "token": "curl --oauth2-bearer abc URL/",
    "agent, referer, cookie": "curl -A me -e http://r/ -b 'a=1; b=2' URL/",
    "headers": "curl -H 'X-A: 1' -H 'X-Empty;' -H Accept: -H 'x-a:2' -H 'Host: other' URL/",
    "dots": "curl URL/a/../b/./c/..",
    "dots kept": "curl --path-as-is URL/a/../b",
    "fragment": "curl 'URL/a#b'",
    "request target": "curl --request-target '*' -X OPTIONS URL/",
    "a range": "curl -r 0-9 URL/",
    "only how it is sent": "curl -s -k -L --max-time 9 --http1.1 --no-progress-meter -o /dev/null URL/",
    "a pipe behind": "curl -d x URL/ | cat > /dev/null",
    "redirected": "curl -d x URL/ >/dev/null 2>&1",
    "echo": "echo '{\"a\": 1}' | curl -d @- URL/",
    "echo, byte for byte": "echo '{\"a\": 1}' | curl --data-binary @- URL/",
    "printf": "printf 'a\\tb\\101\\n' | curl --data-binary @- URL/",
    "a here-document": 'curl --data-binary @- URL/ <<\'EOF\'\n{"a": "$x `y`"}\n\nEOF\n',
    "an open here-document": "curl --data-binary @- URL/ <<EOF\n\\$a \\`b\\` \\x 'c' \"d\"\nEOF\n",
    "a tabbed one": "curl --data-binary @- URL/ <<-EOF\n\t\ta\n\tEOF\n",
    "a here-string": "curl -d @- URL/ <<< 'a b'",
    "continued": "curl \\\n  -d x \\\n  URL/ \\\n  -H 'X-A: 1'",
    "a comment": "#!/bin/sh\n# what it does\ncurl -d x URL/ # sent\n",
    "a variable before": "LANG=C curl -d x URL/",
    "Chrome": "curl 'URL/hook?a=1' \\\n  -H 'accept: */*' \\\n  -H 'content-type: application/json' \\\n"
    "  -H 'cookie: a=1' \\\n  -H 'user-agent: Mozilla/5.0' \\\n"
    "  --data-raw $'{\"it\\'s\":\"\\u0021 \\u00e9 \\n \\\\\"}' \\\n  --compressed -H 'accept-encoding: gzip'",
    "a provider's page": 'curl -X POST URL/ \\\n -H "Content-Type: application/json" \\\n'
    ' -d "{\\"a\\": \\"b\\\\\\\\c\\", \\"d\\": \\"e!\\"}"',
    "quotes in quotes": """curl -d 'it'"'"'s' -d "a\\$b" -d a\\ b URL/""",
    "a dollar of its own": """curl -d '$x' -d "cost: 5$" -d $ URL/""",
}


@needs_curl
@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
def test_what_is_read_is_what_curl_sends(sample: str, receiver: Receiver) -> None:
    text = sample.replace("URL", receiver.url).replace("HOST", f"127.0.0.1:{receiver.port}")
    done = subprocess.run(
        [BASH], input=text.encode(), capture_output=True, timeout=SAFETY, env=environment(HOME="/nowhere"), check=False
    )
    assert done.returncode == 0, done.stderr
    arrived = Wire.of(receiver.next())
    own_agent = [value for value in arrived.all(b"user-agent") if value.startswith(b"curl/")]
    expected = arrived.without({b"user-agent"}) if own_agent else arrived
    assert Wire.of(request_bytes(read(text))) == expected


tokens = st.text("!#$%&'*+-.^_`|~09azAZ", min_size=1, max_size=8).filter(
    lambda name: name.lower() not in {"te", "host", "connection"}
)
values = st.binary(max_size=20).map(lambda data: bytes(b for b in data if b >= 0x20 and b != 0x7F).strip())
targets = st.binary(max_size=20).map(lambda data: "/" + to_text(bytes(b for b in data if b > 0x20 and b != 0x7F)))


@settings(max_examples=200)
@given(
    tokens.filter(lambda name: name != "HEAD"),
    targets,
    st.lists(st.tuples(tokens.map(str.encode), values), max_size=4),
    st.binary(max_size=60) | st.text().map(str.encode),
)
@example("POST", "/%2e/a?b", [(b"Accept", b"1"), (b"user-agent", b"x")], b"\xff")
def test_what_is_written_is_read_back(
    method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    message = Message(method=method, target=target, headers=Headers(headers), body=body)
    again = Wire.of(request_bytes(read(curl.write(message, "http://localhost:3000"))))
    assert again.as_sent() == Wire.of(request_bytes(message)).end_to_end()
    assert again.all(b"content-length") == ([str(len(body)).encode()] if body else again.all(b"content-length"))


words = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
    | st.text("'\"\\$`!# ;&|<>\n\tan@", max_size=12),
    min_size=1,
    max_size=4,
)


@pytest.mark.skipif(not BASH, reason="needs bash")
@settings(max_examples=60)
@given(words)
def test_words_are_those_of_bash(texts: list[str]) -> None:
    # %q writes them in every manner of quoting that bash has.
    script = "printf '%q ' \"$@\"; printf '\\0'; printf '%s\\0' \"$@\""
    done = subprocess.run([BASH, "-c", script, "bash", *texts], capture_output=True, timeout=SAFETY, check=True)
    line, *expected = done.stdout.split(b"\0")[:-1]
    (command,) = commands("x " + to_text(line))
    assert command.words[1:] == [to_text(word) for word in expected]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ('curl -d "$BODY" http://h', "only a shell can tell what $BODY is"),
        ("curl -H 'A: 1' http://${HOST}/", "only a shell can tell what ${HOST} is"),
        ('curl -d "$(cat body.json)" http://h', "only a shell can tell what $(cat body.json) is"),
        ("curl -d `date` http://h", "only a shell can tell what `date` is"),
        ("curl -d @- http://h <<EOF\n$x\nEOF", "only a shell can tell what $x is"),
        ("curl -d 'a http://h", 'the quote that begins at "\'a http://h" does not end'),
        ("curl -F a=b http://h", "curl's option -F is not understood here"),
        ("curl -d x -T file http://h", "curl's option -T is not understood here"),
        ("curl --aws-sigv4 aws http://h", "curl's option --aws-sigv4 is not understood here"),
        ("curl http://h -X", "curl's option -X has no value"),
        ("curl -d @- http://h", "its body comes from standard input"),
        ("openssl rand 3 | curl -d @- http://h", "only running it would tell what openssl rand 3 puts out"),
        ("curl -b cookies.txt http://h", "curl would read the cookies from the file cookies.txt"),
        ("curl ftp://h/a", "ftp://h/a is no http or https URL"),
        ("curl -d x", "There is no curl command with a URL in pasted.sh."),
        ("wget http://h", "There is no curl command with a URL in pasted.sh."),
        ('curl ^"http://h^" -d ^"{}^"', "a command for Windows' cmd"),
        ("curl -X 'PO ST' http://h", "pasted.sh can't be read as a request: 'PO ST' '/' is no request line."),
    ],
)
def test_what_can_not_be_followed_is_said(text: str, stated: str) -> None:
    with pytest.raises(WrongInput) as raised:
        read(text)
    assert stated in raised.value.what


@settings(max_examples=300)
@given(st.text("curl -dH@'\"\\$(){}<>|;&\n x:/=#u0041", max_size=30))
def test_any_text_is_commands_or_a_clear_error(text: str) -> None:
    with suppress(Unreadable):
        commands(text)
    with suppress(WrongInput):
        assert curl_reading.read(File(b"curl " + text.encode(), "pasted.sh"))


def test_files_that_a_command_names_are_read() -> None:
    files = {"body.json": b'{"a":\r\n1}\n', "head.txt": b"X-A: 1\nX-B: 2\n", "in": b"z"}
    assert read("curl -d @body.json http://h", files).body == b'{"a":1}'
    assert read("curl --data-binary @body.json http://h", files).body == files["body.json"]
    assert read("curl --json @body.json http://h", files).body == files["body.json"]
    assert read("cat in | curl -d @- http://h", files).body == b"z"
    assert read("curl --data-binary @- http://h < in", files).body == b"z"
    assert read("curl --data-urlencode q@in http://h", files).body == b"q=z"
    assert list(read("curl -H @head.txt -H Accept: http://h", files).headers)[1:] == [("X-A", "1"), ("X-B", "2")]


def test_halves_of_a_character_are_put_together() -> None:
    assert read(r"curl -d $'\ud83d\ude00 \x41\102\cA\q' http://h").body == "\U0001f600 AB\x01\\q".encode()


def test_several_commands_are_several_messages() -> None:
    text = b"curl http://h/1 ;\ncurl http://h/2 &\ncurl -d x http://h/3 http://h/4\n"
    assert [found.message.target for found in curl_reading.read(File(text))] == ["/1", "/2", "/3", "/4"]


class TestCommandLine:
    def test_a_pasted_command_is_replayed(self, tmp_path: Path, receiver: Receiver) -> None:
        body = tmp_path / "body.json"
        body.write_bytes(b'{"a": 1}')
        text = f"$ curl -X POST https://example.com/hooks/1 -H 'X-GitHub-Event: push' --data-binary @{body} | jq .\n"
        done = hookcli("replay", "-", "--to", receiver.url, stdin=text.encode())
        assert (done.code, done.err) == (0, "")
        assert done.text.startswith("standard input → ")
        arrived = Wire.of(receiver.next())
        assert (arrived.start, arrived.body) == (b"POST /hooks/1 HTTP/1.1", b'{"a": 1}')
        assert arrived.all(b"x-github-event") == [b"push"]

    @pytest.mark.parametrize("name", ["copied.sh", "copied.curl", "copied.txt"])
    def test_a_file_is_known_by_what_is_in_it(self, name: str, tmp_path: Path, receiver: Receiver) -> None:
        file = tmp_path / name
        file.write_text("# copied\ncurl 'https://example.com/a' -d x\n")
        assert hookcli("replay", file, "--to", receiver.url).code == 0
        assert Wire.of(receiver.next()).start == b"POST /a HTTP/1.1"

    def test_of_a_folder_other_scripts_are_passed_over(self, tmp_path: Path, receiver: Receiver) -> None:
        (tmp_path / "a.sh").write_text("curl 'https://example.com/a' -d x\n")
        (tmp_path / "build.sh").write_text("make all\n")
        assert hookcli("replay", tmp_path, "--to", receiver.url).code == 0
        assert Wire.of(receiver.next()).start == b"POST /a HTTP/1.1"
        alone = hookcli("replay", tmp_path / "build.sh", "--to", receiver.url)
        assert alone.code == 2
        assert "There is no curl command with a URL in" in alone.err

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "copied.sh"
        file.write_text("curl -d @/no/such.json http://h\n")
        done = hookcli("replay", file, "--dry-run")
        assert done.code == 3
        assert done.err == "Error: /no/such.json can't be read: No such file or directory.\n"
