"""What bytes are, by how they begin. What a server calls them, and how their name ends, proves nothing. Pure."""

HEAD = 400
"""Bytes that are enough to tell."""
PACKET = 188
"""Length of a packet of an MPEG transport stream; each begins with the letter G."""
PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
}
"""Media types that are decoded, with Pillow's name for each; nothing else is handed to a picture decoder."""

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
)
_STILL_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})


def sniff(head: bytes) -> str:
    """The media type that the first `HEAD` bytes show, "" where they show none that is known here."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head[:1] == head[PACKET : PACKET + 1] == b"G" and head[:3] != b"GIF":
        return "video/mp2t"
    return next((kind for start, kind in _STARTS if head.startswith(start)), "")


def is_film(media_type: str) -> bool:
    return media_type.startswith("video/")


def _by_brand(brand: bytes) -> str:
    if brand in _STILL_BRANDS:
        return "image/heif"
    return "audio/mp4" if brand in _SOUND_BRANDS else "video/mp4"
