"""The record covers every verb, look, search and export: what writes nothing down is named here, with the reason."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.urls import get_resolver
from tests.house.source import SOURCE, modules, tree

WRITE = {"lykta.records.audit.actions.write", "lykta.records.audit.actions.write_all"}

PART = "Part of a verb that is written down, or of a step whose end is."
PLAN = "Says what is to be agreed to, and writes nothing."
MACHINE = "The machine's own list of things to do; what comes of each is written down."
MINUTES = "Somebody's own minutes, which others see only in the sum of a group."
TALKS = "The record is read by more people than may know who talks to a counsellor."
OWN = "Somebody's own, which nobody else sees and which changes nothing of a case."
VERBS_WITHOUT = {
    "cases.actions.attachments.add_attachment": PART,
    "cases.actions.attachments.add_piece": PART,
    "cases.actions.ending.rank": "The order of the queue, which follows from what is written down.",
    "cases.actions.ending.tell_status": "The state of the case in the mailbox; the change of state is written down.",
    "cases.actions.ending.note_read": PART,
    "cases.actions.ending.note_delivered": PART,
    "cases.actions.exporting.check_many": PLAN,
    "cases.actions.exporting.export": PLAN,
    "cases.actions.exporting.export_many": PLAN,
    "cases.actions.exporting.note_sent": "How far it is; that each case leaves is written down before, and the end after.",
    "cases.actions.forgetting.deletion": PLAN,
    "cases.actions.forgetting.extension": PLAN,
    "cases.actions.intake.sent_again": PART,
    "cases.actions.judging.claim": "Taking a case in hand, which is part of opening it.",
    "cases.actions.moves.plan_steps": PART,
    "cases.actions.opinions.take_back": PART,
    "cases.actions.standing.note_needs": "What the queue shows of a case, which follows from what is written down.",
    "cases.actions.standing.refresh": "What the queue shows of a case, which follows from what is written down.",
    "casework.actions.keep_view": OWN,
    "casework.actions.drop_view": OWN,
    "exposure.actions.open_once": PART,
    "exposure.actions.note_problem": "No picture came: nothing was looked at.",
    "exposure.actions.leave": "No record names who left what to others: it must cost nobody anything.",
    "exposure.actions.take": "A colleague has read a wish, which was written down.",
    "exposure.actions.note_elsewhere": MINUTES,
    "exposure.actions.note_counselling": TALKS,
    "exposure.actions.keep_preference": OWN,
    "exposure.actions.sweep": "Forgets by the clock what is older than two years; nobody decides it.",
    "offering.actions.note_published": "How far subscribers can fetch what was decided and written down.",
    "people.actions.invited": "Whom a link is for; using it is written down.",
    "people.actions.leave_two_leads": "A rule that other verbs ask; it changes nothing.",
    "people.actions.note_active": "The day that the desk was last used: a record of it would follow people about.",
    "referrals.actions.recipient_change": PLAN,
    "referrals.actions.goes_elsewhere": PLAN,
    "referrals.actions.release": PART,
    "referrals.actions.drop": PART,
    "referrals.actions.hold": PART,
    "referrals.actions.begin_sending": PART,
    "referrals.actions.not_sent": PART,
    **{
        f"steps.actions.{verb}": MACHINE
        for verb in (
            "plan",
            "plan_many",
            "claim",
            "put_back",
            "finish",
            "try_again",
            "give_up",
            "revive",
            "sweep",
            "go_on",
        )
    },
    "tracing.actions.note_seen": "What a look has found, which is written down; so is what the lists say of it.",
    "takedown.actions.watch": PART,
    "takedown.actions.plan_due": MACHINE,
    "takedown.actions.note_look": "A look of the machine; what it changes about the item is written down.",
    "tracing.actions.raise_changes": PART,
}
LIST = "Numbers, states and days of cases: nobody's words and no address."
KEPT = "What the hotline keeps for itself: nothing of a case."
LISTS = "What a list is called and how much it holds: none of its hashes."
VIEWS_WITHOUT = {
    "queue.queue": LIST,
    "keeping.keeping": LIST,
    "keeping.forgotten": LIST,
    "approvals.approvals": LIST,
    "exports.exports": LIST,
    "assessing.preview": "Follows the page of the same item, which was written down, and changes nothing.",
    "known.preview": "Follows the page of the known items, which was written down, and changes nothing.",
    "lists.lists": LISTS,
    "lists.one_list": LISTS,
    "lists.refused": "Some of the cells that are no hashes; all of them as a file are written down.",
    "looking.looking_at": "The page around a picture; the picture itself is written down before it is sent.",
    "looking.take": "A colleague's wish is taken off one's list; opening the item is written down.",
    "offering.our_list": "Fingerprints, what colleagues think of them and subscribers object: no address, nothing of a reporter.",
    "offering.fetches": "When a subscriber fetched how much.",
    "own_account.account": OWN,
    "own_looking.own_looking": OWN,
    "own_looking.keep_preference": OWN,
    "own_looking.note_elsewhere": MINUTES,
    "own_looking.note_counselling": TALKS,
    "people.people": "Names, roles and invitations; opening the page of one person is written down.",
    "queue.keep_view": OWN,
    "queue.drop_view": OWN,
    "text_blocks.text_blocks": KEPT,
    "working.my_day": "What colleagues wrote to this very person; each case that is opened is written down.",
    "progress.progress": "How far the machine is.",
    "referrals.referrals": "Messages that need mending, by item; each item that is opened is written down.",
    "typing_in.type_in": "Becomes a sealed letter; taking it in is written down with who brought it.",
    "recipients.recipients": KEPT,
    "recipients.recipient": KEPT,
    "links.links": KEPT,
    "links.link": KEPT,
    "links.picture": KEPT,
    "links.sheet": KEPT,
    "opinions.agreement": "Counts of agreement, question by question: no case and no person.",
    "figures.figures": "Counts that are published anyway.",
    "system.system": "How the machine is.",
}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def arrows() -> dict[str, set[str]]:
    """Every function and class of ours at the top of its module, and every name of ours that its body mentions."""
    found = {}
    for path in modules():
        module, whole = module_name(path), tree(path)
        imports = _imports(whole)
        for node in whole.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[f"{module}.{node.name}"] = set(_mentioned(node, module, imports))
    return found


def _imports(module: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lykta")
        for alias in node.names
    }


def _mentioned(function: ast.AST, module: str, imports: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield imports.get(node.id, f"{module}.{node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imports:
            yield f"{imports[node.value.id]}.{node.attr}"


def is_written_down(name: str) -> bool:
    """Whether the function, or one that it mentions, writes to the record."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in WRITE:
            return True
        if one not in seen:
            seen.add(one)
            waiting += arrows().get(one, ())
    return False


def verbs() -> list[str]:
    """The verbs of the staff side. The public side has no record: it reaches the letterbox and nothing else."""
    return [
        f"{module_name(path)}.{node.name}"
        for path in modules(SOURCE / "records")
        if ".actions" in module_name(path) and not {"letterbox", "audit"} & set(path.parts)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def views() -> list[str]:
    """The views of the desk that are ours; allauth's are about one's own account."""
    found = [pattern.callback for pattern in get_resolver("lykta.sites.desk.urls").url_patterns]
    names = [f"{one.__module__}.{one.__name__}" for one in found if one]
    return [name for name in names if name.startswith("lykta.") and not name.endswith(".view")]


def test_every_verb_is_written_down_or_says_why_not() -> None:
    assert len(verbs()) >= 60
    silent = {name.removeprefix("lykta.records.") for name in verbs() if not is_written_down(name)}
    assert silent == set(VERBS_WITHOUT)


def test_every_look_search_and_export_is_written_down_or_says_why_not() -> None:
    assert len(views()) >= 40
    silent = {name.removeprefix("lykta.sites.desk.") for name in views() if not is_written_down(name)}
    assert silent == set(VIEWS_WITHOUT)


def test_the_search_tells_one_from_the_other() -> None:
    assert is_written_down("lykta.sites.desk.cases.case")
    assert is_written_down("lykta.records.cases.actions.judging.assess")
    assert not is_written_down("lykta.records.cases.queries.queue")
