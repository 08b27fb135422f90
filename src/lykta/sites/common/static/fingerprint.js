// Fingerprints of chosen files, made on this device: no file leaves it. SHA-256 knows the very same file again, PDQ
// a copy that was scaled or saved anew. PDQ follows the reference in facebook/ThreatExchange, folder pdq/cpp.
const MOST_BYTES = 200 * 1024 * 1024; // a file is read into memory as a whole
const LONGEST = 1024; // pixels of the longer side: the hash hardly moves, and an old phone is done in about a second
const GRID = 64;
const round = Math.fround; // to single precision, as in the reference: so what is almost a tie falls alike
const WAVES = Array.from({ length: 16 }, (_, wave) => Float32Array.from({ length: GRID }, (_, at) =>
  round(Math.sqrt(2 / GRID)) * Math.cos((Math.PI / (2 * GRID)) * (wave + 1) * (2 * at + 1))));

// Every value becomes the mean of its neighbours in one direction; an even window looks one farther ahead than back.
const blurLine = (from, to, start, step, length) => {
  const window = Math.ceil(length / (2 * GRID));
  const ahead = window >> 1;
  let [sum, held] = [0, 0];
  for (let at = -ahead; at < length; at += 1) {
    const [next, last] = [at + ahead, at + ahead - window];
    if (next < length) { sum = round(sum + from[start + next * step]); held += 1; }
    if (last >= 0) { sum = round(sum - from[start + last * step]); held -= 1; }
    if (at >= 0) to[start + at * step] = sum / held;
  }
};
const blur = (luma, width, height) => {
  const between = new Float32Array(luma.length);
  for (let y = 0; y < height; y += 1) blurLine(luma, between, y * width, 1, width);
  for (let x = 0; x < width; x += 1) blurLine(between, luma, x, width, height);
};
// How much there is to recognise, 0 to 100: the steps between neighbours, each in whole per cent of full brightness.
const quality = (grid) => {
  const step = (one, other) => Math.abs(Math.trunc(((grid[one] - grid[other]) * 100) / 255));
  const steps = (at) => (at + GRID < grid.length ? step(at, at + GRID) : 0) + ((at + 1) % GRID ? step(at, at + 1) : 0);
  return Math.min(100, Math.floor(grid.reduce((sum, _, at) => sum + steps(at), 0) / 90));
};
// 16 by 16 waves, the constant one left out, each above their lower median or not; the first is the last binary digit.
const digits = (grid) => {
  const strength = (wave, value) => wave.reduce((sum, weight, at) => round(sum + round(weight * value(at))), 0);
  const columns = (wave) => Float32Array.from({ length: GRID }, (_, x) => strength(wave, (y) => grid[y * GRID + x]));
  const found = WAVES.map(columns).flatMap((row) => WAVES.map((wave) => strength(wave, (x) => row[x])));
  const median = Float32Array.from(found).sort()[127];
  return BigInt(`0b${found.map((one) => Number(one > median)).reverse().join("")}`).toString(16).padStart(64, "0");
};
const pdq = ({ data, width, height }) => {
  const light = (red) => 0.299 * data[red] + 0.587 * data[red + 1] + 0.114 * data[red + 2];
  const luma = new Float32Array(width * height).map((_, at) => light(4 * at));
  for (let pass = 0; pass < 2; pass += 1) blur(luma, width, height);
  const centre = (at, length) => Math.floor(((at + 0.5) * length) / GRID);
  const grid = new Float32Array(GRID * GRID).map((_, at) =>
    luma[centre(Math.floor(at / GRID), height) * width + centre(at % GRID, width)]);
  return `pdq:${digits(grid)} ${quality(grid)}\n`;
};

const pixels = (width, height, paint) => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(context, { imageSmoothingQuality: "high", fillStyle: "#204060" });
  paint(context);
  const read = context.getImageData(0, 0, width, height);
  canvas.width = canvas.height = 0; // forgets what was painted
  return read;
};
// Against tracking, Tor Browser and others give noise for what a canvas holds: better no PDQ than a wrong one.
const truthful = () => pixels(8, 8, (context) => context.fillRect(0, 0, 8, 8)).data
  .every((value, at) => Math.abs(value - [0x20, 0x40, 0x60, 0xff][at % 4]) < 8);
const ofPicture = async (file) => {
  // Upright (the default), as sites save their copies; colours without their profile, as other makers of PDQ take them.
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  try {
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const size = [bitmap.width, bitmap.height].map((length) => Math.round(length * scale));
    if (Math.min(...size) < 5 || !truthful()) return ""; // fewer pixels say nothing, as in the reference
    return pdq(pixels(...size, (context) => context.drawImage(bitmap, 0, 0, ...size)));
  } finally { bitmap.close(); }
};
const ofFile = async (file) => {
  if (file.size === 0 || file.size > MOST_BYTES) throw new RangeError("empty, or more than the memory may hold");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const exact = `sha256:${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}\n`;
  // A film, or a kind of picture that this browser cannot read, has its SHA-256 alone.
  return exact + (file.type.startsWith("image/") ? await ofPicture(file).catch(() => "") : "");
};

for (const block of document.querySelectorAll("[data-fingerprint]")) {
  const input = block.querySelector("input[type=file]");
  const lines = document.querySelector("textarea[name=fingerprints]");
  const say = (message) => { block.querySelector("output").textContent = block.dataset[message]; };
  const take = async (files) => {
    say("busy");
    const made = [];
    for (const file of files) made.push(await ofFile(file).catch(() => "")); // one after the other, for the memory
    for (const one of made) if (!lines.value.includes(one)) lines.value = lines.value.replace(/[^\n]$/, "$&\n") + one;
    say(made.includes("") ? "failed" : "done");
  };
  let work = Promise.resolve();
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // so the choice is kept neither by the page nor by the browser
    work = work.then(() => take(files));
  });
  block.hidden = false;
  if (!isSecureContext) { say("insecure"); input.disabled = true; } // browsers have no SHA-256 there
}
