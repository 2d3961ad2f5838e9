import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parsePasted } from '#shared/import/parse-pasted.ts';
import { pastedKindNames } from '#shared/import/pasted.ts';
import { counted } from './support/counted.ts';
import { startHost, type BenchHost } from './support/host.ts';
import { callRest, type HostileAct } from './support/hostile/act.ts';
import { hostileActs } from './support/hostile/acts.ts';
import { seedWaiting } from './support/hostile/bulk.ts';
import { baits, hostileCalls, hostilePastes, type HostileCall, type HostilePaste } from './support/hostile/inputs.ts';
import { summarise, type Figure } from './support/figures.ts';
import { shown, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';
import { startWaitWatch, type WaitWatch } from './support/wait-watch.ts';

/** Any answer that takes longer than this counts as a hang, and ends the run. */
const hangMs = 30_000;

/** What is promised of every hostile input. */
const promisedMs = 1000;

/** Searches get a shorter time limit than that, since the caller chooses it. */
const searchMs = 500;

/** What is promised of another call meanwhile. */
const promisedWaitMs = 50;

/** Deliveries that wait for each endpoint that is deleted. */
const waitingEach = 100_000;

/** Length of an answer that is enough to recognise it. */
const shownCharacters = 110;

const cliPath = resolve(import.meta.dirname, '../src/main/cli.ts');

interface Answered {
  readonly input: string;
  readonly group: string | null;
  readonly door: 'window' | 'CLI' | 'verify' | 'solve';
  readonly answer: string;
  readonly times: readonly number[];
}

/** What hostile input is answered with and how long that takes, at every door where people and scripts hand requests in. */
export async function benchHostile(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 3;
  const each = sizes.messages ?? waitingEach;
  const isWanted = wantedBy(sizes.only);
  // What the others are compared with is always measured.
  const actsWith = (endpointIds: readonly string[]) =>
    hostileActs(endpointIds, each).filter(({ group, name }) => group === 'nothing' || isWanted(`${group}: ${name}`));
  const [calls, pastes] = [hostileCalls.filter(({ name }) => isWanted(name)), hostilePastes.filter(({ name }) => isWanted(name))];
  if (actsWith([]).length + calls.length + pastes.length === 1)
    throw new Error(`Nothing that is measured has "${sizes.only ?? ''}" in its name; a run without --only lists all names.`);
  const folder = createTempFolder();
  const dataDir = join(folder.path, 'data');
  let host = await startHost(dataDir);
  try {
    const endpointIds = await makeEndpoints(host, rounds);
    const acts = actsWith(endpointIds);
    const isLogNeeded = acts.some(({ group }) => group === 'bulk' || group === 'search');
    if (isLogNeeded) {
      await host.stop();
      await seedWaiting(dataDir, endpointIds, each);
      host = await startHost(dataDir);
    }
    const watch = startWaitWatch(host);
    try {
      const held = await holdUp(host, watch, rounds, acts);
      const waits: number[] = [];
      const answered = await answerCalls(host, watch, rounds, waits, calls);
      return findingsOf([...(await answerPastes(join(folder.path, 'paste'), rounds, pastes)), ...answered], held, waits, rounds);
    } finally {
      await watch.stop();
    }
  } finally {
    await host.stop();
    folder.remove();
  }
}

/** Whether a name has the text in it, in any case; every name has when there is none. */
function wantedBy(only: string | null): (name: string) => boolean {
  return (name) => only === null || name.toLowerCase().includes(only.toLowerCase());
}

/** One to be deleted in each round; nothing is ever sent to them. */
async function makeEndpoints(host: BenchHost, rounds: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let number = 0; number < rounds; number += 1) {
    const { text } = await callRest(host, 'POST', '/endpoints', {
      name: `Waiting ${number}`,
      url: 'http://127.0.0.1:9/',
      events: ['nobody.sends'],
    });
    ids.push((JSON.parse(text) as { readonly id: string }).id);
  }
  return ids;
}

/** An act with the longest turn of the main thread and the longest wait of another call in each round. */
interface Held {
  readonly name: string;
  readonly group: string;
  readonly answer: string;
  readonly turns: readonly number[];
  readonly waits: readonly number[];
}

async function holdUp(host: BenchHost, watch: WaitWatch, rounds: number, acts: readonly HostileAct[]): Promise<readonly Held[]> {
  const held: Held[] = [];
  for (const { name, group, prepare, act } of acts) {
    await prepare?.(host);
    const turns: number[] = [];
    const waits: number[] = [];
    let answer = '';
    for (let round = 0; round < rounds; round += 1) {
      const turn = await host.longestTurn(() => watch.during(() => act(host, round).catch(failureOf)));
      turns.push(turn.longestMs);
      waits.push(turn.value.longestMs);
      answer = firstLine(turn.value.value);
    }
    held.push({ name, group, answer, turns, waits });
  }
  return held;
}

/** A call without an answer is reported as such, and the rest is still measured. */
function failureOf(error: unknown): string {
  return `no answer: ${error instanceof Error ? error.message : String(error)}`;
}

async function answerPastes(path: string, rounds: number, pastes: readonly HostilePaste[]): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const { make, ...input } of pastes) {
    const bytes = make();
    answers.push(await repeated(rounds, input, 'window', () => Promise.resolve(readHere(bytes))));
    // A process for each of the rest would take minutes, and reads them by the same code.
    if (input.group !== undefined) continue;
    writeFileSync(path, bytes);
    answers.push(await repeated(rounds, input, 'CLI', () => runCli(path)));
  }
  return answers;
}

async function answerCalls(
  host: BenchHost,
  watch: WaitWatch,
  rounds: number,
  waits: number[],
  calls: readonly HostileCall[],
): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const { make, isSearched, ...input } of calls) {
    const bytes = make();
    const { longestMs } = await watch.during(async () => {
      answers.push(await repeated(rounds, input, 'verify', () => post(host, '/api/verify', bytes)));
      if (isSearched) answers.push(await repeated(rounds, input, 'solve', () => post(host, '/api/verify/solve', searchOf(bytes))));
    });
    waits.push(longestMs);
  }
  return answers;
}

type Input = Pick<HostilePaste, 'name' | 'group'>;

async function repeated(asked: number, { name, group }: Input, door: Answered['door'], ask: () => Promise<string>): Promise<Answered> {
  // Hundreds of inputs in one group differ little, and only the slowest is reported: once each is enough.
  const rounds = group === undefined ? asked : 1;
  const times: number[] = [];
  let answer = '';
  for (let round = 0; round < rounds; round += 1) {
    const startedAtMs = performance.now();
    answer = await ask();
    const elapsedMs = performance.now() - startedAtMs;
    if (elapsedMs > hangMs) throw new Error(`${name} (${door}) took ${Math.round(elapsedMs)} ms: it hangs.`);
    times.push(elapsedMs);
  }
  return { input: name, group: group ?? null, door, answer, times };
}

/** What the window does with a paste on its main thread. */
function readHere(bytes: Uint8Array): string {
  const { kind, headers, problems } = parsePasted({ bytes });
  return problems[0]?.message ?? `${pastedKindNames[kind]}, ${headers.length} headers`;
}

function runCli(path: string): Promise<string> {
  const flags = ['verify', '--request', path, '--scheme', 'auto', '--secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
  return new Promise((settle) => {
    execFile(process.execPath, [cliPath, ...flags], { timeout: hangMs + 1000, maxBuffer: 1e9 }, (_error, stdout, stderr) => {
      const refusal = stderr.split('\n').find((line) => line !== '' && !line.includes('SecretWarning'));
      settle(firstLine(stdout === '' ? (refusal ?? '') : stdout));
    });
  });
}

/** The same call with the time that a search has, where there is an object to put it in. */
function searchOf(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x7b ? Buffer.concat([Buffer.from(`{"maxMs":${searchMs},`), bytes.subarray(1)]) : bytes;
}

async function post(host: BenchHost, path: string, body: Uint8Array): Promise<string> {
  const response = await fetch(`${host.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(hangMs + 1000),
  });
  return `${response.status}: ${sentenceIn(await response.text())}`;
}

/** The sentence of an answer: a verdict's, a refusal's, or what a search says of itself. */
function sentenceIn(text: string): string {
  if (text.includes('"kind":"result"'))
    return firstLine(/"sentence":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? 'no cause found, and everything tried');
  try {
    const { message } = JSON.parse(text) as { readonly message?: string };
    return firstLine(message ?? text);
  } catch {
    return firstLine(text);
  }
}

function firstLine(text: string): string {
  const line = text.split('\n')[0]?.trim().replaceAll('|', '\\|') ?? '';
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters)}…` : line;
}

function findingsOf(all: readonly Answered[], held: readonly Held[], waits: readonly number[], rounds: number): Findings {
  const rows = [...Map.groupBy(all, ({ input, group, door }) => `${group ?? input} ${door}`).values()].flatMap(slowestOf);
  const inTime = all.filter(({ times }) => summarise(times).median <= promisedMs).length;
  const figures: readonly Figure[] = [
    ...held.map(({ name, group, turns: each }): Figure => ({ name: `longest turn: ${group}, ${name}`, unit: 'ms', ...summarise(each) })),
    ...held.map(({ name, group, waits: each }): Figure => ({ name: `waited: ${group}, ${name}`, unit: 'ms', ...summarise(each) })),
    ...rows.map(({ label, door, times }): Figure => ({ name: `${label}, ${door}`, unit: 'ms', ...summarise(times) })),
    ...(waits.length === 0 ? [] : [{ name: 'longest that another call waited meanwhile', unit: 'ms' as const, ...summarise(waits) }]),
  ];
  const wait = waits.length === 0 ? null : summarise(waits);
  const slowestFirst = held.toSorted((one, other) => summarise(other.turns).median - summarise(one.turns).median);
  const nothing = held.find(({ group }) => group === 'nothing');
  const over = held.filter((one) => summarise(one.turns).median > promisedWaitMs).length;
  const overWaits = held.filter((one) => summarise(one.waits).median > promisedWaitMs).length;
  return {
    method: [
      `Window: what the Verify page does with a paste or a dropped file, here in this process. CLI: \`hookyard verify --request\` with the input as a file, the start of its process included (the first row tells how long that is). Verify and solve: \`POST /api/verify\` and \`/api/verify/solve\` of a headless host in a process of its own, the scheme to be recognised; a search is given ${searchMs} ms.`,
      `Runs of one character: each of ${baits.length} characters or pairs of them that are known to keep careless patterns busy, in every place that is parsed; the row is that of the slowest.`,
      `Held up: ${held.length} acts, the slowest first. What is told is the time of the processor that the host's main thread took in the longest turn of its event loop, which is how long another call has to wait for it at most; other programs do not count. ${held.length - over} of them held it for at most ${promisedWaitMs} ms (median); while nothing was done it was ${shown(summarise(nothing?.turns ?? []).max)} ms.`,
      `Waited: by the clock, the longest that another small call (\`GET /api/settings\`, again and again from a thread of its own) had to wait meanwhile, with all that this machine did beside it: ${held.length - overWaits} of the acts let it wait for at most ${promisedWaitMs} ms (median); while nothing was done it waited up to ${shown(summarise(nothing?.waits ?? []).max)} ms.`,
      `${counted(rounds, 'round')} of each, and one of each run of one character. ${inTime} of ${all.length} inputs were answered within ${promisedMs / 1000} s (median).${wait === null ? '' : ` While each was worked on, another call to the same host waited ${shown(wait.median)} ms at the longest (median over the inputs; ${shown(wait.max)} ms for the worst of them).`}`,
    ],
    sizes: { rounds, inputs: all.length, inTime, acts: held.length, actsOver: over },
    figures,
    ratios: [],
    table: {
      columns: ['input', 'door', 'answer', 'median, ms', 'max, ms', 'waited, ms'],
      textColumns: 3,
      rows: [
        ...slowestFirst.map(({ name, group, answer, turns, waits: each }) => {
          const { median, max } = summarise(turns);
          return [`${group}: ${name}`.replaceAll('|', '\\|'), 'held up', answer, shown(median), shown(max), shown(summarise(each).median)];
        }),
        ...rows.map(({ label, door, answer, times }) => {
          const { median, max } = summarise(times);
          return [label, door, answer, shown(median), shown(max), ''];
        }),
      ],
    },
  };
}

/** The slowest of a group, named with the size of the group; a single one as it is. */
function slowestOf(group: readonly Answered[]): readonly (Answered & { readonly label: string })[] {
  const [slowest] = group.toSorted((one, other) => summarise(other.times).median - summarise(one.times).median);
  if (slowest === undefined) return [];
  const label = slowest.group === null ? slowest.input : `${slowest.group}, ${group.length} inputs; ${slowest.input}`;
  return [{ ...slowest, label: label.replaceAll('|', '\\|') }];
}
