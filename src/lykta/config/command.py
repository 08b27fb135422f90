"""The `lykta` command: reads its words and calls the one function that does what they say."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from lykta.config.environment import FACES, environment
from lykta.config.loading import load
from lykta.config.processes import end_with_parent
from lykta.core.refusals import Refusal
from lykta.core.vocabulary import ListTrust, Role, Source, Topic

DESCRIPTION = """\
Lykta: a hotline in a box.

  First time, to look around:   lykta init --practice   then   lykta up --practice
  First time, for real:         lykta init              then   lykta check   and   lykta up
  Something is wrong:           lykta check             says what, and what to do

All state lies in LYKTA_HOME (by default ./var). Settings: docs/operations/settings.md.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words say. Returns the exit status: 0 done, 1 refused (with the reason), 2 not understood."""
    # Files of ours are for this user and its group, whatever the shell was set to.
    os.umask(0o007)
    given = _parser().parse_args(words)
    if given.child:
        end_with_parent(given.child)
    try:
        return _do(given)
    except (Refusal, RuntimeError, OSError, ValueError) as error:
        print(f"lykta: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lykta", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--child", type=int, metavar="PARENT", help=argparse.SUPPRESS)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", title="verbs")
    init = verbs.add_parser("init", help="make keys, databases and the first account; safe to run twice")
    init.add_argument("--practice", action="store_true", help="for the practice world, with demo accounts")
    init.add_argument("--staff", metavar="NAME", default="lead", help="name of the first account (lead)")
    up = verbs.add_parser("up", help="run everything on this machine until Ctrl-C or SIGTERM")
    up.add_argument("--practice", action="store_true", help="with the practice world")
    one = verbs.add_parser("serve", help="run one face")
    one.add_argument("face", choices=FACES)
    verbs.add_parser("work", help="run the worker: it opens letters, traces, tells, looks again")
    check = verbs.add_parser("check", help="say what is unsafe or missing, and what to do")
    check.add_argument("--deploy", action="store_true", help="also what has to be settled before a hotline opens")
    check.add_argument("--quiet", action="store_true", help="say nothing when all is well")
    verbs.add_parser("practice", help="run the practice world alone")
    forget = verbs.add_parser("forget", help="forget what is due, and after a restore what was forgotten before")
    forget.add_argument("--list", type=Path, metavar="FILE", help="the newest copy of audit/forgotten.txt")
    forget.add_argument("--report", action="store_true", help="say what was and will be forgotten, and forget nothing")
    forget.add_argument("--json", action="store_true", help="say it as JSON")
    _add_nested(verbs)
    _add_key(verbs)
    _add_data(verbs)
    _add_import(verbs)
    _add_trace(verbs)
    labels = verbs.add_parser("labels", help="label sets").add_subparsers(dest="what", required=True)
    labels.add_parser("check", help="say what is wrong with a file, and where").add_argument("file", type=Path)
    _add_list(verbs)
    _add_match(verbs)
    _add_offer(verbs)
    code = verbs.add_parser("code", help="print the one-time code of a practice account")
    code.add_argument("name")
    pages = verbs.add_parser("words", help="print docs/vocabulary.md")
    pages.add_argument("--settings", action="store_true", help="print docs/operations/settings.md instead")
    pages.add_argument("--permissions", action="store_true", help="print docs/permissions.md instead")
    return parser


def _add_nested(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    staff = verbs.add_parser("staff", help="accounts of the desk").add_subparsers(dest="what", required=True)
    add = staff.add_parser("add", help="add an account and print its password once")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=[str(role) for role in Role])
    invite = staff.add_parser("invite", help="add an account and print a link that lets its owner in once")
    invite.add_argument("name")
    invite.add_argument("--role", required=True, choices=[str(role) for role in Role])
    staff.add_parser("anew", help="end every key of somebody who is locked out, and print a new link").add_argument(
        "name"
    )
    staff.add_parser("remove", help="end sessions and keys of somebody who leaves, now").add_argument("name")
    recipients = verbs.add_parser("recipients", help="police and partner hotlines")
    load_file = recipients.add_subparsers(dest="what", required=True).add_parser("load", help="load a TOML file")
    load_file.add_argument("file", type=Path)
    partners = verbs.add_parser("partners", help="companies whose systems report").add_subparsers(
        dest="what", required=True
    )
    partner = partners.add_parser("add", help="add a partner and print its token once")
    partner.add_argument("slug", help="its short name: small letters, digits, hyphens")
    partner.add_argument("name", help="its name, as analysts read it")
    partner.add_argument(
        "--scopes", default="reports", help="what the token is good for: reports,cybertip,hashes (reports)"
    )
    partners.add_parser("rotate", help="print a new token; the old one stops now").add_argument("slug")
    partners.add_parser("revoke", help="refuse its token from now on").add_argument("slug")
    webhook = partners.add_parser("webhook", help="where its system is told how far its reports are; prints the secret")
    webhook.add_argument("slug")
    webhook.add_argument("address", nargs="?", default="", metavar="URL", help="https; a new secret is made each time")
    webhook.add_argument("--test", action="store_true", help="send a signed lykta.ping and say what came of it")
    webhook.add_argument("--off", action="store_true", help="tell it nothing more")
    partners.add_parser("list", help="all partners, without their tokens")
    _add_links(verbs)
    audit = verbs.add_parser("audit", help="the record of what was done")
    audit.add_subparsers(dest="what", required=True).add_parser("verify", help="prove that nobody altered it")


def _add_key(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs.add_parser("unlock", help="hand the wrapped key to the worker that waits for it").add_argument("name")
    key = verbs.add_parser("key", help="the key that opens letters").add_subparsers(dest="what", required=True)
    hold = key.add_parser("hold", help="wrap it for somebody too, and print their passphrase once")
    sheets = key.add_parser("sheets", help="print it in three parts, two of which bring it back")
    for one in (hold, sheets):
        one.add_argument("--holder", default="", help="who unwraps it now, when it has no file any more")
    hold.add_argument("name")
    key.add_parser("recover", help="bring it back from two sheets, and wrap it for somebody").add_argument("name")


def _add_links(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    links = verbs.add_parser("links", help="partners' links, and what they get to show").add_subparsers(
        dest="what", required=True
    )
    add = links.add_parser("add", help="add a link")
    add.add_argument("code", help="what stands behind /r/: letters, digits, hyphens")
    add.add_argument("name", help="the partner's name, as staff read it")
    add.add_argument("--sites", default="", metavar="https://school.example", help="may show the form in a frame")
    frame = links.add_parser("frame", help="name the sites that may show the form in a frame; without any, none may")
    frame.add_argument("code")
    frame.add_argument("sites", nargs="*", metavar="https://school.example")
    links.add_parser("remove", help="count a link no more").add_argument("code")
    links.add_parser("list", help="all links")
    links.add_parser("counts", help="print visits and tips of each day, as CSV")
    kit = links.add_parser("kit", help="write link, button, QR code, bookmark, poster and cards into a folder")
    kit.add_argument("code")
    kit.add_argument("folder", type=Path)
    kit.add_argument("--language", default="", help="language of button, poster and cards")


def _add_data(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    data = verbs.add_parser("data", help="the data files that say where an address is and whom to ask")
    kinds = data.add_subparsers(dest="what", required=True)
    kinds.add_parser("refresh", help="fetch IANA's list of registries, if the one in use is older than a week")
    kinds.add_parser("list", help="say whose address ranges are there, of what day, under what licence")
    ranges = kinds.add_parser("import", help="take in address ranges: MMDB, CSV, or Debian's tor-geoipdb")
    ranges.add_argument("files", nargs="*", type=Path, help="the files of one source; without any, Debian's")
    ranges.add_argument("--source", default="", help="who made the data")
    ranges.add_argument("--licence", default="", help="under what licence it may be used")
    ranges.add_argument("--dated", default="", metavar="2026-06-25", help="of what day it is")
    ranges.add_argument("--kind", default="", choices=["country", "asn", "anycast", "cdn"], help="what it tells")


def _add_import(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    table = verbs.add_parser("import", help="take reports from a CSV file; safe to run twice")
    table.add_argument("file", type=Path)
    table.add_argument("--map", required=True, metavar="url=LINK,notes=COMMENT", help="which column is what")
    table.add_argument("--source", choices=["partner", "staff"], default="staff", help="whose words they are")
    table.add_argument("--topic", choices=[str(topic) for topic in Topic], default=str(Topic.WEB))
    table.add_argument("--language", default="en", help="language of the notes")
    table.add_argument("--dry-run", action="store_true", help="count, show the first rows, and take nothing in")


def _add_trace(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    told = "Exit status: 0 all was learnt, 1 refused (with the reason), 2 not understood, 3 learnt in part."
    one = verbs.add_parser("trace", help="say where an address is and whose, without making a case of it", epilog=told)
    one.add_argument("address", help="a web address, also a disguised one; put it in quotes, for the shell")
    one.add_argument("--json", action="store_true", help="print all that was learnt as JSON, with live addresses")


def _add_list(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    told = "Exit status: 0 done, 1 refused or stopped (with the reason), 2 not understood, 3 done but for some rows."
    what = verbs.add_parser("list", help="lists of known hashes", epilog=told).add_subparsers(
        dest="what", required=True
    )
    add = what.add_parser("add", help="add a list, or say all of it anew")
    add.add_argument("slug", help="its short name: small letters, digits, hyphens")
    add.add_argument("name", help="its name, as analysts read it")
    add.add_argument("--trust", required=True, choices=[str(word) for word in ListTrust], help="how far it is believed")
    add.add_argument("--source", default="", help="the organisation that keeps it")
    add.add_argument("--scheme", default="", help="whose categories it uses: own, us, uk, interpol-baseline …")
    add.add_argument("--licence", default="", help="under what agreement it may be used")
    add.add_argument("--distance", type=int, default=31, help="bits of 256 up to which a PDQ hash is near (31)")
    add.add_argument("--category", action="append", default=[], metavar="CODE=WORD", help="what its categories mean")
    add.add_argument("--inactive", action="store_true", help="nothing is matched with it")
    load_file = what.add_parser("import", help="read a file into a list; one that was broken off goes on", epilog=told)
    load_file.add_argument(
        "file", type=Path, help="CSV, TSV, ICSE, Project VIC JSON, NCMEC XML, or a hash on each line"
    )
    load_file.add_argument("--list", required=True, metavar="SLUG", dest="slug")
    load_file.add_argument("--dry-run", action="store_true", help="say what would happen, and keep nothing")
    load_file.add_argument("--replace", action="store_true", help="withdraw what the list holds and the file does not")
    load_file.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column is what")
    load_file.add_argument("--columns", action="store_true", help="say only what the file is and what its columns are")
    show = what.add_parser("show", help="all lists, or one with its versions")
    show.add_argument("slug", nargs="?", default="")
    withdraw = what.add_parser("withdraw", help="withdraw every row that has one of these hashes, or a whole film")
    withdraw.add_argument("slug")
    rows = withdraw.add_mutually_exclusive_group(required=True)
    rows.add_argument(
        "hashes", nargs="*", default=[], metavar="HASH", help="SHA-256, SHA-1, MD5 or PDQ, in hexadecimal"
    )
    rows.add_argument("--film", default="", metavar="NAME", help="the list's name of it, or the reference of a frame")
    withdraw.add_argument("--reason", required=True, help="why, for the version that says so")
    feedback = what.add_parser("feedback", help="print what was reported back as false, for the list's owner (CSV)")
    feedback.add_argument("slug")
    export = what.add_parser("export", help="write our own list, which others can fetch, into a file")
    export.add_argument("file", type=Path)
    export.add_argument("--format", default="csv", choices=["csv", "vics"], help="vics: Project VIC 2.0 (csv)")
    for one in (load_file, show, feedback, export):
        one.add_argument("--json", action="store_true", help="print the answer as JSON")


def _add_match(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    told = (
        "Exit status: 0 on no list or known as harmless, 1 refused (with the reason), 2 not understood, "
        "3 looks like something listed, 4 known and to be checked, 5 known illegal."
    )
    one = verbs.add_parser(
        "match", help="say what lists of known hashes say of a local file; keeps nothing", epilog=told
    )
    one.add_argument("file", nargs="?", type=Path, help="a picture, a film, or any file")
    one.add_argument("--hash", action="append", default=[], help="instead: SHA-256, SHA-1, MD5, or pdq: and 64 digits")
    one.add_argument("--json", action="store_true", help="print finding, rule, reasons and fingerprints as JSON")


def _add_offer(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    kinds = verbs.add_parser("offer", help="our own list of hashes, which others fetch").add_subparsers(
        dest="what", required=True
    )
    listed = kinds.add_parser("list", help="how much of it is there, and what is on it")
    listed.add_argument("--json", action="store_true", help="print it as JSON")
    withdraw = kinds.add_parser("withdraw", help="take an entry off for good; whoever fetched it is told")
    withdraw.add_argument("entry", type=int, help="its number, as `lykta offer list` prints it")
    withdraw.add_argument("reason", help="why, for colleagues")


def _do(given: argparse.Namespace) -> int:
    """Each verb imports what it needs and no more: seven processes start at once on a small machine."""
    match given.verb:
        case "init":
            from lykta.config.commands.setting_up import init

            init(practice=given.practice, staff=given.staff)
        case "up":
            from lykta.config.commands.starting import up

            up(practice=given.practice)
        case "serve" | "work" | "practice":
            _run(given)
        case "check":
            from lykta.config.commands.checking import check

            return check(quiet=given.quiet, deploy=given.deploy)
        case "data" | "labels" | "forget":
            _data(given)
        case "import":
            return _import(given)
        case "key" | "unlock":
            load("staff")
            from lykta.config.commands import keys

            _say([keys.unlock(given.name)] if given.verb == "unlock" else keys.do(given))
        case "trace" | "match":
            return _ask(given)
        case "list":
            load("staff")
            from lykta.config.commands import lists

            return lists.do(given)
        case _:
            return _tell(given)
    return 0


def _ask(given: argparse.Namespace) -> int:
    """What the worker would learn, told here."""
    load("worker")
    if given.verb == "match":
        from lykta.config.commands.matching import match

        return match(given.file, given.hash, as_json=given.json)
    from lykta.config.commands.trace import trace

    return trace(environment(), given.address, as_json=given.json)


def _data(given: argparse.Namespace) -> None:
    """What is held, and by which rules."""
    match given.verb, getattr(given, "what", ""):
        case "forget", _:
            load("staff")
            from lykta.config.commands import forgetting

            _say(forgetting.do(given))
        case "labels", _:
            from lykta.config.commands.labels import check

            _say(check(given.file))
        case _, "refresh":
            from lykta.config.commands.registries import refresh

            _say([refresh(environment())])
        case _:
            from lykta.config.commands import data

            _say(data.do(given, environment()))


def _import(given: argparse.Namespace) -> int:
    load("staff")
    from lykta.config.commands.importing import Wanted, import_file

    wanted = Wanted(mapping=given.map, source=Source(given.source), topic=Topic(given.topic), language=given.language)
    return import_file(given.file, wanted, dry_run=given.dry_run)


def _run(given: argparse.Namespace) -> None:
    """The processes. Those that `lykta up` starts were checked by it."""
    if given.verb == "practice":
        from lykta.config.commands.practice_world import practise

        practise()
        return
    process = given.face if given.verb == "serve" else "work"
    if not given.child:
        from lykta.config.commands.checking import require_safe

        require_safe(process)
    load("worker" if process == "work" else process)
    if process == "work":
        from lykta.config.commands.working import work

        work()
    else:
        from lykta.config.serve import serve

        serve(process, environment())


def _tell(given: argparse.Namespace) -> int:
    """The verbs that answer at once."""
    from lykta.config.commands import checking, partners, people, recipients, words

    match given.verb:
        case "staff":
            load("desk")
            _say(people.do(given))
        case "recipients":
            load("staff")
            print(f"{recipients.load_recipients(given.file)} recipients are new or different.")
        case "partners":
            load("staff")
            _say(partners.do(given))
        case "links" | "offer":
            load("staff")
            from lykta.config.commands import links, offering

            _say({"links": links.do, "offer": offering.do}[given.verb](given))
        case "audit":
            return checking.verify_audit()
        case "code":
            print(people.practice_code(given.name))
        case "words":
            print(words.page(given), end="")
    return 0


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
