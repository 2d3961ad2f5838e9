import type { SchemeId } from '#shared/contract/signing.ts';
import type { SnippetLanguage } from '#shared/contract/snippets.ts';
import type { LibraryCall } from './language.ts';

/** The official library that verifies a scheme in a language, or null where none does. */
export function libraryOf(scheme: SchemeId, language: SnippetLanguage): LibraryCall | null {
  return libraries[scheme]?.[language] ?? null;
}

const standardWebhooks = {
  node: {
    dependency: 'standardwebhooks',
    imports: [`import { Webhook } from 'standardwebhooks';`],
    call: `new Webhook(secret).verify(body, headers)`,
    answers: 'throws',
    remark: 'The library takes JSON bodies in UTF-8 only.',
  },
} as const satisfies Partial<Record<SnippetLanguage, LibraryCall>>;

const libraries: Readonly<Partial<Record<SchemeId, Readonly<Partial<Record<SnippetLanguage, LibraryCall>>>>>> = {
  'standard-webhooks': standardWebhooks,
  'gitlab-signing': standardWebhooks,
  svix: {
    node: {
      dependency: 'svix',
      imports: [`import { Webhook } from 'svix';`],
      call: `new Webhook(secret).verify(body, headers)`,
      answers: 'throws',
      remark: 'The library takes bodies in UTF-8 only.',
    },
  },
  resend: {
    node: {
      dependency: 'resend',
      imports: [`import { Resend } from 'resend';`, '', `const resend = new Resend('re_unused_for_verifying');`],
      call: [
        `resend.webhooks.verify({`,
        `        payload: body.toString(),`,
        `        headers: { id: headers['svix-id'], timestamp: headers['svix-timestamp'], signature: headers['svix-signature'] },`,
        `        webhookSecret: secret,`,
        `      })`,
      ].join('\n'),
      answers: 'throws',
      remark: 'The library takes JSON bodies in UTF-8 only.',
    },
  },
  stripe: {
    node: {
      dependency: 'stripe',
      imports: [`import Stripe from 'stripe';`],
      call: `Stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret, toleranceSeconds)`,
      answers: 'throws',
      remark: 'The library accepts any time in the future, and refuses an empty body.',
    },
    python: {
      dependency: 'stripe',
      imports: ['import stripe'],
      call: 'stripe.Webhook.construct_event(body, headers.get("Stripe-Signature"), secret, tolerance=TOLERANCE_SECONDS)',
      answers: 'throws',
      remark: 'The library accepts any time in the future.',
    },
    ruby: {
      dependency: 'stripe',
      imports: [`require 'stripe'`],
      call: `Stripe::Webhook.construct_event(body, headers.call('Stripe-Signature'), secret, tolerance: TOLERANCE_SECONDS)`,
      answers: 'throws',
      remark: null,
    },
    php: {
      dependency: 'stripe/stripe-php',
      imports: [],
      call: `\\Stripe\\Webhook::constructEvent($body, $headers('Stripe-Signature'), $secret, TOLERANCE_SECONDS)`,
      answers: 'throws',
      remark: null,
    },
  },
  'github-sha256': {
    node: {
      dependency: '@octokit/webhooks-methods',
      imports: [`import { verify } from '@octokit/webhooks-methods';`],
      call: `await verify(secret, body.toString(), headers['x-hub-signature-256'])`,
      answers: 'boolean',
      remark: 'The library turns the body into text, so one that is not UTF-8 fails, and it refuses an empty body.',
    },
  },
  slack: {
    node: {
      dependency: '@slack/bolt',
      imports: [`import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';`],
      call: [
        `isValidSlackRequest({`,
        `        signingSecret: secret,`,
        `        body: body.toString(),`,
        `        headers: {`,
        `          'x-slack-signature': headers['x-slack-signature'],`,
        `          'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),`,
        `        },`,
        `      })`,
      ].join('\n'),
      answers: 'boolean',
      remark: 'The library accepts any time in the future. In an app of Bolt its own receiver does all of this.',
    },
    python: {
      dependency: 'slack_sdk',
      imports: ['from slack_sdk.signature import SignatureVerifier'],
      call: 'SignatureVerifier(secret).is_valid(body, headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature"))',
      answers: 'boolean',
      remark: null,
    },
  },
  paddle: {
    node: {
      dependency: '@paddle/paddle-node-sdk',
      imports: [`import { Paddle } from '@paddle/paddle-node-sdk';`, '', `const paddle = new Paddle('unused for verifying');`],
      call: `await paddle.webhooks.isSignatureValid(body.toString(), secret, headers['paddle-signature'])`,
      answers: 'boolean',
      remark: 'The library takes the last of several signatures only, and accepts any time in the future.',
    },
  },
  line: {
    node: {
      dependency: '@line/bot-sdk',
      imports: [`import { validateSignature } from '@line/bot-sdk';`],
      call: `validateSignature(body, secret, headers['x-line-signature'])`,
      answers: 'boolean',
      remark: null,
    },
  },
  razorpay: {
    node: {
      dependency: 'razorpay',
      imports: [`import Razorpay from 'razorpay';`],
      call: `Razorpay.validateWebhookSignature(body.toString(), headers['x-razorpay-signature'], secret)`,
      answers: 'boolean',
      remark: 'The library turns the body into text, and does not compare in constant time.',
    },
  },
  'twilio-form': {
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
  'twilio-json': {
    node: {
      dependency: 'twilio',
      imports: [`import twilio from 'twilio';`],
      call: `twilio.validateRequestWithBody(secret, headers['x-twilio-signature'], url, body.toString())`,
      answers: 'boolean',
      remark: null,
    },
  },
  'hubspot-v3': {
    node: {
      dependency: '@hubspot/api-client',
      imports: [`import hubspot from '@hubspot/api-client';`],
      call: [
        `hubspot.Signature.isValid({`,
        `        signatureVersion: 'v3',`,
        `        signature: headers['x-hubspot-signature-v3'],`,
        `        clientSecret: secret,`,
        `        requestBody: body.toString(),`,
        `        url: url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent),`,
        `        method,`,
        `        timestamp: Number(headers['x-hubspot-request-timestamp']),`,
        `      })`,
      ].join('\n'),
      answers: 'boolean',
      remark: 'The library accepts any time in the future.',
    },
  },
  square: {
    node: {
      dependency: 'square',
      imports: [`import { WebhooksHelper } from 'square';`],
      call: [
        `await WebhooksHelper.verifySignature({`,
        `        requestBody: body.toString(),`,
        `        signatureHeader: headers['x-square-hmacsha256-signature'],`,
        `        signatureKey: secret,`,
        `        notificationUrl: url,`,
        `      })`,
      ].join('\n'),
      answers: 'boolean',
      remark: 'The library turns the body into text, so one that is not UTF-8 fails.',
    },
  },
  discord: {
    node: {
      dependency: 'discord-interactions',
      imports: [`import { verifyKey } from 'discord-interactions';`],
      call: `await verifyKey(body, headers['x-signature-ed25519'], headers['x-signature-timestamp'], secret)`,
      answers: 'boolean',
      remark: null,
    },
  },
  sendgrid: {
    node: {
      dependency: '@sendgrid/eventwebhook',
      imports: [`import { EventWebhook, EventWebhookHeader } from '@sendgrid/eventwebhook';`, '', 'const events = new EventWebhook();'],
      call: [
        `events.verifySignature(`,
        `        events.convertPublicKeyToECDSA(secret),`,
        `        body,`,
        `        headers[EventWebhookHeader.SIGNATURE().toLowerCase()],`,
        `        headers[EventWebhookHeader.TIMESTAMP().toLowerCase()],`,
        `      )`,
      ].join('\n'),
      answers: 'boolean',
      remark: null,
    },
  },
  'adyen-payments': {
    node: {
      dependency: '@adyen/api-library',
      imports: [`import adyen from '@adyen/api-library';`, '', 'const validator = new adyen.hmacValidator();'],
      call: `itemsIn(body).every((item) => validator.validateHMAC(item, secret))`,
      answers: 'boolean',
      remark: 'The library refuses an item without an amount, and takes base64 without its padding.',
      helpers: [
        '/** The items of the body; a body without any is refused. */',
        'function itemsIn(body) {',
        '  const { notificationItems } = JSON.parse(body.toString());',
        `  if (notificationItems.length === 0) throw new Error('There are no items.');`,
        '  return notificationItems.map((entry) => entry.NotificationRequestItem);',
        '}',
      ],
    },
    python: {
      dependency: 'Adyen',
      imports: ['import json', '', 'from Adyen.util import is_valid_hmac_notification'],
      call: 'all(is_valid_hmac_notification(item, secret) for item in items_in(body))',
      answers: 'boolean',
      remark: 'The library refuses an item without an amount.',
      helpers: [
        'def items_in(body):',
        '    """The items of the body; a body without any is refused."""',
        '    items = [entry["NotificationRequestItem"] for entry in json.loads(body)["notificationItems"]]',
        '    if not items:',
        '        raise ValueError("There are no items.")',
        '    return items',
      ],
    },
    ruby: {
      dependency: 'adyen-ruby-api-library',
      imports: [`require 'adyen-ruby-api-library'`, `require 'json'`],
      call: 'items_in(body).all? { |item| Adyen::Utils::HmacValidator.new.valid_webhook_hmac?(item, secret) }',
      answers: 'boolean',
      remark: 'The library does not compare in constant time.',
      helpers: [
        '# The items of the body; a body without any is refused.',
        'def items_in(body)',
        `  items = JSON.parse(body).fetch('notificationItems').map { |entry| entry.fetch('NotificationRequestItem') }`,
        `  raise ArgumentError, 'There are no items.' if items.empty?`,
        '',
        '  items',
        'end',
      ],
    },
    php: {
      dependency: 'adyen/php-api-library',
      imports: [],
      call: 'are_genuine(items_in($body), $secret)',
      answers: 'boolean',
      remark: 'The library does not compare in constant time.',
      helpers: [
        '/** The items of the body; a body without any is refused. */',
        'function items_in(string $body): array',
        '{',
        `    $items = array_column(json_decode($body, true)['notificationItems'] ?? [], 'NotificationRequestItem');`,
        '    if ($items === []) {',
        `        throw new InvalidArgumentException('There are no items.');`,
        '    }',
        '    return $items;',
        '}',
        '',
        'function are_genuine(array $items, string $secret): bool',
        '{',
        '    $validator = new \\Adyen\\Util\\HmacSignature();',
        '    foreach ($items as $item) {',
        '        if (!$validator->isValidNotificationHMAC($secret, $item)) {',
        '            return false;',
        '        }',
        '    }',
        '    return true;',
        '}',
      ],
    },
    java: {
      dependency: 'com.adyen:adyen-java-api-library',
      imports: [
        'import com.adyen.model.notification.NotificationRequestItem;',
        'import com.adyen.notification.WebhookHandler;',
        'import com.adyen.util.HMACValidator;',
        'import java.nio.charset.StandardCharsets;',
      ],
      call: 'areGenuine(body, secret)',
      answers: 'boolean',
      remark: 'The library signs false for an item without success.',
      helpers: [
        '/** Whether the body has items, and all of them are genuine. */',
        'static boolean areGenuine(byte[] body, String secret) throws Exception {',
        '    var request = new WebhookHandler().handleNotificationJson(new String(body, StandardCharsets.UTF_8));',
        '    for (NotificationRequestItem item : request.getNotificationItems()) {',
        '        if (!new HMACValidator().validateHMAC(item, secret)) return false;',
        '    }',
        '    return !request.getNotificationItems().isEmpty();',
        '}',
      ],
    },
  },
  'adyen-header': {
    node: {
      dependency: '@adyen/api-library',
      imports: [`import adyen from '@adyen/api-library';`],
      call: `new adyen.hmacValidator().validateHMACSignature(secret, headers['hmacsignature'], body.toString())`,
      answers: 'boolean',
      remark: 'The library turns the body into text, so one that is not UTF-8 fails.',
    },
  },
  linear: {
    node: {
      dependency: '@linear/sdk',
      imports: [`import { LinearWebhookClient } from '@linear/sdk/webhooks';`],
      call: `new LinearWebhookClient(secret).verify(body, headers['linear-signature'], JSON.parse(body.toString()).webhookTimestamp)`,
      answers: 'boolean',
      remark: null,
    },
  },
  'coinbase-commerce': {
    node: {
      dependency: 'coinbase-commerce-node',
      imports: [`import coinbase from 'coinbase-commerce-node';`],
      call: `coinbase.Webhook.verifySigHeader(body.toString(), headers['x-cc-webhook-signature'], secret)`,
      answers: 'throws',
      remark: 'The library turns the body into text, so one that is not UTF-8 fails.',
    },
  },
  contentful: {
    node: {
      dependency: '@contentful/node-apps-toolkit',
      imports: [`import { verifyRequest } from '@contentful/node-apps-toolkit';`],
      call: `verifyRequest(secret, { method, path: target, headers, body: body.toString() }, toleranceSeconds)`,
      answers: 'boolean',
      remark: 'The library accepts any time in the future.',
    },
  },
};
