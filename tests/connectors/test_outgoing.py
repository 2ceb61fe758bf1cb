"""Messages to owners' programs: signed so that anybody's library can check, and no way into a network of ours."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors import outgoing
from connectors.outgoing import BadAddress, Courier, NotTaken, signature
from tests.listener import listener

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
INSIDE = [
    "https://127.0.0.1/",
    "https://10.0.0.8/hook",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://[::ffff:10.0.0.8]/",
    "https://[64:ff9b::a00:8]/",
    "https://[2002:a00:8::]/",
]


def send(url: str, courier: Courier = Courier(allow_local=True)) -> str:  # noqa: B008 - frozen
    return courier.deliver(url, SECRET, "evt_1", b'{"test":2432232314}', NOW)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification: id, timestamp, body and secret as they stand there."""
    found = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_carries_its_id_its_time_and_its_signature() -> None:
    with listener() as (url, heard):
        assert send(url) == "answered 200"
    [(path, headers, body)] = heard.requests
    assert (path, body) == ("/in?from=dunwell", b'{"test":2432232314}')
    assert headers["webhook-id"] == "evt_1"
    assert headers["webhook-signature"] == signature(SECRET, "evt_1", int(headers["webhook-timestamp"]), body)


@pytest.mark.parametrize("url", INSIDE)
def test_no_address_inside_a_network_is_ever_called(url: str) -> None:
    with pytest.raises(BadAddress):
        Courier().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/in",
        "ftp://erp.example/in",
        "https://user:password@erp.example/in",
        "https://erp.example:22/in",
        "https://erp.example:99999/in",
        "https:///in",
        "https://erp.example/a b",
        "https://erp.example/\r\nX-Evil: 1",
        "http://localhost:8000/in",
        "https://" + "a" * 2001,
        "erp.example",
    ],
)
def test_only_https_to_a_plain_public_address_is_taken(url: str) -> None:
    with pytest.raises(BadAddress):
        Courier().check(url)


def test_a_name_that_leads_inside_is_found_out_when_it_is_called() -> None:
    """The name itself looks harmless: what counts is what it leads to, at the moment of the call."""
    with pytest.raises(NotTaken, match="not on the public internet"):
        send("https://localhost/in", Courier())


def test_a_redirect_is_not_followed() -> None:
    with listener() as (url, heard), listener() as (elsewhere, other):
        heard.status, heard.headers = 302, {"Location": elsewhere}
        with pytest.raises(NotTaken, match="answered 302"):
            send(url)
    assert other.requests == []


@pytest.mark.parametrize(("status", "is_gone"), [(500, False), (404, False), (410, True)])
def test_a_refusal_says_whether_it_is_for_good(status: int, is_gone: bool) -> None:
    with listener() as (url, heard):
        heard.status = status
        with pytest.raises(NotTaken) as refused:
            send(url)
    assert (str(refused.value), refused.value.is_gone) == (f"answered {status}", is_gone)


def test_an_answer_that_drips_in_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "DEADLINE", 0.2)
    with listener() as (url, heard):
        heard.drip = 0.1
        with pytest.raises(NotTaken, match="no answer"):
            send(url)


def test_nobody_there_is_told_by_its_kind_alone() -> None:
    with listener() as (url, _):
        pass
    with pytest.raises(NotTaken, match=r"^no answer: ConnectionRefusedError$"):
        send(url)


def test_the_other_side_proves_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address was checked already and is connected to by number; the certificate must still be the name's own."""
    monkeypatch.setattr(outgoing, "is_public", lambda _address: True)
    monkeypatch.setattr(Courier, "check", lambda _self, url: outgoing.urlsplit(url))
    for name, answer in (("localhost", "answered 200"), ("other.example", "SSLCertVerificationError")):
        file = certificate(tmp_path, name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        with listener(context) as (url, _):
            try:
                found = send(url, Courier(ca_file=str(file)))
            except NotTaken as error:
                found = str(error)
            assert answer in found
            with pytest.raises(NotTaken, match="SSLCertVerificationError"):
                send(url, Courier())


def certificate(folder: Path, name: str) -> Path:
    """A certificate for that name, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file
