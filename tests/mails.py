"""What a mail says to its reader."""

from email.message import EmailMessage


def said(mail: EmailMessage, kind: str = "plain") -> str:
    """Its words; with the kind "html" its page."""
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())
