import { base64Of20 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacBase64, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of Twilio. */
export const twilio = provider({
  name: 'Twilio',
  schemes: {
    'twilio-json': {
      kind: 'code',
      options: 'none',
      title: 'Twilio (JSON)',
      description: 'HMAC-SHA1 over the URL, which carries the SHA-256 of the body as bodySHA256.',
      headers: ['X-Twilio-Signature'],
      algorithm: 'HMAC-SHA1',
      secretHint: 'The primary Auth Token of the account, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The signature covers the URL alone: without comparing bodySHA256 with the hash of the body, any body passes.',
      library: { name: 'twilio', time: 'none', toleranceSeconds: null, body: 'text' },
      libraryNote:
        'The twilio library also tries the URL with and without its port, normalised, and with its query written again; such a match is valid here too and says so.',
      receiver: {
        ...plain,
        proof: { ...hmacBase64, hash: 'sha1' },
        signature: inSignatureHeader('X-Twilio-Signature'),
        digestParameter: 'bodySHA256',
        signed: pieces('url'),
      },
      marks: [
        {
          header: 'X-Twilio-Signature',
          value: base64Of20,
          tells: [
            { url: true, value: /[?&]bodySHA256=/ },
            { header: 'Content-Type', value: /json/i },
          ],
          group: 'twilio',
        },
      ],
      libraryCalls: {
        node: {
          dependency: 'twilio',
          imports: [`import twilio from 'twilio';`],
          call: `twilio.validateRequestWithBody(secret, headers['x-twilio-signature'], url, body.toString())`,
          answers: 'boolean',
          remark: null,
        },
      },
    },
    'twilio-form': {
      kind: 'code',
      options: 'none',
      title: 'Twilio (form)',
      description: 'HMAC-SHA1 over the URL and the sorted fields of the form, in base64.',
      headers: ['X-Twilio-Signature'],
      algorithm: 'HMAC-SHA1',
      secretHint: 'The primary Auth Token of the account, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall:
        'Every field is signed, unknown and empty ones included, and so are spaces around values; the URL is the one that Twilio called.',
      libraryNote:
        'The twilio library also tries the URL with and without its port, normalised, and with its query written again; such a match is valid here too and says so.',
      receiver: {
        ...plain,
        proof: { ...hmacBase64, hash: 'sha1' },
        signature: inSignatureHeader('X-Twilio-Signature'),
        signed: pieces('url', 'fields'),
      },
      marks: [
        {
          header: 'X-Twilio-Signature',
          value: base64Of20,
          tells: [{ header: 'Content-Type', value: /x-www-form-urlencoded/i }],
          group: 'twilio',
          standing: 'usual',
        },
      ],
      libraryCalls: {
        node: {
          dependency: 'twilio',
          imports: [`import twilio from 'twilio';`],
          call: `twilio.validateRequest(secret, headers['x-twilio-signature'], url, fieldsIn(body))`,
          answers: 'boolean',
          remark: null,
          helpers: [
            '/** Each name of the form with its value, or with a list of them where it occurs more than once. */',
            'function fieldsIn(body) {',
            '  const fields = new URLSearchParams(body.toString());',
            '  const valueOf = (name) => (fields.getAll(name).length > 1 ? fields.getAll(name) : fields.get(name));',
            '  return Object.fromEntries([...fields.keys()].map((name) => [name, valueOf(name)]));',
            '}',
          ],
        },
        python: {
          dependency: 'twilio',
          imports: ['from urllib.parse import parse_qsl', 'from twilio.request_validator import RequestValidator'],
          call: 'RequestValidator(secret).validate(url, dict(parse_qsl(body.decode(), keep_blank_values=True)), headers.get("X-Twilio-Signature"))',
          answers: 'boolean',
          remark: 'A name that occurs more than once in the form needs a multi-dict, such as request.form of Flask.',
        },
      },
    },
  },
});
