import type { Locator, Page } from '@playwright/test';

/** Verify: a request as it was pasted, and the verdict on it. */
export class VerifyPage {
  readonly page: Page;
  readonly area: Locator;
  readonly headers: Locator;
  readonly scheme: Locator;
  readonly body: Locator;
  readonly secret: Locator;
  readonly lineEndings: Locator;
  readonly readAs: Locator;
  readonly notes: Locator;
  readonly checkButton: Locator;
  readonly verdict: Locator;
  readonly checks: Locator;
  /** Why the signature does not match, or what to ask for. */
  readonly cause: Locator;
  readonly causes: Locator;
  readonly allSecretsSwitch: Locator;
  readonly applyButton: Locator;
  /** Which change stands in the form. */
  readonly applied: Locator;
  readonly undoButton: Locator;
  readonly caseButton: Locator;
  readonly savePageButton: Locator;
  readonly clearButton: Locator;
  readonly receiverCodeButton: Locator;
  /** Finds a request of the log. */
  readonly fromLog: Locator;
  /** Which request of the log stands in the form. */
  readonly opened: Locator;
  /** Why none could be opened. */
  readonly openProblem: Locator;
  readonly signedString: Locator;
  readonly bodyDiff: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Verify' });
    this.headers = this.area.getByRole('textbox', { name: 'Request: raw, curl, HAR or JSON, or its headers' });
    this.scheme = this.area.getByLabel('Scheme', { exact: true }).and(page.locator('input'));
    this.body = this.area.getByRole('textbox', { name: 'Body' });
    this.secret = this.area.getByLabel('Secret', { exact: true });
    this.lineEndings = this.area.getByLabel('Line endings').and(page.locator('input'));
    this.readAs = this.area.getByLabel('Read as').and(page.locator('input'));
    this.notes = this.area.getByRole('list', { name: 'Notes on the paste' });
    this.checkButton = this.area.getByRole('button', { name: /^Check/ });
    this.verdict = this.area.getByRole('region', { name: 'Verdict' });
    this.checks = this.verdict.getByRole('list', { name: 'Checks' });
    this.cause = this.verdict.getByRole('region', { name: 'Cause' });
    this.causes = this.cause.getByRole('list', { name: 'Causes found' }).getByRole('listitem');
    this.allSecretsSwitch = this.cause.getByRole('switch', { name: 'All secrets of this workspace' });
    this.applyButton = this.cause.getByRole('button', { name: 'Apply this change' });
    this.applied = this.area.getByRole('status', { name: 'Change applied' });
    this.undoButton = this.applied.getByRole('button', { name: 'Undo' });
    this.caseButton = this.area.getByRole('button', { name: 'Save case file' });
    this.clearButton = this.area.getByRole('button', { name: 'Clear', exact: true });
    this.receiverCodeButton = this.verdict.getByRole('button', { name: 'Receiver code' });
    this.fromLog = this.area.getByLabel('From the log').and(page.locator('input'));
    this.opened = this.area.getByRole('status').filter({ hasText: 'From the log:' });
    this.openProblem = this.area.getByRole('alert');
    this.signedString = this.verdict.getByRole('figure', { name: 'Signed string' });
    this.bodyDiff = this.cause.getByRole('figure', { name: 'Where the bodies differ' });
    this.savePageButton = page.getByRole('button', { name: 'Save as a page' });
  }

  /** One check of the list, by its name. */
  check(name: 'Headers' | 'Secret' | 'Timestamp' | 'Signature'): Locator {
    return this.checks.getByRole('listitem').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Goes on with Tab until the field has the focus, as someone without a mouse does. */
  async tabTo(field: Locator): Promise<void> {
    await this.pressUntil('Tab', field);
  }

  /** Goes back with Shift and Tab until the field has the focus. */
  async tabBackTo(field: Locator): Promise<void> {
    await this.pressUntil('Shift+Tab', field);
  }

  private async pressUntil(key: 'Tab' | 'Shift+Tab', field: Locator): Promise<void> {
    const most = 40;
    for (let step = 0; step < most; step += 1) {
      await this.page.keyboard.press(key);
      if (await field.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${most} presses of ${key} do not lead to ${field.toString()}.`);
  }

  async chooseLineEndings(name: string): Promise<void> {
    await this.lineEndings.click();
    await this.page.getByRole('option', { name }).click();
  }
}
