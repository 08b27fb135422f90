"""A company's program with PyPI's threatexchange. Arguments: address, name, token, moment to fetch up to, checkpoint.

It asks who it is, fetches our list as far as its checkpoint says, says something of two entries where it has a
checkpoint already, and prints all that as JSON. It runs among that client's own packages, where nothing of Lykta is.
"""

import json
import os
import sys
import time
from typing import Any

import requests
from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType, NCMECHashAPI
from threatexchange.exchanges.impl import ncmec_api
from threatexchange.exchanges.impl.ncmec_api import NCMECCheckpoint, NCMECCollabConfig, NCMECSignalExchangeAPI
from threatexchange.signal_type.pdq.pdq_utils import simple_distance
from threatexchange.signal_type.pdq.signal import PdqSignal

ADDRESS, NAME, TOKEN, UNTIL, SINCE = sys.argv[1:]
ENVIRONMENT = ncmec_api.api.NCMECEnvironment.test_NGO


def client() -> NCMECHashAPI:
    made = NCMECHashAPI(NAME, TOKEN, ENVIRONMENT)
    made._base_url = ADDRESS
    return made


def fetch() -> dict[str, Any]:
    """As `threatexchange fetch` does: entries are merged, and the checkpoint is kept with them."""
    moment = time.time
    ncmec_api.time.time = lambda: float(UNTIL)
    exchange = NCMECSignalExchangeAPI(NCMECCollabConfig("ours", ENVIRONMENT), NAME, TOKEN)
    exchange.get_client = lambda _environment: client()
    checkpoint = NCMECCheckpoint(int(SINCE or 0))
    added: dict[str, Any] = {}
    deleted = []
    for delta in exchange.fetch_iter([PdqSignal], checkpoint):
        for key, entry in delta.updates.items():
            if entry.deleted:
                deleted.append(key)
            else:
                added[key] = [entry.entry_type.value, entry.classification, entry.fingerprints]
        checkpoint = delta.checkpoint
    ncmec_api.time.time = moment
    return {"added": added, "deleted": deleted, "checkpoint": checkpoint.get_entries_max_ts}


def pages_of_all() -> list[int]:
    """How many entries each page has where the client walks through all of it."""
    return [len(page.updates) for page in client().get_entries_iter(end_timestamp=int(UNTIL))]


def say(entries: list[str]) -> list[str]:
    """One entry is found right, the other is not."""
    api = client()
    reasons = api.feedback_reasons(FingerprintType.pdq)
    one, other = (key.split("-", 1)[1] for key in entries[:2])
    api.submit_upvote(1, one, FingerprintType.pdq)
    api.submit_feedback(1, other, FingerprintType.pdq, FeedbackType.downvote, next(iter(reasons)))
    return [one, other]


def abroad() -> int:
    """What a client is answered whose times are not in UTC, as that library's are not where its machine's are not."""
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    try:
        client().get_entries(end_timestamp=int(time.time()))
    except requests.HTTPError as error:
        return int(error.response.status_code if error.response is not None else 0)
    return 200


def distances() -> list[tuple[str, str, int]]:
    """Those that it computes between its own published examples."""
    examples = PdqSignal.get_examples()
    pairs = [(one, other) for one in examples[:6] for other in examples]
    return [(one, other, simple_distance(one, other)) for one, other in pairs]


if __name__ == "__main__":
    who = client().status()
    found: dict[str, Any] = {
        "status": [who.esp_id, who.esp_name],
        "members": [[one.esp_id, one.esp_name] for one in client().members()],
        **fetch(),
    }
    if SINCE:
        found["said"] = say(sorted(found["added"]))
    else:
        found |= {"pages_of_all": pages_of_all(), "distances": distances(), "abroad": abroad()}
    sys.stdout.write(json.dumps(found))
