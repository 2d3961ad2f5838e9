import { listed } from '../header-values.ts';
import type { FindingWords, HeaderFindings } from './findings.ts';

/** The phrases of a verdict that differ between a signature and a token. */
export interface Phrases {
  /** What a request carries. */
  readonly thing: string;
  readonly unsigned: (words: FindingWords, headers: HeaderFindings) => string;
  readonly keyOfSender: (words: FindingWords) => string;
  /** A clause that completes "Valid: ...". */
  readonly matched: (whose: string) => string;
  readonly mismatched: (words: FindingWords, headers: HeaderFindings, whose: string) => string;
  readonly matchedCheck: (index: number, whose: string) => string;
  readonly mismatchedCheck: (words: FindingWords, isOneOfSeveral: boolean) => string;
}

/** For a signature over something. */
export const signaturePhrases: Phrases = {
  thing: 'signature',
  unsigned: ({ place }, { missing }) => {
    const names = missing.map(({ name, isEmpty }) => `${name}${isEmpty ? ' (it is empty)' : ''}`);
    if (place === 'request')
      return `The request is not signed: it has no ${listed(names, 'or')}. Turn signing on at the sender, or give URL and body as they were received.`;
    return place === 'body'
      ? `The request is not signed: its body has no ${listed(names, 'or')}. Turn signing on at the sender, or give the body as it was received.`
      : `The request is not signed: it has no ${listed(names, 'or')} header. Turn signing on at the sender, or look for a proxy that takes ${names.length === 1 ? 'the header' : 'these headers'} away.`;
  },
  keyOfSender: ({ key }) => (key === 'secret' ? 'the secret that the sender signs with' : `the ${key} of the sender`),
  matched: (whose) => `the signature matches ${whose}`,
  mismatched: ({ signed, key }, _, whose) =>
    `The signature does not match ${whose}: ${listed([...signed, `the ${key}`], 'or')} is not what the sender signed with. Check that the body is byte for byte what was received, not parsed and written again, and that the ${key} belongs to this endpoint.`,
  matchedCheck: (index, whose) => `Signature ${index + 1} matches ${whose}.`,
  mismatchedCheck: ({ key }, isOneOfSeveral) =>
    key === 'secret'
      ? `No signature equals ${isOneOfSeveral ? 'what any secret gives' : 'what the secret gives'}.`
      : `No signature was made by the owner of the ${key}.`,
};

/** A remark for every token. */
export const tokenRemark = 'It does not cover the body: whoever knows the secret, or changes the body on the way, is not noticed.';

/** For a token, which is the secret itself and covers nothing. */
export const tokenPhrases: Phrases = {
  thing: 'token',
  unsigned: (_, { wanted }) =>
    `The request carries no token: it has no ${listed(wanted, 'or')} header with a value. Set the secret at the sender, or look for a proxy that takes the header away.`,
  keyOfSender: () => 'the secret that the sender sends',
  matched: (whose) => `the token is ${whose}`,
  mismatched: (_, { wanted }, whose) =>
    `The token in ${listed(wanted)} is not ${whose}. Compare the fingerprints, and look for a space or a secret of another webhook.`,
  matchedCheck: (_, whose) => `The token is ${whose}. ${tokenRemark}`,
  mismatchedCheck: (_, isOneOfSeveral) => `The token is ${isOneOfSeveral ? 'none of the secrets' : 'not the secret'}. ${tokenRemark}`,
};
