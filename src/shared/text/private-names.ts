/**
 * Words in the names of headers and parameters that usually contain credentials, whoever chose the name. `key` counts
 * only at the end (`x-functions-key`, `Ocp-Apim-Subscription-Key`), and not for sort or idempotency keys.
 */
const privateWords =
  /authori[sz]ation|cookie|token|secret|passw(?:or)?d|passphrase|pwd|credential|sess(?:ion|id)|jwt|assertion|bearer|signature|(?:api|access|auth|master|private|functions|subscription)[-_.]?key|(?:^|[-_.])(?:auth|authn|authz|authentication|csrf|xsrf|otp|sig|sid|pin|hmac|mac|pass|pw|creds?)(?:$|[-_.])|client[-_.]?cert|origin[-_.]verify|samlresponse|[-_.]cert$|^code$/i;
const endsWithKey = /(?:(?:^|[-_.])[Kk][Ee][Yy]|[a-z0-9]Key)(?:[-_]?(?:[Ii][Dd]|\d))?$/;
const plainKeys =
  /(?:idempotency|partition|routing|cache|sort|group|public|dedup|deduplication|ordering|message|surrogate)[-_]?key(?:[-_]?id)?$/i;

/** Whether a header or parameter of this name usually contains credentials. */
export function isPrivateName(name: string): boolean {
  return privateWords.test(name) || (endsWithKey.test(name) && !plainKeys.test(name));
}

/** Whether a header of this name usually contains credentials: `X-Login` does, while in data a login is a name. */
export function isPrivateHeader(name: string): boolean {
  return isPrivateName(name) || /(?:^|[-_.])login(?:$|[-_.])/i.test(name);
}

/** Whether the value of a header usually lets its bearer in, so that it must not stand in a file that people pass on; a signature may. */
export function isCredentialName(name: string): boolean {
  return isPrivateName(name) && !/signature|hmac|(?:^|[-_.])(?:sig|mac)(?:$|[-_.])/i.test(name);
}

/** The name of a parameter as it reads once decoded: it may be written in percent-encoding. */
export function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
