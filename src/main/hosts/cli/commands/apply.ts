import { Command } from 'commander';
import type { ApplyResult, ProjectChange } from '#shared/contract/project.ts';
import { dataDirOption, logLevelOption } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { agreeToReads } from '../agree-to-reads.ts';
import { HostGone, openEngine, type EngineClient } from '../engine-client.ts';
import { printJson, printLine, printNote, toned } from '../output.ts';
import { documentsOf, readProjectFiles, secretsOf, unsetReferences } from '../project-files.ts';

interface Flags {
  readonly project?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly yes?: boolean;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly json?: boolean;
}

/** The `apply` command: makes a workspace as a project says. */
export function applyCommand(): Command {
  return new Command('apply')
    .description('Make the workspace as the project says: hookyard.yaml, or the files in .hookyard, from this folder upwards')
    .option('--project <path>', 'the file or folder of the project')
    .option('--dry-run', 'only say what would change')
    .option('--prune', 'also remove what the project does not have; shows it first, and needs --yes')
    .option('--yes', 'read what the project names without asking, and remove what --prune shows')
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .option('--json', 'print one JSON document')
    .action(async (flags: Flags) => await applyProject(flags));
}

async function applyProject(flags: Flags): Promise<void> {
  const given = readProjectFiles(flags.project);
  const { folder, files } = given;
  const session = await openEngine({ dataDir: flags.dataDir, logLevel: flags.logLevel, capturePort: false });
  try {
    const { client } = session;
    const named = await client.project.references({ files });
    const documents = named.documents.map(({ name }) => name);
    const unset = unsetReferences(named.secrets, folder);
    await agreeToReads(client, given, { documents, unset, isDryRun: flags.dryRun === true, isAgreed: flags.yes === true });
    const project = { files, secrets: secretsOf(named.secrets, folder), unset, documents: documentsOf(named.documents, folder) };
    const result = await (
      flags.prune === true ? pruned(client, project, flags) : client.project.apply({ ...project, dryRun: flags.dryRun === true })
    ).catch((error: unknown) => {
      throw error instanceof HostGone
        ? usageError(`${error.message} "hookyard apply --dry-run" shows what is left.`, { cause: error })
        : error;
    });
    if (flags.json === true) printJson(result);
    else printLine(describe(result));
    process.exitCode = result.isComplete ? 0 : 1;
  } finally {
    await session.close();
  }
}

type Project = Pick<Parameters<EngineClient['project']['apply']>[0], 'files' | 'secrets' | 'unset' | 'documents'>;

/** Removes only what a dry run has shown. */
async function pruned({ project }: EngineClient, given: Project, { dryRun, yes, json }: Flags): Promise<ApplyResult> {
  const plan = await project.apply({ ...given, prune: true, dryRun: true });
  const removed = plan.changes.filter(({ action }) => action === 'remove');
  if (dryRun === true) return plan;
  if (removed.length > 0 && yes !== true) {
    if (json !== true) printLine(describe(plan));
    throw usageError(`This would remove ${removed.length} of these: add --yes to do it.`);
  }
  if (removed.length > 0) printNote(`Removing ${removed.map(({ kind, name }) => `${kind}.${name}`).join(', ')}`);
  return await project.apply({ ...given, prune: true, planId: plan.planId });
}

const signs = { create: '+', change: '~', remove: '-' } as const;

function describe({ changes, kept, message, others }: ApplyResult): string {
  const lines = changes.flatMap((change) => [
    lineOf(change),
    ...change.fields.map(({ path, before, after }) => `    ${path}${valuesOf(before, after)}`),
  ]);
  const left =
    others.length === 0
      ? []
      : [
          `${others.length} more in the workspace ${others.length === 1 ? 'is' : 'are'} not in the project, and ${others.length === 1 ? 'stays' : 'stay'}.`,
        ];
  return [...lines, message, ...kept.map((each) => each.message), ...left].join('\n');
}

function lineOf({ kind, name, action, state }: ProjectChange): string {
  const line = `${signs[action]} ${kind}.${name}`;
  if (state === 'failed') return `${line}  ${toned('failed', 'bad')}`;
  return state === 'not-done' ? `${line}  ${toned('not done', 'waiting')}` : line;
}

function valuesOf(before: string | null, after: string | null): string {
  if (before === null && after === null) return '';
  return `: ${before ?? 'nothing'} → ${after ?? 'nothing'}`;
}
