/** What replaces a secret value in a stored or shown request: its fingerprint. */
export function maskedValue(fingerprint: string): string {
  return `[secret ${fingerprint}]`;
}

/** The fingerprint in what {@link maskedValue} made; null for any other text. */
export function maskedFingerprint(text: string): string | null {
  return /^\[secret ([0-9a-f]{8})\]$/.exec(text)?.[1] ?? null;
}
