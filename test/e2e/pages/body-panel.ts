import type { Locator } from '@playwright/test';

/** A body as the window shows it, found by its name, such as `Request body`. */
export class BodyPanel {
  readonly text: Locator;
  readonly hex: Locator;
  readonly hexMode: Locator;

  constructor(scope: Locator, label: string) {
    this.text = scope.getByRole('region', { name: label, exact: true });
    this.hex = scope.getByRole('region', { name: `${label} in hex`, exact: true });
    this.hexMode = scope.getByRole('radiogroup', { name: `${label} as` }).getByText('Hex');
  }

  async showHex(): Promise<void> {
    await this.hexMode.click();
    await this.hex.waitFor();
  }

  /** The bytes that the hex view shows, read back from its rows: offset, sixteen bytes, printable characters. */
  async shownBytes(): Promise<Buffer> {
    const rows = await this.hex
      .getByText(/^[0-9a-f]{8}$/)
      .evaluateAll((offsets) =>
        offsets.map((offset) => ({ at: Number.parseInt(offset.textContent, 16), hex: offset.nextElementSibling?.textContent ?? '' })),
      );
    const inOrder = rows.toSorted((one, other) => one.at - other.at);
    return Buffer.concat(inOrder.map(({ hex }) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')));
  }
}
