"""The tree of refusals: what Lykta says no to, and why.

    Refusal
    ├── NotAllowed        the person may not, or the thing does not exist: the same answer for both
    │   └── NotForYou     the person may, but is not prepared for it or wants to be spared it: said openly
    ├── NotNow            the state of the thing does not allow it
    └── NotUnderstood     the input cannot be read; the message says what to do

A refusal is an answer to a person, never a fault of the software. Faults of the outside are
`lykta.connectors.contract.Transient` and `Final`.
"""


class Refusal(Exception):
    """Lykta says no; the message is fit to be shown."""


class NotAllowed(Refusal):
    """The person may not do this, or there is no such thing: nobody can tell which."""


class NotForYou(NotAllowed):
    """It is there, but not for this person to work on; the message says why."""


class NotNow(Refusal):
    """The thing is in a state in which this cannot be done."""


class NotUnderstood(Refusal):
    """The input cannot be read; the message says what to do."""
