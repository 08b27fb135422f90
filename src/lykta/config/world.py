"""The world that the worker is given: the house, the doors to the outside, and what only the worker holds."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from lykta.config.environment import LOOKING, Environment, home, key_file, secret
from lykta.connectors.dns.connector import Dns
from lykta.connectors.geo.connector import Places, bring_in_debians
from lykta.connectors.imap.connector import ImapInbox
from lykta.connectors.mail.connector import Mail
from lykta.connectors.mail.returns import Maildir
from lykta.connectors.rdap.bootstrap import load
from lykta.connectors.rdap.connector import Rdap
from lykta.connectors.timestamps.connector import TimeStamps
from lykta.connectors.web.connector import WebLooker
from lykta.connectors.web.viewing import Porter
from lykta.connectors.webhooks.connector import Webhooks
from lykta.connectors.whois.connector import Whois
from lykta.lib.exits import Exit, read_exits
from lykta.lib.guard import GuardPolicy
from lykta.lib.mail_servers import MailServer
from lykta.lib.manners import Manners
from lykta.lib.outbound import USER_AGENT, Client
from lykta.lib.resolvers import Resolvers
from lykta.workflow.house import Outside, Staffroom, World

log = logging.getLogger(__name__)


@contextmanager
def open_world(environment: Environment, *, letter_key: bytes = b"") -> Iterator[World]:
    """The world of the worker's settings; the outbound client and the sandboxed fetcher end when it is left.

    `letter_key` opens letters; who only asks the outside has none.
    Raises OSError or ValueError for a data file that cannot be read, Final for a signing key that cannot be used.
    """
    resolvers = environment.name_servers()
    bootstrap = load(home() / environment.rdap_bootstrap)
    geography = _geography(environment)
    post = post_of(environment)
    inbox = inbox_of(environment)
    exits = read_exits(environment.exits)
    registries, partners = client_of(environment, exits["registry"]), client_of(environment, exits["webhooks"])
    stamping = client_of(environment, exits["timestamps"])
    looker = _looker(environment)
    try:
        yield World(
            house=settings.HOUSE,
            outside=Outside(
                names=Dns(resolvers=resolvers),
                registry=Rdap(
                    bootstrap=bootstrap,
                    client=registries,
                    manners=_manners(environment),
                    without_rdap=_whois(environment, exits["registry"]),
                ),
                geography=geography,
                looker=looker,
                post=post,
                returns=Maildir(home() / environment.mail_returns),
                caller=_caller(environment, partners),
                inbox=inbox,
                stamper=stamper_of(environment, stamping),
            ),
            staffroom=Staffroom(
                private_key=letter_key,
                public_folder=home() / "public",
                checkpoints=settings.AUDIT_CHECKPOINTS,
                indexes=settings.INDEXES,
            ),
        )
    finally:
        looker.close()
        registries.close()
        partners.close()
        stamping.close()


@contextmanager
def open_porter(environment: Environment) -> Iterator[None]:
    """The socket through which the desk asks to be shown something; without it all else goes on."""
    try:
        porter = Porter(home() / LOOKING, _looker(environment).settings)
    except OSError as error:
        log.error("Nothing can be looked at: no socket can be made at %s (%s).", home() / LOOKING, error.strerror)  # noqa: TRY400
        yield
        return
    try:
        yield
    finally:
        porter.close()


@contextmanager
def open_caller(environment: Environment) -> Iterator[Webhooks]:
    """The door to partners' systems alone."""
    client = client_of(environment, read_exits(environment.exits)["webhooks"])
    try:
        yield _caller(environment, client)
    finally:
        client.close()


def _looker(environment: Environment) -> WebLooker:
    policy, resolvers = _way_out(environment)
    return WebLooker(
        policy=policy,
        resolvers=resolvers,
        timeout=environment.look_timeout,
        max_bytes=environment.look_bytes,
        through=read_exits(environment.exits)["look"],
        user_agent=environment.look_agent or USER_AGENT,
        browser_agent=environment.look_agent,
        renders=environment.render == "when needed",
    )


def _way_out(environment: Environment) -> tuple[GuardPolicy, Resolvers]:
    policy = GuardPolicy.read(only=environment.guard_only, ports=environment.guard_ports)
    return policy, environment.name_servers()


def client_of(environment: Environment, through: Exit) -> Client:
    """What asks others' servers, and leaves by that exit. Close it after use."""
    policy, resolvers = _way_out(environment)
    return Client(policy=policy, resolvers=resolvers, through=through, user_agent=environment.registry_agent)


def _geography(environment: Environment) -> Places:
    """Debian's file is brought in where it is installed; in practice it would place nothing but the real world."""
    folder = home() / environment.geography
    if environment.mode == "production":
        bring_in_debians(folder)
    return Places(folder)


def _manners(environment: Environment) -> Manners:
    return Manners(at_once=environment.registry_at_once, pause=environment.registry_pause)


def _whois(environment: Environment, through: Exit) -> Whois | None:
    if not environment.whois:
        return None
    policy, resolvers = _way_out(environment)
    manners = _manners(environment)
    return Whois(root=environment.whois, policy=policy, resolvers=resolvers, manners=manners, through=through)


def _caller(environment: Environment, client: Client) -> Webhooks:
    return Webhooks(client=client, https_only=environment.mode == "production")


def post_of(environment: Environment) -> Mail:
    """What hands mail to the mail server. Raises Final for a key or an address that cannot be used."""
    password = secret("mail-password").decode().strip() if key_file("mail-password").exists() else ""
    server = MailServer(
        host=environment.mail_host,
        port=environment.mail_port,
        security=environment.mail_security,
        user=environment.mail_user,
        password=password,
    )
    signing_key = secret("mail.asc")
    return Mail(server, sender=environment.mail_from, sender_name=environment.name, signing_key=signing_key)


def stamper_of(environment: Environment, client: Client) -> TimeStamps | None:
    """What stamps the record, None where nothing does. Raises OSError or ValueError for its certificate."""
    if not environment.timestamp_url:
        return None
    roots = (home() / environment.timestamp_certificates).read_bytes()
    return TimeStamps(client=client, address=environment.timestamp_url, roots=roots)


def inbox_of(environment: Environment) -> ImapInbox | None:
    """The mailbox that is taken in, None where there is none. Raises RuntimeError for a secret that is not there."""
    if not environment.mail_intake_host:
        return None
    server = MailServer(
        host=environment.mail_intake_host,
        port=environment.mail_intake_port,
        security=environment.mail_intake_security,
        user=environment.mail_intake_user,
        password=secret("mail-intake-password").decode().strip(),
        timeout=20.0,
    )
    senders = home() / environment.mail_intake_senders
    return ImapInbox(server, senders=senders, key=secret("mail.asc"), resolvers=environment.name_servers())
