import Stripe from 'stripe';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ComposePage } from './pages/compose-page.ts';
import { expect, test } from './support/hookyard.ts';

test.use({ startAt: '#/compose' });

const secret = 'whsec_of_the_receiver';

test.describe('in an empty workspace', () => {
  test.use({ hostArguments: ['--no-sample'] });

  test('a signed and edited Stripe event is accepted by the official library in under ten interactions', async ({ page, hookyard }) => {
    const receiver = await startReceiver([]);
    const compose = new ComposePage(page);
    let interactions = 0;
    const interact = async (act: Promise<void>) => {
      interactions += 1;
      await act;
    };
    await interact(compose.url.fill(`${receiver.url}/stripe`));
    await interact(compose.profile.click());
    await interact(page.getByRole('option', { name: 'Stripe', exact: true }).click());
    await interact(compose.secret.fill(secret));
    await expect(compose.eventType).toHaveValue('checkout.session.completed');
    await hookyard.writeClipboard('{"object": {"id": "cs_edited", "object": "checkout.session", "amount_total": 4900}}');
    await interact(compose.dataEditor.focus());
    await interact(compose.dataEditor.press('ControlOrMeta+a'));
    await interact(compose.dataEditor.press('ControlOrMeta+v'));
    await expect(compose.request).toContainText('cs_edited');
    await interact(compose.send());
    const { body, header } = await receiver.nextRequest();
    const event = Stripe.webhooks.constructEvent(body, header('stripe-signature') ?? '', secret);
    expect(event).toMatchObject({ type: 'checkout.session.completed', data: { object: { id: 'cs_edited', amount_total: 4900 } } });
    expect(header('user-agent')).toBe('Stripe/1.0 (+https://stripe.com/docs/webhooks)');
    await expect(compose.resultLine('Attempt 1')).toContainText('200');
    expect(interactions).toBeLessThan(10);
    await receiver.close();
  });
});

test('samples are chosen by name, and what was typed over one stays with it', async ({ page, hookyard: { api, writeClipboard } }) => {
  await api.eventTypes.create({
    name: 'parcel.sent',
    samples: [
      { name: 'whole', data: { items: ['a', 'b'] } },
      { name: 'in part', data: { items: ['a'] } },
    ],
  });
  const compose = new ComposePage(page);
  // The body is shown over several lines, with their numbers.
  const onlyA = /"items": \[\d*\s*"a"\d*\s*\]/;
  const both = /"items": \[\d*\s*"a",\d*\s*"b"/;
  await compose.eventType.fill('parcel.sent');
  await page.keyboard.press('Escape');
  await expect(compose.sample).toHaveValue('whole');
  await compose.chooseSample('in part');
  await expect(compose.request).toContainText(onlyA);
  await writeClipboard('{"items": []}');
  await compose.pasteOver(compose.dataEditor);
  await expect(compose.request).toContainText('"items": []');
  await compose.chooseSample('whole');
  await expect(compose.request).toContainText(both);
  await compose.chooseSample('in part');
  await expect(compose.request).toContainText('"items": []');
  await page.getByRole('button', { name: 'Back to the sample' }).click();
  await expect(compose.request).toContainText(onlyA);
});

test('in a narrow window the URL of the endpoint is whole', async ({ page, hookyard: { api } }) => {
  const url = 'http://127.0.0.1:9/a/path/that/is/as/long/as/those/of/real/receivers/are/webhooks';
  await api.endpoints.create({ name: 'Long', url });
  await page.setViewportSize({ width: 640, height: 800 });
  const compose = new ComposePage(page);
  await compose.chooseEndpoint('Long');
  const shown = page.getByTitle(url);
  await expect(shown).toHaveText(url);
  expect(await shown.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  await compose.chooseEndpoint('Any URL');
  await compose.url.fill(url);
  expect((await compose.url.boundingBox())?.width).toBeGreaterThan(230);
});
