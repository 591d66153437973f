"""When the certificate of a server ends, asked of real TLS servers on this machine."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.adapters.certificates import ServerCertificates
from bot.security.ports import BadCertificate, NotChecked

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
OURS = "127.0.0.1"


@dataclass(frozen=True)
class Authority:
    """Somebody who signs certificates, and whom `trusted` trusts."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    folder: Path

    @classmethod
    def new(cls, folder: Path, called: str = "Authority") -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(called)
        built = _builder(name, name, key.public_key(), NOW + 365 * DAY)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return cls(key, built.sign(key, hashes.SHA256()), folder)

    @property
    def trusted(self) -> ssl.SSLContext:
        words = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=words)

    def server(self, host: str, ends: datetime) -> ssl.SSLContext:
        """What a server shows that has a certificate for that host until then."""
        key = ec.generate_private_key(ec.SECP256R1())
        built = _builder(_name(host), self.certificate.subject, key.public_key(), ends)
        built = built.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        chain = self.folder / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signed = built.sign(self.key, hashes.SHA256())
        chain.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, ends: datetime
) -> x509.CertificateBuilder:
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    return built.serial_number(x509.random_serial_number()).not_valid_before(NOW - 365 * DAY).not_valid_after(ends)


@asynccontextmanager
async def serving(context: ssl.SSLContext | None) -> AsyncIterator[str]:
    """The address of a server on this machine, by TLS or (None) in the open."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, OURS, 0, ssl=context)
    async with server:
        yield f"https://{OURS}:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.new(tmp_path)


async def test_when_it_ends(authority: Authority) -> None:
    """What a trusted certificate says is what is told."""
    ends = NOW + 10 * DAY
    async with serving(authority.server(OURS, ends)) as address:
        assert await ServerCertificates(authority.trusted).ends(address) == ends


@pytest.mark.parametrize(
    ("host", "days", "trusted", "words"),
    [
        (OURS, -1, True, "certificate has expired"),
        ("127.0.0.9", 10, True, "IP address mismatch"),
        (OURS, 10, False, "unable to get local issuer certificate"),
    ],
    ids=["over", "of another host", "of nobody we trust"],
)
async def test_bad(authority: Authority, tmp_path: Path, host: str, days: int, trusted: bool, words: str) -> None:
    """One that is over, of another host, or that nobody signed whom we trust, is bad, and it is said why."""
    known = authority if trusted else Authority.new(tmp_path, "Nobody")
    async with serving(authority.server(host, NOW + days * DAY)) as address:
        with pytest.raises(BadCertificate, match=words):
            await ServerCertificates(known.trusted).ends(address)


async def test_not_known(authority: Authority) -> None:
    """Where nobody answers, or not by TLS, nothing is known of a certificate."""
    async with serving(None) as address:
        with pytest.raises(NotChecked, match="answers, and not by TLS"):
            await ServerCertificates(authority.trusted).ends(address)
    with pytest.raises(NotChecked, match="does not answer"):
        await ServerCertificates(authority.trusted).ends(address)
