import { withMember } from '#shared/json/exact.ts';
import { utf8Bytes } from '#shared/text/text-codec.ts';
import { leavesOf, objectText, pathText, withValueAt, type JsonPath } from '../json-bodies.ts';
import { skip, toAccept, toSurvive, type Case, type PlannedSend } from '../case.ts';
import { noObject, withObject } from '../object-body.ts';
import type { CheckEvent, Subject } from '../subject.ts';

const survives = 'Takes it, or refuses it with a 4xx, and does not fail over it.';

/** Places that are made null or left out, one request each. */
const mostLeaves = 12;

/** One request for each place, each of an event of its own. */
function forEachLeaf(change: (text: string, path: JsonPath) => string, label: (path: string) => string): Case['plan'] {
  return (subject, events) => {
    const [first] = events;
    const text = objectText(first.body);
    if (text === null) return skip(noObject);
    const leaves = leavesOf(text, mostLeaves);
    if (leaves.length === 0) return skip('The event has no fields but those that say what it is.');
    const steps = leaves.map((path, index): readonly PlannedSend[] => {
      const event = events[index] ?? first;
      return [{ request: changedRequest(subject, event, (own) => change(own, path)), label: label(pathText(path)) }];
    });
    const judged = toSurvive(subject, steps[0]?.[0]?.request ?? subject.build(first));
    return judged.kind === 'skip' ? judged : { ...judged, steps };
  };
}

function changedRequest(subject: Subject, event: CheckEvent, change: (text: string) => string): PlannedSend['request'] {
  return subject.build(event, { body: utf8Bytes(change(objectText(event.body) ?? '{}')) });
}

/** Genuine requests whose content is unusual. */
export const dataCases: readonly Case[] = [
  {
    id: 'unknown-field',
    family: 'data',
    level: 'must',
    title: 'A field that the receiver does not know',
    expects: 'Takes it with a 2xx.',
    why: 'Providers add fields without a new version; a receiver that refuses them stops working that day.',
    plan: withObject((text) => withMember(text, 'added_by_a_later_version', '{"a":[1,2]}'), toAccept),
  },
  {
    id: 'null-fields',
    family: 'data',
    level: 'should',
    title: 'Fields that are null, one at a time',
    expects: survives,
    why: 'Most fields are null for some customer, and code that reads a field of null throws.',
    events: mostLeaves,
    plan: forEachLeaf(
      (text, path) => withValueAt(text, path, null),
      (path) => `${path} is null`,
    ),
  },
  {
    id: 'missing-fields',
    family: 'data',
    level: 'should',
    title: 'Fields that are missing, one at a time',
    expects: survives,
    why: 'Optional fields are left out by some senders and some versions.',
    events: mostLeaves,
    plan: forEachLeaf(
      (text, path) => withValueAt(text, path, undefined),
      (path) => `${path} is missing`,
    ),
  },
  {
    id: 'empty-texts',
    family: 'data',
    level: 'should',
    title: 'Texts that are empty, one at a time',
    expects: survives,
    why: 'An empty name is not a missing one, and code that takes its first character throws.',
    events: mostLeaves,
    plan: forEachLeaf(
      (text, path) => withValueAt(text, path, ''),
      (path) => `${path} is empty`,
    ),
  },
  {
    id: 'huge-number',
    family: 'data',
    level: 'should',
    title: 'A number beyond 64 bits',
    expects: survives,
    why: 'Ids and amounts grow, and parsers round them, refuse them or throw.',
    plan: withObject((text) => withMember(text, 'sequence', '123456789012345678901234567890')),
  },
  {
    id: 'long-text',
    family: 'data',
    level: 'should',
    title: 'A text of 20,000 characters',
    expects: survives,
    why: 'Columns of databases have limits, and what does not fit often ends in a 500.',
    plan: withObject((text) => withMember(text, 'note', JSON.stringify('long text '.repeat(2000)))),
  },
  {
    id: 'special-names',
    family: 'data',
    level: 'should',
    title: 'Fields called __proto__ and constructor',
    expects: survives,
    why: 'Code that copies fields into objects can be changed by such names.',
    plan: withObject((text) => withMember(withMember(text, '__proto__', '{"polluted":true}'), 'constructor', '{"prototype":{}}')),
  },
  {
    id: 'unknown-event-type',
    family: 'data',
    level: 'should',
    title: 'An event type that the receiver does not know',
    expects: 'Takes it with a 2xx and ignores it.',
    why: 'A receiver that refuses it gets it again until the provider gives up, or switches the endpoint off.',
    plan: (subject, [event]) => {
      const unknown = { ...event, type: 'hookyard.unknown_event' };
      const text = objectText(event.body);
      const isNamed = text !== null && text.includes(JSON.stringify(event.type));
      const body = isNamed ? utf8Bytes(text.replaceAll(JSON.stringify(event.type), JSON.stringify(unknown.type))) : event.body;
      const request = subject.build(unknown, { body });
      const isInHeader = request.headers.some(([, value]) => value === unknown.type);
      return isNamed || isInHeader ? toAccept(subject, request) : skip('The request does not name its event type.');
    },
  },
  {
    id: 'not-json',
    family: 'data',
    level: 'should',
    title: 'A signed body that is not JSON',
    expects: 'Refuses it with a 4xx, or takes it, and does not fail over it.',
    why: 'A parser that throws makes a 500, which the provider sends again for days.',
    plan: (subject, [event]) =>
      objectText(event.body) === null ? skip(noObject) : toSurvive(subject, subject.build(event, { body: utf8Bytes('this is not JSON') })),
  },
  {
    id: 'empty-body',
    family: 'data',
    level: 'should',
    title: 'A signed request without a body',
    expects: 'Refuses it with a 4xx, or takes it, and does not fail over it.',
    why: 'Frameworks give null or an empty object for it, which nobody tried.',
    plan: (subject, [event]) => toSurvive(subject, subject.build(event, { body: new Uint8Array() })),
  },
  {
    id: 'deep-nesting',
    family: 'data',
    level: 'should',
    title: 'JSON that is nested 2,000 levels deep',
    expects: survives,
    why: 'Code that goes down level by level can run out of stack.',
    plan: withObject((text) => withMember(text, 'deep', `${'['.repeat(2000)}${']'.repeat(2000)}`)),
  },
  {
    id: 'large-body',
    family: 'data',
    level: 'should',
    title: 'A body of one megabyte',
    expects: 'Takes it, or refuses it with a 4xx such as 413, and does not fail over it.',
    why: 'Many frameworks stop at 100 kB, and events with lists grow beyond that.',
    plan: withObject((text) => withMember(text, 'note', JSON.stringify('x'.repeat(1_000_000)))),
  },
];
