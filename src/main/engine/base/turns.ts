/** Lets so many continue in each turn of the event loop, and the others in the next ones, first come first served. */
export type Turns = () => Promise<void> | null;

/** Returns null when the caller need not wait. */
export function createTurns(inTurn: number): Turns {
  const waiting: (() => void)[] = [];
  let left = inTurn;
  let isTurnDue = false;
  const turn = () => {
    isTurnDue = false;
    left = inTurn;
    for (const go of waiting.splice(0, inTurn)) pass(go);
  };
  const askForTurn = () => {
    if (!isTurnDue) setImmediate(turn);
    isTurnDue = true;
  };
  const pass = (go: () => void) => {
    left -= 1;
    askForTurn();
    go();
  };
  return () => {
    if (left > 0 && waiting.length === 0) {
      pass(() => undefined);
      return null;
    }
    return new Promise((resolve) => void waiting.push(resolve));
  };
}
