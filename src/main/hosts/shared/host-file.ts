import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '#engine/store/write-whole.ts';
import { codeOf } from './data-dir.ts';
import { usageError } from './exit-error.ts';

const hostFacts = z.object({
  pid: z.number().int().positive(),
  /** Such as `http://127.0.0.1:4600`, without a slash at the end. */
  url: z.url(),
  token: z.string().min(1),
});

/** Where the host that runs on a data folder listens, and the token that opens it. */
export type HostFacts = z.infer<typeof hostFacts>;

const pathIn = (dataDir: string) => join(dataDir, 'host.json');

/** Leaves a note in the data folder for the command line; only the user may read it. Throws a usage error when it cannot. */
export function writeHostFile(dataDir: string, facts: HostFacts): void {
  const path = pathIn(dataDir);
  try {
    writeWhole(path, `${JSON.stringify(facts)}\n`, 0o600);
  } catch (error) {
    throw usageError(
      `Hookyard cannot write ${path} (${codeOf(error)}), by which its command line finds it: make the folder writable, with room on its disk, and start again.`,
      { cause: error },
    );
  }
}

/** Deletes the note, unless another process has written it since. */
export function removeHostFile(dataDir: string, pid: number): void {
  if (readHostFile(dataDir)?.pid !== pid) return;
  try {
    rmSync(pathIn(dataDir), { force: true });
  } catch {
    // The disk accepts no changes; a reader of the note finds that the process is gone.
  }
}

/** The note as it stands, or null when there is none that can be read; its host may have died since. */
function readHostFile(dataDir: string): HostFacts | null {
  try {
    return hostFacts.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

/** The host that runs on a data folder now: its process lives and it answers to the token. Null when there is none. */
export async function findRunningHost(dataDir: string, timeoutMs = 3000): Promise<HostFacts | null> {
  const facts = readHostFile(dataDir);
  if (facts === null || !isAlive(facts.pid)) return null;
  try {
    return (await healthStatus(facts, timeoutMs)) === 200 ? facts : null;
  } catch {
    return null;
  }
}

/** Not by `fetch`, which takes longer to load than most commands to run. */
async function healthStatus({ url, token }: HostFacts, timeoutMs: number): Promise<number | undefined> {
  const asked = get(`${url}/api/health`, {
    agent: false,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  asked.destroy();
  return answer.statusCode;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process is alive but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
