// Sends chosen files piece by piece and goes on where a bad line broke. Without this file the form sends them whole.
const PIECE = 256 * 1024; // PIECE_BYTES of lykta/core/attaching.py
const LONGEST = 120; // seconds for one piece: then the line counts as broken
const pause = (seconds) => new Promise((over) => { setTimeout(over, seconds * 1000); });
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

for (const block of document.querySelectorAll("[data-attach]")) {
  const [input, kept] = ["input[type=file]", "input[name=kept]"].map((one) => block.querySelector(one));
  const [bar, list, line] = ["progress", "ul", "template"].map((one) => block.querySelector(one));
  const say = (message) => { block.querySelector("output").textContent = message; };
  let ticket = "";

  const post = async (headers, body) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), LONGEST * 1000);
    try {
      const answer = await fetch(block.dataset.attach, { method: "POST", headers, body, signal: stop.signal });
      return { status: answer.status, ...await answer.json() };
    } catch { return {}; } finally { clearTimeout(timer); } // no line, or a server that is just starting
  };
  // Until there is an answer that counts, with growing pauses: a minute at most, for half an hour.
  const ask = async (headers, body) => {
    for (let tries = 0; tries < 36; tries += 1) {
      const said = await post({ ...headers, "Lykta-Ticket": ticket }, body);
      if (said.kept !== undefined || (said.wrong && said.status !== 503)) return said;
      if (said.ticket) ticket = said.ticket;
      say(said.wrong || block.dataset.waiting);
      await pause(said.wait || Math.min(60, 2 ** tries));
    }
    return { wrong: block.dataset.failed };
  };

  // Returns what is wrong, or nothing.
  const send = async (file) => {
    const upload = hex(crypto.getRandomValues(new Uint8Array(16)));
    const pieces = Math.ceil(file.size / PIECE);
    const kind = (await file.slice(0, 5).text()) === "%PDF-" ? "application/pdf" : "text/plain";
    // Browsers have no SHA-256 on onion services without TLS: then the size alone is compared.
    const sha256 = () => (isSecureContext ? file.arrayBuffer().then((all) => crypto.subtle.digest("SHA-256", all)).then(hex) : "");
    const json = (said) => new Blob([JSON.stringify(said)], { type: "application/json" });
    const piece = async (index) => {
      if (index === 0) return json({ name: file.name, type: kind, size: file.size });
      if (index > pieces) return json({ size: file.size, sha256: await sha256() });
      return file.slice((index - 1) * PIECE, index * PIECE, "application/octet-stream");
    };
    for (let next = 0; next < pieces + 2;) {
      const said = await ask({ "Lykta-Upload": upload, "Lykta-Index": `${next}`, "Lykta-Kind": kind }, await piece(next));
      if (said.wrong) return said.wrong;
      next = said.kept;
      say(block.dataset.sending);
      bar.value = next / (pieces + 2);
    }
    const name = file.name.replace(/\s+/g, " ");
    kept.value += `${kept.value && "\n"}${upload} ${file.size} ${name}`;
    const row = line.content.cloneNode(true);
    Object.assign(row.querySelector("bdi"), { textContent: name, id: `file-${upload}` });
    const remove = Object.assign(row.querySelector("button"), { name: "step", value: `remove-${upload}` });
    remove.setAttribute("aria-describedby", `file-${upload}`);
    list.append(row);
    return "";
  };
  const take = async (files) => {
    bar.hidden = false;
    const wrong = [];
    for (const file of files) {
      const full = kept.value.split("\n").length >= Number(block.dataset.most);
      wrong.push(full && kept.value ? block.dataset.many : await send(file).catch(() => block.dataset.failed));
    }
    bar.hidden = true;
    say(wrong.filter(Boolean).join(" ") || block.dataset.done);
  };

  let [working, pressed, work] = [0, null, Promise.resolve()];
  const start = () => {
    const files = [...input.files];
    input.value = ""; // or the form would send them once more
    working += 1;
    work = work.then(() => take(files)).finally(() => { if (!(working -= 1) && pressed) pressed.click(); });
  };
  input.form.addEventListener("submit", (event) => {
    if (!working || !["go", "check"].includes(event.submitter?.value)) return;
    event.preventDefault();
    pressed = event.submitter;
    say(block.dataset.busy);
  });
  if (Blob.prototype.text && window.AbortController) input.addEventListener("change", start);
}
