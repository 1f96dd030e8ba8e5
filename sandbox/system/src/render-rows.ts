/** Rows as aligned columns, for a terminal. Pure. */

/** @returns a line each, ending in a line feed; control characters, which a bank's texts may have, are shown as `?` */
export function renderRows(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(withoutControls));
  const widths = shown.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  );
  return shown
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
