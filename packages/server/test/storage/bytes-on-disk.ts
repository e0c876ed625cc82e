import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What is on disk of a database: its file and whatever SQLite keeps beside it. */
export async function bytesOnDisk(file: string): Promise<Buffer> {
  const names = (await readdir(dirname(file))).filter((name) => name.startsWith(basename(file)))
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(dirname(file), name)))))
}

/** Those of the words that stand somewhere in the bytes, in UTF-8. */
export function wordsIn(bytes: Buffer, words: Iterable<string>): string[] {
  return [...words].filter((word) => bytes.includes(word))
}
