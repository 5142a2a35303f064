// Forms that need a passkey are hidden, and a note stands in their place, until it is clear that this browser can ask for one. What the
// device answers is sent with the form, as anything typed would be.
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.prototype.toJSON;

for (const form of document.querySelectorAll("form[data-passkey]")) {
    const note = form.nextElementSibling, fault = form.querySelector(".fault");
    if (!able) {
        note.textContent = note.dataset.unable;
        continue;
    }
    note.hidden = true;
    form.hidden = false;
    form.addEventListener("submit", async event => {
        event.preventDefault();
        fault.hidden = true;
        try {
            form.elements.credential.value = JSON.stringify(await answer[form.dataset.passkey](JSON.parse(form.dataset.options)));
            form.submit();
        } catch {
            fault.hidden = false;
        }
    });
}

const answer = {
    async create(options) {
        const made = (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })).toJSON();
        const { clientDataJSON, attestationObject, transports } = made.response;
        return answerOf(made, { clientDataJSON, attestationObject, transports });
    },
    async get(options) {
        const signed = (await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON();
        const { clientDataJSON, authenticatorData, signature, userHandle } = signed.response;
        return answerOf(signed, { clientDataJSON, authenticatorData, signature, userHandle });
    },
};

const answerOf = ({ id, rawId, type }, response) => ({ id, rawId, type, response, clientExtensionResults: {} });
