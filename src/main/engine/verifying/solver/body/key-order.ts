import { Buffer } from 'node:buffer';
import { bodyCause, useRawBody, type BodyCause } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import { stringOf } from './json-escapes.ts';
import { minified, writeJson, type JsonLayout } from './json-style.ts';
import type { JsonMember, JsonNode } from './json-tree.ts';
import type { LateFamily, LateVariant } from './late-family.ts';

/** Objects with more keys than this are not tried in every order. */
const permutedKeys = 7;

/** With more keys one of them is moved at a time, up to this many keys. */
const movedKeys = 40;

/** How many kinds of objects, distinguished by their keys, are considered. */
const shapeLimit = 8;

/** Two kinds of objects are tried in every order together as long as that makes no more orders. */
const jointLimit = 5040;

/** All orders together write no more bytes, so that a large body takes no more than moments. */
const writtenBytes = 100_000_000;

/** Every order of the keys of small objects; of larger ones each key moved to each other place. */
export const keyOrders: LateFamily = {
  family: 'key-order',
  variants: function* variants(doc) {
    const node = doc.json();
    if (node === null) return;
    let left = Math.floor(writtenBytes / Math.max(1, doc.bytes.byteLength));
    for (const variant of allOrders(node, doc)) {
      if (left === 0) return;
      left -= 1;
      yield variant;
    }
  },
  leftOut: (doc) => {
    const node = doc.json();
    if (node === null) return null;
    const shapes = shapesOf(node);
    const largest = shapes.reduce((most, { length }) => Math.max(most, length), 0);
    const orders = shapes.reduce((sum, keys) => sum + orderCount(keys.length), 0);
    if (orders * doc.bytes.byteLength > writtenBytes)
      return `Not every order of the keys was tried, because the body has ${doc.bytes.byteLength.toLocaleString('en-US')} bytes.`;
    if (largest > permutedKeys)
      return `Every order of keys is tried for objects of up to ${permutedKeys} keys; the body has one of ${largest}, of which the usual orders were tried${largest > movedKeys ? '' : ' and each key moved to each other place'}.`;
    return shapes.length > shapeLimit
      ? `The order of keys was tried in ${shapeLimit} kinds of objects, and the body has ${shapes.length}.`
      : null;
  },
};

/** Whether the keys of every object are in alphabetical order, as tools list them, and there are enough keys to be sure. */
export function isSorted(node: JsonNode): boolean {
  const shapes = shapesOf(node);
  return (
    shapes.some(({ length }) => length > 2) && shapes.every((keys) => keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') <= key))
  );
}

function* allOrders(node: JsonNode, doc: BodyDoc): Generator<LateVariant, void, void> {
  const shapes = shapesOf(node).slice(0, shapeLimit);
  const cause = causeFor(isSorted(node));
  const layout = doc.layout();
  const write = (orders: Orders, style: JsonLayout) => () =>
    Buffer.from(writeJson(node, { layout: style, order: reorder(orders) }), 'latin1');
  const change = (orders: Orders) => [{ cause: cause(orders), family: 'key-order' as const }];
  for (const keys of shapes)
    for (const order of ordersOf(keys)) {
      const orders = new Map([[nameOf(keys), order]]);
      yield { causes: change(orders), make: write(orders, layout) };
    }
  yield* jointOrders(shapes, (orders) => ({ causes: change(orders), make: write(orders, layout) }));
  if (layout === minified) return;
  const minify = bodyCause('minified', 1, 'the body is minified', 'something re-serialised the JSON before verification', useRawBody);
  for (const keys of shapes)
    for (const order of ordersOf(keys)) {
      const orders = new Map([[nameOf(keys), order]]);
      yield { causes: [{ cause: minify, family: 'layout' }, ...change(orders)], make: write(orders, minified) };
    }
}

/** New orders of keys, by the keys in their own order. */
type Orders = ReadonlyMap<string, readonly string[]>;

function* jointOrders(
  shapes: readonly (readonly string[])[],
  variantOf: (orders: Orders) => LateVariant,
): Generator<LateVariant, void, void> {
  for (const [at, one] of shapes.entries())
    for (const other of shapes.slice(at + 1)) {
      if (orderCount(one.length) * orderCount(other.length) > jointLimit) continue;
      for (const first of ordersOf(one))
        for (const second of ordersOf(other))
          yield variantOf(
            new Map([
              [nameOf(one), first],
              [nameOf(other), second],
            ]),
          );
    }
}

function reorder(orders: Orders): (members: readonly JsonMember[]) => readonly JsonMember[] {
  return (members) => {
    const order = orders.get(nameOf(members.map(({ key }) => key)));
    if (order === undefined) return members;
    const byKey = new Map(members.map((member) => [member.key, member]));
    return order.flatMap((key) => byKey.get(key) ?? []);
  };
}

function nameOf(keys: readonly string[]): string {
  return keys.join('\u0001');
}

function orderCount(keys: number): number {
  if (keys > movedKeys) return 0;
  if (keys > permutedKeys) return (keys - 1) ** 2;
  return Array.from({ length: keys }, (_, index) => index + 1).reduce((product, factor) => product * factor, 1) - 1;
}

/** The keys of each kind of object in their own order, outermost first; repeated keys have no other order that a parser keeps. */
function shapesOf(node: JsonNode): readonly (readonly string[])[] {
  const shapes = new Map<string, readonly string[]>();
  let level: readonly JsonNode[] = [node];
  while (level.length > 0 && shapes.size <= shapeLimit * 4) {
    for (const each of level)
      if (each.kind === 'object' && each.members.length > 1) {
        const keys = each.members.map(({ key }) => key);
        if (new Set(keys).size === keys.length) shapes.set(nameOf(keys), keys);
      }
    level = level.flatMap((each) =>
      each.kind === 'object' ? each.members.map(({ value }) => value) : each.kind === 'array' ? each.items : [],
    );
  }
  return [...shapes.values()];
}

/** Every other order of few keys; of more, those with one key moved. */
function* ordersOf(keys: readonly string[]): Generator<readonly string[], void, void> {
  if (keys.length > movedKeys) return;
  if (keys.length > permutedKeys) return yield* movesOf(keys);
  let isFirst = true;
  for (const order of permutations(keys)) {
    if (!isFirst) yield order;
    isFirst = false;
  }
}

function* movesOf(keys: readonly string[]): Generator<readonly string[], void, void> {
  for (const [from, key] of keys.entries()) {
    const rest = keys.toSpliced(from, 1);
    // For neighbours, moving one key is the same as moving the other one back.
    for (let to = 0; to < keys.length; to += 1) if (to !== from && to !== from - 1) yield rest.toSpliced(to, 0, key);
  }
}

/** The first is the order that was given. */
function* permutations(keys: readonly string[]): Generator<readonly string[], void, void> {
  if (keys.length < 2) return yield keys;
  for (const [index, key] of keys.entries()) for (const rest of permutations(keys.toSpliced(index, 1))) yield [key, ...rest];
}

function causeFor(isAlphabetical: boolean): (orders: Orders) => BodyCause {
  const why = isAlphabetical
    ? 'the keys stand in alphabetical order here, as if a tool had sorted them'
    : 'something wrote the JSON anew with its keys in another order';
  return (orders) => {
    const shown = [...orders.values()].map((keys) => keys.map(shownKey).join(', ')).join(' and ');
    return bodyCause('key-order', 2, `the keys stand in the order ${shown}`, why, useRawBody);
  };
}

/** Keys come from the customer; long or unusual ones are not quoted. */
function shownKey(key: string): string {
  const text = stringOf(key) ?? '';
  return /^[\x21-\x7e]{1,40}$/.test(text) ? text : '(another key)';
}
