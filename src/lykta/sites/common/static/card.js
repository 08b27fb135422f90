// Keeps this page on the device, once its reader asks for it.
const button = document.querySelector("[data-keep]");
const said = document.querySelector("[data-kept]");

// The one address that may become a script of this page: the keeper's. The page's policy allows no other maker.
const address = globalThis.trustedTypes
  ? trustedTypes.createPolicy("travel-card", { createScriptURL: () => "/travel-card.js" }).createScriptURL("")
  : button.dataset.keep;

function show(kept) {
  button.hidden = kept;
  said.hidden = !kept;
}

if ("serviceWorker" in navigator) {
  show(Boolean(await navigator.serviceWorker.getRegistration(location.pathname)));
  button.addEventListener("click", async () => {
    await navigator.serviceWorker.register(address, { scope: location.pathname });
    await navigator.serviceWorker.ready;
    show(true);
  });
}
