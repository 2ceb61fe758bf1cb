"""What the sender's domain says of itself in the name service: whether customers' mail servers will believe our mails.

SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489). Records are read, not judged whole: only a test mail tells for sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import parseaddr

from dunwell.doctor.finding import Finding, to_mend, unknown, well
from dunwell.settings import Settings

Resolve = Callable[[str], list[str]]
"""TXT records by name: empty where there are none. Raises OSError where the name service cannot be asked."""
PATIENCE = 5.0
SELECTORS = ("default", "google", "selector1", "selector2", "dkim", "mail", "k1", "s1", "pm", "mandrill", "amazonses")
"""Names under which well-known mail services put a DKIM key; a domain may use any other."""
LOCAL = ("localhost", ".localhost", ".example", ".test", ".invalid", ".local")
"""Domains that are in no public name service (RFC 2606, RFC 6761)."""


def look_up(name: str) -> list[str]:
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise OSError(type(error).__name__) from None
    return ["".join(part.decode("utf-8", "replace") for part in record.strings) for record in answer]


def sender_records(settings: Settings, resolve: Resolve) -> Iterator[Finding]:
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()
    if not domain:
        return
    if domain.endswith(LOCAL):
        yield well("sender", f"{domain} is in no public name service: mails stay on this machine or network")
        return
    try:
        yield _spf(domain, resolve(domain))
        yield _dmarc(domain, resolve(f"_dmarc.{domain}"))
        yield _dkim(domain, resolve)
    except OSError as error:
        advice = f"Look yourself: dig TXT {domain}; dig TXT _dmarc.{domain}"
        yield unknown("sender", f"could not check {domain}: the name service cannot be asked ({error})", advice)


def _spf(domain: str, records: list[str]) -> Finding:
    found = [text for text in records if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        advice = f'Add a TXT record for {domain}: "v=spf1 include:<your mail service> ~all"'
        return to_mend("SPF", f"{domain} does not say who may send for it", advice)
    if len(found) > 1:
        return to_mend("SPF", f"{domain} has {len(found)} SPF records, which counts as none", "Leave one of them")
    if found[0].lower().rstrip().endswith("+all"):
        return to_mend("SPF", f"{domain} lets everybody send for it (+all)", "End it with ~all or -all")
    return well("SPF", found[0][:120])


def _dmarc(domain: str, records: list[str]) -> Finding:
    found = [text for text in records if text.lower().replace(" ", "").startswith("v=dmarc1")]
    if not found:
        record = f"v=DMARC1; p=none; rua=mailto:you@{domain}"
        advice = f'Add a TXT record for _dmarc.{domain}: "{record}"; large mail services ask for one'
        return to_mend("DMARC", f"{domain} has no DMARC record", advice)
    return well("DMARC", found[0][:120])


def _dkim(domain: str, resolve: Resolve) -> Finding:
    for selector in SELECTORS:
        if any("p=" in text for text in resolve(f"{selector}._domainkey.{domain}")):
            return well("DKIM", f"a key stands at {selector}._domainkey.{domain}")
    return unknown(
        "DKIM",
        f"no key under the usual names of {domain}",
        "Send yourself a message from Settings and look for dkim=pass in its headers; your mail service says how to "
        "switch it on",
    )
