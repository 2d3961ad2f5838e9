import { spawn, spawnSync } from 'node:child_process';

/** What was found out of each program so far: many files ask of the same few, and some take long to say that they are there. */
const found = new Map<string, string | null>();

/** Why a program cannot be run on this machine, or null. The flags make it end at once. */
export function missingProgram(command: string, ...flags: readonly string[]): string | null {
  const asked = JSON.stringify([command, flags]);
  const known = found.get(asked);
  if (known !== undefined) return known;
  const { status } = spawnSync(command, flags, { stdio: 'ignore' });
  const missing = status === 0 ? null : `${command} is not installed`;
  found.set(asked, missing);
  return missing;
}

/** Runs a program to its end and gives what it printed; rejects with what it complained of. */
export async function outputOf(
  command: string,
  flags: readonly string[],
  { cwd, env = process.env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(command, flags, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  const complaints: string[] = [];
  child.stdout.on('data', (bytes: Buffer) => printed.push(bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const status = await promise;
  if (status !== 0)
    throw new Error(`${command} ended with ${status}: ${`${complaints.join('')}${printed.join('').slice(-2000)}`.slice(0, 4000)}`);
  return printed.join('');
}
