from dataclasses import replace

import pytest

from lykta.connectors.console.connector import ConsoleCaller, ConsoleLooker, ConsolePost
from lykta.connectors.contract import Call, Caller, Final, Message, Post, Transient
from lykta.core.vocabulary import Outcome

MESSAGE = Message(to="a@a.test", subject="s", inner_subject="i", text="t", message_id="<1@a.test>")


def test_the_post_keeps_what_it_was_given() -> None:
    console = ConsolePost()
    post: Post = console
    assert post.send(MESSAGE).response == "250 kept as number 1"
    post.send(replace(MESSAGE, repeat=True))
    assert [message.repeat for message in console.sent] == [False, True]


def test_the_post_fails_for_the_recipients_that_it_was_told_to() -> None:
    post = ConsolePost({"a@a.test": Transient("full", retry_after=5), "b@b.test": Final("gone")})
    with pytest.raises(Transient, match="full"):
        post.send(MESSAGE)
    with pytest.raises(Final, match="gone"):
        post.send(replace(MESSAGE, to="b@b.test"))
    assert post.sent == []


def test_the_caller_answers_as_it_was_told_to() -> None:
    console = ConsoleCaller({"https://b.test/": 410, "https://c.test/": Final("refused")})
    caller: Caller = console
    one = Call(address="https://a.test/", number="msg_1", body=b"{}", secrets=())
    assert [caller.call(one), caller.call(replace(one, address="https://b.test/"))] == [204, 410]
    with pytest.raises(Final, match="refused"):
        caller.call(replace(one, address="https://c.test/"))
    assert len(console.calls) == 3


def test_the_looker_remembers_what_it_was_asked() -> None:
    looker = ConsoleLooker({"http://a.test/": Transient("the fetcher died")})
    assert looker.look("http://b.test/").outcome is Outcome.NO_NAME
    with pytest.raises(Transient):
        looker.look("http://a.test/")
    assert looker.asked == ["http://b.test/", "http://a.test/"]
