// Hides what is shown at once, whatever else happens; times the look; shows a sharp circle while it is pressed.
const card = document.querySelector("[data-look]");
const place = card.querySelector(".seen");
const end = card.querySelector("[data-end]");
const begun = Date.now();
let over = false;

const hide = () => {
  place.replaceChildren();
  card.querySelector(".seen-hidden").hidden = false;
};
const leave = () => {
  hide();
  if (!over) end.requestSubmit();
};
// Before keys.js and before any page: nothing may be seen while a form is on its way.
addEventListener("keydown", (event) => {
  if (event.key === "Escape" || event.key === "h") hide();
  if (event.key === "h") leave();
}, { capture: true });
end.addEventListener("submit", () => { over = true; hide(); });
document.addEventListener("visibilitychange", () => document.hidden && leave());
addEventListener("pagehide", () => {
  hide();
  if (!over) navigator.sendBeacon(end.action, new FormData(end));
  over = true;
});

const clock = card.querySelector("[data-clock]");
setInterval(() => {
  const seconds = Math.floor((Date.now() - begun) / 1000);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (seconds >= Number(card.dataset.seconds)) leave();
}, 1000);

const RADIUS = 28;
const COARSE = 10;
const press = async (canvas, address) => {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) return place.replaceChildren(await answer.text());
  const sharp = await createImageBitmap(await answer.blob());
  const pen = canvas.getContext("2d");
  const coarse = new OffscreenCanvas(COARSE, Math.max(1, Math.round((COARSE * sharp.height) / sharp.width)));
  coarse.getContext("2d").drawImage(sharp, 0, 0, coarse.width, coarse.height);
  Object.assign(canvas, { width: sharp.width, height: sharp.height });
  const at = { x: sharp.width / 2, y: sharp.height / 2 };
  const draw = (pressed) => {
    pen.drawImage(coarse, 0, 0, canvas.width, canvas.height);
    if (!pressed) return;
    pen.save();
    pen.beginPath();
    pen.arc(at.x, at.y, RADIUS, 0, 2 * Math.PI);
    pen.clip();
    pen.drawImage(sharp, 0, 0);
    pen.restore();
  };
  const move = (event) => {
    const box = canvas.getBoundingClientRect();
    at.x = ((event.clientX - box.left) * canvas.width) / box.width;
    at.y = ((event.clientY - box.top) * canvas.height) / box.height;
  };
  const STEPS = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] };
  let held = false;
  canvas.addEventListener("pointerdown", (event) => { move(event); draw(true); });
  canvas.addEventListener("pointermove", (event) => { if (event.buttons) { move(event); draw(true); } });
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
    canvas.addEventListener(name, () => { held = false; draw(false); });
  }
  canvas.addEventListener("keydown", (event) => {
    if (event.key === " ") held = true;
    else if (STEPS[event.key]) { at.x += STEPS[event.key][0]; at.y += STEPS[event.key][1]; }
    else return;
    event.preventDefault();
    draw(held);
  });
  canvas.addEventListener("keyup", (event) => { if (event.key === " ") { held = false; draw(false); } });
  draw(false);
};
if (place.dataset.picture) press(place.querySelector("canvas"), place.dataset.picture);
