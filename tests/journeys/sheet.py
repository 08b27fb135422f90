"""One contact sheet of the start page in every language: `python -m tests.journeys.sheet FILE.png`."""

import base64
import sys
import tempfile
from pathlib import Path

from tests.journeys.reporter import LANGUAGES, PHONE, window
from tests.journeys.tour import chromium
from tests.support.installation import installation

COLUMNS = 6
STYLE = f"display:grid;grid-template-columns:repeat({COLUMNS},1fr);gap:16px;margin:16px;background:#777"


def main(target: Path) -> None:
    settings = {"LYKTA_TRUSTED_PROXY": "127.0.0.1", "LYKTA_LANGUAGES": ",".join(LANGUAGES)}
    with (
        tempfile.TemporaryDirectory() as folder,
        installation(Path(folder), **settings) as running,
        chromium() as browser,
    ):
        shots = []
        for language in LANGUAGES:
            with window(browser, PHONE) as context:
                page = context.new_page()
                page.goto(f"{running.url('report')}/{language}/")
                shots.append(base64.b64encode(page.screenshot()).decode())
        with window(browser, COLUMNS * PHONE) as context:
            page = context.new_page()
            pictures = "".join(f'<img width="100%" src="data:image/png;base64,{shot}">' for shot in shots)
            page.set_content(f'<body style="{STYLE}">{pictures}')
            page.screenshot(path=str(target), full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
