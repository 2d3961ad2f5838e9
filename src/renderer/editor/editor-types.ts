import type { TemplateScope } from './sample-values.ts';

/** Languages the editor knows; `json` is checked as it is typed, `json-view` only coloured. */
export type EditorLanguage = 'json' | 'liquid-json' | 'liquid' | 'json-view' | 'plaintext';

/** A mark in the text with its place; lines and columns count from 1. Without an end it covers the word there. */
export interface EditorMarker {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** What the editor is given. Without `onChange` it is a viewer. */
export interface CodeEditorProps {
  readonly value: string;
  readonly onChange?: (value: string) => void;
  readonly language: EditorLanguage;
  /** Its name for assistive technology. */
  readonly label: string;
  /** Identifies the text among all editors, so that undo and the cursor survive a change of tab. */
  readonly path: string;
  /** Called on Mod+Enter. */
  readonly onSubmit?: () => void;
  readonly markers?: readonly EditorMarker[];
  /** A line that is marked and brought into sight, from 1; null for none. */
  readonly markedLine?: number | null;
  /** Called with the line that the cursor was put into. */
  readonly onCursorLine?: (line: number) => void;
  /** The values of the names in a template. */
  readonly scope?: TemplateScope;
  /** JSON Schema for `json`, or null. */
  readonly schema?: unknown;
  readonly placeholder?: string;
  readonly isWrapped?: boolean;
  readonly hasLineNumbers?: boolean;
}

/** Two texts to be compared. */
export interface DiffViewerProps {
  readonly before: string;
  readonly after: string;
  readonly language: EditorLanguage;
  /** What each of the two is, for assistive technology. */
  readonly label: { readonly before: string; readonly after: string };
}
