/** Runs tasks with the same key one after the other; tasks with other keys do not wait for them. */
export type InTurn = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** For changes that read, decide and then write: two at once would each undo what the other did. */
export function createInTurn(): InTurn {
  const tails = new Map<string, Promise<unknown>>();
  return async <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const before = tails.get(key) ?? Promise.resolve();
    const turn = before.then(task, task);
    tails.set(key, turn);
    try {
      return await turn;
    } finally {
      if (tails.get(key) === turn) tails.delete(key);
    }
  };
}
