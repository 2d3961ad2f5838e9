import { Buffer } from 'node:buffer';
import type { AgentToolInput } from '#shared/agents/tools.ts';
import type { Json } from '#shared/contract/json.ts';
import { tokenSchemeIds } from '#shared/contract/scheme-facts.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { givenOptions } from '#shared/contract/signing.ts';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { whyNoSearch } from '#shared/worth-a-search.ts';
import { invalid } from '../../base/refusal.ts';
import type { ToolContext, ToolSet } from '../tool-context.ts';
import { given, verificationFacts } from './looking.ts';

/** Tools about signatures. */
export const verifying: ToolSet<'verify_and_solve' | 'sign'> = {
  verify_and_solve: async (context, input) => {
    const { client, signal } = context;
    const chosen = await chosenRequest(context, input);
    // With a scheme of its own choice, an agent could have any header of a captured request read out.
    if (input.request === undefined && (input.scheme !== undefined || input.options !== undefined))
      throw invalid(
        'scheme',
        'Leave scheme and options out: a captured request is verified by the scheme of its bin, or the one that is recognised.',
      );
    const question = { scheme: input.scheme ?? 'auto', ...given({ options: input.options as JsonFields | undefined }), ...chosen.request };
    const [lender, ...lenders] = input.secrets_of;
    const verdict = await client.verifying.verify({ ...question, ...given({ secretsOf: lender }) });
    const hasSecrets = input.secrets_of.length > 0 || input.all_secrets;
    const isSearched = input.search_seconds > 0 && (whyNoSearch(verdict, hasSecrets) === null || lenders.length > 0);
    const solution = isSearched
      ? await search(
          await client.verifying.solve(
            {
              ...question,
              secretsOf: [...input.secrets_of],
              allSecrets: input.all_secrets,
              maxMs: Math.max(10, Math.round(input.search_seconds * 1000)),
            },
            signal === undefined ? {} : { signal },
          ),
        )
      : null;
    return {
      said: [
        ...chosen.said,
        `Verdict: ${verdict.verdict} (${verdict.reason}).`,
        ...(solution === null ? [] : [foundLine(solution)]),
        ...(verdict.reason === 'secret_missing'
          ? ['No secret is known for it: name the endpoint, bin or authentication that has it in secrets_of, or set all_secrets.']
          : []),
      ],
      facts: {
        ...verificationFacts(verdict),
        recognised: verdict.recognised,
        transit: verdict.transit?.sentence,
        ...(solution === null
          ? {}
          : { causes: solution.matches.slice(0, 3).map(matchFacts), advice: solution.advice, tried: solution.tried.total }),
      },
    };
  },
  sign: async ({ client }, { secret_of, scheme, options, body, url, method, id, at_seconds }) => {
    const own = scheme === undefined ? await signingOf(client, secret_of) : null;
    assertNoToken(own?.scheme ?? scheme ?? '');
    const signed = await client.verifying.sign({
      scheme: own?.scheme ?? scheme ?? '',
      secretsOf: secret_of,
      ...(own === null ? given({ options: options as JsonFields | undefined }) : { options: givenOptions(own) }),
      request: { bodyBase64: Buffer.from(body, 'utf8').toString('base64'), ...given({ url, method }) },
      ...given({ id }),
      ...(at_seconds === undefined ? {} : { nowMs: at_seconds * 1000 }),
    });
    return {
      said: [`Signed by ${signed.scheme}.`],
      facts: {
        headers: signed.headers.map(([name, value]) => `${name}: ${value}`),
        signedText: Buffer.from(signed.signedBase64, 'base64').toString('utf8'),
        parts: signed.parts,
        body: signed.bodyBase64 === null ? null : Buffer.from(signed.bodyBase64, 'base64').toString('utf8'),
        url: signed.url,
      },
    };
  },
};

/** Throws a Refusal for a scheme whose signature is the secret itself, or an answer to it. */
function assertNoToken(scheme: string): void {
  if (!(tokenSchemeIds as readonly string[]).includes(scheme)) return;
  throw invalid('scheme', `A request of ${scheme} holds the secret as it is, which is not shown to agents: send it from its endpoint.`);
}

/** The contract reads and checks it. */
type JsonFields = Record<string, Json>;

interface Chosen {
  readonly request:
    | { readonly captureId: string }
    | { readonly attemptId: string }
    | {
        readonly request: {
          readonly headers: [string, string][];
          readonly bodyBase64: string;
          readonly method?: string;
          readonly url?: string;
        };
      };
  readonly said: readonly string[];
}

/** The request that a call is about; without one the newest capture whose signature is not valid. */
async function chosenRequest({ client }: ToolContext, input: AgentToolInput<'verify_and_solve'>): Promise<Chosen> {
  const { capture_id, attempt_id, request } = input;
  if ([capture_id, attempt_id, request].filter((each) => each !== undefined).length > 1)
    throw invalid('capture_id', 'Give one of capture_id, attempt_id and request, and only one.');
  if (attempt_id !== undefined) return { request: { attemptId: attempt_id }, said: [] };
  if (capture_id !== undefined) return { request: { captureId: capture_id }, said: [] };
  if (request !== undefined) {
    const { headers: fields, body, ...line } = request;
    const headers = fields.map(({ name, value }): [string, string] => [name, value]);
    return { request: { request: { headers, bodyBase64: Buffer.from(body, 'utf8').toString('base64'), ...given(line) } }, said: [] };
  }
  const { items } = await client.captures.list({ limit: 50 });
  const found = items.find(({ verdict }) => verdict === 'invalid') ?? items.find(({ verdict }) => verdict !== 'valid');
  if (found === undefined)
    throw invalid(
      'capture_id',
      'None of the newest 50 captures has a signature that is not valid: give a capture_id, attempt_id or request.',
    );
  return { request: { captureId: found.id }, said: [`About ${found.id}, the newest capture whose signature is not valid.`] };
}

async function search(events: AsyncIterable<{ readonly kind: string }>): Promise<SolverResult> {
  for await (const event of events) if (event.kind === 'result') return event as SolverResult;
  throw new Error('A search ended without a result.');
}

function foundLine({ matches, exhausted }: SolverResult): string {
  const [first] = matches;
  if (first !== undefined)
    return first.weak
      ? 'A change makes the signature match, but it is so short that this is a hint and no proof.'
      : 'Found: with the first cause below undone, the signature matches, which proves it.';
  return exhausted
    ? 'No cause was found among all changes that the search knows: probably the secret is another one.'
    : 'No cause was found; the search did not try everything.';
}

function matchFacts(match: SolverMatch) {
  return {
    sentence: match.sentence,
    remedy: match.remedy,
    scheme: match.scheme,
    causes: match.causes.map(({ id }) => id),
    secret: `${match.secretLabel} (fingerprint ${match.secretFingerprint})`,
    isProof: !match.weak,
    received: match.received,
    expected: match.expected,
  };
}

/** How an endpoint, bin or authentication signs. Rejects with a Refusal where it does not. */
async function signingOf(client: ToolContext['client'], owner: string): Promise<Signing> {
  const signing = await ownSigning(client, owner);
  if (signing !== null) return signing;
  throw invalid('scheme', `${owner} has no scheme of its own: give one.`);
}

async function ownSigning(client: ToolContext['client'], owner: string): Promise<Signing | null> {
  if (owner.startsWith('bin_')) return (await client.bins.get({ id: owner })).signing;
  if (owner.startsWith('ep_')) return (await client.endpoints.get({ id: owner })).signing;
  const part = (await client.auths.get({ id: owner })).parts.find(({ kind }) => kind === 'signature');
  return part?.kind === 'signature' ? part.signing : null;
}
