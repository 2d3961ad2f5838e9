import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { makeWhole } from '#engine/store/write-whole.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Environment variable that may carry the token. */
const tokenVariable = 'HOOKYARD_TOKEN';

const tokenForm = /^[\w\-.~]{16,512}$/;

/**
 * The token of this run: from the file (made with a fresh token when missing), else from the environment, else fresh.
 * The variable is removed once read, so that no child process inherits it. Throws a usage error for one that is unfit.
 */
export function resolveToken(tokenFile: string | undefined, env: Record<string, string | undefined>): string {
  const fromEnvironment = env[tokenVariable];
  delete env[tokenVariable];
  if (tokenFile !== undefined) return makeTokenFile(tokenFile) ?? readTokenFile(tokenFile);
  if (fromEnvironment === undefined || fromEnvironment === '') return freshToken();
  if (tokenForm.test(fromEnvironment)) return fromEnvironment;
  throw usageError(`${tokenVariable} is not usable: give 16 to 512 letters, digits, -, _, . or ~.`);
}

function freshToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Writes a new token, readable only by the user, or returns null when the file exists already. */
function makeTokenFile(path: string): string | null {
  const token = freshToken();
  try {
    return makeWhole(path, `${token}\n`, 0o600) ? token : null;
  } catch (error) {
    throw usageError(`The token file ${path} cannot be made (${codeOf(error)}): choose a place you may write to.`, { cause: error });
  }
}

function readTokenFile(path: string): string {
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw usageError(`The token file ${path} cannot be read (${codeOf(error)}): give your user the right to read it.`, { cause: error });
  }
  if (!tokenForm.test(token))
    throw usageError(
      `The token file ${path} holds no usable token: put 16 to 512 letters, digits, -, _, . or ~ into it, or delete it to get a fresh one.`,
    );
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw usageError(`Other users of this machine can read the token file ${path}: run chmod 600 on it.`);
  }
  return token;
}
