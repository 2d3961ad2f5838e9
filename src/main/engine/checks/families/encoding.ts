import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { writeStyled } from '#shared/json/body-style.ts';
import { withMember } from '#shared/json/exact.ts';
import { utf8Bytes } from '#shared/text/text-codec.ts';
import { jsonText, objectText, withFieldsReversed, withLettersEscaped, withSpaces } from '../json-bodies.ts';
import { skip, toAccept, toSurvive, type Case } from '../case.ts';
import { noObject, withObject } from '../object-body.ts';
import { withHeader } from '../tamper.ts';

const notJson = 'The body of this event is not JSON.';
const why =
  'A signature covers bytes. Code that parses the body and writes it again before verifying gets other bytes as soon as the sender lays JSON out another way.';

/** The body laid out or spelled another way. */
function rewritten(rewrite: (text: string) => string, plan: typeof toAccept | typeof toSurvive = toAccept): Case['plan'] {
  return (subject, [event]) => {
    const text = jsonText(event.body);
    return text === null ? skip(notJson) : plan(subject, subject.build(event, { body: utf8Bytes(rewrite(text)) }));
  };
}

/** Genuine requests whose bodies are written in other ways. */
export const encodingCases: readonly Case[] = [
  {
    id: 'compact-json',
    family: 'encoding',
    level: 'must',
    title: 'JSON without spaces',
    expects: 'Takes it with a 2xx.',
    why,
    plan: rewritten((text) => writeStyled(text, 'compact')),
  },
  {
    id: 'spaced-json',
    family: 'encoding',
    level: 'must',
    title: 'JSON with a space behind commas and colons',
    expects: 'Takes it with a 2xx.',
    why: `${why} Python writes it this way.`,
    plan: rewritten(withSpaces),
  },
  {
    id: 'pretty-json',
    family: 'encoding',
    level: 'must',
    title: 'JSON over several lines',
    expects: 'Takes it with a 2xx.',
    why,
    plan: rewritten((text) => writeStyled(text, 'pretty2')),
  },
  {
    id: 'key-order',
    family: 'encoding',
    level: 'must',
    title: 'Fields in the opposite order',
    expects: 'Takes it with a 2xx.',
    why: 'Objects of JSON have no order, and senders change it.',
    plan: rewritten(withFieldsReversed),
  },
  {
    id: 'unicode-escapes',
    family: 'encoding',
    level: 'must',
    title: String.raw`Letters as \u escapes`,
    expects: 'Takes it with a 2xx.',
    why: `${why} PHP and Python escape what is not ASCII, for example.`,
    plan: rewritten(withLettersEscaped),
  },
  {
    id: 'escaped-slashes',
    family: 'encoding',
    level: 'must',
    title: String.raw`Slashes as \/`,
    expects: 'Takes it with a 2xx.',
    why: `${why} PHP writes slashes this way.`,
    plan: withObject((text) => writeStyled(withMember(text, 'link', '"https://example.com/a/b"'), 'escaped-slashes'), toAccept),
  },
  {
    id: 'non-ascii-text',
    family: 'encoding',
    level: 'must',
    title: 'Text beyond ASCII as UTF-8',
    expects: 'Takes it with a 2xx.',
    why: 'Names have accents and emoji; code that reads the body in another charset before verifying gets other bytes.',
    plan: withObject((text) => withMember(writeStyled(text, 'compact'), 'note', '"Zoë, Łódź, 東京, 🎉"'), toAccept),
  },
  {
    id: 'number-forms',
    family: 'encoding',
    level: 'must',
    title: 'Numbers such as 1.0 and 1e3',
    expects: 'Takes it with a 2xx.',
    why: `${why} A number written again is 1 and 1000.`,
    plan: withObject((text) => withMember(withMember(writeStyled(text, 'compact'), 'ratio', '1.0'), 'steps', '1e3'), toAccept),
  },
  {
    id: 'trailing-newline',
    family: 'encoding',
    level: 'must',
    title: 'A line break behind the JSON',
    expects: 'Takes it with a 2xx.',
    why: 'It is part of the body, and so of what is signed; code that trims the text verifies something else.',
    plan: rewritten((text) => `${text}\n`),
  },
  {
    id: 'byte-order-mark',
    family: 'encoding',
    level: 'should',
    title: 'A byte order mark before the JSON',
    expects: 'Takes it or refuses it, and does not fail over it.',
    why: 'Some senders on Windows write it, and many JSON parsers throw at it.',
    plan: rewritten((text) => `\ufeff${text}`, toSurvive),
  },
  {
    id: 'other-charset',
    family: 'encoding',
    level: 'should',
    title: 'Text in Latin-1, which is not UTF-8',
    expects: 'Takes it or refuses it, and does not fail over it.',
    why: 'A body that is not UTF-8 must not bring the receiver down.',
    plan: (subject, [event]) => {
      const text = objectText(event.body);
      if (text === null) return skip(noObject);
      const body = Buffer.from(withMember(writeStyled(text, 'escaped-unicode'), 'note', '"Zoë"'), 'latin1');
      const request = subject.build(event, { body });
      return toSurvive(subject, withHeader(request, 'content-type', 'application/json; charset=iso-8859-1'));
    },
  },
  {
    id: 'gzip-body',
    family: 'encoding',
    level: 'should',
    title: 'A body compressed with gzip',
    expects: 'Takes it or refuses it, such as with 415, and does not fail over it.',
    why: 'Few providers compress, but proxies and gateways may, and the signature is over what was sent.',
    plan: (subject, [event]) => {
      const body = new Uint8Array(gzipSync(event.body));
      const request = subject.build(event, { body });
      return toSurvive(subject, { ...request, headers: [...request.headers, ['Content-Encoding', 'gzip']] });
    },
  },
];
