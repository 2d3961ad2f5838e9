/** Facts about a failed verification, for a text that asks the sender for what is missing. */
export interface CustomerFacts {
  /** Name of the scheme, or null where none is known. */
  readonly scheme: string | null;
  /** What the secret of the scheme is, as the catalogue says it. */
  readonly secretHint: string | null;
  /** Whether the signature was compared, and does not match; otherwise something needed to compare it is missing. */
  readonly isCompared: boolean;
  /** Whether the sender signs with a private key, so that there is no secret to compare. */
  readonly isKeyPair: boolean;
  /** Headers of the scheme that are not there, or cannot be used as they are. */
  readonly missingHeaders: readonly string[];
  /** Whether method or URL are part of what is signed. */
  readonly isUrlSigned: boolean;
  readonly bodyBytes: number;
  /** Fingerprints of the secrets here. */
  readonly fingerprints: readonly string[];
}

/** Prints the fingerprint of a secret that is typed unseen: the first 8 hex digits of the SHA-256 of its text. For sh-like shells. */
export const fingerprintCommand = `IFS= read -rs SECRET; printf %s "$SECRET" | openssl dgst -sha256 -r | cut -c1-8`;

/** The same for PowerShell. */
const fingerprintCommandOfWindows =
  `$s = [Net.NetworkCredential]::new('', (Read-Host 'Secret' -AsSecureString)).Password; ` +
  `-join ([Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($s))[0..3] | ForEach-Object { $_.ToString('x2') })`;

/** A text to the sender of the request, which asks for what is needed to find out why its signature does not match. */
export function customerText(facts: CustomerFacts): string {
  const { missingHeaders, isUrlSigned, bodyBytes, isKeyPair } = facts;
  const asked = [
    ...(missingHeaders.length === 0
      ? []
      : [
          `The ${missingHeaders.length === 1 ? 'header' : 'headers'} ${missingHeaders.join(', ')}, whole and exactly as received, with nothing hidden or shortened.`,
        ]),
    `The body exactly as your server received it, as a file or a capture, from before anything parsed, formatted or copied it. What we have has ${bodyBytes} bytes.`,
    ...(isUrlSigned ? ['The URL that the webhook is sent to, exactly as it is set up at the sender: it is part of what is signed.'] : []),
    ...(isKeyPair ? [] : [fingerprintPart(facts)]),
  ];
  return [
    `Hello,`,
    '',
    `${openingOf(facts)} please send us:`,
    '',
    ...asked.map((sentence, index) => `${index + 1}. ${sentence}`),
    '',
    isKeyPair ? 'Please do not send any private key.' : 'Please do not send the secret itself.',
  ].join('\n');
}

function openingOf({ scheme, isCompared }: CustomerFacts): string {
  const signature = `the ${scheme === null ? '' : `${scheme} `}signature of the webhook you sent us`;
  return isCompared
    ? `${signature} does not match the request as we have it. To find out why,`
    : `${signature} could not be checked with what we have. So that we can check it,`;
}

function fingerprintPart({ fingerprints, secretHint }: CustomerFacts): string {
  const own =
    fingerprints.length === 0
      ? 'We compare it with ours.'
      : `Ours ${fingerprints.length === 1 ? 'is' : 'are'} ${fingerprints.join(', ')}; if yours is another, the secrets differ.`;
  return [
    `The fingerprint of the signing secret that your server uses. ${own}${secretHint === null ? '' : ` The secret is: ${secretHint}.`}`,
    '   One of these commands asks for the secret without showing it, and prints its fingerprint (8 characters):',
    '',
    '   macOS and Linux (bash or zsh):',
    `     ${fingerprintCommand}`,
    '   Windows (PowerShell):',
    `     ${fingerprintCommandOfWindows}`,
  ].join('\n');
}
