import { createScanner } from './script-scanner.ts';

/**
 * Where an expression of JavaScript ends that is not read but skipped: the offset of the bracket that closes what it stands in, or of the
 * comma behind it if `endsAtComma`. Null where its brackets, quotes or comments do not close. Looks at each character once.
 */
export function codeEnd(binary: string, from: number, endsAtComma: boolean, isBehindValue = false): number | null {
  const scanner = createScanner(binary, from, 'whole');
  if (isBehindValue) scanner.moveTo(from);
  for (;;) {
    const token = scanner.next();
    if (token === 'end' || token === 'broken') return null;
    if (token === 'stray') return scanner.depth() === 0 ? scanner.start() : null;
    if (endsAtComma && token === 'sign' && scanner.depth() === 0 && binary[scanner.start()] === ',') return scanner.start();
  }
}
