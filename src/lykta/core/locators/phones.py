"""Telephone numbers in their international form (ITU-T E.164): `+46 70 174 06 05` and `0046 …`.

A number without its country's code is left alone: the same digits are somebody else's in the next country.
"""

import re

from lykta.core.locators.model import Locator
from lykta.core.vocabulary import ItemKind

_PLANS = """
    1:10-10 20:8-10 211:9-9 212:9-9 213:8-9 216:8-8 218:9-9 220:7-9 221:9-9 222:8-8 223:8-8 224:8-9 225:10-10
    226:8-8 227:8-8 228:8-8 229:10-10 230:7-8 231:7-9 232:8-8 233:9-9 234:10-10 235:8-8 236:8-8 237:9-9 238:7-7
    239:7-7 240:9-9 241:7-8 242:9-9 243:7-10 244:9-9 245:7-9 246:7-7 247:5-5 248:7-7 249:9-9 250:8-9 251:9-9
    252:6-9 253:8-8 254:7-9 255:9-9 256:9-9 257:8-8 258:8-9 260:9-9 261:9-9 262:9-9 263:9-10 264:8-9 265:7-9
    266:8-8 267:7-8 268:8-8 269:7-7 27:5-9 290:5-5 291:7-7 297:7-7 298:6-6 299:6-6 30:10-10 31:9-11 32:8-9
    33:9-9 34:9-9 350:8-8 351:9-9 352:5-11 353:7-10 354:7-9 355:8-9 356:8-8 357:8-8 358:5-10 359:6-9 36:8-9
    370:8-8 371:8-8 372:7-8 373:8-8 374:8-8 375:9-9 376:6-9 377:8-9 378:8-10 380:9-9 381:7-12 382:8-8 383:8-12
    385:8-9 386:8-8 387:8-9 389:8-8 39:6-12 40:6-9 41:9-9 420:9-9 421:6-9 423:7-9 43:5-13 44:9-10 45:8-8 46:7-9
    47:8-8 48:7-9 49:5-13 500:5-5 501:7-7 502:8-8 503:8-8 504:8-8 505:8-8 506:8-8 507:7-8 508:6-9 509:8-8 51:8-9
    52:10-10 53:6-10 54:10-11 55:10-11 56:9-9 57:8-10 58:10-10 590:9-9 591:8-8 592:7-7 593:8-9 594:9-9 595:7-9
    596:9-9 597:6-7 598:8-8 599:7-8 60:8-10 61:9-9 62:7-12 63:6-10 64:8-10 65:8-8 66:8-9 670:7-8 672:6-6 673:7-7
    674:7-7 675:7-8 676:5-7 677:5-7 678:5-7 679:7-7 680:7-7 681:6-6 682:5-5 683:5-7 685:5-10 686:5-8 687:6-6
    688:5-7 689:8-8 690:5-7 691:7-7 692:7-7 7:10-10 800:8-8 808:8-8 81:9-10 82:5-10 84:9-10 850:8-10 852:8-8
    853:8-8 855:8-9 856:8-10 86:7-11 870:9-12 878:12-12 880:6-10 881:9-10 882:7-12 883:8-12 886:8-11 888:11-11
    90:10-10 91:10-10 92:9-10 93:9-9 94:9-9 95:6-10 960:7-7 961:7-8 962:8-9 963:8-9 964:8-10 965:8-8 966:9-9
    967:7-9 968:8-8 970:8-9 971:8-9 972:8-12 973:8-8 974:8-8 975:7-8 976:8-10 977:8-10 979:9-9 98:6-10 992:9-9
    993:8-8 994:9-9 995:9-9 996:9-9 998:9-9
"""
"""Country codes in use (ITU-T E.164), each with the fewest and the most digits of a telephone after it: fixed lines and
mobile telephones in the metadata of libphonenumber 9.0.43 (Apache-2.0), but none of fewer than five digits."""

_LENGTHS = {code: (int(least), int(most)) for code, least, most in (re.split("[:-]", plan) for plan in _PLANS.split())}
_CODE = re.compile("|".join(sorted(_LENGTHS, key=len, reverse=True)))

_MAY_START_WITH_ZERO = frozenset({"39", "225", "241", "242", "378", "379", "870", "881", "882", "883"})
_GROUP = re.compile(r"\(0\)|\d+")


def read(written: str) -> tuple[str, int] | None:
    """The number in `+…` form and how much of the text it takes; `written` begins with the first digit of the code.

    Of several groups of digits the longest run counts that makes a whole number: a year may follow.
    """
    number, found = "", None
    for group in _GROUP.finditer(written):
        # People write `+46 (0)70 …`, and nobody dials that 0.
        if group[0] != "(0)":
            number += group[0]
        if _is_whole(number):
            found = (f"+{number}", group.end())
    return found


def locate(number: str, written: str) -> Locator:
    """The locator of a number in `+…` form; its host is the code of its country."""
    code = _CODE.match(number, 1)
    return Locator(ItemKind.PHONE, written, number, number, f"+{code[0]}" if code else "")


def _is_whole(number: str) -> bool:
    match = _CODE.match(number)
    if match is None or len(number) > 15:
        return False
    code, rest = match[0], number[match.end() :]
    least, most = _LENGTHS[code]
    if rest.startswith("0") and code not in _MAY_START_WITH_ZERO:
        return False
    return least <= len(rest) <= most and (code != "1" or (rest[0] in "23456789" and rest[3] in "23456789"))
