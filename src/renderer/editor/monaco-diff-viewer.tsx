import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { DiffViewerProps } from './editor-types.ts';
import { themeName } from './editor-themes.ts';
import { monaco } from './monaco-setup.ts';

/** The diff editor of Monaco, to look at only; loaded on its own, so use `DiffViewer`. */
export function MonacoDiffViewer({ before, after, language, label }: DiffViewerProps) {
  const scheme = useComputedColorScheme('light');
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (container.current === null) return undefined;
    const models = [monaco.editor.createModel(before, language), monaco.editor.createModel(after, language)] as const;
    const diff = monaco.editor.createDiffEditor(container.current, {
      automaticLayout: true,
      contextmenu: false,
      diffAlgorithm: 'advanced',
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--hy-mono'),
      fontSize: 12.5,
      hideUnchangedRegions: { enabled: true },
      lineHeight: 19,
      lineNumbersMinChars: 3,
      minimap: { enabled: false },
      originalEditable: false,
      overviewRulerBorder: false,
      readOnly: true,
      domReadOnly: true,
      renderOverviewRuler: false,
      renderSideBySideInlineBreakpoint: 560,
      scrollBeyondLastLine: false,
      wordWrap: 'on',
    });
    diff.setModel({ original: models[0], modified: models[1] });
    // Nothing is typed here, so Tab leaves it.
    diff.getOriginalEditor().updateOptions({ tabFocusMode: true, ariaLabel: `${label.before}, read only` });
    diff.getModifiedEditor().updateOptions({ tabFocusMode: true, ariaLabel: `${label.after}, read only` });
    return () => {
      // A diff that is being computed is given up with its model; one whose models went away under it ends in an error.
      diff.setModel(null);
      diff.dispose();
      for (const model of models) model.dispose();
    };
  }, [before, after, language, label.before, label.after]);
  useEffect(() => monaco.editor.setTheme(themeName(scheme)), [scheme]);
  return <div ref={container} style={{ height: '100%' }} data-diff />;
}
