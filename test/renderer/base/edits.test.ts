import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changedMeanwhile,
  editedFields,
  keptOver,
  settled,
  withChange,
  withEdits,
  withoutField,
  withoutSaved,
  type Edits,
} from '../../../src/renderer/base/edits.ts';

const saved = { name: 'Billing', url: 'http://a/', events: ['a.b'] };
type Fields = typeof saved;
const none: Edits<Fields> = {};

describe('edits over what is saved', () => {
  it('hold the changed fields only', () => {
    const edits = withChange(saved, none, { name: 'Invoices' });
    expect(withEdits(saved, edits)).toEqual({ ...saved, name: 'Invoices' });
    expect(editedFields(saved, edits)).toEqual(['name']);
  });

  it('are none for a field that is set back, of lists too', () => {
    const edits = withChange(saved, none, { name: 'Invoices', events: ['c.d'] });
    expect(withChange(saved, edits, { name: 'Billing', events: ['a.b'] })).toEqual({});
  });

  it('let a field that nobody edited follow what somebody else saves', () => {
    const edits = withChange(saved, none, { name: 'Invoices' });
    const theirs = { ...saved, url: 'http://b/' };
    expect(withEdits(theirs, edits)).toEqual({ name: 'Invoices', url: 'http://b/', events: ['a.b'] });
    expect([editedFields(theirs, edits), changedMeanwhile(theirs, edits)]).toEqual([['name'], []]);
  });

  it('mark a field that somebody else saved too, until one of the two is chosen', () => {
    const edits = withChange(saved, none, { name: 'Invoices' });
    const theirs = { ...saved, name: 'Accounts' };
    expect(changedMeanwhile(theirs, edits)).toEqual(['name']);
    const kept = keptOver(theirs, edits, 'name');
    expect([changedMeanwhile(theirs, kept), withEdits(theirs, kept).name]).toEqual([[], 'Invoices']);
    expect(withEdits(theirs, withoutField(edits, 'name')).name).toBe('Accounts');
  });

  it('are no edit and no mark where somebody else saved the same', () => {
    const edits = withChange(saved, none, { name: 'Invoices' });
    const theirs = { ...saved, name: 'Invoices' };
    expect([editedFields(theirs, edits), changedMeanwhile(theirs, edits)]).toEqual([[], []]);
  });

  it('keep what was typed while a save was under way', () => {
    const sent = withChange(saved, none, { name: 'Invoices', url: 'http://b/' });
    const typed = withChange(saved, sent, { name: 'Invoices 2' });
    expect(Object.keys(withoutSaved(typed, sent, { ...saved, name: 'Invoices', url: 'http://b/' }))).toEqual(['name']);
  });

  it('never mark what we saved ourselves, whether it is read before or after the answer, and as the engine keeps it', () => {
    const sent = withChange(saved, none, { name: ' Invoices ' });
    const typed = withChange(saved, sent, { name: 'Invoices 2' });
    const own = { ...saved, name: 'Invoices' };
    const left = withoutSaved(typed, sent, own);
    // What was saved before stays on screen until the new one is read.
    expect([changedMeanwhile(saved, left), changedMeanwhile(own, left)]).toEqual([[], []]);
    expect(withEdits(own, left).name).toBe('Invoices 2');
  });

  it('mark what somebody else saves after that, also where it is what was saved before', () => {
    const sent = withChange(saved, none, { name: 'Invoices' });
    const typed = withChange(saved, sent, { name: 'Invoices 2' });
    const own = { ...saved, name: 'Invoices' };
    const left = withoutSaved(typed, sent, own);
    expect(settled(saved, left)).toBe(left);
    const read = settled(own, left);
    expect(changedMeanwhile(saved, read)).toEqual(['name']);
    expect(changedMeanwhile({ ...saved, name: 'Accounts' }, left)).toEqual(['name']);
    // Typing on changes nothing about that.
    expect(changedMeanwhile({ ...saved, name: 'Accounts' }, withChange(own, read, { name: 'Invoices 3' }))).toEqual(['name']);
  });

  it('never change what the other saved in a field that was not edited, whatever comes', () => {
    const value = fc.constantFrom('1', '2', '3');
    const fields = fc.record({ a: value, b: value, c: value });
    const change = fc.record({ a: value, b: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(fields, fc.array(fc.tuple(change, fields), { maxLength: 10 }), (first, steps) => {
        let edits: Edits<{ a: string; b: string; c: string }> = {};
        let now = first;
        const set = new Set<string>();
        for (const [typed, next] of steps) {
          edits = withChange(now, edits, typed);
          for (const name of Object.keys(typed)) set.add(name);
          now = next;
          const shown = withEdits(now, edits);
          for (const name of ['a', 'b', 'c'] as const) if (!set.has(name)) expect(shown[name]).toBe(now[name]);
          expect(editedFields(now, edits).toSorted()).toEqual((['a', 'b', 'c'] as const).filter((name) => shown[name] !== now[name]));
        }
      }),
    );
  });
});
