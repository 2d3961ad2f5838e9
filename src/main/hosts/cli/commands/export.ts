import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { projectSchemaFile } from '#shared/contract/project-file.ts';
import { dataDirOption, logLevelOption } from '#hosts/shared/command-line.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import { openEngine, type EngineClient } from '../engine-client.ts';
import { printLine, printNote } from '../output.ts';
import { projectFileAt, projectFileName, projectFolderName, projectIn, readableDocuments, type ProjectFiles } from '../project-files.ts';
import { projectSchemaText } from '../project-schema.ts';
import { schemaBefore, writeProjectFiles } from '../project-writing.ts';

interface Flags {
  readonly project?: true | string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
}

/** The `export` command: a workspace as text. */
export function exportCommand(): Command {
  return new Command('export')
    .description('Write the workspace as a project: hookyard.yaml and its JSON Schema. Secrets become references')
    .option('--project [dir]', 'the folder to write into (default: this one), or - for standard output')
    .addOption(dataDirOption())
    .addOption(logLevelOption())
    .action(async (flags: Flags) => await exportProject(flags));
}

async function exportProject({ project, dataDir, logLevel }: Flags): Promise<void> {
  if (project === undefined)
    throw usageError('Say what to export: --project writes hookyard.yaml into this folder, --project DIR into another.');
  const folder = resolve(project === true ? '.' : project);
  if (project !== '-') assertOneFile(folder);
  const schema = project === '-' ? '' : schemaBefore(folder);
  const session = await openEngine({ dataDir, logLevel, capturePort: false });
  try {
    const path = join(folder, projectFileName);
    const current = project === '-' || !existsSync(path) ? null : projectFileAt(folder, path);
    const { text, secrets } = await (current === null ? session.client.project.get() : writtenOver(session.client, current, folder));
    if (project === '-') process.stdout.write(text);
    else {
      writeProjectFiles(folder, [
        { path: projectFileName, content: Buffer.from(text), before: current?.text ?? '' },
        { path: projectSchemaFile, content: Buffer.from(projectSchemaText()), before: schema },
      ]);
      printLine(`Wrote ${path} and ${projectSchemaFile}`);
    }
    // Secret variables of environments are set by the file itself, from what they refer to.
    const toSet = secrets.filter((reference) => !reference.startsWith('vault:'));
    if (toSet.length > 0) printNote(`To apply it to another workspace, these have to be set: ${toSet.join(', ')}`);
  } finally {
    await session.close();
  }
}

/** The workspace with the runs and documents of the file that is written over. Says what is not as it was in it. */
async function writtenOver({ project }: EngineClient, current: ProjectFiles['files'][number], folder: string) {
  const first = await project.writeOver({ current });
  if (first.documents.length === 0) return first;
  const { documents, problems } = readableDocuments(first.documents, folder);
  const written = await project.writeOver({ current, documents });
  for (const note of [...problems, ...written.notes]) printNote(note);
  return written;
}

/** A project in several files says where each thing stands, which is not known here. */
function assertOneFile(folder: string): void {
  const found = projectIn(folder);
  if (found !== null && basename(found) === projectFolderName)
    throw usageError(`${found} has the project in files of its own: export into another folder, and take over what you need.`);
  if (found !== null && basename(found) !== projectFileName)
    throw usageError(`${found} is there already: rename it to ${projectFileName}.`);
}
