import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointInput } from '#shared/contract/endpoints.ts';
import { createEndpointBook } from '#engine/endpoints/book.ts';
import { newConfig } from '#engine/endpoints/new-config.ts';
import { afterEdit } from '#engine/health/after-edit.ts';
import type { EndedAttempt } from '#shared/health/after-attempt.ts';
import { createStateBook } from '#engine/health/book.ts';
import { createHealthKeeper } from '#engine/health/keeper.ts';
import { createSettingsBook } from '#engine/settings/settings.ts';
import { openStore } from '#engine/store/open.ts';
import { createTempFolder, createTestLog, testVault } from '../../support/temp-workspace.ts';

const refusedByReceiver: EndedAttempt = {
  code: 'http_status',
  status: 410,
  attemptsLeft: 0,
  isExhausted: true,
  isProbe: false,
  endedAtMs: 1000,
};

function start() {
  const { database } = openStore(createTempFolder());
  onTestFinished(() => database.close());
  const log = createTestLog();
  const endpoints = createEndpointBook(database, testVault);
  const states = createStateBook(database);
  const keeper = createHealthKeeper({
    endpoints,
    states,
    settings: createSettingsBook(database, { timeScale: undefined }),
    log,
    onEvent: () => undefined,
  });
  const input = endpointInput.parse({ name: 'Own', url: 'http://127.0.0.1:9/', disableOn410: true });
  endpoints.put(newConfig(input, { id: 'ep_own', creator: 'test', nowMs: 1, isOneOff: false }).config);
  return { endpoints, states, keeper, log };
}

const switchedOff = { isActive: false, hasBreaker: false };
const byHand = { nowMs: 500, actor: 'somebody' };

describe('the end of an attempt', () => {
  it('that breaks a rule switches its endpoint off, which the log says once', () => {
    const { endpoints, keeper, log } = start();
    expect(keeper.ended('ep_own', refusedByReceiver)).toEqual({ isClosed: true, hasEvent: true });
    keeper.ended('ep_own', refusedByReceiver);
    expect(endpoints.findListed('ep_own')?.isActive).toBe(false);
    expect(log.lines.map(({ fields, message }) => [fields['reason'], message])).toEqual([
      ['gone', 'An endpoint was disabled by its rules'],
    ]);
  });

  it('says nothing of rules, and leaves the endpoint as it is saved, while somebody is switching it off', () => {
    const { endpoints, states, keeper, log } = start();
    const saved = endpoints.findListed('ep_own');
    states.put('ep_own', afterEdit(states.of('ep_own'), switchedOff, byHand));
    expect(keeper.ended('ep_own', refusedByReceiver)).toEqual({ isClosed: false, hasEvent: false });
    expect(log.lines).toEqual([]);
    expect(endpoints.findListed('ep_own')).toBe(saved);
    expect(states.of('ep_own')).toMatchObject({ failuresInARow: 1, disabled: { reason: 'byHand' } });
  });
});

describe('a change that could not be stored', () => {
  it('is taken back, and its event with it', () => {
    const { states } = start();
    const before = states.of('ep_own');
    const change = afterEdit(before, switchedOff, byHand);
    states.put('ep_own', change);
    states.takeBack('ep_own', change.state, before);
    expect(states.of('ep_own')).toEqual({ ...before, revision: 2 });
    expect(states.unsaved('ep_own')?.events).toEqual([]);
  });

  it('leaves what attempts have changed since', () => {
    const { states, keeper } = start();
    const before = states.of('ep_own');
    const change = afterEdit(before, switchedOff, byHand);
    states.put('ep_own', change);
    keeper.ended('ep_own', refusedByReceiver);
    states.takeBack('ep_own', change.state, before);
    expect(states.of('ep_own')).toMatchObject({ failuresInARow: 1, disabled: null });
    expect(states.unsaved('ep_own')?.events).toEqual([]);
  });

  it('leaves the rule that switched the endpoint off meanwhile', () => {
    const { states, keeper } = start();
    const before = states.of('ep_own');
    keeper.ended('ep_own', refusedByReceiver);
    states.takeBack('ep_own', before, before);
    expect(states.of('ep_own').disabled?.reason).toBe('gone');
    expect(states.unsaved('ep_own')?.events).toMatchObject([{ kind: 'failing' }, { kind: 'disabled' }]);
  });
});
