// Keeps this page on the device, once its reader asks for it.
const button = document.querySelector("[data-keep]");
const said = document.querySelector("[data-kept]");

function show(kept) {
  button.hidden = kept;
  said.hidden = !kept;
}

if ("serviceWorker" in navigator) {
  show(Boolean(await navigator.serviceWorker.getRegistration(location.pathname)));
  button.addEventListener("click", async () => {
    await navigator.serviceWorker.register(button.dataset.keep, { scope: location.pathname });
    await navigator.serviceWorker.ready;
    show(true);
  });
}
