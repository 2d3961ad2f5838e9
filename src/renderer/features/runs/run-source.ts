import type { WrittenRun } from '#shared/contract/runs.ts';
import { shellArgument } from '#shared/text/escapes.ts';
import type { Client } from '../../base/client.ts';

type Asked = Parameters<Client['runs']['write']>[0];

/** Deliveries or captures that are saved as a test, by their ids or by the filter that finds them. */
export type RunSource = Pick<Asked, 'deliveryIds' | 'deliveryFilter' | 'captureIds' | 'captureFilter'>;

/** Whether the steps are captures, which say nothing of where they are sent to. */
export function isOfCaptures({ captureIds, captureFilter }: RunSource): boolean {
  return captureIds !== undefined || captureFilter !== undefined;
}

/** The deliveries and captures that a test was written of, by their ids: what comes meanwhile does not change it. */
export function sameSource(steps: WrittenRun['steps']): RunSource {
  const ids = steps.map(({ sourceId }) => sourceId);
  const [deliveryIds, captureIds] = [idsOf(ids, 'dlv_'), idsOf(ids, 'cap_')];
  return { ...(deliveryIds.length === 0 ? {} : { deliveryIds }), ...(captureIds.length === 0 ? {} : { captureIds }) };
}

function idsOf(ids: readonly string[], prefix: 'dlv_' | 'cap_'): string[] {
  return ids.filter((id) => id.startsWith(prefix));
}

/** What a test expects of each step. */
export interface Expected {
  readonly status: boolean;
  readonly answer: boolean;
  readonly time: boolean;
  /** That what failed is delivered, which says nothing where nothing failed. */
  readonly fixed: boolean;
}

/** More ids than this make no command that somebody would paste. */
const mostIdsInCommand = 20;

interface CommandFields {
  readonly name: string;
  readonly to: string;
  readonly expect: Expected;
  /** Whether some of them failed. */
  readonly hasFailed: boolean;
}

/** The command that adds the same run to the project file; null where it would be too long. */
export function saveCommand(sourceIds: readonly string[], { name, to, expect, hasFailed }: CommandFields): string | null {
  if (sourceIds.length > mostIdsInCommand) return null;
  const [deliveries, captures] = [idsOf(sourceIds, 'dlv_'), idsOf(sourceIds, 'cap_')];
  const kinds = (['status', 'answer', 'time', 'fixed'] as const).filter((kind) => expect[kind] && (kind !== 'fixed' || hasFailed));
  return [
    `hookyard run save ${shellArgument(name)}`,
    ...(deliveries.length === 0 ? [] : [`--deliveries ${deliveries.join(' ')}`]),
    ...(captures.length === 0 ? [] : [`--captures ${captures.join(' ')}`]),
    ...(to === '' ? [] : [`--to ${shellArgument(to)}`]),
    ...(kinds.join(',') === 'status' ? [] : [`--expect ${kinds.length === 0 ? 'delivered' : kinds.join(',')}`]),
  ].join(' ');
}

/** The command that runs a run of the project, in the same way. */
export function runCommand(
  name: string,
  { to, hasGaps }: { readonly to: string; readonly hasGaps: boolean } = { to: '', hasGaps: true },
): string {
  const target = to.trim() === '' ? [] : [`--to ${shellArgument(to.trim())}`];
  return [`hookyard run ${shellArgument(name)}`, ...target, ...(hasGaps ? [] : ['--no-gaps'])].join(' ');
}

/** The file of a project with this run alone, to be downloaded. */
export function runFileText(text: string): string {
  return `hookyard: 1\n${text}`;
}

/** A name for a run, from that of an event type. */
export function runNameOf(eventType: string): string {
  const words = eventType
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return words === '' ? 'saved' : words;
}
