// A company's program with npm's @civitai/cybertipline-tools. Arguments: address, name, token; the picture on stdin.
// It reports the picture, opens a second report and takes it back, and prints what it was answered, as JSON.
import { File } from "node:buffer";
import { buffer } from "node:stream/consumers";
import { Client, Environment, FileRelevance, IncidentType } from "@civitai/cybertipline-tools";

const [address, username, password] = process.argv.slice(-3);
const picture = new File([await buffer(process.stdin)], "rings.png");
const client = new Client({ environment: Environment.Testing, credentials: { username, password } });
client.baseUrl = address;

async function open() {
  const { data } = await client.submitReport({
    incidentSummary: { incidentType: IncidentType.MisleadingWordsOrImages, incidentDateTime: new Date() },
    incidentDetails: { webPageIncidents: [{ url: ["https://pictures.example/rings?page=2&size=7"] }] },
    reporter: { reportingPerson: { firstName: "Test", lastName: "Reporter" } },
  });
  const { data: file } = await client.uploadFile({ id: data.reportId, file: picture });
  return { report: data.reportId, file: file.fileId, md5: file.hash };
}

const { data: status } = await client.getStatus();
const reported = await open();
await client.submitFileDetails({
  reportId: reported.report,
  fileId: reported.file,
  originalFileName: "rings-as-sent.png",
  locationOfFile: "https://cdn.example/rings.png",
  fileRelevance: FileRelevance.Reported,
  fileAnnotations: { viral: true },
});
const { data: done } = await client.finishReport({ id: reported.report });
const second = await open();
const { data: retracted } = await client.cancelReport({ id: second.report });
console.log(
  JSON.stringify({ status: status.responseDescription, ...reported, done: done.reportId, retracted: retracted.reportId }),
);
