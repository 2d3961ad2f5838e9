import type { FocusEvent } from 'react';
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef2ff',
  '#dfe6fd',
  '#c0cdf8',
  '#9db1f3',
  '#7d98ee',
  '#5c7ce6',
  '#3f64de',
  '#2f55d4',
  '#2647b8',
  '#1d3894',
];
const dark: MantineColorsTuple = [
  '#e6e8eb',
  '#b8bfc8',
  '#98a1ac',
  '#6b7480',
  '#3a4048',
  '#2c3138',
  '#212529',
  '#17191d',
  '#111316',
  '#0b0c0e',
];

/**
 * A field that holds a choice is typed over, not behind: its text is selected once the press or key that led there has done
 * its own work with the caret.
 */
const selectedOnFocus = {
  onFocus: ({ currentTarget }: FocusEvent<HTMLInputElement>) => {
    requestAnimationFrame(() => {
      if (document.activeElement === currentTarget && !currentTarget.readOnly) currentTarget.select();
    });
  },
};

/** Mantine's share of the look: sizes on the 4 px grid, one accent, system fonts. Colours with a meaning are in theme.css. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 7,
  colors: { accent, dark },
  fontFamily: 'var(--hy-font)',
  fontFamilyMonospace: 'var(--hy-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  headings: {
    fontFamily: 'var(--hy-font)',
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } },
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, withArrow: false, fz: 12 } },
    Modal: {
      defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, overlayProps: { backgroundOpacity: 0.45 }, centered: true },
    },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Autocomplete: { defaultProps: selectedOnFocus },
    Select: {
      // What is typed is a search, so Enter takes the first that it finds; without this it takes none and empties the field.
      defaultProps: {
        ...selectedOnFocus,
        allowDeselect: false,
        selectFirstOptionOnChange: true,
        comboboxProps: { transitionProps: { duration: 80 }, shadow: 'md' },
      },
    },
    MultiSelect: { defaultProps: { selectFirstOptionOnChange: true } },
    Switch: { defaultProps: { withThumbIndicator: false } },
    SegmentedControl: { styles: { label: { paddingInline: 10 } } },
    NumberInput: { defaultProps: { hideControls: true } },
  },
});
