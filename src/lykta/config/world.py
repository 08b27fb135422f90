"""The world that the worker is given: the house, the doors to the outside, and what only the worker holds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from lykta.config.environment import Environment, home, key_file, secret
from lykta.connectors.dns.connector import Dns
from lykta.connectors.geo.connector import RangesFile
from lykta.connectors.imap.connector import ImapInbox
from lykta.connectors.mail.connector import Mail
from lykta.connectors.mail.returns import Maildir
from lykta.connectors.rdap.connector import Rdap
from lykta.connectors.web.connector import WebLooker
from lykta.lib.guard import GuardPolicy
from lykta.lib.outbound import Client
from lykta.workflow.house import Outside, Staffroom, World


@contextmanager
def open_world(environment: Environment) -> Iterator[World]:
    """The world of the worker's settings; the outbound client and the sandboxed fetcher end when it is left.

    Raises OSError or ValueError for a data file that cannot be read, Final for a signing key that cannot be used.
    """
    policy = GuardPolicy.read(only=environment.guard_only, ports=environment.guard_ports)
    resolvers = environment.name_servers()
    bootstrap = json.loads((home() / environment.rdap_bootstrap).read_text(encoding="utf-8"))
    geography = RangesFile(home() / environment.geography)
    post = _post(environment)
    inbox = _inbox(environment)
    client = Client(policy=policy, resolvers=resolvers)
    looker = WebLooker(
        policy=policy, resolvers=resolvers, timeout=environment.look_timeout, max_bytes=environment.look_bytes
    )
    try:
        yield World(
            house=settings.HOUSE,
            outside=Outside(
                names=Dns(resolvers=resolvers),
                registry=Rdap(bootstrap=bootstrap, client=client),
                geography=geography,
                looker=looker,
                post=post,
                returns=Maildir(home() / environment.mail_returns),
                inbox=inbox,
            ),
            staffroom=Staffroom(
                private_key=secret("hotline.key"),
                public_folder=home() / "public",
                checkpoints=settings.AUDIT_CHECKPOINTS,
            ),
        )
    finally:
        looker.close()
        client.close()


def _post(environment: Environment) -> Mail:
    password = secret("mail-password").decode().strip() if key_file("mail-password").exists() else ""
    return Mail(
        host=environment.mail_host,
        port=environment.mail_port,
        security=environment.mail_security,
        user=environment.mail_user,
        password=password,
        sender=environment.mail_from,
        sender_name=environment.name,
        signing_key=secret("mail.asc"),
    )


def _inbox(environment: Environment) -> ImapInbox | None:
    if not environment.mail_intake_host:
        return None
    return ImapInbox(
        host=environment.mail_intake_host,
        port=environment.mail_intake_port,
        security=environment.mail_intake_security,
        user=environment.mail_intake_user,
        password=secret("mail-intake-password").decode().strip(),
        senders=home() / environment.mail_intake_senders,
        key=secret("mail.asc"),
    )
