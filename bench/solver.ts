import { randomBytes } from 'node:crypto';
import { solverChoices, type SolverResult } from '#shared/contract/solving.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { createSolver, type Solver } from '#engine/verifying/solver/solver.ts';
import { damagedSamples, given, signedAtMs } from '../test/support/damaged-samples.ts';
import { counted } from './support/counted.ts';
import { summarise, type Figure } from './support/figures.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';

const secretCount = 20;
const bodyBytes = 100_000;

/** More time than any damaged sample takes. */
const maxMs = 60_000;

/** The time that a search has unless it is told another. */
const shippedMaxMs = solverChoices.maxMs.parse(undefined);

/** What the search for a cause finds, what it never finds, and how long it takes. */
export async function benchSolver(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 5;
  const intact = sizes.messages ?? 200;
  const solver = createSolver({ log: { info: ignore, warn: failed, error: failed } });
  const solved = damagedSamples.map(({ problem, causes }) => ({ result: searchHere(problem), causes }));
  const rightFirst = solved.filter(({ result, causes }) => sameCauses(result, causes)).length;
  const wrongly = Array.from({ length: intact }, (_, index) => searchHere(intactProblem(index))).filter(
    ({ matches }) => matches.length > 0,
  ).length;

  const large = [largeProblem('standard-webhooks'), largeProblem('stripe')];
  const searches: number[] = [];
  /** Of searches that were given more time. */
  const slow: number[] = [];
  const cancels: number[] = [];
  let tried = 0;
  let isWhole = true;
  const late = { once: 0, always: 0 };
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round += 1)
    for (const problem of large) {
      let { elapsedMs, result } = await timeSearch(solver, problem, shippedMaxMs);
      const hadTime = wentToItsEnd(result);
      // A machine that has other work to do may need more than a search has as a rule.
      if (!hadTime) ({ elapsedMs, result } = await timeSearch(solver, problem, maxMs));
      const cancelMs = await timeCancel(solver, problem);
      if (result.matches.length > 0) throw new Error('A search found a cause where there is none.');
      tried = result.tried.total;
      isWhole &&= result.exhausted;
      if (round === 0) continue;
      cancels.push(cancelMs);
      if (!hadTime) late.once += 1;
      if (hadTime) searches.push(elapsedMs);
      else if (wentToItsEnd(result)) slow.push(elapsedMs);
      else late.always += 1;
    }
  const figures: readonly Figure[] = [
    ...timesOf(`a search to its end, ${secretCount} secrets and ${bodyBytes / 1000} kB`, searches),
    ...timesOf(`the same, given ${maxMs / 1000} s`, slow),
    { name: 'from cancelling to the end of that search', unit: 'ms', ...summarise(cancels) },
    { name: 'a search over a damaged sample', unit: 'ms', ...summarise(solved.map(({ result }) => Math.max(result.elapsedMs, 0.5))) },
  ];
  const measured = tableOf(figures, []);
  const searched = rounds * large.length;
  const counts = [
    [`searches that did not come to their end in ${shippedMaxMs / 1000} s`, `${late.once} of ${searched}`, '', ''],
    ...(late.always === 0 ? [] : [[`of these, not in ${maxMs / 1000} s either`, String(late.always), '', '']]),
    ['damaged samples with the right cause first', `${rightFirst} of ${damagedSamples.length}`, '', ''],
    ['intact requests of another secret that were "solved"', `${wrongly} of ${intact}`, '', ''],
  ];
  return {
    method: [
      `Damaged samples: requests signed right and then damaged in one or two known ways; the first answer has to name exactly that damage.`,
      `Intact requests: ${intact} over several schemes and random bodies, signed with a secret that is not given; any match would be a false one.`,
      `A search to its end: nothing matches, so every single change and every usual pair is tried, and far-fetched pairs until three tenths of its ${shippedMaxMs / 1000} s are over (${tried.toLocaleString('en-GB')} signatures in the last one${isWhole ? '' : '; some far-fetched pairs were left, and the result said which'}); its threads started anew each time; ${counted(rounds, 'round')} of Standard Webhooks and Stripe in turns, after one to warm up.`,
    ],
    sizes: { rounds, intact, samples: damagedSamples.length, rightFirst, wrongly, late: late.once, secrets: secretCount, bodyBytes },
    figures,
    ratios: [],
    table: { ...measured, rows: [...counts, ...measured.rows] },
  };
}

function ignore(): void {
  return undefined;
}

/** A search that found no thread would be timed in the wrong place. */
function failed(fields: Readonly<Record<string, unknown>>, message: string): never {
  throw new Error(`${message}: ${JSON.stringify(fields)}`);
}

function searchHere(problem: SolverProblem): SolverResult {
  const startedAtMs = performance.now();
  const events = [...search(problem, { maxMs, maxCandidates: 1e7, elapsedMs: () => performance.now() - startedAtMs })];
  return resultIn(events.at(-1));
}

function resultIn(event: { readonly kind: string } | undefined): SolverResult {
  if (event?.kind !== 'result') throw new Error('A search gave no result; the figures would mean nothing.');
  return event as SolverResult;
}

function sameCauses({ matches }: SolverResult, causes: readonly string[]): boolean {
  const found = matches[0]?.causes.map(({ id }) => id).toSorted() ?? [];
  return found.join() === causes.toSorted().join();
}

interface TimedSearch {
  readonly elapsedMs: number;
  readonly result: SolverResult;
}

/** Whether all was tried but far-fetched pairs, which have a share of the time, and what is too large to be. */
function wentToItsEnd({ untried }: SolverResult): boolean {
  return untried.every(({ phase, why }) => why === 'size' || phase === 'far-fetched pairs');
}

/** The times of some searches; nothing where there was none. */
function timesOf(name: string, times: readonly number[]): readonly Figure[] {
  return times.length === 0 ? [] : [{ name, unit: 'ms', ...summarise(times) }];
}

async function timeSearch(solver: Solver, problem: SolverProblem, givenMs: number): Promise<TimedSearch> {
  const startedAtMs = performance.now();
  let last: { readonly kind: string } | undefined;
  for await (const event of solver.solve(problem, { maxMs: givenMs })) last = event;
  return { elapsedMs: performance.now() - startedAtMs, result: resultIn(last) };
}

/** Cancels a search that is under way, and waits for its end as a caller sees it. */
async function timeCancel(solver: Solver, problem: SolverProblem): Promise<number> {
  const abort = new AbortController();
  const events = solver.solve(problem, { maxMs, signal: abort.signal });
  for (let told = 0; told < 4; told += 1) await events.next();
  const abortedAtMs = performance.now();
  abort.abort();
  await events.next().catch(ignore);
  return performance.now() - abortedAtMs;
}

const schemes = ['standard-webhooks', 'stripe', 'github-sha256', 'slack', 'shopify', 'square', 'twilio-form', 'custom'] as const;

/** A request signed right with a secret that is not given. */
function intactProblem(index: number): SolverProblem {
  const content = randomBytes(40 + (index % 200));
  const body =
    index % 3 === 0 ? content : Buffer.from(JSON.stringify({ index, content: content.toString('latin1'), amount: 1.5, list: [index] }));
  return problemFor(schemes[index % schemes.length] ?? 'custom', body, 1);
}

/** A body of many small objects with letters outside ASCII, numbers and slashes, so that every kind of change applies. */
function largeProblem(schemeId: (typeof schemes)[number]): SolverProblem {
  const items: string[] = [];
  for (let bytes = 0; bytes < bodyBytes; bytes += items.at(-1)?.length ?? 0)
    items.push(JSON.stringify({ id: items.length, name: 'Zoë / "x"', amount: 10, list: [1, 2, { a: null }], url: 'https://a.example/b' }));
  return problemFor(schemeId, Buffer.from(`[${items.join()}]`), secretCount);
}

function problemFor(schemeId: (typeof schemes)[number], body: Uint8Array, count: number): SolverProblem {
  const scheme = schemeOf(schemeId);
  const options = parseOptions(schemeId);
  const url = 'https://hooks.example.com/in?tenant=7';
  const makeSecret = () => scheme.makeSecret(randomBytes(32), options);
  const { headers } = scheme.sign({ options, secrets: [makeSecret()], id: 'msg_1', nowMs: signedAtMs, method: 'POST', url, body });
  const secrets = Array.from({ length: count }, () => given(makeSecret()));
  return { options, request: { method: 'POST', url, headers, body }, secrets, nowMs: signedAtMs };
}
