"""A company's program with PyPI's ncmec-cybertip. Arguments: address, name, token; the picture on stdin.

It reports the picture, opens a second report and takes it back, and prints what it was answered, as JSON. It runs in
that client's own Python, where nothing of Lykta is.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from ncmec_cybertip import (
    CyberTiplineClient,
    FileAnnotations,
    FileDetails,
    FileRelevance,
    IncidentSummary,
    IncidentType,
    InternetDetails,
    Person,
    Report,
    Reporter,
    ReportResponse,
    WebPageIncident,
)

PICTURE = sys.stdin.buffer.read()
REPORT = Report(
    incident_summary=IncidentSummary(
        incident_type=IncidentType.MISLEADING_WORDS_OR_IMAGES, incident_date_time=datetime.now(UTC)
    ),
    internet_details=[
        InternetDetails(web_page_incident=WebPageIncident(url=["https://pictures.example/rings?page=2&size=7"]))
    ],
    reporter=Reporter(reporting_person=Person(first_name="Test", last_name="Reporter")),
)


async def begin(client: CyberTiplineClient) -> ReportResponse:
    opened = await client.submit(REPORT)
    return await client.upload(opened.report_id, PICTURE, filename="rings.png")


async def main(address: str, name: str, token: str) -> None:
    async with CyberTiplineClient(username=name, password=token, base_url=address) as client:
        status = await client.status()
        reported = await begin(client)
        details = FileDetails(
            report_id=reported.report_id,
            file_id=reported.file_id,
            original_file_name="rings-as-sent.png",
            location_of_file="https://cdn.example/rings.png",
            file_relevance=FileRelevance.REPORTED,
            file_annotations=FileAnnotations(viral=True),
        )
        await client.file_info(details)
        done = await client.finish(reported.report_id)
        second = await begin(client)
        retracted = await client.retract(second.report_id)
    answered = {
        "status": status.response_description,
        "report": reported.report_id,
        "file": reported.file_id,
        "md5": reported.hash,
        "done": done.report_id,
        "retracted": retracted.report_id,
    }
    print(json.dumps(answered))  # noqa: T201 - its answer


asyncio.run(main(*sys.argv[1:]))
