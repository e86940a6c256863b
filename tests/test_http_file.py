"""`.http` files: written as on the wire, read as people and editors leave them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput
from hookcli.formats import http_file


def test_it_is_written_as_on_the_wire() -> None:
    message = Message(
        target="/hook?key=1",
        headers=Headers([("Host", "localhost"), ("X-Empty", ""), ("x-twice", "a"), ("X-Twice", "b")]),
        body=b'{"ok": true}\n',
    )
    assert http_file.write(message) == (
        b'POST /hook?key=1 HTTP/1.1\r\nHost: localhost\r\nX-Empty: \r\nx-twice: a\r\nX-Twice: b\r\n\r\n{"ok": true}\n'
    )


@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
def test_head_lines_end_in_crlf_or_lf_and_the_body_keeps_its_own(end: bytes) -> None:
    head = end.join([b"PUT /a HTTP/1.0", b"X-A: 1", b"X-B:no blank", b"X-C: \t around \t ", b"", b""])
    message = http_file.read(head + b"line\r\nline\n\r\n\nlast")
    assert (message.method, message.target, message.http_version) == ("PUT", "/a", "1.0")
    assert list(message.headers) == [("X-A", "1"), ("X-B", "no blank"), ("X-C", "around")]
    assert message.body == b"line\r\nline\n\r\n\nlast"


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1",
        b"GET / HTTP/1.1\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\nAccept: */*",
        b"GET / HTTP/2",
    ],
)
def test_there_may_be_no_body_and_no_empty_line(data: bytes) -> None:
    message = http_file.read(data)
    assert (message.method, message.body) == ("GET", b"")
    assert http_file.looks_like(data)


@pytest.mark.parametrize("added", [b"\n", b"\r\n"])
def test_a_last_line_end_that_content_length_does_not_count_is_the_editors(added: bytes) -> None:
    head = b"POST / HTTP/1.1\nContent-Length: 4\n\n"
    assert http_file.read(head + b"body" + added).body == b"body"
    assert http_file.read(head + b"bod\n").body == b"bod\n"
    assert http_file.read(head + b"bod\n" + added).body == b"bod\n"


@pytest.mark.parametrize("length", [b"", b"Content-Length: 3\n", b"Content-Length: 9\n", b"Content-Length: x\n"])
def test_else_the_body_is_all_that_follows(length: bytes) -> None:
    assert http_file.read(b"POST / HTTP/1.1\n" + length + b"\nbody\n\n").body == b"body\n\n"


def test_a_content_length_of_any_length_is_read() -> None:
    assert http_file.read(b"POST / HTTP/1.1\nContent-Length: " + b"9" * 5000 + b"\n\nbody\n").body == b"body\n"


@pytest.mark.parametrize(
    "first", [b"", b"POST /", b"POST / HTTP/1.1 x", b"PO ST / HTTP/1.1", b'{"a": 1}', b" POST / HTTP/1.1"]
)
def test_what_is_no_request_line_is_told(first: bytes) -> None:
    with pytest.raises(WrongInput) as raised:
        http_file.read(first + b"\nHost: a\n\n", "push.http")
    assert raised.value.what == "push.http does not begin with an HTTP request line."
    assert "POST /webhook HTTP/1.1" in raised.value.fix
    assert not http_file.looks_like(first)


@pytest.mark.parametrize(
    "line",
    [b"no colon", b": no name", b"two words: x", b" folded", b"Name : blank before the colon", b"X-A: a\rX-B: b"],
)
def test_what_is_no_header_is_told_with_its_line(line: bytes) -> None:
    with pytest.raises(WrongInput) as raised:
        http_file.read(b"POST / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n", "push.http")
    assert raised.value.what == f"push.http, line 3: this is no header: {line.decode()!r}"
    assert "empty line" in raised.value.fix


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80) | st.binary(max_size=80).map(lambda rest: b"POST / HTTP/1.1\nContent-Length: 4\n" + rest))
def test_any_bytes_are_a_message_or_a_clear_error(data: bytes) -> None:
    try:
        message = http_file.read(data)
    except WrongInput as error:
        assert "the file" in error.what  # noqa: PT017 (either outcome is right)
    else:
        assert data.startswith(message.method.encode())
        assert http_file.read(http_file.write(message)) == message
