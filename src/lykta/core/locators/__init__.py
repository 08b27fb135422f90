"""Addresses, onion services, user names and mailboxes: recognise them in any text, repair, canonicalise, defang.

Strangers type the text into a public form, so every pattern here is bounded and starts only where a word starts:
twice the text takes twice the time, whatever is in it. What a browser would open is what is stored, hence a WHATWG
parser; `docs/decisions/0007-pure-parsers-in-core.md` says why core may import it.
"""

from lykta.core.locators.model import Found, Locator
from lykta.core.locators.platforms import is_platform
from lykta.core.locators.search import defang_text, find, read
from lykta.core.locators.web import defang

__all__ = ["Found", "Locator", "defang", "defang_text", "find", "is_platform", "read"]
