// Keys for what the page offers anyway: everything works without this file.
const typing = (target) =>
  target.matches("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
const named = (element) =>
  element.dataset.keyName || (element.labels?.[0] ?? element).querySelector?.("span")?.textContent || element.textContent;
const offered = () => {
  const found = new Map();
  // A page's own keys before those of the menu, which have the same letter on every page.
  for (const element of [...document.querySelectorAll("main [data-key]"), ...document.querySelectorAll(".top [data-key]")]) {
    if (!found.has(element.dataset.key)) found.set(element.dataset.key, element);
  }
  return found;
};

const rows = () => [...document.querySelectorAll("[data-row]")];
const moves = { j: 1, k: -1 };
const move = (by) => {
  const found = rows();
  const at = found.indexOf(document.activeElement);
  found[at < 0 ? 0 : Math.min(Math.max(at + by, 0), found.length - 1)].focus();
};

const sheet = document.getElementById("keys");
const showSheet = () => {
  const table = rows()[0]?.closest("[data-next]")?.dataset;
  const listed = [...offered()].map(([key, element]) => [key, named(element)]);
  if (table) listed.unshift(["j", table.next], ["k", table.previous]);
  const lines = listed.map(([key, name]) => {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    meaning.textContent = name.trim();
    row.append(term, meaning);
    return row;
  });
  sheet.querySelector("dl").replaceChildren(...lines);
  sheet.showModal();
};

// The menu's second part lies over the page: it goes as soon as something else is wanted.
const more = document.querySelector("details.more");
const shut = (event) => {
  if (more.open && !more.contains(event.target)) more.open = false;
};
if (more) {
  document.addEventListener("click", shut);
  document.addEventListener("focusin", shut);
}

document.querySelector(".keys-hint")?.toggleAttribute("hidden", offered().size + rows().length === 0);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || sheet.open) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "Escape" && more?.open) {
    more.open = false;
    return more.firstElementChild.focus();
  }
  if (event.key === "?") return showSheet();
  if (moves[event.key] && rows().length) return move(moves[event.key]);
  const element = offered().get(event.key);
  // Enter on a link or button already means that link or button.
  if (!element || (event.key === "Enter" && event.target.matches("a, button, summary"))) return;
  event.preventDefault();
  if (element.matches("summary")) element.focus();
  if (element.matches("input, textarea")) {
    element.focus();
    if (element.type === "radio") element.checked = true;
  } else {
    element.click();
  }
});
