import { Buffer } from 'node:buffer';
import { allPages } from '#shared/all-pages.ts';
import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import { isRunUrl, mostRunSteps, run as runSchema, stepExpected } from '#shared/contract/project-runs.ts';
import type { WrittenRun } from '#shared/contract/runs.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';
import { fieldIssues } from '#shared/issue-text.ts';
import { unnamedEvent } from '#shared/recognise/event-name.ts';
import type { Background } from '../../background/background.ts';
import { createPause } from '../../base/pause.ts';
import { invalid } from '../../base/refusal.ts';
import { createSecretCleaner } from '../../base/secret-cleaner.ts';
import type { FileText } from '../../project/file-sections.ts';
import type { Calls } from '../../project/kinds/kind.ts';
import { putRun } from '../../project/put-run.ts';
import type { Fields } from '../../project/read-project.ts';
import { secretsOf, type EventCleanerDeps } from '../event-cleaner.ts';
import { expectsInWords } from '../judge.ts';
import { wasCutOff, type Wanted } from './expectation.ts';
import { captureSource, deliverySource, type Source, type SourceDeps, type SourceSigning } from './source.ts';
import { stepOf, type Place, type WrittenStep } from './step.ts';

export interface WriteDeps extends SourceDeps, EventCleanerDeps {
  readonly background: Pick<Background, 'run'>;
  /** The name of an endpoint of the list by its name or id. Throws a Refusal. */
  readonly endpointName: (to: string) => string;
}

export interface WriteOrder {
  readonly name: string;
  readonly deliveryIds?: readonly string[] | undefined;
  readonly deliveryFilter?: Parameters<Calls['deliveries']['list']>[0] | undefined;
  readonly captureIds?: readonly string[] | undefined;
  readonly captureFilter?: Omit<CaptureSelection, 'ids'> | undefined;
  readonly to?: string | undefined;
  readonly expect: Wanted;
  readonly file?: FileText | undefined;
  readonly replace: boolean;
}

/** All bodies of a run together. */
const mostBodyBytes = 16_777_216;

/** Gaps are made so much shorter that all of them take no longer than this. */
const gapsTakeMs = 10_000;
const roundSpeeds = [1, 2, 5, 10, 30, 60, 300, 600, 3600, 36_000, 86_400, 1_000_000];

/** Writes deliveries and captures as a run of a project. Rejects with a Refusal where there are none, or too many. */
export async function writeRun(deps: WriteDeps, order: WriteOrder, calls: Pick<Calls, 'deliveries' | 'captures'>): Promise<WrittenRun> {
  const { steps, leftOut } = await readSteps(deps, order, calls);
  const [first] = steps;
  if (first === undefined)
    throw invalid('deliveryIds', leftOut[0] ?? 'Choose at least one delivery or capture: by their ids, or by a filter that finds some.');
  const shared = first.place;
  const references = createSecretNames();
  const bodies: WrittenRun['bodies'] = [];
  const written = steps.map((step, index) => {
    const file =
      step.body === null ? null : { path: `${bodiesFolder(order.name)}/${index + 1}.${step.body.extension}`, bytes: step.body.bytes };
    if (file !== null)
      bodies.push({ path: file.path, bytes: file.bytes.byteLength, contentBase64: Buffer.from(file.bytes).toString('base64') });
    const afterMs = index === 0 ? 0 : Math.max(0, step.source.atMs - (steps[index - 1]?.source.atMs ?? 0));
    return { step, afterMs, fields: fieldsOf(step, { afterMs, file: file?.path, shared, references }) };
  });
  const gapsMs = written.reduce((sum, { afterMs }) => sum + afterMs, 0);
  const speed = roundSpeeds.find((each) => gapsMs / each <= gapsTakeMs) ?? 1_000_000;
  const fields = {
    to: shared.to,
    ...(shared.signedBy === null ? {} : references.of(shared.signedBy)),
    ...(speed === 1 ? {} : { speed }),
    steps: written.map((each) => each.fields),
  };
  assertRunnable(fields);
  const { text, fileText } = await putRun(deps.background, {
    name: order.name,
    run: fields,
    file: order.file ?? null,
    replace: order.replace,
  });
  return {
    name: order.name,
    text,
    fileText,
    bodies,
    steps: written.map(({ step, afterMs }) => ({
      title: titleOf(step.source),
      sourceId: step.source.id,
      atMs: step.source.atMs,
      to: step.place.to === shared.to ? null : step.place.to,
      afterMs,
      bodyBytes: step.source.body.byteLength,
      expects: expectsInWords(stepExpected.parse(step.expect ?? {})),
    })),
    failed: steps.filter(hasFailed).length,
    to: shared.to,
    gapsMs,
    speed,
    secrets: [...references.all()],
    notes: [
      ...new Set([
        ...leftOut,
        ...steps.flatMap(({ notes }) => notes),
        ...(order.expect.fixed ? [] : failedNotes(steps)),
        ...cutOffNotes(steps),
        ...retryNotes(steps),
      ]),
    ],
  };
}

/** Where the bodies of a run are: another place for each name. */
function bodiesFolder(name: string): string {
  return `hookyard-runs/${name.replaceAll(' ', '+')}`;
}

interface StepPlace {
  readonly afterMs: number;
  readonly file: string | undefined;
  readonly shared: Place;
  readonly references: ReturnType<typeof createSecretNames>;
}

function fieldsOf({ fields, expect, place }: WrittenStep, { afterMs, file, shared, references }: StepPlace): Fields {
  const { event, ...rest } = fields;
  const isElsewhere = place.to !== shared.to;
  const isSignedOtherwise = place.signedBy !== null && (isElsewhere || place.signedBy.owner !== shared.signedBy?.owner);
  return {
    ...(event === undefined ? {} : { event }),
    ...(afterMs === 0 ? {} : { afterMs }),
    ...(isElsewhere ? { to: place.to } : {}),
    ...(isSignedOtherwise && place.signedBy !== null ? references.of(place.signedBy) : {}),
    ...rest,
    ...(file === undefined ? {} : { bodyFile: file }),
    ...(expect === undefined ? {} : { expect }),
  };
}

async function readSteps(
  deps: WriteDeps,
  order: WriteOrder,
  calls: Pick<Calls, 'deliveries' | 'captures'>,
): Promise<{ readonly steps: readonly WrittenStep[]; readonly leftOut: readonly string[] }> {
  const pause = createPause();
  const isEndpoint = order.to !== undefined && !isRunUrl(order.to);
  const to = order.to === undefined ? null : isEndpoint ? deps.endpointName(order.to) : order.to;
  const testOf = createSecretTests(deps);
  const steps: WrittenStep[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  for (const { id, read } of await sourcesOf(deps, order, calls)) {
    await pause();
    const source = read();
    const step = 'why' in source ? source : stepOf(source, { to, isEndpoint, wanted: order.expect, hasSecret: testOf(source) });
    if ('why' in step) {
      leftOut.push(`${id} is left out: ${step.why}.`);
      continue;
    }
    bytes += step.source.body.byteLength;
    if (bytes > mostBodyBytes) throw invalid('deliveryIds', 'The bodies are over 16 MiB together: choose fewer.');
    steps.push(step);
  }
  return { steps: steps.toSorted((one, other) => one.source.atMs - other.source.atMs), leftOut };
}

/** Finds the secrets of the endpoint or bin of a source in a text; what was looked up is kept for the next source. */
function createSecretTests(deps: WriteDeps): (source: Source) => (text: string) => boolean {
  const tests = new Map<string, (text: string) => boolean>();
  return ({ endpoint, binSecrets }) => {
    const key = endpoint?.id ?? JSON.stringify(binSecrets);
    const config = endpoint === null ? undefined : deps.endpoints.find(endpoint.id);
    const made = () => {
      const { text } = createSecretCleaner([...binSecrets, ...secretsOf(deps, config === undefined ? [] : [config])]);
      return (value: string) => text(value) !== value;
    };
    const test = tests.get(key) ?? made();
    tests.set(key, test);
    return test;
  };
}

interface Found {
  readonly id: string;
  readonly read: () => Source | { readonly why: string };
}

async function sourcesOf(
  deps: WriteDeps,
  order: WriteOrder,
  { deliveries, captures }: Pick<Calls, 'deliveries' | 'captures'>,
): Promise<readonly Found[]> {
  const deliveryIds = [
    ...(order.deliveryIds ?? []),
    ...(order.deliveryFilter === undefined
      ? []
      : await idsOf('deliveryFilter', (page) => deliveries.list({ ...order.deliveryFilter, ...page }))),
  ];
  const captureIds = [
    ...(order.captureIds ?? []),
    ...(order.captureFilter === undefined
      ? []
      : await idsOf('captureFilter', (page) => captures.list({ ...order.captureFilter, ...page }))),
  ];
  const found: Found[] = [
    ...[...new Set(deliveryIds)].map((id) => ({ id, read: () => deliverySource(deps, id) })),
    ...[...new Set(captureIds)].map((id) => ({ id, read: () => captureSource(deps, id) })),
  ];
  if (found.length > mostRunSteps) throw tooMany(order.captureIds === undefined ? 'deliveryIds' : 'captureIds');
  // Those of one moment stay in the order in which they came.
  return found.toSorted((one, other) => (one.id.slice(4) < other.id.slice(4) ? -1 : 1));
}

/** The ids that a filter finds. Throws a Refusal where they are too many. */
async function idsOf(
  path: string,
  list: (page: {
    readonly limit: number;
    readonly cursor?: string;
  }) => Promise<{ readonly items: readonly { readonly id: string }[]; readonly next: string | null }>,
): Promise<readonly string[]> {
  let count = 0;
  const items = await allPages(async (from) => {
    if (count > mostRunSteps) throw tooMany(path);
    const page = await list({ limit: 200, ...from });
    count += page.items.length;
    return { items: [...page.items], next: page.next };
  });
  return items.map(({ id }) => id);
}

function tooMany(path: string) {
  return invalid(path, `A run has at most ${mostRunSteps} steps: narrow it down, such as by time or event type.`);
}

/** The fields that say how to sign, with one reference for each secret. */
function createSecretNames() {
  const names = new Map<string, string>();
  return {
    of: ({ signing, owner, reference }: SourceSigning): Fields => {
      const count = [...names.values()].filter((name) => name.startsWith(`env:${receiverVariables.secret}`)).length;
      const fresh = `env:${receiverVariables.secret}${count === 0 ? '' : `_${count + 1}`}`;
      const name = names.get(owner) ?? reference ?? fresh;
      names.set(owner, name);
      return { signing, secret: name };
    },
    all: () => new Set(names.values()),
  };
}

function titleOf({ head, eventType }: Source): string {
  return eventType === unnamedEvent && head !== null ? `${head.method} ${head.target ?? '/'}` : eventType;
}

/** A step of what failed is met when it fails again, which is rarely what a test is for. */
function failedNotes(steps: readonly WrittenStep[]): readonly string[] {
  const failed = steps.filter((step) => hasFailed(step) && step.expect !== undefined).length;
  if (failed === 0) return [];
  const which = `${someOf(failed, steps.length)} failed, and ${failed === 1 ? 'its step expects' : 'their steps expect'} that again`;
  return [`${which}. Where the receiver ought to take it, expect it to be delivered ("fixed").`];
}

function hasFailed({ source: { kind, delivered, answer } }: WrittenStep): boolean {
  return kind === 'delivery' && !delivered && answer !== null && !wasCutOff(answer.outcome);
}

/** An attempt that was cancelled would not be cancelled again. */
function cutOffNotes(steps: readonly WrittenStep[]): readonly string[] {
  const cutOff = steps.filter(({ source: { answer } }) => answer !== null && wasCutOff(answer.outcome)).length;
  if (cutOff === 0) return [];
  const which = `${someOf(cutOff, steps.length)} ${cutOff === 1 ? 'was' : 'were'} cancelled or cut off while Hookyard waited for an answer`;
  return [`${which}, so ${cutOff === 1 ? 'its step expects' : 'their steps expect'} to be delivered.`];
}

/** Some of what a run is written of, as the subject of a sentence. */
function someOf(count: number, of: number): string {
  if (of === 1) return 'It';
  if (count === of) return count === 2 ? 'Both of them' : 'All of them';
  return count === 1 ? 'One of them' : `${count} of them`;
}

/** What was answered after retries is reached only where the target of the run has some, too. */
function retryNotes(steps: readonly WrittenStep[]): readonly string[] {
  const retried = steps.filter(({ source }) => (source.answer?.attempts ?? 0) > 1).length;
  if (retried === 0) return [];
  return [
    `${someOf(retried, steps.length)} ${retried === 1 ? 'was' : 'were'} tried more than once. A step waits 10 seconds for what it expects; an endpoint that retries later needs a faster time scale, or more withinMs.`,
  ];
}

function assertRunnable(fields: Fields): void {
  const parsed = runSchema.safeParse(fields);
  if (parsed.success) return;
  const [issue] = fieldIssues(parsed.error.issues, { schema: runSchema, input: fields });
  throw invalid(
    'deliveryIds',
    `This cannot be written as a run: ${issue?.path ?? ''}: ${issue?.message ?? ''} Choose others, or another target.`,
  );
}
