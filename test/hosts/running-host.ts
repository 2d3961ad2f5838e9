import { startCommand, type RunningCommand } from './command.ts';

/** A headless host in a process of its own, called over REST as a script does. */
export interface RunningHost {
  readonly command: RunningCommand;
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** What GET of a path answers once it satisfies `isReached`; it is asked for again after each change in the engine. */
  readonly answerWhen: <T>(path: string, isReached: (answer: T) => boolean) => Promise<T>;
}

/** Starts a host without the sample on free ports; it is killed when the test ends before it. */
export async function startHost(dataDir: string): Promise<RunningHost> {
  const command = startCommand(['serve', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample']);
  const [, url = '', token = ''] = /^Ready at (.*)\/\?token=(.*)$/.exec(await command.nextLine()) ?? [];
  const authorization = `Bearer ${token}`;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return (await answer.json()) as T;
  };
  return {
    command,
    call,
    answerWhen: (path, isReached) => answerAfterChanges(`${url}/api/changes`, authorization, () => call('GET', path), isReached),
  };
}

/** What `ask` answers once it satisfies `isReached`; it is asked again at each event of the stream of changes. */
export async function answerAfterChanges<T>(
  changesUrl: string,
  authorization: string,
  ask: () => Promise<T>,
  isReached: (answer: T) => boolean,
): Promise<T> {
  const stop = new AbortController();
  try {
    const stream = await fetch(changesUrl, { headers: { authorization }, signal: stop.signal });
    if (stream.body === null) throw new Error('The stream of changes has no body.');
    // The first event says that following has begun: what happened before it shows when asked now.
    for await (const _ of stream.body) {
      const answer = await ask();
      if (isReached(answer)) return answer;
    }
    throw new Error('The stream of changes ended before that was reached.');
  } finally {
    stop.abort();
  }
}
