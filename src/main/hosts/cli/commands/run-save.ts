import { Command } from 'commander';
import type { WrittenRun } from '#shared/contract/runs.ts';
import { gapsText } from '#shared/run-words.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { addDeliveryFlags, readFilter, type DeliveryFlags } from '../delivery-flags.ts';
import type { EngineClient } from '../engine-client.ts';
import { findBin } from '../find-bin.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { printNote } from '../output.ts';
import { runFileOf } from '../project-files.ts';
import { writeProjectFiles } from '../project-writing.ts';

interface Flags extends HostFlags, DeliveryFlags {
  readonly deliveries?: readonly string[];
  readonly captures?: readonly string[];
  readonly bin?: string;
  readonly to?: string;
  readonly expect?: Expected;
  readonly project?: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

type Input = Parameters<EngineClient['runs']['write']>[0];
type Expected = NonNullable<Input['expect']>;

const expectations = ['status', 'answer', 'time', 'fixed'] as const;

/** `run save`: deliveries or captures become a run of the project. */
export function saveRunCommand(): Command {
  const command = new Command('save')
    .description(
      'Save deliveries or captures as a test: a run in the project file, with their bodies, order and gaps, and what was answered',
    )
    .argument('<name>', 'the name of the run')
    .option('--deliveries <ids...>', 'these deliveries; without ids, those that --status, --endpoint, --event and the like choose')
    .option('--captures <ids...>', 'these captures')
    .option('--bin <bin>', 'captures of this bin, by its id, slug or name; --event, --q, --since and --until narrow them')
    .option('--to <url|endpoint>', 'where the run sends to (default: where the deliveries went)')
    .option(
      '--expect <kinds>',
      'what steps expect, separated by commas: status (the default), answer, time, and fixed, for what failed to be delivered; or only delivered',
      readExpected,
    )
    .option('--project <path>', 'the file or folder of the project (default: the nearest one, or a new hookyard.yaml here)')
    .option('--replace', 'replace the run of this name')
    .option('--dry-run', 'print the run, and write nothing');
  return addDeliveryFlags(addHostFlags(command)).action(async (name: string, flags: Flags) => await save(name, flags));
}

async function save(name: string, flags: Flags): Promise<void> {
  const { dryRun } = flags;
  await ask(
    flags,
    async (client) => {
      const place = dryRun === true ? null : await runFileOf(client, name, flags.project);
      const written = await client.runs.write({
        name,
        ...(await sourcesOf(client, flags)),
        ...(flags.to === undefined ? {} : { to: flags.to }),
        ...(flags.expect === undefined ? {} : { expect: flags.expect }),
        ...(place === null ? {} : { file: place.file }),
        replace: flags.replace === true,
      });
      for (const note of written.notes) printNote(note);
      if (place !== null) {
        const bodies = written.bodies.map(({ path, contentBase64 }) => ({ path, content: Buffer.from(contentBase64, 'base64') }));
        const project = { path: place.path, content: Buffer.from(written.fileText ?? '', 'utf8'), before: place.file.text };
        writeProjectFiles(place.folder, [...bodies, project]);
      }
      return { ...written, file: place?.file.name ?? null };
    },
    (written) => (written.file === null ? written.text.trimEnd() : savedText(written, written.file)),
  );
}

async function sourcesOf(client: EngineClient, flags: Flags): Promise<Partial<Input>> {
  const filter = await readFilter(client, flags);
  const isFiltered = Object.keys(filter).length > 0;
  const { deliveries, captures, bin } = flags;
  if (bin !== undefined) {
    const { eventType, q, fromMs, toMs, messageId, ...others } = filter;
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw usageError('Captures have no status, endpoint, replay or test: narrow them by --event, --q, --since and --until.');
    const given = { binId: await findBin(client, bin), eventType, q, fromMs, toMs, messageId };
    return { captureFilter: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  }
  if (deliveries === undefined && captures === undefined && !isFiltered)
    throw usageError(
      'Say what to save: --deliveries or --captures with ids, --bin, or which deliveries, such as --endpoint Shop --since 10m.',
    );
  if (isFiltered && (deliveries !== undefined || captures !== undefined))
    throw usageError('Give ids, or options that choose deliveries, and not both.');
  return {
    ...(deliveries === undefined ? {} : { deliveryIds: [...deliveries] }),
    ...(captures === undefined ? {} : { captureIds: [...captures] }),
    ...(isFiltered ? { deliveryFilter: filter } : {}),
  };
}

function readExpected(text: string): Expected {
  const kinds = text.split(',').map((each) => each.trim());
  const unknown = kinds.find((kind) => kind !== 'delivered' && !(expectations as readonly string[]).includes(kind));
  if (unknown !== undefined) throw usageError(`--expect takes ${expectations.join(', ')} or delivered, and "${unknown}" is none of them.`);
  return Object.fromEntries(expectations.map((kind) => [kind, kinds.includes(kind)]));
}

function savedText({ name, steps, to, gapsMs, speed, secrets }: WrittenRun, file: string): string {
  const gaps = gapsText(gapsMs, speed);
  const variables = secrets.filter((reference) => reference.startsWith('env:')).map((reference) => reference.slice('env:'.length));
  return [
    `Saved the run ${name} in ${file}: ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} to ${to}${gaps === null ? '' : `; ${gaps}`}`,
    ...(variables.length === 0 ? [] : [`Set ${variables.join(' and ')} to what the receiver verifies with.`]),
    `Run it: hookyard run ${/\s/.test(name) ? `"${name}"` : name}`,
  ].join('\n');
}
