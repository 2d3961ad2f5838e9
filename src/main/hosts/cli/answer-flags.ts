import type { Command } from 'commander';
import type { AnswerRuleInput, BinAnswersInput } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import { conditionTexts, readConditions } from '#shared/answer-conditions.ts';
import { stepsProblem } from '#shared/answer-steps.ts';
import { parseDurationMs } from '#shared/duration-text.ts';
import { conditionExamples } from '#shared/match-text.ts';
import { collect } from '#hosts/shared/command-line.ts';
import { readTogether, usageError } from '#hosts/shared/exit-error.ts';
import { faultHelp, readFault } from './bin-wire-flags.ts';
import { parseJsonOption, type FileReader } from './input.ts';

/** Options about one response. */
export interface ResponseFlags {
  readonly fault?: string;
  readonly status?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly bodyFile?: string;
  readonly delay?: string;
  readonly template?: boolean;
}

/** Options about what comes one after the other, or by chance. */
export interface PlanFlags {
  readonly sequence?: string;
  readonly again?: boolean;
  readonly key?: string;
  readonly failRate?: string;
  readonly failSeed?: string;
  readonly failWith?: string;
}

/** Options about how a bin answers beyond that. */
export interface AnswersFlags extends PlanFlags {
  readonly refuse?: string;
  readonly handshakes?: string;
  readonly verifyTokenFile?: string;
  readonly answersFile?: string;
}

export function addResponseFlags(command: Command): Command {
  return command
    .option('--status <status>', 'status of the answer, 200 to 599')
    .option('--header <header>', 'header of the answer, such as "Retry-After: 5"; repeatable, and replaces those there were', collect)
    .option('--body <text>', 'body of the answer; {{ request.json.id }} and the like are filled in')
    .option('--body-file <file>', 'file with the body of the answer, - is standard input')
    .option('--delay <time>', 'wait before the answer, such as 500ms or 5s')
    .option('--fault <fault>', faultHelp)
    .option('--no-template', 'send {{ }} and {% %} in headers and body as they are');
}

/** The response of the flags, as far as they say it. */
export function readResponse(flags: ResponseFlags, files: FileReader): Partial<BinResponse> {
  if (flags.body !== undefined && flags.bodyFile !== undefined) throw usageError('Give --body or --body-file, not both.');
  const { status, headers, delayMs, fault } = readTogether({
    status: () => (flags.status === undefined ? undefined : statusOf(flags.status)),
    headers: () => (flags.header === undefined ? undefined : readHeaders(flags.header)),
    delayMs: () => (flags.delay === undefined ? undefined : delayOf(flags.delay)),
    fault: () => (flags.fault === undefined ? undefined : readFault(flags.fault)),
  });
  const body = flags.bodyFile === undefined ? flags.body : files.text(flags.bodyFile, '--body-file');
  return {
    ...(status === undefined ? {} : { status }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(fault === undefined ? {} : { fault }),
    ...(flags.template === false ? { isTemplate: false } : {}),
  };
}

function statusOf(text: string): number {
  if (/^[2-5]\d\d$/.test(text)) return Number(text);
  throw usageError(`--status ${text} is no status that an answer can have: use 200 to 599.`);
}

function delayOf(text: string): number {
  const delayMs = parseDurationMs(text);
  if (delayMs === null) throw usageError(`--delay ${text} is no length of time: write it such as 500ms or 5s.`);
  return delayMs;
}

/** Headers of `--header "Name: value"`; one that is repeated has several values. */
export function readHeaders(lines: readonly string[]): Record<string, string | string[]> {
  const headers = new Map<string, string | string[]>();
  for (const line of lines) {
    const [, name, value = ''] = /^([^:\s]+)\s*:\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined) throw usageError(`--header ${line} is no header: write it as "Name: value".`);
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(headers);
}

function addPlanFlags(command: Command): Command {
  return command
    .option(
      '--sequence <steps>',
      'answers one after the other, such as "500 x2, 429 after 3s, timeout, reset, answer"; none for no sequence',
    )
    .option('--again', 'begin again after the last step, in place of staying there')
    .option('--key <key>', 'what is counted together: none, message, path, header.NAME, query.NAME or json.$.PATH')
    .option('--fail-rate <rate>', 'how many fail by chance, such as 0.2 or 20%; 0 for none')
    .option('--fail-seed <seed>', 'text from which chance follows, so that the same requests fail again')
    .option('--fail-with <steps>', 'steps of which one is taken then, such as "503 x3, timeout"');
}

type Plan = Pick<BinAnswersInput, 'key' | 'sequence' | 'failures'>;

/** The plan of the flags, as far as they say it; `before` is what they change. */
export function readPlan(flags: PlanFlags, before: Plan): Plan {
  const { sequence, failures } = readTogether({
    sequence: () => readSequence(flags, before),
    failures: () => readFailures(flags, before),
  });
  return { ...(flags.key === undefined ? {} : { key: flags.key }), ...sequence, ...failures };
}

function readSequence({ sequence, again }: PlanFlags, before: Plan): Pick<Plan, 'sequence'> {
  if (sequence === 'none') return { sequence: null };
  const steps = sequence ?? before.sequence?.steps;
  if (sequence === undefined && again === undefined) return {};
  if (steps === undefined) throw usageError('--again is about a sequence: give --sequence too.');
  assertSteps(steps, '--sequence');
  return { sequence: { steps, atEnd: again === true ? 'again' : sequence === undefined ? (before.sequence?.atEnd ?? 'stay') : 'stay' } };
}

function readFailures({ failRate, failSeed, failWith }: PlanFlags, before: Plan): Pick<Plan, 'failures'> {
  if (failRate === undefined && failSeed === undefined && failWith === undefined) return {};
  const rate = failRate === undefined ? before.failures?.rate : rateOf(failRate);
  if (rate === undefined) throw usageError('Give --fail-rate too: how many of all requests fail, such as 0.2.');
  if (rate === 0) return { failures: null };
  const steps = failWith ?? before.failures?.steps ?? '503';
  assertSteps(steps, '--fail-with');
  return { failures: { rate, seed: failSeed ?? before.failures?.seed ?? '', steps } };
}

function rateOf(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? [];
  const rate = Number(number) / (percent === undefined ? 1 : 100);
  if (number === undefined || rate > 1) throw usageError(`--fail-rate ${text} is no rate: write it from 0 to 1, or from 0% to 100%.`);
  return rate;
}

function assertSteps(text: string, option: string): void {
  const problem = stepsProblem(text);
  if (problem !== null) throw usageError(`${option}: ${problem}`);
}

export function addAnswersFlags(command: Command): Command {
  return addPlanFlags(command)
    .option('--refuse <what>', 'unverified (with 401), seen-before (with 409), both with a comma, or none')
    .option('--handshakes <which>', 'none, scheme, or ids with commas of "hookyard bins handshakes"')
    .option('--verify-token-file <file>', 'file with what hub.verify_token has to be, - is standard input; none for anything')
    .option('--answers-file <file>', 'all of it as JSON, as the field answers of POST /api/bins takes it; - is standard input');
}

/** The answers of the flags, as far as they say them; `before` is what they change. */
export function readAnswers(flags: AnswersFlags, files: FileReader, before: Plan): BinAnswersInput {
  // The host checks it and names each field that is wrong.
  const given =
    flags.answersFile === undefined
      ? {}
      : (parseJsonOption(files.text(flags.answersFile, '--answers-file'), '--answers-file') as BinAnswersInput);
  const { plan, refuse } = readTogether({
    plan: () => readPlan(flags, { ...before, ...given }),
    refuse: () => (flags.refuse === undefined ? undefined : refusingOf(flags.refuse)),
  });
  return {
    ...given,
    ...plan,
    ...(refuse === undefined ? {} : { refuse }),
    ...(flags.handshakes === undefined ? {} : { handshakes: handshakesOf(flags.handshakes) }),
    ...(flags.verifyTokenFile === undefined ? {} : { verifyToken: verifyTokenOf(flags.verifyTokenFile, files) }),
  };
}

function refusingOf(text: string): NonNullable<BinAnswersInput['refuse']> {
  const what = text.split(',').map((each) => each.trim());
  if (what.some((each) => !['unverified', 'seen-before', 'none'].includes(each)))
    throw usageError(`--refuse ${text} is not possible: use unverified, seen-before, both with a comma, or none.`);
  return { unverified: what.includes('unverified'), seenBefore: what.includes('seen-before') };
}

function handshakesOf(text: string): NonNullable<BinAnswersInput['handshakes']> {
  if (text === 'none' || text === 'scheme') return text;
  return text.split(',').map((each) => each.trim());
}

function verifyTokenOf(file: string, files: FileReader): string | null {
  return file === 'none' ? null : files.secret(file, '--verify-token-file');
}

/** Options about one rule. */
export interface RuleFlags extends ResponseFlags, PlanFlags {
  readonly name?: string;
  readonly match?: readonly string[];
  readonly count?: string;
}

export function addRuleFlags(command: Command): Command {
  const examples = conditionExamples.slice(0, 3).join(', ');
  return addPlanFlags(addResponseFlags(command))
    .option(
      '--match <condition>',
      `what it answers, such as ${examples}, header.NAME=..., json.$.PATH=..., verdict=valid; repeat it, all have to hold`,
      collect,
    )
    .option('--count <count>', 'which of them, counted from 1: 1-3, 4-, 2 or "every 5"');
}

/** A rule with the flags laid over it. */
export function readRule(flags: RuleFlags, files: FileReader, before: AnswerRuleInput): AnswerRuleInput {
  const conditions = [
    ...(flags.match ?? conditionTexts(before.match, null)),
    ...(flags.count === undefined ? conditionTexts(null, before.count) : flags.count === 'none' ? [] : [`count=${flags.count}`]),
  ];
  const {
    conditions: read,
    plan,
    response,
  } = readTogether({
    conditions: () => conditionsOf(conditions),
    plan: () => readPlan(flags, before),
    response: () => readResponse(flags, files),
  });
  const { key, sequence, failures } = { ...before, ...plan };
  return {
    ...before,
    ...read,
    name: flags.name ?? before.name,
    key: key ?? before.key,
    sequence: sequence ?? null,
    failures: failures ?? null,
    response: { ...before.response, ...response },
  };
}

function conditionsOf(texts: readonly string[]): Pick<AnswerRuleInput, 'match' | 'count'> {
  const read = readConditions(texts);
  if ('problems' in read) throw usageError(read.problems.map(({ problem }) => problem).join(' '));
  return { match: read.match, count: read.count };
}
