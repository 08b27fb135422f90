// Shift three times within two seconds leaves, for whoever has no time to aim at the button.
const WITHIN = 2000;
const link = document.querySelector("a.leave");
let presses = [];

addEventListener("keydown", (event) => {
  if (event.repeat) return;
  // Any other key starts anew: capital letters in a text are not a wish to leave.
  presses = event.key === "Shift" ? [...presses, event.timeStamp].slice(-3) : [];
  if (presses.length === 3 && presses[2] - presses[0] < WITHIN) location.replace(link.href);
});
document.getElementById("shift").hidden = false;
