// Passkeys (WebAuthn), for the sign-in page and the account page.

export const canUsePasskeys = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);

/** @param options As the service gives them. @param how Nothing, or mediation and signal. */
export async function usePasskey(options, how) {
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...how });
  return credential.toJSON();
}

export async function makePasskey(options) {
  const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  return credential.toJSON();
}

/** The person has closed what the browser showed, or another question is there. */
export function isDeclined(error) {
  return ['NotAllowedError', 'AbortError'].includes(error.name);
}
