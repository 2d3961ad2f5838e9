import { formRuns, signUrlAndForm } from './form-runs.ts';
import { createMacProofScheme, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import { codeInfo } from './scheme-info.ts';
import type { Scheme, VerifyInput } from './scheme.ts';
import { joinRuns } from './signed-string.ts';
import { emptyReading, findHeaders, headerText, lacking, malformed, type Reading } from './verification/reading.ts';

const header = 'X-Mandrill-Signature';
const form: MacForm = { hash: 'sha1', kind: 'hmac', encoding: 'base64' };

/** Mailchimp Transactional (Mandrill): HMAC-SHA1 over the URL and every field of the form, sorted by name. */
export const mandrill: Scheme = createMacProofScheme({
  scheme: 'mandrill',
  info: codeInfo('mandrill'),
  form,
  words: { signed: ['the URL', 'a field of the form'], timestamp: null },
  read,
  sign: signUrlAndForm(header),
});

function read({ headers, url, body, ...input }: VerifyInput): Reading {
  const text = headerText(headers, header);
  const mac = text === null ? null : readMac(form, text);
  return {
    ...emptyReading(findHeaders(headers, [header])),
    unknown: lacking({ headers, url, body, ...input }, ['url']),
    candidates:
      text !== null && mac !== null && 'bytes' in mac && url
        ? [{ text, signature: mac.bytes, signed: joinRuns([{ name: 'url', bytes: utf8(url) }, ...formRuns(body)]) }]
        : [],
    trouble: text !== null && mac !== null && 'problem' in mac ? malformed(header, text, mac.problem) : null,
    next: [
      'Refuse an event that was handled before: nothing that is signed says when the request was made, so an old one can be replayed.',
    ],
  };
}
