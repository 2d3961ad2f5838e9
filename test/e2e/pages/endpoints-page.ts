import type { Locator, Page } from '@playwright/test';
import { expectOneOption } from './options.ts';

/** Endpoints: the list, the form in its sections, and the dialogs that secrets and deletion open. */
export class EndpointsPage {
  readonly page: Page;
  readonly area: Locator;
  readonly list: Locator;
  readonly detail: Locator;
  readonly newButton: Locator;
  readonly makeButton: Locator;
  readonly name: Locator;
  readonly url: Locator;
  readonly retryPolicy: Locator;
  readonly retryDelays: Locator;
  readonly headers: Locator;
  readonly body: Locator;
  readonly template: Locator;
  readonly testButton: Locator;
  readonly testResult: Locator;
  readonly activeSwitch: Locator;
  readonly secretDialog: Locator;
  readonly deleteButton: Locator;
  readonly deleteDialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Endpoints' });
    this.list = this.area.getByRole('listbox', { name: 'Endpoints' });
    this.detail = this.area.getByRole('region', { name: 'Detail' });
    this.newButton = this.area.getByRole('button', { name: 'New endpoint' });
    this.makeButton = this.detail.getByRole('button', { name: /^Create endpoint/ });
    this.name = this.detail.getByRole('textbox', { name: 'Name', exact: true });
    this.url = this.detail.getByRole('textbox', { name: 'URL', exact: true });
    this.retryPolicy = this.detail.getByLabel('Retry policy').and(page.locator('input'));
    this.retryDelays = this.detail.getByRole('textbox', { name: 'Delays between attempts' });
    this.headers = this.detail.getByRole('region', { name: 'Headers' });
    this.testButton = this.detail.getByRole('button', { name: 'Send test event' });
    this.testResult = this.detail.getByRole('region', { name: 'Result of the test' });
    this.body = this.detail.locator('section[aria-label="Body"]').filter({ has: page.getByRole('heading', { name: 'Body' }) });
    this.template = this.detail.getByRole('textbox', { name: 'Template' });
    this.activeSwitch = this.detail.getByRole('switch', { name: /^(Active|Disabled)$/ });
    this.secretDialog = page.getByRole('dialog', { name: 'Secret of the new endpoint' });
    this.deleteButton = this.detail.getByRole('button', { name: 'Delete endpoint' });
    this.deleteDialog = page.getByRole('dialog', { name: /^Delete / });
  }

  async startNew(name: string, url: string): Promise<void> {
    await this.newButton.click();
    await this.name.fill(name);
    await this.url.fill(url);
    await this.chooseEvents('*');
  }

  async writeTemplate(text: string): Promise<void> {
    await this.template.focus();
    await this.template.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  /** Events start empty: what an endpoint listens to is chosen. */
  async chooseEvents(pattern: string): Promise<void> {
    const events = this.detail.getByLabel('Listens to').and(this.page.locator('input'));
    await events.fill(pattern);
    await events.press('Enter');
  }

  async chooseRetryPolicy(title: string): Promise<void> {
    await this.retryPolicy.click();
    await this.page.getByRole('option', { name: title }).click();
  }

  /** Finds the scheme by typing some of its name. */
  async chooseScheme(name: string): Promise<void> {
    await this.detail.getByLabel('Scheme', { exact: true }).and(this.page.locator('input')).focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(name);
    await expectOneOption(this.page, name);
    await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }

  async addHeader(name: string, value: string): Promise<void> {
    await this.headers.getByRole('button', { name: 'Add header' }).click();
    await this.headers
      .getByRole('textbox', { name: /^Header \d+ name$/ })
      .last()
      .fill(name);
    await this.headers
      .getByRole('textbox', { name: /^Header \d+ value$/ })
      .last()
      .fill(value);
  }

  async make(): Promise<void> {
    await this.makeButton.click();
  }

  /** Reads the secret off its dialog, says that it was put away, and closes it. */
  async takeSecret(): Promise<string> {
    const shown = await this.secretDialog.getByText(/^whsec_\S+$/).textContent();
    await this.secretDialog.getByRole('checkbox', { name: 'I have put it where it is needed' }).check();
    await this.secretDialog.getByRole('button', { name: 'Done' }).click();
    await this.secretDialog.waitFor({ state: 'hidden' });
    return shown ?? '';
  }

  async open(name: string): Promise<void> {
    await this.list.getByRole('option', { name }).click();
    await this.detail.getByRole('heading', { level: 2, name }).waitFor();
  }
}
