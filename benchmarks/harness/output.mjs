/** @typedef {{ json: boolean, short: boolean, seed: number, profile?: string | undefined }} BenchOptions What a bench is called with. */

let toStderr = false

/** With `--json` stdout is for results alone. @param {boolean} json */
export function keepStdoutFor(json) {
  toStderr = json
}

/** @param {string} [line] */
export function say(line = '') {
  if (toStderr) console.error(line)
  else console.log(line)
}

/** Right-aligned columns, the first left-aligned. @param {readonly string[][]} rows */
export function sayTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    say(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '))
  }
}
