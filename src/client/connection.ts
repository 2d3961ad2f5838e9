import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { HookyardError } from './errors.ts';

/** Where a host is and what opens it. */
export interface ConnectOptions {
  /** Such as `http://127.0.0.1:4600`; by default `HOOKYARD_URL`. */
  readonly url?: string;
  /** By default `HOOKYARD_TOKEN`. */
  readonly token?: string;
}

/** Calls of the REST API of a host. */
export interface Connection {
  /** The answer to a call; rejects with a {@link HookyardError}. `path` begins behind `/api`. */
  readonly call: <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<T>;
}

/** A connection to a host. The environment is read at the first call, so that a test file can be loaded without a host. */
export function openConnection(options: ConnectOptions): Connection {
  return {
    call: async <T>(method: string, path: string, body?: unknown) => {
      const { url, token } = hostOf(options);
      const { status, text } = await exchange(new URL(`/api${path}`, url), method, token, body);
      if (status >= 200 && status < 300) return parsed(text, url) as T;
      if (status === 401) throw new HookyardError(`The Hookyard at ${url} refuses the token: give the one that it printed.`, { status });
      throw refusalOf(text, status, `${method} /api${path}`);
    },
  };
}

function hostOf({ url, token }: ConnectOptions): { readonly url: string; readonly token: string } {
  return { url: given(url, 'url', 'HOOKYARD_URL'), token: given(token, 'token', 'HOOKYARD_TOKEN') };
}

function given(value: string | undefined, option: string, variable: string): string {
  const found = value ?? process.env[variable] ?? '';
  if (found === '')
    throw new HookyardError(
      `${variable} is not set: run the tests with "hookyard with -- COMMAND", which sets it, or give connect() the ${option} of a host that runs.`,
    );
  if (option === 'url' && !URL.canParse(found))
    throw new HookyardError(`${found} is no URL: give that of a host, such as http://127.0.0.1:4600.`);
  return found;
}

interface Exchange {
  readonly status: number;
  readonly text: string;
}

/**
 * One HTTP exchange. Not by `fetch`, which tests often replace, and which gives up on an answer after five minutes, half of what a wait may
 * take.
 */
async function exchange(url: URL, method: string, token: string, body: unknown): Promise<Exchange> {
  const payload = body === undefined ? null : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(payload === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  };
  return await new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(
        new HookyardError(
          `No Hookyard answers at ${url.origin} (${error.code ?? error.message}): start one with "hookyard serve", or run the tests with "hookyard with -- COMMAND".`,
          { cause: error },
        ),
      );
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', fail);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    request.once('error', fail);
    request.end(payload ?? undefined);
  });
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HookyardError(`What answers at ${url} is no Hookyard: give the URL of a host that runs.`, { cause: error });
  }
}

interface Refusal {
  readonly code?: string;
  readonly message?: string;
  readonly data?: { readonly issues?: readonly { readonly path: string; readonly message: string }[] };
}

function refusalOf(text: string, status: number, call: string): HookyardError {
  let refusal: Refusal = {};
  try {
    refusal = JSON.parse(text) as Refusal;
  } catch {
    // What is no JSON has no sentence to pass on.
  }
  const issues = (refusal.data?.issues ?? []).filter(({ message }) => refusal.message?.includes(message) !== true);
  const message = refusal.message ?? `${call} was answered with ${status}, and not by a Hookyard: give the URL of a host that runs.`;
  return new HookyardError([message, ...issues.map((issue) => `  ${issue.path}: ${issue.message}`)].join('\n'), {
    code: refusal.code ?? null,
    status,
  });
}
