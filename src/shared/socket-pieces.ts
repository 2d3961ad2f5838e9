/**
 * A call of more characters goes over the WebSocket in several frames: a browser sends a message as one frame, and a server has to take a
 * frame whole, in one turn. Each of these frames is text that begins with a mark, as no JSON does.
 */
export const pieceCharacters = 65_536;

/** What a piece begins with: one that others follow, and the last. */
export const pieceMarks = { more: '\u0001', last: '\u0002' } as const;

/** The frames of a message: itself when it is short. */
export function framesOf(message: string): readonly string[] {
  if (message.length <= pieceCharacters) return [message];
  const frames: string[] = [];
  for (let from = 0; from < message.length;) {
    const to = wholeEnd(message, from + pieceCharacters);
    frames.push(`${to < message.length ? pieceMarks.more : pieceMarks.last}${message.slice(from, to)}`);
    from = to;
  }
  return frames;
}

/** An end that does not part the two halves of a character, since each frame is UTF-8 by itself. */
function wholeEnd(message: string, end: number): number {
  const code = message.charCodeAt(end - 1);
  return end < message.length && code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

/** Lets a WebSocket send long messages in pieces; returns it. */
export function sendingInPieces<S extends { send: (data: string) => void }>(socket: S): S {
  const send = socket.send.bind(socket);
  socket.send = (data: unknown) => {
    if (typeof data !== 'string') return send(data as string);
    for (const frame of framesOf(data)) send(frame);
  };
  return socket;
}
