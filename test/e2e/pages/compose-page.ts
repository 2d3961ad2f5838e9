import type { Locator, Page } from '@playwright/test';
import { expectOneOption } from './options.ts';

/** Compose: an event, where it goes, the request it makes, and what became of it. */
export class ComposePage {
  readonly page: Page;
  readonly eventType: Locator;
  readonly endpoint: Locator;
  readonly sendButton: Locator;
  readonly result: Locator;
  readonly request: Locator;
  /** The named sample that the data begins with. */
  readonly sample: Locator;
  readonly dataEditor: Locator;
  readonly templateEditor: Locator;
  /** What is wrong with data or template, in words, below the editor. */
  readonly problem: Locator;
  /** Fields of a target that is not registered. */
  readonly target: Locator;
  readonly url: Locator;
  readonly profile: Locator;
  readonly secret: Locator;
  readonly webhookId: Locator;
  readonly hideOptionsButton: Locator;

  constructor(page: Page) {
    const area = page.getByRole('main', { name: 'Compose' });
    this.page = page;
    this.eventType = area.getByRole('combobox', { name: 'Event type' }).or(area.getByRole('textbox', { name: 'Event type' }));
    this.endpoint = area.getByRole('combobox', { name: 'Endpoint' }).or(area.getByRole('textbox', { name: 'Endpoint' }));
    this.sendButton = area.getByRole('button', { name: 'Send event' });
    this.result = area.getByRole('region', { name: 'Result' });
    this.request = area.getByRole('region', { name: 'Request' });
    this.sample = area.getByLabel('Sample').and(page.locator('input'));
    this.dataEditor = area.getByRole('textbox', { name: 'Data of the event, JSON' });
    this.templateEditor = area.getByRole('textbox', { name: 'Template of the body, Liquid' });
    this.target = area.getByRole('region', { name: 'Target' });
    this.url = this.target.getByRole('textbox', { name: 'URL', exact: true });
    this.profile = this.target.getByLabel('Behaves like').and(page.locator('input'));
    this.secret = this.target.getByLabel('Secret').and(page.locator('input'));
    this.webhookId = this.target.getByRole('textbox', { name: 'Id of the webhook' });
    this.hideOptionsButton = this.target.getByRole('button', { name: 'Hide options' });
    this.problem = area.getByRole('tabpanel', { name: /^(Data|Template)/ }).getByRole('status');
  }

  async showTab(name: 'Data' | 'Template' | 'Request' | 'Body' | 'Signature' | 'Code' | 'Compare'): Promise<void> {
    await this.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  }

  /** Puts one line in the place of all that an editor holds; brackets and quotes are not closed by themselves. */
  async replaceText(editor: Locator, text: string): Promise<void> {
    await editor.focus();
    await editor.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  async chooseEndpoint(name: string): Promise<void> {
    await this.endpoint.click();
    await this.page.getByRole('option', { name }).click();
  }

  /** Finds the scheme of a target that is not registered by typing some of its name. */
  async chooseScheme(name: string): Promise<void> {
    await this.target.getByLabel('Signing').and(this.page.locator('input')).focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(name);
    await expectOneOption(this.page, name);
    await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }

  async chooseSample(name: string): Promise<void> {
    await this.sample.click();
    await this.page.getByRole('option', { name, exact: true }).click();
  }

  async send(): Promise<void> {
    await this.sendButton.click();
  }

  /** Pastes over all that an editor holds; what is on the clipboard goes in as it is. */
  async pasteOver(editor: Locator): Promise<void> {
    await editor.focus();
    await editor.press('ControlOrMeta+a');
    await editor.press('ControlOrMeta+v');
  }

  /** One line of the result, by its title, such as `Attempt 1`. */
  resultLine(title: string): Locator {
    return this.result.getByRole('listitem').filter({ hasText: title });
  }

  async openDelivery(): Promise<void> {
    await this.result.getByRole('link', { name: 'Open delivery' }).click();
  }

  async openCapture(): Promise<void> {
    await this.result.getByRole('link', { name: 'Open capture' }).click();
  }
}
