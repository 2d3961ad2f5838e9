import type { Locator, Page } from '@playwright/test';

/** What stands around every area: rail, palette, key sheet, time scale, the notice of a lost connection. */
export class FramePage {
  readonly page: Page;
  readonly rail: Locator;
  readonly paletteInput: Locator;
  readonly keySheet: Locator;
  readonly engine: Locator;
  readonly connectionNotice: Locator;
  readonly timeScaleChip: Locator;
  readonly timeScales: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rail = page.getByRole('navigation', { name: 'Areas' });
    this.paletteInput = page.getByLabel('Search areas, endpoints, event types and actions');
    this.keySheet = page.getByRole('dialog', { name: 'Keys' });
    this.engine = this.rail.getByRole('status');
    this.connectionNotice = page.getByRole('status').filter({ hasText: 'Reconnecting to Hookyard' });
    this.timeScaleChip = this.rail.getByRole('button', { name: /^Time scale/ });
    this.timeScales = page.getByRole('radiogroup', { name: 'Time scale' });
  }

  /** The area that is shown, by its name. */
  area(name: string): Locator {
    return this.page.getByRole('main', { name });
  }

  async open(area: string): Promise<void> {
    await this.rail.getByRole('link', { name: area }).click();
    await this.area(area).getByRole('heading', { level: 1, name: area }).waitFor();
  }

  /** Presses two keys as fingers do: the second does not wait until the page is done with the first. */
  async pressPair(first: string, second: string): Promise<void> {
    await Promise.all([this.page.keyboard.press(first), this.page.keyboard.press(second)]);
  }

  async openPalette(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await this.paletteInput.waitFor();
  }

  /** Finds something in the palette and takes the first that is found. */
  async runInPalette(text: string): Promise<void> {
    await this.openPalette();
    await this.paletteInput.fill(text);
    await this.page.getByRole('button', { name: text }).first().waitFor();
    await this.paletteInput.press('Enter');
    await this.paletteInput.waitFor({ state: 'hidden' });
  }

  /** Makes retries come sooner by the chip in the rail; `label` is such as `60x`. */
  async speedUp(label: string): Promise<void> {
    await this.timeScaleChip.click();
    await this.timeScales.getByText(label, { exact: true }).click();
    await this.page.keyboard.press('Escape');
    await this.timeScales.waitFor({ state: 'hidden' });
  }
}
