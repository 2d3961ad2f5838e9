import { expect, it, onTestFinished } from 'vitest';
import { createCallPeer } from '#hosts/shared/call-peer.ts';
import { createLargeJson, type LargeJson } from '#hosts/shared/large-json.ts';
import { base64ForAnswer } from '#engine/base/deferred-text.ts';
import { JsonText } from '#shared/contract/json.ts';
import { DoorError } from '#hosts/shared/door-error.ts';

const large = 'x'.repeat(300_000);
const frame = (i: string, json: unknown) => JSON.stringify({ i, p: { u: '/a/b', b: { json } } });
const abort = (i: string) => JSON.stringify({ i, t: 4 });

interface Sent {
  readonly i: string;
  readonly p: { readonly s?: number; readonly b: { readonly json: unknown } };
}

/** A peer that answers with what it is given, over real threads; `change` puts something between it and them. */
function echo(change: (json: LargeJson) => Partial<LargeJson> = () => ({})) {
  const json = createLargeJson();
  onTestFinished(json.close);
  const calls: unknown[] = [];
  const sent: Sent[] = [];
  const frames: (string | Uint8Array)[] = [];
  const peer = createCallPeer(
    ({ body }) => {
      const { json: input } = body as { readonly json: unknown };
      calls.push(input);
      return Promise.resolve({ status: 200, headers: {}, body: { json: input } });
    },
    { ...json, ...change(json) },
    async (each) => {
      frames.push(each);
      sent.push(JSON.parse(Buffer.from(each).toString()) as Sent);
    },
  );
  return { peer, calls, sent, frames };
}

it('answers small calls as text at once, large ones with bytes that a thread has written', async () => {
  const { peer, sent, frames } = echo();
  await peer.message(frame('1', { a: 1 }));
  await peer.message(frame('2', { data: { large } }));
  expect(sent.map(({ i, p }) => [i, p.b.json])).toEqual([
    ['1', { a: 1 }],
    ['2', { data: { large } }],
  ]);
  expect(frames.map((each) => typeof each === 'string')).toEqual([true, false]);
});

it('reads the body of a large call as bytes, and data as text', async () => {
  const { peer, calls } = echo();
  const body = Buffer.alloc(300_000, 0xff);
  await peer.message(Buffer.from(frame('1', { event: { data: [large] }, request: { bodyBase64: body.toString('base64') } })));
  expect(calls).toMatchObject([{ event: { data: { text: JSON.stringify([large]) } }, request: { bodyBase64: new Uint8Array(body) } }]);
});

it('answers other calls while a large one is being read', async () => {
  const gate = Promise.withResolvers<void>();
  const { peer, sent } = echo((json) => ({ readFrame: async (each) => gate.promise.then(() => json.readFrame(each)) }));
  const reading = peer.message(frame('large', { large }));
  await peer.message(frame('small', {}));
  expect(sent.map(({ i }) => i)).toEqual(['small']);
  gate.resolve();
  await reading;
  expect(sent.map(({ i }) => i)).toEqual(['small', 'large']);
});

it('answers other calls while a large answer is being written', async () => {
  const gate = Promise.withResolvers<void>();
  const { peer, sent } = echo((json) => ({
    write: async (answer) => {
      if ((answer as Sent).i === 'large') await gate.promise;
      return json.write(answer);
    },
  }));
  const writing = peer.message(frame('large', { large }));
  await peer.message(frame('small', {}));
  expect(sent.map(({ i }) => i)).toEqual(['small']);
  gate.resolve();
  await writing;
  expect(sent.map(({ i }) => i)).toEqual(['small', 'large']);
});

it('does not make a call that is given up while it is being read', async () => {
  const gate = Promise.withResolvers<void>();
  const { peer, calls, sent } = echo((json) => ({ readFrame: async (each) => gate.promise.then(() => json.readFrame(each)) }));
  const reading = peer.message(frame('1', { large }));
  await peer.message(abort('1'));
  gate.resolve();
  await reading;
  expect([calls, sent]).toEqual([[], []]);
  await peer.message(frame('2', { large }));
  expect(sent.map(({ i }) => i)).toEqual(['2']);
});

it.each([
  ['nested too deep', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400, 'JSON_INVALID'],
  ['of too many values', `[${'1,'.repeat(200_000)}1]`, 422, 'INPUT_INVALID'],
])('refuses a large call that is %s, by its own id', async (_, input, status, code) => {
  const { peer, sent, calls } = echo();
  await peer.message(`{"i":"7","p":{"u":"/a/b","b":{"json":${input}}}}`);
  expect(sent).toMatchObject([{ i: '7', p: { s: status, b: { json: { code, status } } } }]);
  expect(calls).toEqual([]);
});

it('rejects for a large frame that is no call', async () => {
  await expect(echo().peer.message(`{"i":${'['.repeat(200_000)}`)).rejects.toThrow(SyntaxError);
});

it('refuses the call whose answer cannot be written, and goes on', async () => {
  const { peer, sent } = echo((json) => ({
    write: (answer) =>
      (answer as Sent).i === '1' ? Promise.reject(new DoorError(503, 'ANSWER_TOO_LARGE', 'Too large.')) : json.write(answer),
  }));
  await peer.message(frame('1', { large }));
  await peer.message(frame('2', {}));
  expect(sent).toMatchObject([
    { i: '1', p: { s: 503, b: { json: { code: 'ANSWER_TOO_LARGE', message: 'Too large.' } } } },
    { i: '2', p: { b: { json: {} } } },
  ]);
});

it('hands a text over once that stands in an answer twice', async () => {
  const json = createLargeJson();
  onTestFinished(json.close);
  const sample = new JsonText(`["${large}"]`);
  const written = await json.write({ sample, samples: [{ name: 'a', data: sample }], other: new JsonText('[1.10]') });
  expect(Buffer.from(written ?? []).toString()).toBe(`{"sample":["${large}"],"samples":[{"name":"a","data":["${large}"]}],"other":[1.10]}`);
});

it('writes the same bytes twice from one memory, which it gives to the thread', async () => {
  const json = createLargeJson();
  onTestFinished(json.close);
  const body = Buffer.allocUnsafeSlow(300_000).fill(0xe9);
  const text = body.toString('base64');
  const written = await json.write({ one: base64ForAnswer(body), other: base64ForAnswer(Buffer.from('aaa'), body) });
  expect(JSON.parse(Buffer.from(written ?? []).toString())).toEqual({ one: text, other: `YWFh${text}` });
  expect(body.byteLength).toBe(0);
});
