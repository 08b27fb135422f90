"""The interface as OpenAPI 3.1, written by hand. What is sent is checked against its schema of an item: one truth."""

from typing import Any

MOST_ITEMS = 10_000
MOST_BYTES = 16_000_000
"""Of one request: ten thousand items of 1,600 bytes each."""

_NO_CONTROLS = r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
_INK = r"[^\u0000-\u0020\u007f-\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
_WORDS = {"type": "string", "minLength": 1, "pattern": f"^{_NO_CONTROLS}*{_INK}{_NO_CONTROLS}*$"}
_LINE = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]+$"}

ITEM: dict[str, Any] = {
    "type": "object",
    "description": "What you have found: an address, or words that name one. Never send pictures or films.",
    "properties": {
        "url": {
            "type": "string",
            "description": "The address, beginning with http:// or https://, without spaces.",
            "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\u0000-\u0020\u007f-\u00a0\u2028\u2029]+$",
            "maxLength": 2_048,
            "examples": ["https://pictures.example/album/1"],
        },
        "text": {
            **_WORDS,
            "description": "In place of an address, or beside it: a user name, an invitation, several addresses.",
            "maxLength": 20_000,
        },
        "notes": {**_WORDS, "description": "What an analyst should know.", "maxLength": 20_000},
        "seen_at": {
            "type": "string",
            "format": "date-time",
            "description": "When you saw it, as RFC 3339 writes a moment.",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$".replace(r"\d", "[0-9]"),
            "maxLength": 40,
            "examples": ["2026-01-31T12:00:00Z"],
        },
        "reference": {**_LINE, "description": "Your own number for it; comes back in the answer.", "maxLength": 200},
        "language": {
            "type": "string",
            "description": "The language of your words (BCP 47), if it is not English.",
            "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,4})?$",
            "maxLength": 8,
            "examples": ["sv"],
        },
    },
    "anyOf": [{"required": ["url"]}, {"required": ["text"]}],
    "additionalProperties": False,
}

_RECEIPT = {
    "type": "string",
    "description": "The code of this report's mailbox. Keep it as you keep a password; it is stored nowhere else.",
    "examples": ["7K3M-0000-0000-0000-0000-0000-00X"],
}
_NUMBER = {
    "type": "string",
    "description": "Names this report, in webhooks too. It opens nothing.",
    "pattern": "^[0-9a-f]{32}$",
    "examples": ["0123456789abcdef0123456789abcdef"],
}
_STATUS = {
    "type": "string",
    "enum": ["received", "reading", "told", "closed"],
    "description": "received: nobody has read it yet; reading: we work on it; told: those who can act know; closed.",
}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "errors": {
            "type": "array",
            "description": "Each place that is wrong, as a JSON Pointer in a URI fragment.",
            "items": _object({"pointer": {"type": "string"}, "detail": {"type": "string"}}, "pointer", "detail"),
        },
    },
    "required": ["title", "status", "detail"],
}

_SCHEMAS = {
    "Item": ITEM,
    "Batch": _object(
        {
            "items": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_ITEMS,
                "description": "Each is judged for itself: what is no Item is refused in its own result.",
                "items": {"anyOf": [{"$ref": "#/components/schemas/Item"}, {}]},
            }
        },
        "items",
    ),
    "Received": _object(
        {
            "status": {"const": "received"},
            "id": {"$ref": "#/components/schemas/Number"},
            "receipt": {"$ref": "#/components/schemas/Receipt"},
            "reference": {"type": "string"},
        },
        "status",
        "id",
        "receipt",
    ),
    "Refused": _object(
        {
            "status": {"const": "refused"},
            "problem": {"$ref": "#/components/schemas/Problem"},
            "reference": {"type": "string"},
        },
        "status",
        "problem",
    ),
    "Results": _object(
        {
            "received": {"type": "integer", "minimum": 0},
            "refused": {"type": "integer", "minimum": 0},
            "results": {
                "type": "array",
                "description": "One for each item, in order.",
                "items": {
                    "oneOf": [{"$ref": "#/components/schemas/Received"}, {"$ref": "#/components/schemas/Refused"}]
                },
            },
        },
        "received",
        "refused",
        "results",
    ),
    "Question": _object({"receipt": {"type": "string", "maxLength": 200}}, "receipt"),
    "Standing": _object(
        {
            "status": _STATUS,
            "since": {"type": "string", "format": "date-time"},
            "messages": {
                "type": "array",
                "description": "What the hotline has written to you about this report, oldest first.",
                "items": _object(
                    {"text": {"type": "string"}, "written_at": {"type": "string", "format": "date-time"}},
                    "text",
                    "written_at",
                ),
            },
        },
        "status",
        "since",
        "messages",
    ),
    "StatusChanged": _object(
        {
            "type": {"const": "report.status"},
            "timestamp": {"type": "string", "format": "date-time", "description": "When the status changed."},
            "data": _object(
                {
                    "id": {
                        "type": "string",
                        "description": "The id of the report; of a CyberTipline report its reportId.",
                    },
                    "status": _STATUS,
                },
                "id",
                "status",
            ),
        },
        "type",
        "timestamp",
        "data",
    ),
    "Number": _NUMBER,
    "Receipt": _RECEIPT,
    "Problem": _PROBLEM,
}


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _problem(description: str, **headers: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    found: dict[str, Any] = {"description": description, "content": {"application/problem+json": {"schema": schema}}}
    if headers:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        found["headers"] = {name: {"description": text, "schema": {"type": "string"}} for name, text in named.items()}
    return found


_REFUSALS = {
    "400": _problem("It is not JSON in UTF-8, or a header is malformed."),
    "401": _problem("The token is missing, unknown or revoked.", WWW_Authenticate="Which scheme to use."),
    "403": _problem("The token is not good for this."),
    "413": _problem("More than 16 MB at once."),
    "415": _problem("The Content-Type is not application/json."),
    "422": _problem("Something in it is not as described; `errors` says where."),
    "429": _problem("Too much at once.", Retry_After="Seconds to wait."),
    "500": _problem("A fault of ours; send it again with the same Idempotency-Key."),
    "503": _problem("Nothing was stored; try again with the same Idempotency-Key.", Retry_After="Seconds to wait."),
}

_SEND = {
    "operationId": "sendReports",
    "summary": "Report one item, or up to 10,000",
    "description": "Every item that is answered with `received` lies sealed and durable with the hotline.",
    "security": [{"token": []}],
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Drawn by you for each new request: the same request sent again with it counts once, for "
            "30 days, and gets the first answer.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [{"$ref": "#/components/schemas/Item"}, {"$ref": "#/components/schemas/Batch"}]}
            }
        },
    },
    "responses": {
        "200": {"description": "A result for each item of a batch.", "content": _json("Results")},
        "201": {"description": "One item was received.", "content": _json("Received")},
        **_REFUSALS,
        "409": _problem("Something else was sent under this Idempotency-Key."),
    },
}

_ASK = {
    "operationId": "askStatus",
    "summary": "How far is a report?",
    "description": "The receipt travels in the body, so that no log of addresses holds it.",
    "security": [{"token": []}],
    "requestBody": {"required": True, "content": _json("Question")},
    "responses": {
        "200": {"description": "Where the report stands.", "content": _json("Standing")},
        **_REFUSALS,
        "404": _problem("The receipt opens nothing: misspelt, or older than the hotline keeps mailboxes."),
    },
}


_WEBHOOK_HEADERS = {
    "webhook-id": "The same however often one change is sent.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "One or two signatures, `v1,` and base64, with a space between: HMAC-SHA256 of "
    "`{webhook-id}.{webhook-timestamp}.{body}`.",
}
_WEBHOOK = {
    "operationId": "statusChanged",
    "summary": "The status of a report has changed",
    "description": "Sent to the address that you gave the hotline, signed as Standard Webhooks says.",
    "security": [],
    "parameters": [
        {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in _WEBHOOK_HEADERS.items()
    ],
    "requestBody": {"required": True, "content": _json("StatusChanged")},
    "responses": {
        "2XX": {"description": "You have it."},
        "410": {"description": "You want no more of them: the webhook is switched off."},
    },
}


def description(server: str) -> dict[str, Any]:
    """The whole document. `server` is the public address of this face."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lykta: reports from partners",
            "version": "1",
            "description": "Report addresses to the hotline from your own systems.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/reports": {"post": _SEND},
            "/api/v1/reports/status": {"post": _ASK},
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "This description",
                    "security": [],
                    "responses": {
                        "200": {
                            "description": "OpenAPI 3.1",
                            "content": {"application/json": {"schema": {"type": "object"}}},
                        }
                    },
                }
            },
        },
        "webhooks": {"report.status": {"post": _WEBHOOK}},
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The hotline gave it to you, once."}
            },
        },
    }
