"""The patterns: what an address looks like when people write it, hide it or break it.

Every repeat is bounded and either gives nothing back (`++`, Python 3.11) or is shorter than a line, and starts only
where a word starts. `STARTS` finds where something may begin; the others are matched at one place only.
"""

import re

_BLANK = r"[ \t\xa0]"
# Control characters and all that is blank, spelt out: beside a list of others `\s` is ten times as slow.
_WHITE = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_OPEN, _CLOSE = r"[\[({<［（【]", r"[\])}>］）】]"
# What a host label may hold. Beyond ASCII these are whole blocks of letters; the URL parser judges the rest.
_LETTERS = (
    r"A-Za-z0-9_\u00c0-\u1fff\u2c00-\u2dff\u3005\u3040-\ud7ff\uf900-\ufdff\ufe70-\ufefe"
    r"\uff66-\uffdc\U00010000-\U000dffff"
)
_LABEL = rf"[{_LETTERS}\-]{{1,250}}+"
_LABEL_IN_URL = rf"[{_LETTERS}\-%]{{1,250}}+"
_DOT_WORD = r"(?i:dot|punkt)"
_HIDDEN_DOT = rf"{_BLANK}{{0,2}}{_OPEN}{_BLANK}?(?:\.|{_DOT_WORD}){_BLANK}?{_CLOSE}{_BLANK}{{0,2}}"
_DOT = rf"(?:\.|{_HIDDEN_DOT})"
_SPOKEN_DOT = rf"{_BLANK}{{1,2}}(?:{_DOT_WORD}|\.){_BLANK}{{1,2}}"
_AT = rf"(?:@|{_BLANK}{{0,2}}{_OPEN}{_BLANK}?(?:@|(?i:at|snabel-?a)){_BLANK}?{_CLOSE}{_BLANK}{{0,2}})"
_SCHEME_WORD = r"(?i:h[tx*]{2}ps?|f[tx]p)"
_COLON = rf"(?:{_BLANK}?[\[({{]{_BLANK}?:{_BLANK}?[\\/]{{0,2}}{_BLANK}?[\])}}]|{_BLANK}?:)"
_NAME = (
    r"(?:(?:invite|id|channel|group|app|game)/[A-Za-z0-9_\-]|\+[A-Za-z0-9_\-]|[A-Za-z0-9_*])[A-Za-z0-9_.\-]{0,127}+"
    r"(?:#\d{4})?(?![/@:])"
)
_HOST_NEXT = rf"(?={_LABEL}(?:{_DOT}|{_SPOKEN_DOT}))"
_START_OF_HOST = rf"(?:(?<![{_LETTERS}.@\\\-])(?<![^/]/)|(?<=\s-)|(?<=^-))(?![_\-])"

_NOT_IN_TAIL = rf"{_WHITE}<>\"«»“”„、「」『』《》\ud800-\udfff"
_IN_NUMBER = r"[ .\-/()\xa0\u2010-\u2015]{0,3}"
_INTERNATIONAL = rf"(?<![\w+.,].)(?:(?<=\+)|(?<=\()\+|(?<=0)(?<![/=\-].)0){_BLANK}?(?=[1-9])"
_CID = r"(?<![\w./@\-].)(?:(?<=Q)m[1-9A-HJ-NP-Za-km-z]{44}|(?<=b)af[a-z2-7]{50,120}+)(?![\w@\-\[]|\.\w)"

# What any of the patterns below must look like at first sight: a word before a sign that means something, or a
# beginning that stands for itself. Most places of a text end here, which is what makes reading fast. Inside `a-b-c`
# every letter could begin a word, so there the look ahead is shorter.
_WORD = rf"[{_LETTERS}\w%+\-]"
_SIGN = (
    rf"(?:@|\.[{_LETTERS}\w\-@.%+]|{_BLANK}?[:=]|{_BLANK}{{0,2}}{_OPEN}"
    rf"|{_BLANK}{{1,2}}(?:{_DOT_WORD}{_BLANK}|\.{_BLANK}|@))"
)
_FIRST_SIGHT = (
    rf"@|(?<![{_LETTERS}\w])(?:(?<![.%+\-]){_WORD}{{1,250}}+|(?<=[.%+\-]){_WORD}{{1,64}}+){_SIGN}"
    rf"|[hHfFtT](?i:[tx*]{{2}}ps?|[tx]p|g:){_BLANK}?[:\[({{\\/]|tg:|/ip[fn]s/|[Qb]{_CID}|[+(0]{_INTERNATIONAL}"
)

# Each begins with its first character, and what may not stand before that comes after it: so the engine leaves most of
# them out at a glance. The empty group at the end of each says which it was.
_ANYTHING = {
    "url": rf"[hHfF](?i:(?<=h)[tx*]{{2}}ps?|(?<=f)[tx]p)(?:{_COLON}{_BLANK}?[\\/]{{0,4}}|[\\/]{{2}}){_BLANK}?",
    "deep": r"[tT](?i:g:)[\\/]{0,4}(?:resolve\?domain=|(?P<join>join\?invite=))(?P<deep_name>[\w\-]{2,64})",
    "content": r"[iI/](?<!\w.)(?:(?<=/)ip|[pP])(?P<letter>[fFnN])[sS]"
    rf"(?:(?<=/ip.s)/|(?<!/ip.s){_COLON}{_BLANK}?[\\/]{{0,4}}(?:ip[fn]s/)?)"
    r"(?P<content_name>(?:[A-Za-z0-9\-]|\[?\.\]?(?=[A-Za-z0-9])){1,128}+)",
    "magnet": rf"[mM](?<!\w.)(?i:agnet){_COLON}{_BLANK}?\?(?P<parameters>[^{_NOT_IN_TAIL}]{{1,4000}}+)",
    "cid": rf"[Qb]{_CID}",
    "phone": rf"[+(0]{_INTERNATIONAL}(?P<number>\d(?:{_IN_NUMBER}\d){{6,17}}+)(?![\w@\[])",
    "fediverse": rf"[@f](?<![\w@].)(?:(?<=@)|ediverse:)(?P<user>[A-Za-z0-9_.\-]{{1,64}}+){_AT}{_HOST_NEXT}",
    "account": rf"[A-Za-z](?<!\w.)(?P<more>[A-Za-z0-9]{{1,14}}+)"
    rf"(?:(?:{_BLANK}?[:=]{_BLANK}?@|{_BLANK}@|[:=])(?P<tight>{_NAME})|{_BLANK}?[:=]{_BLANK}(?P<loose>{_NAME}))",
    "mailbox": rf"[\w.%+\-](?<![\w.%+\-].)(?P<local>[\w.%+\-]{{0,63}}+){_AT}{_HOST_NEXT}",
    "handle": r"@(?<![\w@/.].)(?P<name>[A-Za-z0-9_][A-Za-z0-9_.]{2,31}+)(?![\w@])",
    "bare": rf"{_START_OF_HOST}{_HOST_NEXT}",
}
STARTS = re.compile(
    f"(?={_FIRST_SIGHT})(?:" + "|".join(f"{pattern}(?P<{name}>)" for name, pattern in _ANYTHING.items()) + ")"
)

LOG_IN = re.compile(rf"[^{_WHITE}/\\?#<>\"\ud800-\udfff]{{0,200}}@")
PLAIN_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,126}}+")
MAY_HIDE_A_DOT = frozenset(" \t\xa0[({<［（【%")
"""What may follow the part of a host that is written plainly; anything else ends it."""
HOST = re.compile(rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,126}}+")
HOST_IN_URL = re.compile(rf"\[[0-9A-Fa-f:.]{{2,45}}\](?!\w)|{_LABEL_IN_URL}(?:{_DOT}{_LABEL_IN_URL}){{0,126}}+")
SPOKEN_HOST = re.compile(rf"{_LABEL}(?:(?:{_DOT}|{_SPOKEN_DOT})(?P<ending>{_LABEL})){{1,4}}+")
SPOKEN_DOT_NEXT = re.compile(_SPOKEN_DOT)
DISGUISED_DOT = re.compile(f"{_HIDDEN_DOT}|{_SPOKEN_DOT}")

# A list without blanks goes on after a comma, a full stop or a closing bracket, if a scheme follows.
_NEXT_IN_LIST = rf"['(\[]?{_SCHEME_WORD}[\[({{]?:"
REST = re.compile(
    rf"\.?(?=:\d|[/\\?#]|{_OPEN}:)(?:(?:{_OPEN}:{_CLOSE}|:)(?P<port>\d{{1,5}})(?!\d))?"
    rf"(?P<tail>[/\\?#](?:[^{_NOT_IN_TAIL}.,;|)\]}}]|[.,;|)\]}}](?!{_NEXT_IN_LIST})){{0,200000}}+)?"
)
CONTENT_TAIL = re.compile(rf"[/?#][^{_NOT_IN_TAIL}]{{0,4000}}+")
OPENING = re.compile(_OPEN)
DOT_IN_TAIL = re.compile(r"[\[({]\.[\])}]")
END_OF_CLAUSE = re.compile(rf"{_BLANK}{{0,3}}(?:\Z|[\r\n,;.!?)\]}}\"'&]|(?i:and|och|or|eller|und)\b)")
