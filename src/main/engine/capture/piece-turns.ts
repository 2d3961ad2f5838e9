/** Lets many senders of large bodies take turns, so that all their pieces together never fill one turn of the event loop. */
export type PieceTurns = () => Promise<void>;

/** Pieces of up to 64 KiB that are read in one turn of the event loop. */
const piecesInTurn = 8;

export function createPieceTurns(): PieceTurns {
  let waiting: (() => void)[] = [];
  const run = () => {
    const next = waiting.slice(0, piecesInTurn);
    waiting = waiting.slice(piecesInTurn);
    for (const go of next) go();
    if (waiting.length > 0) setImmediate(run);
  };
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(run);
    });
}
