"""Requests go nowhere that nobody asked for."""

from __future__ import annotations

import shutil
import subprocess
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from labeler.errors import ServerError
from labeler.sources import transport
from labeler.sources.transport import is_public, send
from tests.sources.replay import Answer, Asked, Replay


def led_to(place: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"Location": place})


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, web: Replay) -> str:
    """The address of the test's server as if it were on another machine of the internet, by the name far.example."""
    real = transport.socket.getaddrinfo

    def find(host: str, *arguments: object, **options: object) -> object:
        return real("127.0.0.1" if host.endswith("far.example") else host, *arguments, **options)

    monkeypatch.setattr(transport.socket, "getaddrinfo", find)
    return f"http://far.example:{web.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["/there", "there", "{url}/there", "//127.0.0.1:{port}/there#part"])
def test_an_answer_may_lead_on_within_its_server(web: Replay, status: int, place: str) -> None:
    web.answers("/here", led_to(place.format(url=web.url, port=web.port), status))
    web.answers("/there", Answer(b"found"))
    assert send(f"{web.url}/here", {}, {}).body == b"found"


@pytest.mark.parametrize(
    "place",
    [
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "ftp://example.org/a",
        "data:text/plain,hello",
        "javascript:alert(1)",
        "gopher://127.0.0.1/",
        "http://me:word@127.0.0.1/",
        "http://[::1",
        "http://a b/",
        "http://127.0.0.1:99999/",
        "jar:http://127.0.0.1!/",
        "FILE:///etc/passwd",
        "http:\\\\127.0.0.1\\",
    ],
)
def test_an_answer_may_not_lead_to_what_is_no_address_of_the_web(web: Replay, place: str) -> None:
    web.answers("/here", led_to(place))
    with pytest.raises(ServerError, match="leads on to"):
        send(f"{web.url}/here", {}, {})


@pytest.mark.parametrize(
    "place",
    [
        "http://localhost:{port}/there",
        "http://LOCALHOST.:{port}/there",
        "http://a.localhost:{port}/there",
        "http://[::ffff:127.0.0.1]:{port}/there",
        "http://127.1:{port}/there",
        "http://2130706433:{port}/there",
        "http://0x7f000001:{port}/there",
        "http://0.0.0.0:{port}/there",
        "http://127.0.0.1:1/there",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://127.0.0.1:{port}/there",
    ],
)
def test_an_answer_may_not_lead_to_this_machine_or_its_network(web: Replay, elsewhere: str, place: str) -> None:
    web.answers("/here", led_to(place.format(port=web.port)))
    web.answers("/there", Answer(b"secret"))
    with pytest.raises(ServerError, match="which nobody asked for"):
        send(f"{elsewhere}/here", {}, {})
    assert "/there" not in web.paths()


def test_a_name_that_means_this_machine_is_not_followed(web: Replay, elsewhere: str) -> None:
    web.answers("/here", led_to(f"http://other.far.example:{web.port}/there"))
    with pytest.raises(ServerError, match=r"other\.far\.example, which is this machine"):
        send(f"{elsewhere}/here", {}, {})


def test_this_machine_asked_for_leads_to_no_other_port_of_it(web: Replay) -> None:
    with Replay() as other:
        web.answers("/here", led_to(f"{other.url}/there"))
        with pytest.raises(ServerError, match="nobody asked for"):
            send(f"{web.url}/here", {}, {})
        assert not other.asked


def test_answers_that_lead_on_and_on_come_to_an_end(web: Replay) -> None:
    web.answers("/here", led_to("/here"))
    with pytest.raises(ServerError, match="leads on and on"):
        send(f"{web.url}/here", {}, {})
    assert len(web.asked) == 6


def test_an_answer_without_a_place_is_an_answer(web: Replay) -> None:
    web.answers("/here", Answer(b"", 302))
    assert send(f"{web.url}/here", {}, {}).status == 302


def test_a_secret_goes_to_the_host_that_was_asked_alone(
    web: Replay, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "is_public", lambda _: True)
    web.answers("/here", led_to(f"http://other.far.example:{web.port}/there"))
    web.answers("/there", Answer(b"found"))
    send(f"{elsewhere}/here", {"X-Known": "1"}, {"X-Secret": "2"})
    first, second = web.asked
    assert (first.headers.get("x-secret"), second.headers.get("x-secret")) == ("2", None)
    assert second.headers["x-known"] == "1"


def test_letters_beyond_ascii_are_sent_as_they_must_be(web: Replay) -> None:
    def echo(asked: Asked) -> Answer:
        return Answer(repr(asked.parameters).encode())

    web.answers("/caf%C3%A9/%20x", echo)
    assert send(f"{web.url}/café/%20x?q=é&r=a%20b#part", {}, {}).body == "{'q': 'é', 'r': 'a b'}".encode()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("no address", False),
    ],
)
def test_which_addresses_are_of_the_internet(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, which nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes certificates, is not installed")
    path = tmp_path_factory.mktemp("tls") / "here.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=here -addext"
    subprocess.run(
        [*command.split(), "subjectAltName=IP:127.0.0.1,DNS:far.example", "-keyout", path, "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def test_a_certificate_that_nobody_vouches_for_is_told(certificate: Path) -> None:
    with Replay(certificate) as web, pytest.raises(ServerError, match=r"cannot show that it is 127\.0\.0\.1"):
        send(f"{web.url}/here", {}, {})


def test_what_is_encrypted_is_read_and_does_not_lead_out(
    certificate: Path, web: Replay, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with Replay(certificate) as secure:
        secure.answers("/here", Answer(b"found" * 100_000))
        assert send(f"{secure.url}/here", {}, {}).body == b"found" * 100_000
        secure.answers("/down", led_to(f"{web.url}/here"))
        with pytest.raises(ServerError, match="without encryption"):
            send(f"{secure.url}/down", {}, {})
        web.answers("/up", led_to(f"{secure.url}/here"))
        with pytest.raises(ServerError, match="nobody asked for"):
            send(f"{elsewhere}/up", {}, {})
        web.answers("/named", led_to(f"https://other.far.example:{secure.port}/here"))
        with pytest.raises(ServerError, match="nobody asked for"):
            send(f"{elsewhere}/named", {}, {})
    assert not web.paths().count("/here")


def test_a_slow_answer_is_given_up_under_encryption(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    monkeypatch.setattr(transport, "_LONGEST", 0.2)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(200):
            handler.wfile.write(b"H")
            time.sleep(0.02)

    with Replay(certificate) as secure:
        secure.answers("/here", Answer(send=trickle))
        with pytest.raises(transport.BrokenError, match="does not come to an end"):
            send(f"{secure.url}/here", {}, {})


def test_no_encryption_where_there_should_be_is_a_fault(web: Replay) -> None:
    with pytest.raises(transport.BrokenError):
        send(f"https://127.0.0.1:{web.port}/", {}, {})


def test_a_proxy_is_used_but_for_this_machine(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    with Replay() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        proxy.answers("/here", Answer(b"of the proxy"))
        proxy.answers("/led", led_to(f"http://127.0.0.1:{web.port}/here"))
        web.answers("/here", Answer(b"direct"))
        assert send("http://far.example/here", {}, {}).body == b"of the proxy"
        assert send(f"{web.url}/here", {}, {}).body == b"direct"
        with pytest.raises(ServerError, match="nobody asked for"):
            send("http://far.example/led", {}, {})
    assert len(web.asked) == 1
