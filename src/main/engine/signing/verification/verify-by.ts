import type { Verification } from '#shared/contract/verifying.ts';
import { encodeBytes } from '../encoding.ts';
import { acceptanceNote, libraryNoteOf } from './library-traits.ts';
import type { VerifyInput } from '../scheme.ts';
import { explainFindings } from './explain.ts';
import { judge, type Judged } from './judge.ts';
import type { Proof, ProofLibrary } from './proof.ts';
import type { Reading } from './reading.ts';

/** The verdict on a request: read its signature, judge it with the secrets, explain the result. */
export function verifyBy<K>(proof: Proof<K>, input: VerifyInput): Verification {
  const answer = answerFor(proof, input);
  return { ...answer.verdict, libraryNote: libraryNote(proof, input, answer) };
}

/** A verdict without the note on the provider's library, and the data for that note. */
interface Answer {
  readonly verdict: Verification;
  readonly reading: Reading;
  readonly judged: Judged;
}

function answerFor<K>(proof: Proof<K>, input: VerifyInput): Answer {
  const reading = proof.read(input);
  const judged = judge(proof, reading, input);
  return { verdict: explain(proof, judged), reading, judged };
}

/** The verdict in words, with its evidence. */
function explain<K>({ scheme }: Proof<K>, { findings, received, expected, signed, notes }: Judged): Verification {
  const { message, ...explained } = explainFindings(findings);
  const { signature, timestamp } = findings;
  const isShown = signed !== null && signed.parts.length > 0;
  return {
    ...explained,
    message: [message, notes.match, explained.verdict === 'valid' ? notes.key : null].filter((sentence) => sentence !== null).join(' '),
    scheme,
    timestampAgeSeconds: timestamp === null || timestamp.kind === 'malformed' ? null : timestamp.ageSeconds,
    matchedSecret: signature.kind === 'matched' ? signature.secret : null,
    matchedSignature: signature.kind === 'matched' ? signature.signature : null,
    receivedSignatures: received.map(({ text }) => text),
    expectedSignatures: expected.map(({ text }) => text),
    signedBase64: isShown ? encodeBytes(signed.bytes, 'base64') : null,
    parts: isShown ? [...signed.parts] : [],
    libraryNote: null,
  };
}

/** A sentence where the provider's own library judges otherwise; null where it agrees. */
function libraryNote<K>(proof: Proof<K>, input: VerifyInput, answer: Answer): string | null {
  const { library } = proof;
  if (library === undefined || library === null) return null;
  const note = strictNote(library, input, answer);
  if (note !== null || answer.verdict.verdict === 'valid' || library.laxer === undefined) return note;
  const lax = library.laxer.as(input);
  const laxAnswer = answerFor(proof, lax);
  // The library accepts what is valid, apart from its known deviations.
  const isAccepted = (laxAnswer.verdict.verdict === 'valid') === (strictNote(library, lax, laxAnswer) === null);
  return isAccepted ? acceptanceNote(library, library.laxer.why) : null;
}

function strictNote(library: ProofLibrary, input: VerifyInput, { verdict, reading, judged }: Answer): string | null {
  return libraryNoteOf(library, {
    verdict,
    body: input.body,
    timestampText: reading.timestampText ?? null,
    ownSignatures: judged.received.flatMap(({ isOther }, index) => (isOther ? [] : [index])),
    expected: judged.expected.map(({ bytes }) => bytes),
    alsoRefuses: library.alsoRefuses?.(verdict, input) ?? [],
  });
}
