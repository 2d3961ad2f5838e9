import { caseDeliveries, evidenceOf, findingOfDefect } from '#shared/check-evidence.ts';
import { wrongAnswerWords } from '#shared/check-answer.ts';
import { caseTimeText, correctReceiver, countsText, nothingFound, undecidedText } from '#shared/check-words.ts';
import type { CaseOutcome, CheckDetail, Defect } from '#shared/contract/checks.ts';
import { durationText } from '#shared/duration-text.ts';
import { junitXml } from '#shared/junit.ts';
import { shellArgument } from '#shared/text/escapes.ts';
import { toned } from './output.ts';

const tones = { passed: 'good', failed: 'bad', advice: 'waiting', noted: 'waiting', skipped: 'waiting', undecided: 'waiting' } as const;

/**
 * Tells of cases, each in one line. What is not as it should be has further ones with what was seen, what the receiver answered and, for
 * advice, what a correct one does; where another case told the same before, its id stands in their place.
 */
export function createCaseTeller(): (one: CaseOutcome) => string {
  /** Ids of cases, by what was told of them. */
  const told = new Map<string, string>();
  return (one) => {
    const { id, title, result } = one;
    const line = `${toned(result.padEnd(9), tones[result])}  ${id.padEnd(24)}  ${title} (${caseTimeText(one)})`;
    const seen = seenTexts(one);
    if (seen.length === 0) return line;
    const key = JSON.stringify([result, seen]);
    const before = told.get(key);
    if (before !== undefined) return `${line}: as ${before}`;
    told.set(key, id);
    return [line, ...seen.flatMap((text) => wrapped(text, '           '))].join('\n');
  };
}

function seenTexts(one: CaseOutcome): readonly string[] {
  const { result, message, expects } = one;
  if (result === 'passed') return [];
  return [message, ...answerLines(one), ...(result === 'advice' ? [correctReceiver(expects)] : [])];
}

/** Says of a check of a URL that nothing is signed, so that nobody takes it for a check of signatures; null where there is nothing to say. */
export function unsignedLine({ scheme, endpointId }: Pick<CheckDetail, 'scheme' | 'endpointId'>): string | null {
  // An endpoint was set up that way, and its authentication may sign.
  if (scheme !== null || endpointId !== null) return null;
  return 'Requests are not signed: give --scheme, or a --profile that signs, with --secret-file to check what the receiver does with signatures.';
}

/** Where the log of a check is to be read. */
export interface CheckPlace {
  readonly dataDir: string;
  /** Whether commands without `--data-dir` look there. */
  readonly isUsualDir: boolean;
  /** Whether a Hookyard goes on serving it when the check is over. */
  readonly isServed: boolean;
}

/** What a check came to. */
export function summaryLines(check: CheckDetail, place: CheckPlace): readonly string[] {
  const { status, reason, counts, done, total, seed, scheme, defects, cases, createdAtMs, endedAtMs } = check;
  const unsigned = unsignedLine(check);
  const undecided = undecidedText(check);
  const [opened] = defects.flatMap((defect) => deliveriesThatShow(defect, cases));
  const took = endedAtMs === null ? '' : ` in ${durationText(endedAtMs - createdAtMs)}`;
  return [
    `${countsText(counts)}: ${done} of ${total} cases${took} (--seed ${seed})`,
    ...(unsigned === null ? [] : [unsigned]),
    ...(reason === null ? [] : [`${status}: ${reason}`]),
    ...(undecided === null ? [] : [undecided]),
    ...(defects.length === 0 ? [nothingFound(check)] : defects.flatMap((defect) => ['', ...defectLines(defect, cases)])),
    ...(opened === undefined ? [] : ['', ...showLines(opened, place)]),
    ...(scheme !== null && defects.some(({ isAboutVerifying }) => isAboutVerifying)
      ? ['', `For receiver code that verifies ${scheme} correctly, add --code node (or python, go, ruby, php, java, csharp).`]
      : []),
  ];
}

/** How to see a delivery, in commands that work as they stand. */
function showLines(deliveryId: string, { dataDir, isUsualDir, isServed }: CheckPlace): readonly string[] {
  const folder = isUsualDir ? '' : ` --data-dir ${shellArgument(dataDir)}`;
  const show = `  hookyard deliveries show ${deliveryId}${folder}`;
  if (isServed) return ['To see what was sent and answered:', show];
  return [
    'To see what was sent and answered, check again with --html FILE; or serve this log, and in another terminal look into it:',
    `  hookyard serve${folder}`,
    show,
  ];
}

function defectLines(defect: Defect, cases: readonly CaseOutcome[]): readonly string[] {
  const { level, title, message, fix, evidence } = defect;
  const { shows, contrast } = evidenceOf(defect, cases);
  const width = Math.max(...evidence.map((id) => id.length));
  const line = (id: string) => `    ${id.padEnd(width)}  ${deliveriesText(id, defect, cases)}`;
  return [
    `${toned(level === 'must' ? 'wrong' : 'advice', level === 'must' ? 'bad' : 'waiting')}  ${title}`,
    ...wrapped(message, '  '),
    '  Seen in:',
    ...shows.map(line),
    ...(contrast.length === 0 ? [] : ['  While it did this right:', ...contrast.map(line)]),
    ...wrapped(`To do: ${fix}`, '  '),
  ];
}

/** Deliveries whose answers show a defect, the plainest first. */
function deliveriesThatShow(defect: Defect, cases: readonly CaseOutcome[]): readonly string[] {
  const own = findingOfDefect(defect, cases)?.deliveryId ?? null;
  const others = evidenceOf(defect, cases).shows.flatMap((id) => deliveriesOf(id, cases).map(({ deliveryId }) => deliveryId));
  return own === null ? others : [own, ...others];
}

function deliveriesOf(id: string, cases: readonly CaseOutcome[]): ReturnType<typeof caseDeliveries> {
  const one = cases.find((each) => each.id === id);
  return one === undefined ? [] : caseDeliveries(one);
}

/** Ids of one case that are listed. */
const mostIds = 3;

/** The deliveries of a case: those that went wrong, of how many; or the first, where they all came out alike. */
function deliveriesText(id: string, defect: Defect, cases: readonly CaseOutcome[]): string {
  const all = deliveriesOf(id, cases);
  const [first] = all;
  if (first === undefined) return 'sent by itself, not in the log: --html FILE shows it';
  const own = findingOfDefect(defect, cases)?.deliveryId ?? null;
  const unmet = own === null ? all.flatMap(({ deliveryId, isUnmet }) => (isUnmet ? deliveryId : [])) : [own];
  if (unmet.length === 0 || unmet.length === all.length) return andMore([first.deliveryId], all.length);
  return `${andMore(unmet.slice(0, mostIds), unmet.length)} (${unmet.length} of ${all.length} deliveries of the case)`;
}

function andMore(listed: readonly string[], count: number): string {
  return count > listed.length ? `${listed.join(', ')} and ${count - listed.length} more` : listed.join(', ');
}

/** A text in lines that have room on the terminal, each behind an indent; in a pipe one line, which is easier to search. */
function wrapped(text: string, indent: string): readonly string[] {
  const { isTTY, columns } = process.stdout;
  if (!isTTY || !(columns > 0)) return [`${indent}${text}`];
  const room = Math.max(40, columns) - indent.length;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}${line}`);
}

/** 0 when nothing is wrong, 1 when something is, 2 when the receiver could not be checked: all that it must do has to be decided. */
export function checkExitCode({ status, counts, defects, cases }: CheckDetail): 0 | 1 | 2 {
  const genuine = cases.find(({ family }) => family === 'genuine');
  if (genuine === undefined || (genuine.result !== 'passed' && genuine.exchanges.every(({ answer }) => answer === null))) return 2;
  if (counts.failed > 0 || defects.some(({ level }) => level === 'must')) return 1;
  return status === 'completed' && !cases.some(leavesOpen) ? 0 : 2;
}

/** Whether it is not known of a case whether the receiver does what it must. */
function leavesOpen({ level, result }: Pick<CaseOutcome, 'level' | 'result'>): boolean {
  return level === 'must' && result === 'undecided';
}

/** A JUnit report with a case for each; advice passes, and what is undecided is an error where the receiver must do it. */
export function checkJunit({ name, cases }: CheckDetail): string {
  return junitXml({
    name: `hookyard check ${name}`,
    cases: cases.map((one) => {
      const { id, title, result, message, durationMs, expects, findings } = one;
      return {
        name: `${id}: ${title}`,
        seconds: durationMs / 1000,
        failure:
          result === 'failed'
            ? {
                message,
                details: [
                  ...answerLines(one),
                  correctReceiver(expects),
                  ...findings.map(({ message: said, dataText }) => `${said}\n${dataText}`),
                ].join('\n'),
              }
            : null,
        ...(leavesOpen(one) ? { error: `Undecided: ${message}` } : {}),
        ...(result === 'skipped' ? { skipped: message } : {}),
        ...(result === 'undecided' && !leavesOpen(one) ? { skipped: `Undecided: ${message}` } : {}),
      };
    }),
  });
}

function answerLines(one: CaseOutcome): readonly string[] {
  const answer = wrongAnswerWords(one);
  return answer === null ? [] : [`It answered: ${answer}`];
}
