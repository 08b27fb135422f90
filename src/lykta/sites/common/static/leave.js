// Shift three times within two seconds leaves, for whoever has no time to aim at the button.
const WITHIN = 2000;
const link = document.querySelector("a.leave");
let presses = [];

addEventListener("keydown", (event) => {
  if (event.repeat) return;
  // Any other key starts anew: capital letters in a text are not a wish to leave.
  presses = event.key === "Shift" ? [...presses, event.timeStamp].slice(-3) : [];
  if (presses.length === 3 && presses[2] - presses[0] < WITHIN) top.location.replace(link.href);
});
document.getElementById("shift").hidden = false;

// The browser's own Back does what the page's Back does, so that no answer is lost; without this it asks to send again.
const back = document.querySelector("[data-back]");
if (back) {
  history.replaceState("before", "");
  history.pushState("here", "");
  // A link within the page, as in a list of what to change, comes by here as well.
  addEventListener("popstate", (event) => { if (event.state === "before") back.click(); });
}
