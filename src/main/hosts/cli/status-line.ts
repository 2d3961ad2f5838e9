import { plainText } from '../shared/plain-text.ts';

/** One line at the end of a terminal that says what is going on, in place of the one before. */
export interface StatusLine {
  /** Shows a text, made anew each second by how long it has been shown. */
  readonly show: (text: (passedMs: number) => string) => void;
  /** Takes the line away: before anything else is printed, and at the end. */
  readonly clear: () => void;
}

const everyMs = 1000;

/** A status line on standard error; null where that is no terminal. */
export function openStatusLine(): StatusLine | null {
  const { stderr } = process;
  if (!stderr.isTTY) return null;
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    stderr.write('\r\u001b[K');
  };
  return {
    show: (text) => {
      const sinceMs = performance.now();
      const write = () => stderr.write(`\r\u001b[K${inOneLine(text(performance.now() - sinceMs), stderr.columns)}`);
      clearInterval(timer);
      timer = setInterval(write, everyMs).unref();
      write();
    },
    clear,
  };
}

/** As much of a text as one line has room for: of one that goes on in the next line only the end would be taken away. */
function inOneLine(text: string, columns: number): string {
  const line = plainText(text).replaceAll('\n', '\\n');
  const room = Math.max(1, (columns > 0 ? columns : 80) - 1);
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}
