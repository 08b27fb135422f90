"""Mail that is taken and comes back: a delivery status notification (RFC 3464) in the sender's Maildir."""

import mailbox
from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from pathlib import Path


def give_back(folder: Path, recipient: str, raw: bytes) -> None:
    """Tell the sender that a mailbox has moved away."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "postmaster@practice.test"
    report["Subject"] = "Undelivered mail returned to sender"
    report.attach(MIMEText("Your message could not be delivered: the mailbox has moved away."))
    server, status = Message(), Message()
    server["Reporting-MTA"] = "dns; mail.practice.test"
    status["Final-Recipient"] = f"rfc822; {recipient}"
    status["Action"] = "failed"
    status["Status"] = "5.1.6"
    status["Diagnostic-Code"] = "smtp; 550 5.1.6 The mailbox has moved away"
    told = Message()
    told["Content-Type"] = "message/delivery-status"
    told.set_payload([server, status])
    report.attach(told)
    report.attach(MIMEMessage(BytesParser().parsebytes(raw)))
    mailbox.Maildir(folder, create=True).add(report.as_bytes())
