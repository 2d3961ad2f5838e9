import { createServer } from 'node:http';

/** Where the sink listens. */
export interface FailingSinkState {
  readonly port: number;
}

// Answers 422 with a sentence that is another one for each request and, once asked to be mended, 200 with nothing.
let isMended = false;
let count = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    count += 1;
    if (isMended) return response.writeHead(200).end();
    response.writeHead(422, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        error: { message: `No customer cus_${count.toString(36).padStart(10, '0')}` },
        requestId: `req_${count}`,
        at: count,
      }),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const state: FailingSinkState = { port: typeof address === 'object' && address !== null ? address.port : 0 };
  process.send?.(state);
  process.on('message', (question: 'state' | 'mend') => {
    isMended ||= question === 'mend';
    process.send?.(state);
  });
});
process.on('disconnect', () => process.exit());
