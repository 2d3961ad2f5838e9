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

  /** The bytes that the hex view shows, read back from its rows (offset, bytes, printable characters) by scrolling over all of them. */
  async shownBytes(): Promise<Buffer> {
    await this.hex.getByText(/^0{8}$/).waitFor();
    const rows = await this.hex.evaluate(async (region) => {
      const found = new Map<number, string>();
      const drawn = () => new Promise((resolve) => void requestAnimationFrame(() => void requestAnimationFrame(resolve)));
      for (;;) {
        for (const offset of region.querySelectorAll('span'))
          if (/^[0-9a-f]{8}$/.test(offset.textContent))
            found.set(Number.parseInt(offset.textContent, 16), offset.nextElementSibling?.textContent ?? '');
        if (region.scrollTop + region.clientHeight >= region.scrollHeight - 1) return [...found];
        region.scrollTop += region.clientHeight;
        await drawn();
      }
    });
    const inOrder = rows.toSorted(([one], [other]) => one - other);
    return Buffer.concat(inOrder.map(([, hex]) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')));
  }
}
