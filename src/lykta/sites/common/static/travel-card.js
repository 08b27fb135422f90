// Keeps the travel card and what it looks like, and nothing else: it is in charge of that one page only (its scope).
const NAME = "travel-card";
const KEPT = ["tokens.css", "public.css", "leave.js", "card.js"].map((name) => new URL(`/static/${name}`, location).href);
KEPT.push(registration.scope);

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)));
});

addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && KEPT.includes(event.request.url)) event.respondWith(fresh(event.request));
});

// From the hotline where there is a connection, else as it was last time.
async function fresh(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(NAME)).put(request.url, answer.clone());
    return answer;
  } catch {
    return caches.match(request.url);
  }
}
