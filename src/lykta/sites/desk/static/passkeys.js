// Asks the browser for a passkey and sends what it answers. Without this file a password and a code open the desk.
const form = document.querySelector("form[data-passkey]");
const say = (what) => {
  for (const one of form.querySelectorAll("[data-said]")) one.hidden = one.dataset.said !== what;
};
const ask = () => {
  const options = JSON.parse(form.dataset.passkey).publicKey;
  return form.dataset.making === undefined
    ? navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
    : navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
};

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  say("ready");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await ask();
      form.querySelector("[data-answer]").value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      say(error.name === "InvalidStateError" ? "known" : "failed");
    }
  });
}
