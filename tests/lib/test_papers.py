"""Plain pages as PDF, in every script that reporters write."""

import pytest

from lykta.lib.papers import pdf


@pytest.mark.parametrize(
    ("languages", "text"),
    [((), "Jag såg det. Zażółć 123"), (("ar", "th"), "رأيته ผมเห็น and I saw it"), (("xx",), "Привіт")],
)
def test_words_become_pages(
    languages: tuple[str, ...], text: str, recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    made = pdf("Case 2026-000001", [("Report 1", (("reporter", text),) * 90)], languages=languages)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") >= 2
    assert "missing" not in caplog.text
