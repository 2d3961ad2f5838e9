import { Command, InvalidArgumentError } from 'commander';
import type { AnswerDifference, Relay } from '#shared/contract/relays.ts';
import type { RelayTarget } from '#shared/contract/relay-targets.ts';
import { durationText, formatDurationMs } from '#shared/duration-text.ts';
import { collect } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { addHostFlags, addListFlags, ask, noteNext, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, table } from '../output.ts';
import { duration } from '../time-flags.ts';

/** What the commands of a relay need of it. */
export interface RelayAccess {
  /** Finds a relay by its id or name. */
  readonly find: (client: Pick<EngineClient, 'relays'>, idOrName: string) => Promise<Relay>;
  readonly describe: (relay: Relay, client: EngineClient) => Promise<string>;
}

interface AnswerFlags extends HostFlags {
  readonly within?: number;
  readonly otherwise?: 'bin' | number;
}

interface ShadowFlags extends HostFlags {
  readonly of?: string;
  readonly ignoreHeader?: readonly string[];
  readonly ignorePath?: readonly string[];
  readonly tolerance?: number;
}

/** `relays answer`: whose answer the sender gets. */
export function answerCommand({ find, describe }: RelayAccess): Command {
  return addHostFlags(new Command('answer').description('Choose whose answer the sender gets: that of one target, or of the bin at once'))
    .argument('<relay>', 'its id or name')
    .argument('<target>', 'id, name or URL of the target, or bin')
    .option('--within <time>', 'how long the sender is kept waiting, such as 3s (default 5s)', duration)
    .option('--otherwise <answer>', 'what is answered when it is late or fails: bin (the default), or a status such as 504', readOtherwise)
    .action(async (idOrName: string, name: string, flags: AnswerFlags) => {
      await ask(
        flags,
        async (client) => {
          const relay = await find(client, idOrName);
          if (name === 'bin') return await client.relays.update({ id: relay.id, answer: null });
          const target = placeOf(relay, name);
          const { within: withinMs, otherwise } = flags;
          const given = { ...(withinMs === undefined ? {} : { withinMs }), ...(otherwise === undefined ? {} : { otherwise }) };
          return await client.relays.update({ id: relay.id, answer: { target, ...given } });
        },
        describe,
      );
    });
}

/** `relays shadow`: a target that is tried out beside another one. */
export function shadowCommand({ find, describe }: RelayAccess): Command {
  return addHostFlags(new Command('shadow').description('Try out a target beside another one: their answers are compared'))
    .argument('<relay>', 'its id or name')
    .argument('<target>', 'id, name or URL of the target that is tried out, or none')
    .option('--of <target>', 'the target that it is compared with')
    .option('--ignore-header <name>', 'a header that may differ, once or several times (default Date)', collect)
    .option('--ignore-path <path>', 'a value of the JSON that may differ, such as $.id or $.items[*].createdAt', collect)
    .option('--tolerance <time>', 'how far apart their times may be (default 250ms)', duration)
    .action(async (idOrName: string, name: string, flags: ShadowFlags) => {
      await ask(
        flags,
        async (client) => {
          const relay = await find(client, idOrName);
          if (name === 'none') return await client.relays.update({ id: relay.id, shadow: null });
          if (flags.of === undefined) throw usageError('Give --of: the target whose answers those of the shadow are compared with.');
          const { ignoreHeader, ignorePath, tolerance } = flags;
          const shadow = {
            target: placeOf(relay, name),
            of: placeOf(relay, flags.of),
            ignore: {
              ...(ignoreHeader === undefined ? {} : { headers: [...ignoreHeader] }),
              ...(ignorePath === undefined ? {} : { paths: [...ignorePath] }),
            },
            ...(tolerance === undefined ? {} : { toleranceMs: tolerance }),
          };
          return await client.relays.update({ id: relay.id, shadow });
        },
        describe,
      );
    });
}

/** `relays differences`: what the shadow answered otherwise. */
export function differencesCommand({ find }: Pick<RelayAccess, 'find'>): Command {
  return addListFlags(new Command('differences').description('List captures that the shadow of a relay answered otherwise, newest first'))
    .argument('<relay>', 'its id or name')
    .action(async (idOrName: string, flags: ListFlags) => {
      await ask(
        flags,
        async (client) => {
          const { id } = await find(client, idOrName);
          const { limit, cursor } = flags;
          return await client.relays.differences({ id, limit: Math.min(limit, 50), ...(cursor === undefined ? {} : { cursor }) });
        },
        ({ items, next, message }) => {
          noteNext(next);
          return [
            message,
            ...(items.length === 0
              ? []
              : ['', table(['WHEN', 'CAPTURE', 'REQUEST', 'TIMES', 'DIFFERENCE'], items.map(row)), ...changeLines(items)]),
          ].join('\n');
        },
      );
    });
}

function row({ atMs, captureId, method, path, before, after, summary }: AnswerDifference): readonly string[] {
  const took = (ms: number | null) => (ms === null ? '-' : durationText(ms));
  return [formatTime(atMs), captureId, `${method} ${path}`, `${took(before.durationMs)} / ${took(after.durationMs)}`, summary];
}

/** Values that differ, below the table. */
function changeLines(items: readonly AnswerDifference[]): readonly string[] {
  const lines = items.flatMap(({ captureId, headers, body }) => [
    ...headers.map(({ name, before, after }) => `${captureId} ${name}: ${before ?? '(none)'} -> ${after ?? '(none)'}`),
    ...(body?.changes ?? []).map(({ path, before, after }) => `${captureId} ${path}: ${before ?? '(none)'} -> ${after ?? '(none)'}`),
  ]);
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The place of a target in its relay. */
export function placeOf({ name: relayName, targets }: Pick<Relay, 'name' | 'targets'>, asked: string): number {
  const place = targets.findIndex((target) => isCalled(target, asked));
  if (place === -1)
    throw usageError(
      `${relayName} has no target "${asked}": give one of ${targets.map(({ name, url }) => (name === '' ? url : name)).join(', ')}.`,
    );
  return place;
}

function isCalled({ id, name, url }: RelayTarget, asked: string): boolean {
  return id === asked || url === asked || url === `${asked}/` || (name !== '' && name.toLowerCase() === asked.toLowerCase());
}

function readOtherwise(text: string): 'bin' | number {
  if (text === 'bin') return 'bin';
  if (!/^[2-5]\d\d$/.test(text)) throw new InvalidArgumentError('Use bin, or a status such as 504.');
  return Number(text);
}

/** Whose answer the sender gets, and what is tried out, in lines for people. */
export function answerLines({ answer, shadow, targets }: Pick<Relay, 'answer' | 'shadow' | 'targets'>): readonly string[] {
  const called = (place: number) => {
    const target = targets[place];
    return target === undefined ? '' : target.name === '' ? target.url : target.name;
  };
  return [
    ...(answer === null
      ? []
      : [
          `The sender gets the answer of ${called(answer.target)} within ${formatDurationMs(answer.withinMs)}, or ${answer.otherwise === 'bin' ? 'that of the bin' : answer.otherwise}`,
        ]),
    ...(shadow === null
      ? []
      : [`${called(shadow.target)} is the shadow of ${called(shadow.of)}: "hookyard relays differences" lists what differs`]),
  ];
}
