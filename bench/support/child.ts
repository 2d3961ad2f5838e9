import { fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** A script of this folder in its own process, which answers each question with one message. */
export interface Child<Question, Answer> {
  readonly ask: (question: Question) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** Starts a script and waits for its first message, which says that it is ready. The script ends when the channel closes. */
export async function startChild<Question extends Serializable, Answer>(script: string): Promise<Child<Question, Answer>> {
  // Flags such as --cpu-prof are meant for the engine's process.
  const child = fork(resolve(import.meta.dirname, script), { execArgv: [] });
  const next = async (): Promise<unknown> => {
    const ended = new AbortController();
    try {
      const [message] = await Promise.race([
        once(child, 'message', { signal: ended.signal }),
        once(child, 'exit', { signal: ended.signal }).then(([code]) => {
          throw new Error(`${script} ended early with code ${code}; its own message is above.`);
        }),
      ]);
      return message;
    } finally {
      ended.abort();
    }
  };
  await next();
  return {
    ask: async (question) => {
      const answer = next();
      child.send(question);
      return (await answer) as Answer;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
