// One of the person's passkeys, as a proof in the place of the password or the code.

/** @param origins Those of the pages that may ask for passkeys. */
export function canUsePasskeys(origins) {
  return origins.includes(location.origin) && Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);
}

/** @returns Null when the person has closed what the browser showed. */
export async function usePasskey(options) {
  try {
    const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    return credential.toJSON();
  } catch (error) {
    if (['NotAllowedError', 'AbortError'].includes(error.name))
      return null;
    throw error;
  }
}
