import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const hostFacts = z.object({
  pid: z.number().int().positive(),
  /** Such as `http://127.0.0.1:4600`, without a slash at the end. */
  url: z.url(),
  token: z.string().min(1),
});

/** Where the host that runs on a data folder listens, and the token that opens it. */
export type HostFacts = z.infer<typeof hostFacts>;

const pathIn = (dataDir: string) => join(dataDir, 'host.json');

/** Leaves a note in the data folder for the command line; only the user may read it. */
export function writeHostFile(dataDir: string, facts: HostFacts): void {
  const draft = `${pathIn(dataDir)}.${facts.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  renameSync(draft, pathIn(dataDir));
}

/** Takes the note away, unless another process has written it since. */
export function removeHostFile(dataDir: string, pid: number): void {
  if (readHostFile(dataDir)?.pid === pid) rmSync(pathIn(dataDir), { force: true });
}

/** The note as it stands, or null when there is none that can be read; its host may have died since. */
export function readHostFile(dataDir: string): HostFacts | null {
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
    const answer = await fetch(`${facts.url}/api/health`, {
      headers: { authorization: `Bearer ${facts.token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    return answer.ok ? facts : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
