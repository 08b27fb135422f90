// Shows only the questions that are asked after the answers so far. Without it all are shown, and the desk leaves out
// what was not asked.
const conditional = document.querySelectorAll("[data-when]");
const answerTo = (form, name) => {
  const field = form.elements[name];
  const fieldset = (field instanceof RadioNodeList ? field[0] : field)?.closest("fieldset");
  return !fieldset || fieldset.hidden ? "" : field.value;
};
const show = (fieldset, asked) => {
  fieldset.hidden = !asked;
  // A key belongs to the first element that names it, so a hidden question gives its keys away.
  for (const one of fieldset.querySelectorAll("[data-key], [data-own-key]")) {
    one.dataset.ownKey ??= one.dataset.key;
    if (asked) one.dataset.key = one.dataset.ownKey;
    else delete one.dataset.key;
  }
};
const follow = () => {
  for (const fieldset of conditional) {
    const when = Object.entries(JSON.parse(fieldset.dataset.when));
    show(fieldset, when.every(([name, values]) => values.includes(answerTo(fieldset.form, name))));
  }
};
document.addEventListener("change", follow);
// A key of the page checks a radio button without the event.
document.addEventListener("keyup", follow);
follow();
