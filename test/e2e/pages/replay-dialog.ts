import type { Locator, Page } from '@playwright/test';

/** The dialog of replays: a new one with its dry run, one under way, and all there were. */
export class ReplayDialog {
  readonly page: Page;
  readonly openButton: Locator;
  readonly allButton: Locator;
  readonly dialog: Locator;
  readonly dryRun: Locator;
  readonly startButton: Locator;
  readonly pauseButton: Locator;
  readonly resumeButton: Locator;
  readonly cancelButton: Locator;
  readonly showDeliveries: Locator;
  readonly progress: Locator;
  readonly strips: Locator;
  readonly rate: Locator;

  constructor(page: Page) {
    this.page = page;
    const area = page.getByRole('main', { name: 'Deliveries' });
    this.openButton = area.getByRole('button', { name: 'Replay…' });
    this.allButton = area.getByRole('button', { name: 'Replays', exact: true });
    this.dialog = page.getByRole('dialog', { name: /^Replay/ });
    this.dryRun = this.dialog.getByRole('region', { name: 'Dry run' });
    this.startButton = this.dialog.getByRole('button', { name: /^Replay \d+ deliver/ });
    this.pauseButton = this.dialog.getByRole('button', { name: 'Pause' });
    this.resumeButton = this.dialog.getByRole('button', { name: 'Resume' });
    this.cancelButton = this.dialog.getByRole('button', { name: 'Cancel replay' });
    this.showDeliveries = this.dialog.getByRole('button', { name: 'Show its deliveries' });
    this.progress = this.dialog.getByRole('progressbar', { name: 'Progress of the replay' });
    this.strips = area.getByRole('region', { name: 'Replays under way' });
    this.rate = this.dialog.getByRole('textbox', { name: 'Deliveries per second' });
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.dialog.waitFor({ state: 'hidden' });
  }
}
