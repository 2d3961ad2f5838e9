import type { Locator, Page } from '@playwright/test';
import { BodyPanel } from './body-panel.ts';

/** Captures: bins, what they received, and one request byte for byte. */
export class CapturesPage {
  readonly page: Page;
  readonly area: Locator;
  readonly bins: Locator;
  readonly newBinButton: Locator;
  readonly urlButton: Locator;
  readonly changeButton: Locator;
  readonly detail: Locator;
  readonly hexBody: BodyPanel;
  readonly nextAnswer: Locator;
  readonly filter: Locator;
  /** What is done with the captures that are picked. */
  readonly picked: Locator;
  readonly pauseButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Captures' });
    this.bins = this.area.getByRole('navigation', { name: 'Bins' });
    this.newBinButton = this.area.getByRole('button', { name: 'New bin' });
    this.urlButton = this.area.getByRole('button', { name: /^Copy the URL/ });
    this.changeButton = this.area.getByRole('button', { name: 'Change', exact: true });
    this.detail = this.area.getByRole('region', { name: 'Detail' });
    this.hexBody = new BodyPanel(this.detail, 'Body in hex');
    this.filter = this.area.getByLabel('Filter captures');
    this.picked = this.area.getByRole('toolbar', { name: 'Picked captures' });
    this.pauseButton = this.area.getByRole('button', { name: /^(Pause|Resume)/ });
    this.nextAnswer = this.area.getByText('The next request gets');
  }

  /** Rows of the list of one bin. */
  captures(bin: string): Locator {
    return this.area.getByRole('listbox', { name: `Captures of ${bin}` }).getByRole('option');
  }

  async makeBin(name: string): Promise<void> {
    await this.newBinButton.click();
    await this.area.getByLabel('Name').fill(name);
    await this.area.getByRole('button', { name: 'Create bin' }).click();
    await this.bins.getByRole('button', { name }).and(this.page.locator('[aria-current="true"]')).waitFor();
  }

  /** The address that the window offers for the open bin. */
  async binUrl(): Promise<string> {
    const name = (await this.urlButton.getAttribute('aria-label')) ?? '';
    return name.replace('Copy the URL ', '');
  }

  async showTab(name: 'Pretty' | 'Raw' | 'Hex' | 'Headers' | 'Signature' | 'Timing' | 'Transit'): Promise<void> {
    await this.detail.getByRole('tab', { name }).click();
  }

  /** Chooses from the menu of the open bin. */
  async choose(item: string): Promise<void> {
    await this.area.getByRole('button', { name: /^More for/ }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}
