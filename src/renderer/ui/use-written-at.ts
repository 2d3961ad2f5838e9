import { useState } from 'react';

/** When a text was written, so that `2h` ago in it stays the same time until it is written anew. */
export function useWrittenAtMs(text: string): number {
  const [written, setWritten] = useState(() => ({ text, atMs: Date.now() }));
  if (written.text === text) return written.atMs;
  const now = { text, atMs: Date.now() };
  setWritten(now);
  return now.atMs;
}
