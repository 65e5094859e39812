// Passkeys. A page's part for them is hidden until it is known here that this browser can use them; without this script
// the other ways to sign in are all there.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

/** Calls a server function; gives what it answers. */
async function act(action, fields = {}) {
  const answer = await fetch(`/do/${action}`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status}`);
  return answer.json();
}

/** A ceremony as it begins; where it was refused, the page that says why is opened instead, and nothing given. */
async function begin(action, fields) {
  const begun = await act(action, fields);
  if (begun.problem) return void location.assign(begun.next);
  return { ceremony: begun.ceremony, options: JSON.parse(begun.options) };
}

async function finish(action, ceremony, credential, fields = {}) {
  const done = await act(action, { ceremony, credential: JSON.stringify(credential), ...fields });
  location.assign(done.next);
}

async function create() {
  const begun = await begin("begin_passkey");
  if (!begun) return;
  const { options } = begun;
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  const { response } = made;
  await finish("finish_passkey", begun.ceremony, {
    id: made.id,
    rawId: base64url(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      attestationObject: base64url(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
    clientExtensionResults: { credProps: made.getClientExtensionResults().credProps },
  });
}

// A browser goes through one ceremony at a time: the button takes over from the field that offers passkeys by itself.
let waiting;

const signIn = (mediation) => show("passkey_sign_in", {}, mediation);
/** Shows a passkey of who is here already; `back` is the page that asked for it. */
const prove = ({ back }) => show("passkey_proof", { back });

async function show(what, fields, mediation) {
  waiting?.abort();
  const own = (waiting = new AbortController());
  const begun = await begin(`begin_${what}`, fields);
  if (!begun || own.signal.aborted) return;
  const publicKey = {
    ...begun.options,
    challenge: bytes(begun.options.challenge),
    allowCredentials: known(begun.options.allowCredentials),
  };
  const shown = await navigator.credentials.get({ publicKey, mediation, signal: own.signal });
  const { response } = shown;
  const credential = {
    id: shown.id,
    rawId: base64url(shown.rawId),
    type: shown.type,
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      authenticatorData: base64url(response.authenticatorData),
      signature: base64url(response.signature),
      userHandle: response.userHandle && base64url(response.userHandle),
    },
    clientExtensionResults: {},
  };
  await finish(`finish_${what}`, begun.ceremony, credential, fields);
}

// Shorter than a ceremony lives, so that what somebody picks from the field still counts.
const RENEW = 4 * 60 * 1000;
let renewal;

/** Offers passkeys in the field of the user name, for as long as the page is open. */
async function offer() {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  clearTimeout(renewal);
  renewal = setTimeout(offer, RENEW);
  // Nobody asked for this, so nobody is told of its failure.
  signIn("conditional").catch(() => {});
}

/** What to say of a ceremony that came to nothing. */
function sentence(part, error) {
  if (error.name === "NotAllowedError") return part.dataset.cancelled;
  if (error.name === "InvalidStateError") return part.dataset.exists ?? part.dataset.failed;
  return part.dataset.failed;
}

const WORK = { "sign-in": () => signIn(), prove, create };

async function press(part, button, alert) {
  alert.hidden = true;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    clearTimeout(renewal);
    await WORK[part.dataset.passkey](part.dataset);
  } catch (error) {
    alert.textContent = sentence(part, error);
    alert.hidden = false;
    if (part.dataset.passkey === "sign-in") offer();
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

async function wake(part) {
  const can = typeof PublicKeyCredential === "function";
  if (!can) {
    const without = part.parentElement.querySelector("[data-passkey-without]");
    if (without) without.hidden = false;
    return;
  }
  const button = part.querySelector("button");
  const alert = part.querySelector("[role=alert]");
  button.addEventListener("click", () => press(part, button, alert));
  // A device without a lock of its own may still know a key that is plugged in or a telephone near by; then the other
  // ways come first.
  const first = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  if (first && "first" in part.dataset) {
    for (const other of part.parentElement.querySelectorAll("form .primary")) other.classList.remove("primary");
    button.classList.add("primary");
  }
  part.hidden = false;
  if (part.dataset.passkey === "sign-in") offer();
}

for (const told of document.querySelectorAll("[data-passkey-no-script]")) told.hidden = true;
for (const part of document.querySelectorAll("[data-passkey]")) wake(part);
