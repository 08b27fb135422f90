import mailbox

from tests.practice.clients import send

from lykta.practice.mail import MOVED, mail_folder, returned_folder
from lykta.practice.world import World


def test_a_mailbox_that_has_moved_gives_the_mail_back(world: World) -> None:
    send(world.settings, MOVED, "Hello")
    (notice,) = list(mailbox.Maildir(returned_folder(world.settings), create=False))
    assert notice.get_content_type() == "multipart/report"
    assert b"5.1.6 The mailbox has moved away" in notice.as_bytes()
    assert b"Hello" in notice.as_bytes()
    assert not (mail_folder(world.settings) / MOVED).exists()
