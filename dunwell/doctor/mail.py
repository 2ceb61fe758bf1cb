"""The mail server: whether it lets us in, the same way as when a message goes. None does."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.errors import DunwellError
from connectors.mail.smtp import SmtpMailer
from dunwell.doctor.finding import Finding, to_mend, well
from dunwell.settings import Settings


def mail_server(settings: Settings) -> Finding:
    """Connect, encrypt, sign in, leave."""
    config = settings.mail()
    host = urlsplit(config.smtp_url).hostname
    if not host:
        return to_mend("mail", "no mail server is set", "Set DUNWELL_SMTP_URL and DUNWELL_MAIL_FROM")
    if not config.mail_from:
        return to_mend("mail", "no sender is set", "Set DUNWELL_MAIL_FROM")
    try:
        how = SmtpMailer(config).greet()
    except DunwellError as error:
        return to_mend("mail", f"{host}: {error}", "Check DUNWELL_SMTP_URL: host, port, user and password")
    return well("mail", f"{host} lets us in, {how}")
