"""The configuration file: where it is looked for, secrets by name, defaults, and what a folder's file may not say."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files as packed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hookcli.cli import COMMANDS
from hookcli.cli.defaults import options_of
from hookcli.cli.guarded import BOUNDED, FORBIDDEN, FREE
from support import Listening, Result, a_message, fill, hookcli, listening, post, receiving

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import click

ROOT = Path(__file__).resolve().parents[1]
EVERYWHERE_READABLE = 0o644


@dataclass(frozen=True)
class Home:
    """A home, and a project in it to call hookcli in."""

    path: Path

    @property
    def project(self) -> Path:
        return self.path / "project"

    @property
    def own(self) -> Path:
        return self.path / "config" / "hookcli" / "hookcli.toml"

    @property
    def env(self) -> dict[str, str]:
        return {"HOME": str(self.path), "XDG_CONFIG_HOME": str(self.path / "config"), "HOOKCLI_CONFIG": ""}

    def says(self, text: str, file: Path | None = None) -> Path:
        """Write a configuration file: the project's, or another."""
        path = file or self.project / "hookcli.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def hookcli(self, *arguments: str | Path, inside: str = "", env: dict[str, str] | None = None) -> Result:
        """Run the command in the project, or in a folder inside it."""
        return hookcli(*arguments, stdin=b'{"ref": "x"}', env={**self.env, **(env or {})}, cwd=self.project / inside)

    def listening(self, *options: str, env: dict[str, str] | None = None) -> AbstractContextManager[Listening]:
        return listening(self.path / "store", *options, env={**self.env, **(env or {})}, cwd=self.project)

    def shown(self, *words: str, inside: str = "", env: dict[str, str] | None = None) -> Any:
        """What is in effect."""
        done = self.hookcli(*words, "config", "show", "--json", inside=inside, env=env)
        assert (done.code, done.err) == (0, "")
        return json.loads(done.text)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with an empty project of git in it."""
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "project" / "src" / "deep").mkdir(parents=True)
    return Home(tmp_path)


class TestWhere:
    def test_without_a_file_nothing_is_in_effect(self, home: Home) -> None:
        assert home.shown() == {}
        assert home.hookcli("list", "--store", "s").code == 0

    def test_without_a_file_its_reader_is_not_even_imported(self, home: Home) -> None:
        timed = home.hookcli("list", "--store", "s", env={"PYTHONPROFILEIMPORTTIME": "1"}).err
        assert "hookcli.config.effect" in timed
        assert not {"tomllib", "hookcli.cli.defaults", "hookcli.config.positions"} & set(re.findall(r"[\w.]+", timed))

    @pytest.mark.parametrize("inside", ["", "src", "src/deep"])
    def test_a_projects_file_counts_below_it(self, home: Home, inside: str) -> None:
        home.says("[listen]\nport = 3000\n")
        assert home.shown(inside=inside) == {"listen": {"port": 3000}}

    def test_the_nearest_file_of_a_project_counts_alone(self, home: Home) -> None:
        home.says("[listen]\nport = 3000\n")
        home.says("[replay]\nrepeat = 2\n", home.project / "src" / "hookcli.toml")
        assert home.shown(inside="src/deep") == {"replay": {"repeat": 2}}

    def test_beyond_the_root_of_the_project_nothing_counts(self, home: Home) -> None:
        home.says("[listen]\nport = 3000\n", home.path / "hookcli.toml")
        assert home.shown(inside="src") == {}

    def test_where_there_is_no_project_only_the_folder_itself_counts(self, home: Home) -> None:
        (home.project / ".git").rmdir()
        home.says("[listen]\nport = 3000\n")
        assert home.shown() != {}
        assert home.shown(inside="src") == {}

    def test_of_two_files_the_nearer_wins_key_by_key(self, home: Home) -> None:
        home.says('[listen]\nport = 1\nheader = ["A: 1"]\n[replay]\nrepeat = 3\n', home.own)
        home.says('[listen]\nport = 2\nprint = "full"\n[list]\nlimit = 4\n')
        assert home.shown() == {
            "listen": {"port": 2, "header": ["A: 1"], "print": "full"},
            "replay": {"repeat": 3},
            "list": {"limit": 4},
        }

    def test_a_named_file_counts_alone(self, home: Home) -> None:
        home.says("[listen]\nport = 1\n", home.own)
        home.says("[listen]\nport = 2\n")
        other = home.says("[list]\nlimit = 4\n", home.path / "other.toml")
        assert home.shown("--config", str(other)) == {"list": {"limit": 4}}
        assert home.shown(env={"HOOKCLI_CONFIG": str(other)}) == {"list": {"limit": 4}}

    def test_no_config_leaves_all_out(self, home: Home) -> None:
        home.says("[listen]\nport = 2\n")
        assert home.shown("--no-config") == {}
        assert home.shown("--no-config", env={"HOOKCLI_CONFIG": "nowhere.toml"}) == {}
        assert home.hookcli("--no-config", "--config", "x", "list").code == 2

    def test_a_named_file_that_is_not_there_is_told(self, home: Home) -> None:
        done = home.hookcli("--config", "nowhere.toml", "list")
        assert done.code == 3
        assert "nowhere.toml can't be read: No such file" in done.err

    def test_path_tells_where_they_lie(self, home: Home) -> None:
        home.says("[listen]\nport = 2\n")
        told = home.hookcli("config", "path").text.splitlines()
        assert told[0].split() == ["hookcli.toml", "in", "effect,", "found", "in", "a", "folder"]
        assert told[1].split() == ["~/config/hookcli/hookcli.toml", "not", "there"]
        assert [one["in_effect"] for one in home.hookcli("config", "path", "--json").records] == [True, False]

    def test_a_listener_tells_which_files_count(self, home: Home) -> None:
        home.says('[provider.acme]\nidentify = "header:X-Acme"\n')
        home.says("[listen]\nstatus = 202\n", home.own)
        with home.listening() as listener:
            told = [listener.note() for _ in range(2)]
        assert any("hookcli.toml (declares acme), ~/config/hookcli/hookcli.toml" in line for line in told)

    @pytest.mark.parametrize(
        ("text", "line", "told"),
        [
            (b"[listen]\nport = \n", 2, "Invalid value"),
            (b"[listen]\nport = 1\nport = 2\n", 3, "Cannot overwrite a value"),
            (b'a = "', 1, "Unterminated string"),
            (b"# fine\n\xff\n", 2, "this is no UTF-8"),
        ],
    )
    def test_what_is_no_toml_is_told_with_its_line(self, home: Home, text: bytes, line: int, told: str) -> None:
        home.says("").write_bytes(text)
        for words in (["list"], ["config", "show"]):
            done = home.hookcli(*words)
            assert done.code == 2
            assert done.err.startswith(f"Error: hookcli.toml:{line}: ")
            assert told.lower() in done.err.lower()
            assert "hookcli config check" in done.err
        checked = home.hookcli("config", "check")
        assert checked.code == 1
        assert checked.text.startswith(f"hookcli.toml:{line}: ")

    def test_a_byte_order_mark_is_no_mistake(self, home: Home) -> None:
        home.says("").write_bytes(b"\xef\xbb\xbf[listen]\r\nport = 3\r\n")
        assert home.shown() == {"listen": {"port": 3}}


PUSH = ("verify", "github/push")
SIGN = ("sign", "--provider", "github", "--event", "push")


class TestSecrets:
    def test_a_providers_secret_verifies_and_signs_by_itself(self, home: Home) -> None:
        assert home.hookcli(*PUSH).code == 1
        home.says('[secrets]\ngithub = "env:HOOK"\n')
        env = {"HOOK": "hookcli"}
        assert home.hookcli(*PUSH, env=env).code == 0
        assert home.hookcli("explain", "github/push", env=env).code == 0
        by_name = home.hookcli(*SIGN, "--secret", "hookcli")
        by_itself = home.hookcli(*SIGN, env=env)
        assert (by_itself.code, signature(by_itself)) == (0, signature(by_name))

    def test_a_listener_takes_it(self, home: Home) -> None:
        home.says('[secrets]\ngithub = "k"\n')
        made = home.hookcli(*SIGN, "--format", "http")
        (home.path / "made.http").write_bytes(made.out)
        with home.listening("--json") as listener:
            home.hookcli("replay", home.path / "made.http", "--to", listener.url)
            assert listener.record()["verdict"]["state"] == "valid"

    def test_of_a_list_any_verifies_and_the_first_signs(self, home: Home) -> None:
        home.says('[secrets]\ngithub = ["new", "hookcli"]\n')
        assert home.hookcli(*PUSH).code == 0
        assert signature(home.hookcli(*SIGN)) == signature(home.hookcli(*SIGN, "--secret", "new"))

    def test_the_command_line_and_the_environment_win(self, home: Home) -> None:
        home.says('[secrets]\ngithub = "hookcli"\ngitlab = "hookcli"\n')
        assert home.hookcli(*PUSH, "--secret", "another").code == 1
        assert home.hookcli(*PUSH, "--secret", "github=another").code == 1
        assert home.hookcli(*PUSH, "--secret", "gitlab=another").code == 0
        assert home.hookcli(*PUSH, env={"HOOKCLI_SECRET": "another"}).code == 1
        assert signature(home.hookcli(*SIGN, env={"HOOKCLI_SECRET": "e"})) == signature(
            home.hookcli(*SIGN, "--secret", "e")
        )

    def test_any_name_can_be_asked_for(self, home: Home) -> None:
        home.says('[secrets]\nstaging = ["hookcli", "other"]\n')
        for text in ("config:staging", "github=config:staging"):
            assert home.hookcli(*PUSH, "--secret", text).code == 0
        assert signature(home.hookcli(*SIGN, "--secret", "config:staging")) == signature(
            home.hookcli(*SIGN, "--secret", "hookcli")
        )
        with receiving() as receiver:
            home.hookcli("replay", "github/push", "--secret", "config:staging", "--to", receiver.url)
            assert b"X-Hub-Signature-256: sha256=" in receiver.next()
        wrong = home.hookcli(*PUSH, "--secret", "config:stagin")
        assert wrong.code == 2
        assert wrong.err.splitlines()[1] == "Did you mean staging?"

    def test_a_files_path_starts_at_the_configuration(self, home: Home) -> None:
        (home.project / "keys").mkdir()
        (home.project / "keys" / "github").write_text("hookcli\n", encoding="utf-8")
        home.says('[secrets]\ngithub = "file:keys/github"\n')
        assert home.hookcli(*PUSH, inside="src").code == 0

    def test_one_that_is_missing_is_told_where_it_is_needed_alone(self, home: Home) -> None:
        home.says('[secrets]\ngithub = "hookcli"\ngitlab = "env:NOBODY_SET_THIS"\n')
        assert home.hookcli(*PUSH).code == 0
        needed = home.hookcli("verify", "gitlab/push_hook")
        assert needed.code == 3
        assert "NOBODY_SET_THIS" in needed.err
        with home.listening("--json") as listener:
            post(listener.port, a_message(b"{}", x_gitlab_event="Push Hook", x_gitlab_token="t"))
            assert listener.record()["verdict"]["state"] == "no secret"
            ended = listener.stop()
        assert "! No secret for gitlab: The environment has no NOBODY_SET_THIS" in ended.err

    def test_of_a_list_one_that_is_missing_is_passed_over(self, home: Home) -> None:
        home.says('[secrets]\ngithub = ["env:NOBODY_SET_THIS", "hookcli"]\n')
        assert home.hookcli(*PUSH).code == 0

    def test_secrets_that_others_may_read_are_told(self, home: Home) -> None:
        path = home.says('[secrets]\ngithub = "hookcli"\n')
        assert home.hookcli(*PUSH).err == ""
        path.chmod(EVERYWHERE_READABLE)
        assert home.hookcli(*PUSH).err.startswith("! hookcli.toml holds secrets and others may read it: chmod 600")
        checked = home.hookcli("config", "check")
        assert (checked.code, "others may read the file" in checked.text) == (0, True)
        home.says('[secrets]\ngithub = "env:A"\n').chmod(EVERYWHERE_READABLE)
        assert home.hookcli(*PUSH, env={"A": "hookcli"}).err == ""

    def test_show_masks_them_unless_told_to_reveal(self, home: Home) -> None:
        home.says('[secrets]\ngithub = "s3cr3t"\nother = ["env:A", "l1teral"]\n[listen]\nsecret = ["gitlab=0pen"]\n')
        for words in (["config", "show"], ["config", "show", "--json"], ["listen", "--help"]):
            assert not re.search("s3cr3t|l1teral|0pen", home.hookcli(*words).text)
        assert '"env:A"' in home.hookcli("config", "show").text
        assert re.findall("s3cr3t|l1teral|0pen", home.hookcli("config", "show", "--reveal").text) == [
            "s3cr3t",
            "l1teral",
            "0pen",
        ]


def signature(done: Result) -> str:
    """The signature among printed headers."""
    found = re.search(r"X-Hub-Signature-256: (\S+)", done.text)
    assert found, done.err
    return found[1]


class TestDefaults:
    def test_a_listener_takes_its_own(self, home: Home) -> None:
        home.says('store = "here.db"\n[listen]\nstatus = 202\nheader = ["X-A: 1", "X-B: 2"]\nsend-timeout = 5\n')
        with listening(home.path / "s", "--json", env=home.env, cwd=home.project) as listener:
            answer = post(listener.port, a_message(b"{}"))
        assert answer.startswith(b"HTTP/1.1 202")
        assert b"X-A: 1" in answer
        assert b"X-B: 2" in answer

    def test_the_command_line_wins_then_the_environment(self, home: Home) -> None:
        home.says('store = "file.db"\n[list]\nstore = "list.db"\nlimit = 1\n')
        fill(home.project / "list.db", *[])
        assert home.hookcli("list", inside="src").code == 0
        assert (home.project / "list.db").exists()
        assert home.hookcli("list", env={"HOOKCLI_STORE": str(home.path / "env.db")}).code == 0
        assert (home.path / "env.db").exists()
        assert home.hookcli("list", "--store", home.path / "line.db").code == 0
        assert (home.path / "line.db").exists()
        assert home.hookcli("delete", "--before", "1d").code == 0
        assert (home.project / "file.db").exists()

    def test_help_tells_the_default_that_counts_and_where_it_is_from(self, home: Home) -> None:
        home.says('[replay]\nto = "http://localhost:3111"\nkeep-going = true\n')
        told = " ".join(home.hookcli("replay", "--help", inside="src").text.split())
        assert "(http://localhost:3111, from ../hookcli.toml)" in told
        assert "--keep-going / --no-keep-going" in told

    def test_a_required_option_can_come_from_a_file(self, home: Home) -> None:
        home.says('[sign]\nprovider = "github"\nevent = "push"\n')
        assert home.hookcli("sign", "--secret", "S").text.count("X-Hub-Signature-256: ") == 1

    def test_a_flag_that_a_file_sets_can_be_unset(self, home: Home) -> None:
        home.says("[verify]\njson = true\n[listen]\nno-handshake = true\n")
        assert home.hookcli(*PUSH, "--secret", "hookcli").records[0]["verdict"]["state"] == "valid"
        assert home.hookcli(*PUSH, "--secret", "hookcli", "--no-json").text.startswith("github/push")
        assert "--no-handshake / --handshake" in home.hookcli("listen", "--help").text

    @pytest.mark.parametrize(
        ("text", "words", "is_json"),
        [
            ('[listen]\nprint = "full"\n', ["--json"], True),
            ("[listen]\njson = true\n", ["--print", "headers"], False),
            ("[listen]\njson = true\n", [], True),
        ],
    )
    def test_what_the_command_line_says_rules_out_what_a_file_says(
        self, home: Home, text: str, words: list[str], *, is_json: bool
    ) -> None:
        home.says(text)
        with home.listening(*words) as listener:
            post(listener.port, a_message(b"{}"))
            assert listener.line().startswith(b"{") is is_json

    def test_what_a_nearer_file_says_rules_out_what_a_farther_one_says(self, home: Home) -> None:
        home.says("[show]\nraw = true\n", home.own)
        home.says("[show]\njson = true\n")
        fill(home.path / "store", *[])
        with home.listening("--count", "1") as listener:
            post(listener.port, a_message(b"{}"))
            listener.ended()
        assert home.hookcli("show", "--store", home.path / "store").records[0]["size"] == 2

    def test_one_file_can_not_say_both(self, home: Home) -> None:
        home.says("[show]\nraw = true\njson = true\n")
        told = home.hookcli("show").err
        assert told.startswith("Error: hookcli.toml:3: [show] json: this and raw exclude each other.")

    def test_a_tunnels_options_wait_for_a_tunnel(self, home: Home) -> None:
        home.says('[listen]\nngrok-domain = "me.example"\n', home.own)
        with home.listening("--count", "1") as listener:
            post(listener.port, a_message(b"{}"))
            assert listener.ended().code == 0
        assert home.hookcli("listen", "--ngrok-domain", "you.example").code == 2

    def test_another_commands_mistake_stops_no_command(self, home: Home) -> None:
        home.says("[replay]\nrepeat = 'often'\n")
        assert home.hookcli("list", "--store", "s").code == 0
        stopped = home.hookcli("replay", "github/push", "--dry-run")
        assert stopped.code == 2
        assert stopped.err.startswith("Error: hookcli.toml:2: [replay] repeat: this is a text.")


HARMFUL = {
    "elsewhere": '[listen]\nforward = "https://evil.example/"',
    "elsewhere, disguised": '[replay]\nto = "http://localhost@evil.example/"',
    "elsewhere, nearly here": '[sign]\nsend = "http://127.0.0.1.evil.example"',
    "any address": '[listen]\nhost = "0.0.0.0"',
    "a tunnel": '[listen]\ntunnel = "ngrok"',
    "another's account": '[listen]\nngrok-token = "t"',
    "any certificate": "[replay]\ninsecure = true",
    "a file as answer": '[listen]\nbody = "@~/.ssh/id_ed25519"',
    "a store": 'store = "../victim.db"',
    "another folder's secrets": '[verify]\nsecret-file = "/etc/passwd"',
    "any file as a secret": '[secrets]\ngithub = ["file:keys/a", "file:../b"]',
    "any file as an option's secret": '[listen]\nsecret = ["github=file:~/.ssh/id_ed25519"]',
    "secrets shown": "[show]\nreveal = true",
    "a file written": '[export]\noutput = "x"',
    "a proxy": "[listen]\ntrust-proxy = 1",
}


class TestFoundInAFolder:
    def test_it_can_do_no_harm(self, home: Home) -> None:
        for harm, text in HARMFUL.items():
            home.says(text + "\n", home.path / harm / "hookcli.toml")
            done = hookcli("config", "check", "--json", env=home.env, cwd=home.path / harm)
            assert done.code == 1, harm
            (told,) = (one for one in done.records if one["kind"] == "mistake")
            assert told["what"].startswith("a file found in a folder may"), harm
            assert "~/config/hookcli/hookcli.toml" in told["fix"]
        every = [home.path / harm / "hookcli.toml" for harm in HARMFUL]
        assert home.hookcli("config", "check", *every).code == 0

    @pytest.mark.parametrize(
        ("harm", "words"), [("elsewhere", ["listen"]), ("elsewhere, disguised", ["replay", "x"]), ("a store", ["list"])]
    )
    def test_a_command_that_it_would_harm_stops(self, home: Home, harm: str, words: list[str]) -> None:
        home.says(HARMFUL[harm] + "\n")
        stopped = home.hookcli(*words)
        assert stopped.code == 2
        assert "a file found in a folder may" in stopped.err

    def test_what_does_no_harm_it_may_say(self, home: Home) -> None:
        home.says(
            'store = "own/deliveries.db"\n[listen]\nforward = "localhost:3000"\nhost = "127.0.0.2"\nbody = "thanks"\n'
            '[replay]\nto = "http://[::1]:3000"\n[verify]\nsecret-file = "keys"\n'
        )
        assert home.hookcli("config", "check").code == 0

    def test_deleting_is_never_said_by_a_file(self, home: Home) -> None:
        home.says('[delete]\nbefore = "0s"\n', home.own)
        assert home.hookcli("delete").code == 2
        assert home.hookcli("config", "check").code == 1

    @pytest.mark.parametrize("name", COMMANDS)
    def test_of_every_option_it_is_said_whether_it_may(self, name: str) -> None:
        command: click.Command = import_module(f"hookcli.cli.{name}").command
        if name != "config":
            assert options_of(command).keys() <= FREE | FORBIDDEN.keys() | BOUNDED.keys()


class TestCheck:
    def test_every_mistake_is_told_by_file_line_and_field(self, home: Home) -> None:
        home.says(MISTAKES)
        done = home.hookcli("config", "check", "--json")
        assert (done.code, done.err) == (1, "")
        told = [(one["line"], one["field"], one["what"], one["fix"]) for one in done.records]
        assert len(told) == len(EXPECTED)
        for (line, field, what, fix), (expected_line, expected_field, part) in zip(told, EXPECTED, strict=True):
            assert (line, field) == (expected_line, expected_field)
            assert part in f"{what} {fix}"
        assert all(one["kind"] == "mistake" and one["file"].endswith("hookcli.toml") for one in done.records)

    def test_for_a_person_a_mistake_starts_with_where_it_is(self, home: Home) -> None:
        home.says("[listen]\nprot = 1\n")
        done = home.hookcli("config", "check")
        assert done.text.splitlines() == [
            "hookcli.toml:2: [listen] prot: there is no such option.",
            "  Did you mean port?",
        ]

    def test_what_is_fine_is_said(self, home: Home) -> None:
        home.says("[listen]\nport = 1\n")
        done = home.hookcli("config", "check")
        assert (done.code, done.text) == (0, "✓ hookcli.toml\n")

    def test_without_a_file_it_says_so(self, home: Home) -> None:
        done = home.hookcli("config", "check")
        assert (done.code, done.out) == (0, b"")
        assert "hookcli config init" in done.err

    def test_all_files_in_effect_are_checked_also_what_a_nearer_one_covers(self, home: Home) -> None:
        home.says("[listen]\nport = 'a'\n", home.own)
        home.says("[listen]\nport = 1\n")
        done = home.hookcli("config", "check")
        assert done.code == 1
        assert done.text.splitlines()[0].startswith("~/config/hookcli/hookcli.toml:2: [listen] port: this is a text.")
        assert home.hookcli("config", "check", "hookcli.toml").code == 0

    def test_a_secret_that_is_not_where_it_should_be_is_a_warning(self, home: Home) -> None:
        home.says('[secrets]\ngithub = ["env:NOBODY_SET_THIS", "file:nowhere"]\ngithb = "x"\n')
        done = home.hookcli("config", "check", "--json")
        assert done.code == 0
        assert [(one["kind"], one["field"]) for one in done.records] == [
            ("warning", "[secrets] github[0]"),
            ("warning", "[secrets] github[1]"),
            ("warning", "[secrets] githb"),
        ]
        assert done.records[-1]["fix"] == "Did you mean github?"

    def test_nothing_of_a_file_is_obeyed_by_a_terminal(self, home: Home) -> None:
        home.says('"\\u001b[31mred" = 1\n["\\u009b2J"]\n')
        for words in (["config", "check"], ["config", "show"], ["list"]):
            done = home.hookcli(*words)
            assert "\x1b" not in done.text + done.err
            assert "\x9b" not in done.text + done.err

    def test_the_example_of_the_documentation_is_right(self) -> None:
        env = {"GITHUB_WEBHOOK_SECRET": "a", "STAGING_WEBHOOK_SECRET": "b"}
        done = hookcli("config", "check", ROOT / "docs" / "hookcli.toml", "--json", env=env)
        assert done.code == 0
        assert {one["field"] for one in done.records} <= {"[secrets] stripe[0]", "[secrets] stripe[1]"}

    def test_the_example_of_the_readme_is_right(self, home: Home) -> None:
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
        home.says(example)
        assert home.hookcli("config", "check").code == 0


MISTAKES = """\
stor = "x"
[lisen]
port = 1
[listen]
port = "3000"
host = 1
status = 99
print = "fully"
send-timeout = "soon"
max-body = true
header = ["A: b", "no header"]
require-valid = "yes"
send_timeout = 1
provider = "githb"
forward = "ftp://localhost"
allow-from = ["10.0.0.0/33"]
[list]
since = "yesterday"
[secrets]
github = ""
gitlab = [1, "config:github"]
gitea = []
[provider]
acme = 1
[provider.Acme]
identify = "header:A"
[provider.foo]
identify = [["header:A~("], ["heder:A"], ["!body:"]]
supersedes = ["githb"]
networks = ["10.0.0.1/8"]
evnt = "header:B"
limits = {timeout = "10s"}
id_form = "uid"
carries = "code"
target = "hooks"
infer = [["body:a", "b", "c"]]
summary = {x = "{a!nope}", y = "{a"}
[provider.foo.handshake]
status = 99
body = {a = "{hmac-sha1:body:x}"}
[provider.foo.sends]
"A B" = "x"
C = "{nope}"
[[provider.foo.signatures]]
at = "header:S"
[[provider.foo.signatures]]
scheme = "hmack"
[[provider.foo.signatures]]
scheme = "hmac"
at = "S"
signed = "{timestamp}.{bdy}"
hash = "sha2"
algorithm = "rsa"
[[provider.foo.signatures]]
scheme = "token"
signed = "{body}"
[[provider.bar]]
id = "bar"
[provider.baz]
signatures = [{scheme = "hmac", at = "header:A", signed = "{id}{timestamp}{body}"}]
identify = "header:A"
"""

EXPECTED = [
    (1, "stor", "nothing of this name stands here"),
    (2, "[lisen]", "Did you mean listen?"),
    (5, "[listen] port", "this is a text. It has to be a whole number."),
    (6, "[listen] host", "this is a whole number. It has to be a text."),
    (7, "[listen] status", "99 is not in the range"),
    (8, "[listen] print", "'fully' is not one of"),
    (9, "[listen] send-timeout", "'soon' is no span of time"),
    (10, "[listen] max-body", "this is true or false"),
    (11, "[listen] header[1]", "'no header' is no header"),
    (12, "[listen] require-valid", "It has to be true or false."),
    (13, "[listen] send_timeout", "Did you mean send-timeout?"),
    (14, "[listen] provider", "Did you mean github?"),
    (15, "[listen] forward", "no http or https URL"),
    (16, "[listen] allow-from[0]", "neither a provider nor an address"),
    (18, "[list] since", "'yesterday' is no time"),
    (20, "[secrets] github", "the secret is empty"),
    (21, "[secrets] gitlab[0]", "this is no secret"),
    (21, "[secrets] gitlab[1]", "one name can't stand for another"),
    (22, "[secrets] gitea", "the list is empty"),
    (24, "[provider.acme]", "this is no table"),
    (25, "[provider.Acme]", "'Acme' is no id"),
    (28, "[provider.foo] identify[0][0]", "the pattern of 'header:A~(' is wrong"),
    (28, "[provider.foo] identify[1][0]", "is no place"),
    (29, "[provider.foo] supersedes[0]", "did you mean github"),
    (30, "[provider.foo] networks[0]", "has host bits set"),
    (31, "[provider.foo] evnt", "Did you mean event?"),
    (32, "[provider.foo] limits.timeout", "this is a text. It has to be a number."),
    (33, "[provider.foo] id_form", "Did you mean uuid?"),
    (34, "[provider.foo] carries", "this is code, which a file can't hold"),
    (35, "[provider.foo] target", "it begins with /"),
    (36, "[provider.foo] infer[0]", "It has to be a list of 2 texts."),
    (37, "[provider.foo] summary.x", "knows no filter 'nope'"),
    (37, "[provider.foo] summary.y", "a brace stands alone"),
    (38, "[provider.foo] handshake", "when is missing"),
    (39, "[provider.foo] handshake.status", "it is from 200 to 599"),
    (40, "[provider.foo] handshake.body.a", "knows no {hmac-sha1:body:x}"),
    (42, '[provider.foo] sends."A B"', "is no header's name"),
    (43, "[provider.foo] sends.C", "knows no {nope}"),
    (44, "[provider.foo] signatures[0]", "scheme is missing"),
    (47, "[provider.foo] signatures[1].scheme", "Did you mean hmac?"),
    (50, "[provider.foo] signatures[2].at", "'S' is no place"),
    (51, "[provider.foo] signatures[2].signed", "knows no {bdy}"),
    (52, "[provider.foo] signatures[2].hash", "'sha2' is not known here"),
    (53, "[provider.foo] signatures[2].algorithm", "there is no such field"),
    (54, "[provider.foo] signatures[3]", "at is missing"),
    (56, "[provider.foo] signatures[3].signed", "there is no such field"),
    (57, "[provider.bar]", "this is no table"),
    (60, "[provider.baz] signatures[0].signed", "it speaks of {timestamp}"),
    (60, "[provider.baz] signatures[0].signed", "it speaks of {id}"),
]


class TestInit:
    def test_it_writes_a_file_to_begin_with(self, home: Home) -> None:
        done = home.hookcli("config", "init")
        assert (done.code, done.out) == (0, b"")
        assert home.shown() == {}
        assert home.hookcli("config", "check").code == 0

    def test_what_it_comments_out_is_right(self, home: Home) -> None:
        text = packed("hookcli.config").joinpath("starter.toml").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if re.match(r"# (\[|\w+ = |[\w-]+ = )", line)]
        home.says("\n".join(line.removeprefix("# ") for line in lines))
        shown = home.shown()
        assert {"secrets", "listen", "replay", "provider"} == shown.keys()
        done = home.hookcli("config", "check", "--json")
        assert {one["kind"] for one in done.records} == {"warning"}
        assert home.hookcli("providers", "acme").code == 0

    def test_it_overwrites_nothing(self, home: Home) -> None:
        path = home.says("[list]\nlimit = 3\n")
        done = home.hookcli("config", "init")
        assert done.code == 2
        assert path.read_text(encoding="utf-8") == "[list]\nlimit = 3\n"

    def test_ones_own_is_for_oneself(self, home: Home) -> None:
        assert home.hookcli("config", "init", "--user").code == 0
        assert stat.S_IMODE(home.own.stat().st_mode) == 0o600


class TestShow:
    def test_each_value_is_told_with_its_file_and_line(self, home: Home) -> None:
        home.says("[listen]\nport = 1\nstatus = 201\n", home.own)
        home.says('[listen]\nport = 2\n[provider.acme]\n"event" = ["header:A"]\n')
        assert home.hookcli("config", "show").text.splitlines() == [
            "[listen]",
            "port = 2  # hookcli.toml:2",
            "status = 201  # ~/config/hookcli/hookcli.toml:3",
            "",
            "[provider.acme]",
            'event = ["header:A"]  # hookcli.toml:4',
            "",
        ]

    def test_it_works_where_the_file_is_wrong(self, home: Home) -> None:
        home.says("[lisen]\nport = 1\n")
        assert home.shown() == {"lisen": {"port": 1}}
        assert home.hookcli("list").code == 2


def test_the_tests_read_no_configuration_of_this_machine() -> None:
    assert hookcli("config", "path", "--json").records[0]["file"] == os.devnull
